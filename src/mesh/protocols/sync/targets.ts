import type { NodeKey, Scope } from "../../../wire/index.ts";
import { withoutUnscoped, type LibraryEnvelopes, type LibraryFilter, type LibraryRow } from "../library.ts";
import { filterOf, type Target } from "../pub/subscription.ts";
import type { Place } from "./messages.ts";

/**
 * What can be reconciled: authors, and places exactly. Which envelopes those are follows from the envelopes alone, so both
 * sides reckon with the same set. What topics and wider places bring depends on evidence that holds for a day; it is
 * announced by /mehr/pub/1.
 */
export type SyncTarget =
  | { readonly kind: "node"; readonly key: NodeKey }
  | { readonly kind: "scope"; readonly scope: Scope; readonly match: "exact" };

export function isSyncTarget(target: Target): target is SyncTarget {
  if (target.kind === "node") return true;
  return target.kind === "scope" && target.scope.kind === "geo" && target.match === "exact";
}

/** The place that is asked for; `null` where there are several, or none. */
export function onlyPlace(targets: readonly SyncTarget[]): Scope | null {
  const [only, other] = targets.flatMap((target) => (target.kind === "scope" ? [target.scope] : []));
  return other === undefined ? (only ?? null) : null;
}

/** What of a store such targets cover by where it started, newest first. */
export class Stock {
  readonly #envelopes: LibraryEnvelopes;
  readonly #filter: LibraryFilter;
  /** Only authors bring envelopes without scopes. */
  readonly #authors: boolean;

  constructor(envelopes: LibraryEnvelopes, targets: readonly SyncTarget[]) {
    this.#envelopes = envelopes;
    this.#filter = filterOf(targets);
    this.#authors = targets.some(({ kind }) => kind === "node");
  }

  /** How many are held, without those that declare no scope. */
  get size(): number {
    return this.#envelopes.count(this.#filter) - (this.#hides ? this.#envelopes.count(this.#hidden) : 0);
  }

  /** Whether at least so many are held. */
  holds(count: number): boolean {
    return this.#envelopes.query({ filter: this.#filter, limit: count }).length >= count;
  }

  /** The next `limit` behind `before`; fewer when there are no more. What declares no scope leaves no trace in them. */
  next(before: Place | null, limit: number): readonly LibraryRow[] {
    const found: LibraryRow[] = [];
    for (let from = before; ;) {
      const query = { limit: limit - found.length, ...(from === null ? {} : { before: from }) };
      const rows = this.#envelopes.query({ ...query, filter: this.#filter });
      if (!this.#hides) return rows;
      found.push(...withoutUnscoped(rows, this.#envelopes.query({ ...query, filter: this.#hidden })));
      if (found.length === limit || rows.length < query.limit) return found;
      from = rows.at(-1) ?? null;
    }
  }

  get #hides(): boolean {
    return this.#authors && this.#envelopes.count({ kind: "unscoped" }) > 0;
  }

  get #hidden(): LibraryFilter {
    return { kind: "every", of: [this.#filter, { kind: "unscoped" }] };
  }
}

/** Whether `a` stands strictly behind `b`: it is older. */
export function isBehind(a: Place, b: Place): boolean {
  if (a.created !== b.created) return a.created < b.created;
  const at = a.hash.findIndex((byte, index) => byte !== b.hash[index]);
  return at !== -1 && a.hash[at]! < b.hash[at]!;
}
