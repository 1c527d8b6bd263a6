import type { Hash, Scope } from "../../wire/index.ts";
import type {
  Answers,
  EnvelopeFilter,
  EnvelopeIndex,
  EnvelopeQuery,
  EnvelopeRow,
  ScopeBranch,
  ScopeCount,
  TimeCursor,
} from "../port.ts";
import type { TimeWindow } from "./cursor.ts";
import type { EnvelopeTable } from "./envelope-table.ts";
import { type Plan, planOf, pointingPlan } from "./plan.ts";
import type { Pointing } from "./relations.ts";

/** Bytes of envelopes by hash, in the order asked; `undefined` where not held. */
export type ReadBytes = (hashes: readonly Hash[]) => Promise<(Uint8Array | undefined)[]>;

/** The queries of the port, answered from the columns without waiting. */
export class ColumnIndex implements EnvelopeIndex {
  readonly bytes: ReadBytes;
  readonly #table: EnvelopeTable;

  constructor(table: EnvelopeTable, readBytes: ReadBytes) {
    this.#table = table;
    this.bytes = readBytes;
  }

  get size(): number {
    return this.#table.live;
  }

  get lastSeq(): number {
    return this.#table.lastSeq;
  }

  has(hash: Hash): boolean {
    return this.#table.find(hash) !== -1;
  }

  row(hash: Hash): EnvelopeRow | undefined {
    const row = this.#table.find(hash);
    return row === -1 ? undefined : this.#table.rowAt(row);
  }

  query({ filter, before, after, limit }: EnvelopeQuery): EnvelopeRow[] {
    const found: EnvelopeRow[] = [];
    this.#walk(planOf(this.#table, filter), { before, after }, limit, (row) => found.push(this.#table.rowAt(row)));
    return found;
  }

  arrivals({ filter, since, limit }: { filter: EnvelopeFilter; since: number; limit: number }): EnvelopeRow[] {
    const table = this.#table;
    const plan = planOf(table, filter);
    const first = table.rowAfter(since);
    const ahead = table.rows - first;
    // If what matches is spread evenly, a page is full after `limit / plan.cost` of the rows ahead. Whoever walks through all that
    // matches page by page would otherwise collect all of it anew for each page.
    if (plan.cost < ahead && plan.cost * plan.cost < limit * ahead) {
      // Few candidates: collect them all, then put them in order of arrival.
      const candidates = new Set<number>();
      plan.visit((row) => {
        if (row >= first && table.removed[row] === 0) candidates.add(row);
      });
      const inOrder = Uint32Array.from(candidates).sort().subarray(0, Math.max(limit, 0));
      return Array.from(inOrder, (row) => table.rowAt(row));
    }
    const found: EnvelopeRow[] = [];
    for (let row = first; row < table.rows && found.length < limit; row += 1) {
      if (table.removed[row] === 0 && plan.matches(row)) found.push(table.rowAt(row));
    }
    return found;
  }

  count(filter: EnvelopeFilter, window?: { readonly after: TimeCursor; readonly most: number }): number {
    if (window === undefined) return planOf(this.#table, filter).count();
    let count = 0;
    this.#walk(planOf(this.#table, filter), { after: window.after }, window.most, () => (count += 1));
    return count;
  }

  answers(hash: Hash, limit: number): Answers | undefined {
    const { answered, relations } = this.#table;
    const row = this.#table.find(hash);
    if (row === -1) return undefined;
    const pointing = (found: Pointing | undefined): EnvelopeRow[] => {
      const rows: EnvelopeRow[] = [];
      if (found === undefined) return rows;
      this.#walk(pointingPlan(this.#table, found), {}, limit, (other) => rows.push(this.#table.rowAt(other)));
      return rows;
    };
    const [low, high] = [answered[row * 2]!, answered[row * 2 + 1]!];
    const hasPost = low !== 0 || high !== 0;
    return {
      post: hasPost ? `${low}.${high}` : null,
      toEnvelope: pointing(relations.find("reply", hash)),
      toPost: hasPost ? pointing(relations.findBy(low, high)) : [],
    };
  }

  scopes({ kind, prefix, limit }: { kind: Scope["kind"]; prefix: string; limit: number }): ScopeCount[] {
    return this.#table.tree.suggest(kind, prefix, limit);
  }

  branches(query: { kind: Scope["kind"]; within: Scope | null; skip: number; limit: number }): ScopeBranch[] {
    return this.#table.tree.branches(query);
  }

  /** Newest first, each row once. */
  #walk(plan: Plan, window: TimeWindow, limit: number, visit: (row: number) => void): void {
    const { removed } = this.#table;
    let left = limit;
    if (left <= 0) return;
    for (const cursor = plan.cursor(window); cursor.row !== -1; cursor.next()) {
      if (removed[cursor.row] !== 0) continue;
      visit(cursor.row);
      left -= 1;
      if (left <= 0) return;
    }
  }
}
