import type { NodeKey, Scope } from "../../../wire/index.ts";
import type { LibraryEnvelopes, LibraryFilter, LibraryRow } from "../library.ts";
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

  /** How many are held, with those that declare no scope. */
  get size(): number {
    return this.#envelopes.count(this.#filter);
  }

  /** Whether at least so many are held. */
  holds(count: number): boolean {
    return this.#envelopes.query({ filter: this.#filter, limit: count }).length >= count;
  }

  /**
   * The next `limit` behind `before`, without those that declare no scope.
   * @returns also where the last of all of them stands; `null` when there were none
   */
  next(before: Place | null, limit: number): { readonly rows: readonly LibraryRow[]; readonly end: Place | null } {
    const from = before === null ? {} : { before };
    const rows = this.#envelopes.query({ filter: this.#filter, limit, ...from });
    const last = rows.at(-1);
    const end = last === undefined ? null : { created: last.created, hash: last.hash };
    if (!this.#authors || this.#envelopes.count({ kind: "unscoped" }) === 0) return { rows, end };
    const filter: LibraryFilter = { kind: "every", of: [this.#filter, { kind: "unscoped" }] };
    const hidden = new Set(this.#envelopes.query({ filter, limit, ...from }).map(({ seq }) => seq));
    return { rows: rows.filter(({ seq }) => !hidden.has(seq)), end };
  }
}

/** Whether `a` stands strictly behind `b`: it is older. */
export function isBehind(a: Place, b: Place): boolean {
  if (a.created !== b.created) return a.created < b.created;
  const at = a.hash.findIndex((byte, index) => byte !== b.hash[index]);
  return at !== -1 && a.hash[at]! < b.hash[at]!;
}
