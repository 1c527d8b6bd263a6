import type { ListOp } from "../api.ts";
import { diffRows } from "./diff.ts";
import { sameData } from "./equal.ts";
import { LiveError } from "./errors.ts";
import { EvaluationSchedule, type LiveClock, type ScheduleOptions } from "./schedule.ts";

export type RowsUpdate<Row> =
  | { readonly kind: "rows"; readonly rows: readonly Row[]; readonly more: boolean }
  | { readonly kind: "diff"; readonly ops: readonly ListOp<Row>[]; readonly more: boolean };

export interface ValueUpdate<Value> {
  readonly kind: "value";
  readonly value: Value;
}

export interface RowsSource<Row, Topic extends string> {
  /** A change of any of these makes the list due. */
  readonly topics: readonly Topic[];
  /** Rows of the first page, and of every further one. `Infinity`: the list comes whole. */
  readonly page: number;
  readonly key: (row: Row) => string;
  /** Default: {@link sameData}. */
  readonly equal?: (a: Row, b: Row) => boolean;
  /** The first `limit` rows of the list, fewer only if there are no more. The signal aborts when the query is closed. */
  evaluate(limit: number, signal: AbortSignal): readonly Row[] | Promise<readonly Row[]>;
}

export interface ValueSource<Value, Topic extends string> {
  readonly topics: readonly Topic[];
  /** Default: {@link sameData}. */
  readonly equal?: (a: Value, b: Value) => boolean;
  evaluate(signal: AbortSignal): Value | Promise<Value>;
}

export interface LiveSubscription {
  /** Grows a list by a page; resolves once the rows were delivered. Nothing happens when there are no more. */
  more(): Promise<void>;
  /** No delivery after this call; resolves when an evaluation in flight has ended. */
  close(): Promise<void>;
}

export interface LiveSetOptions {
  readonly clock: LiveClock;
  /** Milliseconds between two deliveries of one query after the first; default {@link LIVE_INTERVAL}. */
  readonly interval?: number;
  /** Told of every evaluation or delivery that failed without a caller to reject. The query lives on. */
  readonly report: (error: unknown) => void;
}

/** Ten updates a second are more than a reader can follow; the first change of a quiet list does not wait at all. */
export const LIVE_INTERVAL = 100;

/**
 * A list whose head grows keeps its last row in sight up to this many rows, so that what a person reads at the
 * bottom is not cut off by what arrives at the top. Beyond it (10 pages of 50) the list keeps its length.
 */
const HELD_ROWS = 500;

/** The live queries of one peer: evaluated when one of their topics was invalidated, delivered as differences. */
export class LiveSet<Topic extends string> {
  readonly #schedule: ScheduleOptions;
  readonly #queries = new Map<EvaluationSchedule, ReadonlySet<Topic>>();
  #closed = false;

  constructor({ clock, interval = LIVE_INTERVAL, report }: LiveSetOptions) {
    this.#schedule = { clock, interval, report };
  }

  /** Live queries that are open. */
  get size(): number {
    return this.#queries.size;
  }

  /**
   * Opens a list. `deliver` has got the first page when this resolves; later differences, and all rows where a
   * difference would not be smaller.
   * @throws what the first evaluation throws; LiveError `LIVE_CLOSED`, `LIVE_KEY_DUPLICATE`
   */
  rows<Row>(source: RowsSource<Row, Topic>, deliver: (update: RowsUpdate<Row>) => void): Promise<LiveSubscription> {
    const list = new LiveRows(source, deliver);
    return this.#open(source.topics, list.evaluate, list.grow);
  }

  /**
   * Opens a single value. `deliver` has got it when this resolves, and gets it again whenever it is another.
   * @throws what the first evaluation throws; LiveError `LIVE_CLOSED`
   */
  value<Value>(
    source: ValueSource<Value, Topic>,
    deliver: (update: ValueUpdate<Value>) => void,
  ): Promise<LiveSubscription> {
    const equal = source.equal ?? sameData;
    let present: { value: Value } | null = null;
    const evaluate = async (signal: AbortSignal): Promise<void> => {
      const value = await source.evaluate(signal);
      signal.throwIfAborted();
      if (present !== null && equal(present.value, value)) return;
      present = null;
      deliver({ kind: "value", value });
      present = { value };
    };
    return this.#open(source.topics, evaluate, () => false);
  }

  /** What these topics stand for has changed. */
  invalidate(...topics: readonly Topic[]): void {
    for (const [query, wanted] of this.#queries) {
      if (topics.some((topic) => wanted.has(topic))) query.invalidate();
    }
  }

  /** Closes every query; resolves when no evaluation is in flight any more. */
  async close(): Promise<void> {
    this.#closed = true;
    const queries = [...this.#queries.keys()];
    this.#queries.clear();
    await Promise.all(queries.map((query) => query.close()));
  }

  async #open(
    topics: readonly Topic[],
    evaluate: (signal: AbortSignal) => Promise<void>,
    grow: () => boolean,
  ): Promise<LiveSubscription> {
    if (this.#closed) throw new LiveError("LIVE_CLOSED", "live queries are closed");
    const query = new EvaluationSchedule(this.#schedule, evaluate);
    this.#queries.set(query, new Set(topics));
    try {
      await query.demand();
    } catch (error) {
      this.#queries.delete(query);
      await query.close();
      throw error;
    }
    return {
      more: async () => {
        if (grow()) await query.demand();
      },
      close: async () => {
        this.#queries.delete(query);
        await query.close();
      },
    };
  }
}

/** The window of one list and what its reader was told of it. */
class LiveRows<Row, Topic extends string> {
  readonly #source: RowsSource<Row, Topic>;
  readonly #deliver: (update: RowsUpdate<Row>) => void;
  #limit: number;
  /** What was delivered; `null` before the first delivery and after one that failed. */
  #shown: { readonly rows: readonly Row[]; readonly more: boolean } | null = null;

  constructor(source: RowsSource<Row, Topic>, deliver: (update: RowsUpdate<Row>) => void) {
    this.#source = source;
    this.#deliver = deliver;
    this.#limit = source.page;
  }

  /** Widens the window by a page; false when every row is in it already. */
  readonly grow = (): boolean => {
    if (this.#shown !== null && !this.#shown.more) return false;
    this.#limit += this.#source.page;
    return true;
  };

  readonly evaluate = async (signal: AbortSignal): Promise<void> => {
    // One row beyond the window tells whether there are more; a page beyond it finds the last row again when others came in above.
    const reach = this.#shown === null ? 1 : this.#source.page + 1;
    const found = await this.#source.evaluate(this.#limit + reach, signal);
    signal.throwIfAborted();
    const length = this.#windowOf(found);
    const rows = found.slice(0, length);
    const more = found.length > length;
    const update = this.#updateTo(rows, more);
    this.#limit = Math.max(this.#limit, length);
    if (update === null) return;
    this.#shown = null;
    this.#deliver(update);
    this.#shown = { rows, more };
  };

  #windowOf(found: readonly Row[]): number {
    const length = Math.min(this.#limit, found.length);
    const last = this.#shown?.rows.at(-1);
    if (last === undefined || found.length === length) return length;
    const name = this.#source.key(last);
    // The very last row asked for only tells whether there are more.
    const end = Math.min(found.length, this.#limit + this.#source.page, HELD_ROWS);
    for (let index = length; index < end; index++) {
      if (this.#source.key(found[index]!) === name) return index + 1;
    }
    return length;
  }

  #updateTo(rows: readonly Row[], more: boolean): RowsUpdate<Row> | null {
    if (this.#shown === null) return { kind: "rows", rows, more };
    const ops = diffRows(this.#shown.rows, rows, this.#source.key, this.#source.equal ?? sameData);
    if (ops.length === 0 && more === this.#shown.more) return null;
    const carried = ops.reduce(
      (sum, op) => sum + (op.op === "insert" ? op.rows.length : op.op === "replace" ? 1 : 0),
      0,
    );
    return carried > 0 && carried >= rows.length ? { kind: "rows", rows, more } : { kind: "diff", ops, more };
  }
}
