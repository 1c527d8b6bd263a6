/** Time for a whole network in one process: nothing waits, and the same run happens again on every machine. */
import type { Clock } from "../../src/mesh/protocols/index.ts";

/** 2026-01-01T00:00:00Z. */
export const SIM_START = 1_767_225_600_000;

/** Turns without any timer after which nothing is under way any more: some work gives others a turn of the event loop. */
const IDLE_TURNS = 100;

interface Timer {
  readonly at: number;
  /** Order of two timers of the same moment: as they were set. */
  readonly order: number;
  task: (() => void) | null;
}

/**
 * A clock that moves when it is told to. Between two moments it lets everything that is under way come to rest:
 * promises, and work outside of this thread (WebCrypto) that was announced by `track`.
 */
export class VirtualClock implements Clock {
  /** A binary heap, the next timer first. */
  readonly #timers: Timer[] = [];
  readonly #grain: number;
  #now: number;
  #order = 0;
  #outside = 0;
  #rested: () => void = () => undefined;

  /** @param grain ms; what is due between two multiples of it happens at the later one, since every moment costs a turn */
  constructor(start: number = SIM_START, grain = 1) {
    this.#now = start;
    this.#grain = grain;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, task: () => void): () => void {
    // Whole milliseconds, as `Date.now` gives them: they go into objects.
    const at = Math.ceil((this.#now + Math.max(0, ms)) / this.#grain) * this.#grain;
    const timer: Timer = { at, order: this.#order++, task };
    this.#push(timer);
    return () => {
      timer.task = null;
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
    for (let timer = this.#peek(); timer !== undefined && timer.at <= end; timer = this.#peek()) {
      this.#now = Math.max(this.#now, timer.at);
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
      if (next === undefined || next.at > end) throw new Error(`Not within ${limit} ms of virtual time.`);
      this.#now = Math.max(this.#now, next.at);
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
    for (let timer = this.#peek(); timer !== undefined && timer.at <= this.#now; timer = this.#peek()) {
      this.#pop();
      const { task } = timer;
      timer.task = null;
      task?.();
    }
  }

  /** The next timer that was not cancelled. */
  #peek(): Timer | undefined {
    while (this.#timers[0] !== undefined && this.#timers[0].task === null) this.#pop();
    return this.#timers[0];
  }

  #push(timer: Timer): void {
    const heap = this.#timers;
    heap.push(timer);
    for (let at = heap.length - 1; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!this.#swapIfEarlier(at, parent)) return;
      at = parent;
    }
  }

  #pop(): void {
    const heap = this.#timers;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    heap[0] = last;
    for (let at = 0; ;) {
      const left = at * 2 + 1;
      if (left >= heap.length) return;
      const right = left + 1;
      const child = right < heap.length && earlier(heap[right] as Timer, heap[left] as Timer) ? right : left;
      if (!this.#swapIfEarlier(child, at)) return;
      at = child;
    }
  }

  #swapIfEarlier(child: number, parent: number): boolean {
    const heap = this.#timers;
    const [below, above] = [heap[child] as Timer, heap[parent] as Timer];
    if (!earlier(below, above)) return false;
    heap[child] = above;
    heap[parent] = below;
    return true;
  }
}

function earlier(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
