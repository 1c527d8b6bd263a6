/**
 * How much work a task was while others ran beside it. Each moment is divided among all tasks under way, so that the
 * sum of what is measured is the time that passed, however many there are.
 */
export class WorkMeter {
  readonly #stopwatch: () => number;
  /** What one task that was always under way would have got. */
  #share = 0;
  #running = 0;
  #at = 0;

  /** @param stopwatch milliseconds since any moment, as fine as there are */
  constructor(stopwatch: () => number = () => performance.now()) {
    this.#stopwatch = stopwatch;
  }

  /** @returns to be called once at the end of the task; gives its milliseconds */
  begin(): () => number {
    this.#pass();
    this.#running++;
    const from = this.#share;
    return () => {
      this.#pass();
      this.#running--;
      return this.#share - from;
    };
  }

  #pass(): void {
    const now = this.#stopwatch();
    if (this.#running > 0) this.#share += Math.max(0, now - this.#at) / this.#running;
    this.#at = now;
  }
}
