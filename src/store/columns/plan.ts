import type { EnvelopeFilter } from "../port.ts";
import { NONE } from "./arrays.ts";
import {
  FilterCursor,
  ListCursor,
  MergeCursor,
  type RowCursor,
  SingleCursor,
  SortedCursor,
  type TimeWindow,
} from "./cursor.ts";
import type { EnvelopeTable } from "./envelope-table.ts";
import type { Pointing } from "./relations.ts";

/** How a filter is answered. Rows include removed ones; the caller skips them. */
export interface Plan {
  /** Upper bound of the rows that `cursor` and `visit` look at. */
  readonly cost: number;
  /** Newest first, each row once. */
  cursor(window: TimeWindow): RowCursor;
  /** In no order, a row perhaps more than once. */
  visit(visitor: (row: number) => void): void;
  /** Constant time, save for a first call that may have to read the lists once. */
  matches(row: number): boolean;
  /** Rows that are not removed. */
  count(): number;
}

/** The filter resolved against the table as it is now; good until the next write. */
export function planOf(table: EnvelopeTable, filter: EnvelopeFilter): Plan {
  switch (filter.kind) {
    case "all":
      return new ListsPlan(table, [table.everything], () => true);
    case "unscoped":
      return new ListsPlan(table, [table.unscoped], (row) => !table.hasScope(row));
    case "arrived":
      return new RowsPlan(table, table.rowsOf(filter.seqs));
    case "authors":
      return authorsPlan(table, filter.authors);
    case "scope": {
      const node = table.tree.find(filter.scope);
      if (node === NONE) return nothing(table);
      return filter.match === "exact"
        ? new ListsPlan(table, [table.tree.exactList(node)], (row) => table.declares(row, node))
        : new ListsPlan(table, [table.tree.subtreeList(node)], (row) => table.declaresWithin(row, node));
    }
    case "relation":
      return pointingPlan(table, table.relations.find(filter.relation, filter.target));
    case "any":
      return new AnyPlan(
        table,
        filter.of.map((part) => planOf(table, part)),
      );
    case "every":
      if (filter.of.length === 0) return planOf(table, { kind: "all" });
      return new EveryPlan(
        table,
        filter.of.map((part) => planOf(table, part)),
      );
    case "without":
      return withoutAuthors(table, planOf(table, filter.of), filter.authors);
    case "unrelated":
      return new PassingPlan(table, planOf(table, filter.of), (row) => !table.isRelated(row, filter.relations));
  }
}

/** Rows that point to one target. */
export function pointingPlan(table: EnvelopeTable, found: Pointing | undefined): Plan {
  if (found === undefined) return nothing(table);
  return "row" in found ? new SinglePlan(table, found.row) : new ListsPlan(table, [found.list], undefined);
}

function nothing(table: EnvelopeTable): Plan {
  return new ListsPlan(table, [], () => false);
}

function authorsPlan(table: EnvelopeTable, authors: readonly Uint8Array[]): Plan {
  const ids = new Set<number>();
  for (const author of authors) {
    const id = table.authors.find(author);
    if (id !== -1) ids.add(id);
  }
  return new ListsPlan(
    table,
    [...ids].map((id) => table.authorListOf(id)),
    (row) => ids.has(table.author[row]!),
  );
}

/** One bit a row. */
class RowSet {
  readonly #bits: Uint8Array;

  constructor(rows: number) {
    this.#bits = new Uint8Array((rows + 7) >>> 3);
  }

  has(row: number): boolean {
    return (this.#bits[row >>> 3]! & (1 << (row & 7))) !== 0;
  }

  add(row: number): void {
    this.#bits[row >>> 3] = this.#bits[row >>> 3]! | (1 << (row & 7));
  }
}

/** Posting lists that have no row in common. */
class ListsPlan implements Plan {
  readonly cost: number;
  readonly #table: EnvelopeTable;
  readonly #lists: readonly number[];
  readonly #test: ((row: number) => boolean) | undefined;
  #members: RowSet | undefined;

  /** @param test whether a row is in one of the lists, where the row itself tells */
  constructor(table: EnvelopeTable, lists: readonly number[], test: ((row: number) => boolean) | undefined) {
    this.#table = table;
    this.#lists = lists;
    this.#test = test;
    this.cost = lists.reduce((sum, list) => sum + table.postings.length(list), 0);
  }

  cursor(window: TimeWindow): RowCursor {
    const cursors = this.#lists.map((list) => new ListCursor(this.#table.postings, list, window));
    return cursors.length === 1 ? cursors[0]! : new MergeCursor(this.#table.order, cursors);
  }

  visit(visitor: (row: number) => void): void {
    for (const list of this.#lists) this.#table.postings.rows(list).forEach((row) => visitor(row));
  }

  matches(row: number): boolean {
    if (this.#test !== undefined) return this.#test(row);
    if (this.#members === undefined) {
      const members = new RowSet(this.#table.rows);
      this.visit((member) => members.add(member));
      this.#members = members;
    }
    return this.#members.has(row);
  }

  count(): number {
    // Relation lists do not count their removed rows: those cannot be told from the row alone.
    if (this.#test === undefined) return countDistinct(this.#table, this);
    return this.#lists.reduce((sum, list) => sum + this.#table.postings.live(list), 0);
  }
}

/**
 * To sort n rows takes n log n comparisons, to pass all N by takes N looks at a bit, and less where the page is full before
 * their end. A list of more than this share of all rows is found by passing them.
 */
const SORTED_SHARE = 16;

/** Rows that somebody else has found, in no order of time. */
class RowsPlan implements Plan {
  readonly cost: number;
  readonly #table: EnvelopeTable;
  readonly #rows: Uint32Array;
  #members: RowSet | undefined;

  constructor(table: EnvelopeTable, rows: Uint32Array) {
    this.#table = table;
    this.#rows = rows;
    this.cost = rows.length;
  }

  cursor(window: TimeWindow): RowCursor {
    const { everything, order, postings } = this.#table;
    if (this.#rows.length * SORTED_SHARE > this.#table.rows) {
      return new FilterCursor(new ListCursor(postings, everything, window), (row) => this.matches(row));
    }
    const sorted = this.#rows.slice().sort((a, b) => order.compare(b, a));
    return new SortedCursor(order, sorted, window);
  }

  visit(visitor: (row: number) => void): void {
    this.#rows.forEach((row) => visitor(row));
  }

  matches(row: number): boolean {
    if (this.#members === undefined) {
      const members = new RowSet(this.#table.rows);
      this.visit((member) => members.add(member));
      this.#members = members;
    }
    return this.#members.has(row);
  }

  count(): number {
    return countDistinct(this.#table, this);
  }
}

class SinglePlan implements Plan {
  readonly cost = 1;
  readonly #table: EnvelopeTable;
  readonly #row: number;

  constructor(table: EnvelopeTable, row: number) {
    this.#table = table;
    this.#row = row;
  }

  cursor(window: TimeWindow): RowCursor {
    return new SingleCursor(this.#table.order, this.#row, window);
  }

  visit(visitor: (row: number) => void): void {
    visitor(this.#row);
  }

  matches(row: number): boolean {
    return row === this.#row;
  }

  count(): number {
    return this.#table.removed[this.#row] === 0 ? 1 : 0;
  }
}

class AnyPlan implements Plan {
  readonly cost: number;
  readonly #table: EnvelopeTable;
  readonly #parts: readonly Plan[];

  constructor(table: EnvelopeTable, parts: readonly Plan[]) {
    this.#table = table;
    this.#parts = parts;
    this.cost = parts.reduce((sum, part) => sum + part.cost, 0);
  }

  cursor(window: TimeWindow): RowCursor {
    return new MergeCursor(
      this.#table.order,
      this.#parts.map((part) => part.cursor(window)),
    );
  }

  visit(visitor: (row: number) => void): void {
    for (const part of this.#parts) part.visit(visitor);
  }

  matches(row: number): boolean {
    return this.#parts.some((part) => part.matches(row));
  }

  count(): number {
    return countDistinct(this.#table, this);
  }
}

/** Walks the part with the fewest rows and asks the others about each: never more work than that part has rows. */
class EveryPlan implements Plan {
  readonly cost: number;
  readonly #table: EnvelopeTable;
  readonly #driver: Plan;
  readonly #others: readonly Plan[];

  constructor(table: EnvelopeTable, parts: readonly Plan[]) {
    const [driver, ...others] = [...parts].sort((a, b) => a.cost - b.cost);
    if (driver === undefined) throw new RangeError("an intersection needs a part");
    this.#table = table;
    this.#driver = driver;
    this.#others = others;
    this.cost = driver.cost;
  }

  cursor(window: TimeWindow): RowCursor {
    return new FilterCursor(this.#driver.cursor(window), (row) => this.#passes(row));
  }

  visit(visitor: (row: number) => void): void {
    this.#driver.visit((row) => {
      if (this.#passes(row)) visitor(row);
    });
  }

  matches(row: number): boolean {
    return this.#driver.matches(row) && this.#passes(row);
  }

  count(): number {
    return countDistinct(this.#table, this);
  }

  #passes(row: number): boolean {
    return this.#others.every((part) => part.matches(row));
  }
}

function withoutAuthors(table: EnvelopeTable, plan: Plan, authors: readonly Uint8Array[]): Plan {
  const hidden = authorsPlan(table, authors);
  return new PassingPlan(table, plan, (row) => !hidden.matches(row));
}

/** Rows of another plan that a test lets through. */
class PassingPlan implements Plan {
  readonly cost: number;
  readonly #table: EnvelopeTable;
  readonly #plan: Plan;
  readonly #passes: (row: number) => boolean;

  constructor(table: EnvelopeTable, plan: Plan, passes: (row: number) => boolean) {
    this.#table = table;
    this.#plan = plan;
    this.#passes = passes;
    this.cost = plan.cost;
  }

  cursor(window: TimeWindow): RowCursor {
    return new FilterCursor(this.#plan.cursor(window), this.#passes);
  }

  visit(visitor: (row: number) => void): void {
    this.#plan.visit((row) => {
      if (this.#passes(row)) visitor(row);
    });
  }

  matches(row: number): boolean {
    return this.#plan.matches(row) && this.#passes(row);
  }

  count(): number {
    return countDistinct(this.#table, this);
  }
}

/**
 * A bit for each row of the table is an eighth of a byte, a number in a set some 40 bytes (estimated): up to this share of all rows
 * the set is less to make. What answers a post is counted for each card of a list, and is a handful of a million.
 */
const COUNTED_SHARE = 320;

function countDistinct(table: EnvelopeTable, plan: Plan): number {
  const seen = plan.cost * COUNTED_SHARE < table.rows ? new Set<number>() : new RowSet(table.rows);
  let count = 0;
  plan.visit((row) => {
    if (table.removed[row] !== 0 || seen.has(row)) return;
    seen.add(row);
    count += 1;
  });
  return count;
}
