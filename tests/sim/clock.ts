/** Time for a whole network in one process: nothing waits, and the same run happens again on every machine. */
import type { Clock } from "../../src/mesh/protocols/index.ts";

/** 2026-01-01T00:00:00Z. */
export const SIM_START = 1_767_225_600_000;

/** Turns without any timer after which nothing is under way any more: some work gives others a turn of the event loop. */
const IDLE_TURNS = 100;

/** Timers of one moment, in the order in which they were set. */
interface Moment {
  readonly tasks: ((() => void) | null)[];
  /** Those before it have run. */
  next: number;
  /** Neither run nor cancelled. */
  left: number;
}

/**
 * A clock that moves when it is told to. Between two moments it lets everything that is under way come to rest:
 * promises, and work outside of this thread (WebCrypto) that was announced by `track`.
 */
export class VirtualClock implements Clock {
  /** A binary heap of moments, the next one first: most timers are cancelled, and share their moment with others. */
  readonly #times: number[] = [];
  /** By how many grains they are after the start: small integers are found in half the time that dates take. */
  readonly #moments = new Map<number, Moment>();
  readonly #grain: number;
  readonly #base: number;
  #now: number;
  #outside = 0;
  #rested: () => void = () => undefined;

  /** @param grain ms; what is due between two multiples of it happens at the later one, since every moment costs a turn */
  constructor(start: number = SIM_START, grain = 1) {
    this.#now = start;
    this.#grain = grain;
    this.#base = Math.floor(start / grain);
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, task: () => void): () => void {
    // Whole milliseconds, as `Date.now` gives them: they go into objects.
    const at = Math.ceil((this.#now + Math.max(0, ms)) / this.#grain) - this.#base;
    let moment = this.#moments.get(at);
    if (moment === undefined) {
      moment = { tasks: [], next: 0, left: 0 };
      this.#moments.set(at, moment);
      this.#push(at);
    }
    const { tasks } = moment;
    const index = tasks.push(task) - 1;
    moment.left++;
    const its = moment;
    return () => {
      if (tasks[index] === null) return;
      tasks[index] = null;
      its.left--;
    };
  }

  /** Time stands still until this work is done, although it is done outside of virtual time. */
  async track<Value>(work: Promise<Value>): Promise<Value> {
    this.#outside++;
    try {
      return await work;
    } finally {
      this.#outside--;
      if (this.#outside === 0) this.#rested();
    }
  }

  /** Lets everything that needs no time happen. */
  async settle(): Promise<void> {
    for (;;) {
      // A turn of the event loop: every promise that can settle without time has settled when it comes.
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (this.#outside === 0) return;
      await new Promise<void>((resolve) => {
        this.#rested = resolve;
      });
    }
  }

  /** Moves time by `ms`, stopping at every timer on the way. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.settle();
    for (let at = this.#peek(); at !== undefined && at <= end; at = this.#peek()) {
      this.#now = Math.max(this.#now, at);
      this.#runDue();
      await this.settle();
    }
    this.#now = end;
  }

  /** Moves time until `condition` holds. @throws when it does not within `limit` ms */
  async until(condition: () => boolean | Promise<boolean>, limit: number = 120_000): Promise<void> {
    const end = this.#now + limit;
    await this.settle();
    let idle = 0;
    while (!(await condition())) {
      const next = this.#peek();
      if (next === undefined && idle++ < IDLE_TURNS) {
        await this.settle();
        continue;
      }
      if (next === undefined || next > end) throw new Error(`Not within ${limit} ms of virtual time.`);
      this.#now = Math.max(this.#now, next);
      this.#runDue();
      await this.settle();
    }
  }

  /** Lets time pass until a call is done. */
  async finish<Value>(call: Promise<Value>): Promise<Value> {
    let over = false;
    const end = call.finally(() => (over = true));
    end.catch(() => undefined);
    await this.until(() => over);
    return await end;
  }

  /** Everything of this moment, so that the event loop turns once a moment and not once a timer. */
  #runDue(): void {
    for (let moment = this.#next(); moment !== undefined && this.#due <= this.#now; moment = this.#next()) {
      // What is set for this very moment meanwhile belongs to it.
      while (moment.next < moment.tasks.length) {
        const task = moment.tasks[moment.next];
        moment.tasks[moment.next++] = null;
        if (task === null || task === undefined) continue;
        moment.left--;
        task();
      }
    }
  }

  /** When the next timer is due that was not cancelled. */
  #peek(): number | undefined {
    return this.#next() === undefined ? undefined : this.#due;
  }

  /** Of the first moment that there is. */
  get #due(): number {
    return ((this.#times[0] as number) + this.#base) * this.#grain;
  }

  /** The next moment with a timer that was not cancelled. */
  #next(): Moment | undefined {
    for (let at = this.#times[0]; at !== undefined; at = this.#times[0]) {
      const moment = this.#moments.get(at);
      if (moment !== undefined && moment.left > 0) return moment;
      this.#moments.delete(at);
      this.#pop();
    }
    return undefined;
  }

  #push(time: number): void {
    const heap = this.#times;
    let at = heap.push(time) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((heap[parent] as number) <= time) break;
      heap[at] = heap[parent] as number;
      at = parent;
    }
    heap[at] = time;
  }

  #pop(): void {
    const heap = this.#times;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const left = at * 2 + 1;
      if (left >= heap.length) break;
      const right = left + 1;
      const child = right < heap.length && (heap[right] as number) < (heap[left] as number) ? right : left;
      if ((heap[child] as number) >= last) break;
      heap[at] = heap[child] as number;
      at = child;
    }
    heap[at] = last;
  }
}
