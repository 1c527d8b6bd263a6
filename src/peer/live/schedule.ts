import { LiveError } from "./errors.ts";

/** Time as the engine knows it, in milliseconds; virtual in tests and in the simulator. It may be set, as a wall clock is. */
export interface LiveClock {
  now(): number;
  /** Runs `task` once, after `ms`. Returns what cancels it. */
  after(ms: number, task: () => void): () => void;
}

export interface ScheduleOptions {
  readonly clock: LiveClock;
  /** Milliseconds between the starts of two evaluations. */
  readonly interval: number;
  /** Told of every failure that no caller waits for. */
  readonly report: (error: unknown) => void;
}

/** Milliseconds. A device that slept during an evaluation, or a clock that was set, must not silence a query. */
const LONGEST_PAUSE = 2_000;

interface Waiter {
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * When one query is evaluated: at once for the first change (in a microtask, so the changes of one task count as one),
 * then no more often than the interval, never twice at a time, and once more if something changed meanwhile. An
 * evaluation that takes long lengthens the pause after it to its own duration, so that no query keeps the worker busy
 * for more than half of the time.
 */
export class EvaluationSchedule {
  readonly #options: ScheduleOptions;
  readonly #evaluate: (signal: AbortSignal) => Promise<void>;
  readonly #abort = new AbortController();
  #waiters: Waiter[] = [];
  #dirty = false;
  #planned = false;
  #cancelTimer: (() => void) | null = null;
  #running: Promise<void> | null = null;
  #ended = 0;
  /** Milliseconds without an evaluation after the last one. */
  #pause = 0;

  constructor(options: ScheduleOptions, evaluate: (signal: AbortSignal) => Promise<void>) {
    this.#options = options;
    this.#evaluate = evaluate;
  }

  /** Something the query depends on has changed. */
  invalidate(): void {
    this.#dirty = true;
    this.#plan();
  }

  /**
   * Evaluates without regard to the interval, because somebody waits: resolves after an evaluation that began after
   * this call. @throws what the evaluation throws; LiveError `LIVE_CLOSED`
   */
  demand(): Promise<void> {
    if (this.#abort.signal.aborted) return Promise.reject(closedError());
    const demanded = new Promise<void>((resolve, reject) => this.#waiters.push({ resolve, reject }));
    this.invalidate();
    return demanded;
  }

  /** No evaluation begins after this call; resolves when the one in flight has ended. */
  async close(): Promise<void> {
    this.#abort.abort();
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter.reject(closedError());
    await this.#running;
  }

  #plan(): void {
    if (!this.#dirty || this.#planned || this.#running !== null || this.#abort.signal.aborted) return;
    const { clock } = this.#options;
    const wait = this.#waiters.length > 0 ? 0 : Math.min(this.#pause, this.#ended + this.#pause - clock.now());
    if (wait > 0) {
      this.#cancelTimer ??= clock.after(wait, () => {
        this.#cancelTimer = null;
        this.#run();
      });
      return;
    }
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#planned = true;
    queueMicrotask(() => {
      this.#planned = false;
      this.#run();
    });
  }

  #run(): void {
    if (this.#abort.signal.aborted || this.#running !== null) return;
    this.#running = this.#once().finally(() => {
      this.#running = null;
      this.#plan();
    });
  }

  async #once(): Promise<void> {
    this.#dirty = false;
    const waiters = this.#waiters;
    this.#waiters = [];
    const { clock, interval, report } = this.#options;
    const started = clock.now();
    try {
      await this.#evaluate(this.#abort.signal);
      for (const waiter of waiters) waiter.resolve();
    } catch (error) {
      const closed = this.#abort.signal.aborted;
      for (const waiter of waiters) waiter.reject(closed ? closedError() : error);
      if (waiters.length === 0 && !closed) report(error);
    }
    this.#ended = clock.now();
    const took = Math.max(0, this.#ended - started);
    this.#pause = Math.min(Math.max(interval - took, took), Math.max(interval, LONGEST_PAUSE));
  }
}

function closedError(): LiveError {
  return new LiveError("LIVE_CLOSED", "the live query was closed");
}
