/**
 * Turns of the event loop for work that goes on for long. By messages to itself: timers that follow each other wait 4 ms each
 * (HTML standard, "Timers"), nearly as long as the work between them.
 */
export class Turns {
  readonly #channel = new MessageChannel();
  readonly #waiting: (() => void)[] = [];

  constructor() {
    this.#channel.port1.addEventListener("message", () => this.#waiting.shift()?.());
    this.#channel.port1.start();
  }

  /** Resolves when others have had their turn; after `stop` never. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#channel.port2.postMessage(null);
    });
  }

  stop(): void {
    this.#channel.port1.close();
  }
}
