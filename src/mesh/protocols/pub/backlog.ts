import { withoutUnscoped, type LibraryEnvelopes, type LibraryFilter, type LibraryRow } from "../library.ts";
import { MAX_CURSOR_GROUPS } from "./constants.ts";
import { filterOf, type Target } from "./subscription.ts";

export interface Interest {
  readonly target: Target;
  /** The subscriber has what arrived up to here. */
  readonly since: number;
}

export interface Step {
  /** Envelopes that match and declare a scope, in order of arrival. */
  readonly rows: readonly LibraryRow[];
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
  #position: number;

  constructor(envelopes: LibraryEnvelopes, interests: readonly Interest[]) {
    this.#envelopes = envelopes;
    this.#ahead = grouped(interests, envelopes.lastSeq);
    this.#position = this.#ahead[0]?.since ?? envelopes.lastSeq;
    this.#takeIn();
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
    const unscoped: LibraryFilter = { kind: "every", of: [this.#filter, { kind: "unscoped" }] };
    const hidden = rows.length === 0 ? [] : this.#envelopes.arrivals({ filter: unscoped, since, limit });
    this.#position = whole ? bound : (rows.at(-1)?.seq ?? bound);
    this.#takeIn();
    return { rows: withoutUnscoped(rows, hidden), tip: whole && bound >= lastSeq };
  }

  /** The newest of everything asked for, whatever the cursors say: what a newcomer wants on screen first. */
  newest(limit: number): readonly LibraryRow[] {
    const targets = [...this.#active, ...this.#ahead.flatMap((group) => group.targets)];
    if (targets.length === 0) return [];
    const filter = filterOf(targets);
    const rows = this.#envelopes.query({ filter, limit });
    const hidden = this.#envelopes.query({ filter: { kind: "every", of: [filter, { kind: "unscoped" }] }, limit });
    return withoutUnscoped(rows, hidden);
  }

  #takeIn(): void {
    let changed = false;
    for (let group = this.#ahead[0]; group !== undefined && group.since <= this.#position; group = this.#ahead[0]) {
      this.#active.push(...group.targets);
      this.#ahead.shift();
      changed = true;
    }
    if (changed) this.#filter = filterOf(this.#active);
  }
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
