import type { TimeOrder } from "./order.ts";
import type { Postings } from "./postings.ts";
import type { TimeCursor } from "../port.ts";

/** Between two places in the order, neither of them included; open where one is not given. */
export interface TimeWindow {
  readonly before?: TimeCursor | undefined;
  readonly after?: TimeCursor | undefined;
}

/** Walks rows newest first. `row` is where it stands, -1 behind the last. */
export interface RowCursor {
  readonly row: number;
  next(): void;
}

export class ListCursor implements RowCursor {
  row: number;
  #position: number;
  /** The oldest position that is in the window. */
  readonly #floor: number;
  readonly #list: number;
  readonly #postings: Postings;

  constructor(postings: Postings, list: number, { before, after }: TimeWindow) {
    this.#postings = postings;
    this.#list = list;
    this.#floor = after === undefined ? 0 : postings.countUpTo(list, after.created, after.hash);
    this.#position =
      (before === undefined ? postings.length(list) : postings.countBefore(list, before.created, before.hash)) - 1;
    this.row = this.#position < this.#floor ? -1 : postings.at(list, this.#position);
  }

  next(): void {
    this.#position -= 1;
    this.row = this.#position < this.#floor ? -1 : this.#postings.at(this.#list, this.#position);
  }
}

export class SingleCursor implements RowCursor {
  row: number;

  constructor(order: TimeOrder, row: number, { before, after }: TimeWindow) {
    const isOld = before === undefined || order.isBefore(row, before.created, before.hash);
    const isNew = after === undefined || order.isAfter(row, after.created, after.hash);
    this.row = isOld && isNew ? row : -1;
  }

  next(): void {
    this.row = -1;
  }
}

/** Rows that stand newest first already. */
export class SortedCursor implements RowCursor {
  row = -1;
  #position = -1;
  readonly #order: TimeOrder;
  readonly #rows: Uint32Array;
  readonly #window: TimeWindow;

  constructor(order: TimeOrder, rows: Uint32Array, window: TimeWindow) {
    this.#order = order;
    this.#rows = rows;
    this.#window = window;
    this.next();
    while (this.row !== -1 && !this.#isOldEnough()) this.next();
  }

  next(): void {
    this.#position += 1;
    const row = this.#rows[this.#position] ?? -1;
    const { after } = this.#window;
    this.row = row !== -1 && (after === undefined || this.#order.isAfter(row, after.created, after.hash)) ? row : -1;
  }

  #isOldEnough(): boolean {
    const { before } = this.#window;
    return before === undefined || this.#order.isBefore(this.row, before.created, before.hash);
  }
}

/** The union of several cursors by a binary heap: `log k` comparisons a row however long the lists are. */
export class MergeCursor implements RowCursor {
  row = -1;
  readonly #order: TimeOrder;
  /** Cursors that stand on a row; the one on the newest row first. */
  readonly #heap: RowCursor[];

  constructor(order: TimeOrder, cursors: readonly RowCursor[]) {
    this.#order = order;
    this.#heap = cursors.filter((cursor) => cursor.row !== -1);
    for (let at = (this.#heap.length >>> 1) - 1; at >= 0; at -= 1) this.#sink(at);
    this.row = this.#heap[0]?.row ?? -1;
  }

  next(): void {
    const done = this.row;
    // The same row may stand in several lists.
    while (this.#heap.length > 0 && this.#heap[0]!.row === done) {
      const top = this.#heap[0]!;
      top.next();
      if (top.row === -1) {
        const last = this.#heap.pop()!;
        if (this.#heap.length > 0) this.#heap[0] = last;
      }
      this.#sink(0);
    }
    this.row = this.#heap[0]?.row ?? -1;
  }

  #sink(from: number): void {
    const heap = this.#heap;
    let at = from;
    for (;;) {
      let newest = at;
      for (let child = at * 2 + 1; child <= at * 2 + 2 && child < heap.length; child += 1) {
        if (this.#order.compare(heap[child]!.row, heap[newest]!.row) > 0) newest = child;
      }
      if (newest === at) return;
      const moved = heap[at]!;
      heap[at] = heap[newest]!;
      heap[newest] = moved;
      at = newest;
    }
  }
}

/** Rows of another cursor that a test lets through. */
export class FilterCursor implements RowCursor {
  row = -1;
  readonly #source: RowCursor;
  readonly #matches: (row: number) => boolean;

  constructor(source: RowCursor, matches: (row: number) => boolean) {
    this.#source = source;
    this.#matches = matches;
    this.#settle();
  }

  next(): void {
    this.#source.next();
    this.#settle();
  }

  #settle(): void {
    while (this.#source.row !== -1 && !this.#matches(this.#source.row)) this.#source.next();
    this.row = this.#source.row;
  }
}
