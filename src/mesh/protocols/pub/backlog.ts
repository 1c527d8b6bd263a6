import type { LibraryEnvelopes, LibraryFilter, LibraryRow } from "../library.ts";
import type { Listed } from "./admission.ts";
import { MAX_CURSOR_GROUPS } from "./constants.ts";
import type { FreshArrival } from "./fresh.ts";
import { filterOf, Matcher, type Target } from "./subscription.ts";

export interface Interest {
  readonly target: Target;
  /** The subscriber has what arrived up to here. */
  readonly since: number;
}

export interface Step {
  /** Envelopes that match, in order of arrival; those without scopes only where a target asks for them. */
  readonly rows: readonly Listed[];
  /** Nothing more is held at this moment. */
  readonly tip: boolean;
}

/**
 * What of a store a subscriber has not been told yet, in order of arrival. The store is the queue: nothing is buffered
 * here however far a subscriber is behind, only the place that was reached.
 *
 * Interests join where their cursors stand: the walk begins at the lowest and takes in the others as it passes them.
 */
export class Backlog {
  readonly #envelopes: LibraryEnvelopes;
  /** Lowest first; those that the walk has not reached yet. */
  readonly #ahead: { since: number; targets: Target[] }[];
  readonly #active: Target[] = [];
  #filter: LibraryFilter = { kind: "any", of: [] };
  /** What of them needs no evidence; `null` until it is asked. */
  #starting: Matcher | null = null;
  #position: number;

  constructor(envelopes: LibraryEnvelopes, interests: readonly Interest[]) {
    this.#envelopes = envelopes;
    this.#ahead = grouped(interests, envelopes.lastSeq);
    this.#position = this.#ahead[0]?.since ?? envelopes.lastSeq;
    this.#takeIn();
  }

  get targets(): Target[] {
    return [...this.#active, ...this.#ahead.flatMap((group) => group.targets)];
  }

  /** Everything up to this arrival number has been handed out. */
  get position(): number {
    return this.#position;
  }

  /** How many arrivals, matching or not, lie ahead at most. */
  get distance(): number {
    return this.#envelopes.lastSeq - this.#position;
  }

  /** The next rows, and the position moves behind them. */
  next(limit: number): Step {
    const { lastSeq } = this.#envelopes;
    const bound = this.#ahead[0]?.since ?? lastSeq;
    if (this.#active.length === 0 || this.#position >= lastSeq) {
      this.#position = Math.max(this.#position, lastSeq);
      return { rows: [], tip: true };
    }
    const since = this.#position;
    const found = this.#envelopes.arrivals({ filter: this.#filter, since, limit });
    const rows = found.filter((row) => row.seq <= bound);
    const whole = rows.length < found.length || found.length < limit;
    const listed = this.#list(rows, this.#active, this.#filter, (filter) =>
      this.#envelopes.arrivals({ filter, since, limit }),
    );
    this.#position = whole ? bound : (rows.at(-1)?.seq ?? bound);
    this.#takeIn();
    return { rows: listed, tip: whole && bound >= lastSeq };
  }

  /** Rows of these, which match and are everything that lies ahead; the position moves behind them. */
  pass(arrivals: readonly FreshArrival[]): readonly Listed[] {
    this.#position = Math.max(this.#position, this.#envelopes.lastSeq);
    this.#takeIn();
    if (arrivals.length === 0) return [];
    this.#starting ??= new Matcher(startTargets(this.#active));
    const starting = this.#starting;
    return arrivals.flatMap(({ envelope, hash }): Listed[] => {
      const row = this.#envelopes.row(hash);
      return row === undefined
        ? []
        : [{ row, sure: envelope.scopes.length > 0 && starting.matches(envelope), envelope }];
    });
  }

  /** The newest of everything asked for, whatever the cursors say: what a newcomer wants on screen first. */
  newest(limit: number): readonly Listed[] {
    const { targets } = this;
    if (targets.length === 0) return [];
    const filter = filterOf(targets);
    const rows = this.#envelopes.query({ filter, limit });
    return this.#list(rows, targets, filter, (narrower) => this.#envelopes.query({ filter: narrower, limit }));
  }

  /** @param among what of the same part of the store matches a narrower filter */
  #list(
    rows: readonly LibraryRow[],
    targets: readonly Target[],
    filter: LibraryFilter,
    among: (filter: LibraryFilter) => readonly LibraryRow[],
  ): Listed[] {
    if (rows.length === 0) return [];
    const unscoped = new Set(among({ kind: "every", of: [filter, { kind: "unscoped" }] }).map((row) => row.seq));
    const starting = startFilter(targets);
    const sure = new Set(starting === null ? [] : among(starting).map((row) => row.seq));
    const asked = targets.some((target) => target.kind === "trusted");
    return rows
      .filter((row) => asked || !unscoped.has(row.seq))
      .map((row) => ({ row, sure: sure.has(row.seq) && !unscoped.has(row.seq) }));
  }

  #takeIn(): void {
    let changed = false;
    for (let group = this.#ahead[0]; group !== undefined && group.since <= this.#position; group = this.#ahead[0]) {
      this.#active.push(...group.targets);
      this.#ahead.shift();
      changed = true;
    }
    if (!changed) return;
    this.#filter = filterOf(this.#active);
    this.#starting = null;
  }
}

/** What of these targets needs no evidence: authors, and the very place that is named (docs/protocol.md, section 7). */
function startTargets(targets: readonly Target[]): Target[] {
  return targets.flatMap((target): Target[] => {
    if (target.kind === "node") return [target];
    return target.kind === "scope" && target.scope.kind === "geo" ? [{ ...target, match: "exact" }] : [];
  });
}

function startFilter(targets: readonly Target[]): LibraryFilter | null {
  const starting = startTargets(targets);
  return starting.length === 0 ? null : filterOf(starting);
}

/** By cursor, at most MAX_CURSOR_GROUPS of them: a cursor is rounded down to the nearest that remains. */
function grouped(interests: readonly Interest[], lastSeq: number): { since: number; targets: Target[] }[] {
  // A cursor from beyond the end belongs to a store that has lost something since: begin again.
  const at = (interest: Interest): number => (interest.since > lastSeq ? 0 : interest.since);
  const distinct = [...new Set(interests.map(at))].sort((a, b) => a - b);
  const step = Math.max(1, distinct.length / MAX_CURSOR_GROUPS);
  const starts: number[] = [];
  for (let index = 0; index < distinct.length; index += step) starts.push(distinct[Math.floor(index)] as number);
  const groups = starts.map((since) => ({ since, targets: [] as Target[] }));
  for (const interest of interests) {
    groups.findLast((group) => group.since <= at(interest))?.targets.push(interest.target);
  }
  return groups;
}
