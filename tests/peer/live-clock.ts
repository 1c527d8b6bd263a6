import type { LiveClock } from "../../src/peer/live/index.ts";

/** Time that passes only when a test says so. */
export class VirtualClock implements LiveClock {
  #now = 0;
  readonly #tasks = new Set<{ at: number; run: () => void }>();

  now(): number {
    return this.#now;
  }

  get waiting(): number {
    return this.#tasks.size;
  }

  after(ms: number, run: () => void): () => void {
    const task = { at: this.#now + ms, run };
    this.#tasks.add(task);
    return () => this.#tasks.delete(task);
  }

  /** Sets the clock by hand; what was planned is due as long from now as before. */
  set(now: number): void {
    for (const task of this.#tasks) task.at += now - this.#now;
    this.#now = now;
  }

  /** Lets `ms` pass; what becomes due runs in order, and with it whatever promises it settles. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settled();
    for (;;) {
      const due = [...this.#tasks].filter((task) => task.at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#tasks.delete(due);
      this.#now = due.at;
      due.run();
      await settled();
    }
    this.#now = end;
  }
}

/** Every promise that can settle without time passing has settled: microtasks run before the next macrotask. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
