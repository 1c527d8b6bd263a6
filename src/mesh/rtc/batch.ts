/** The largest message that others join: up to here a copy costs less than a message of its own (measured, two cores). */
const SMALL = 4_096;

/** What joined messages may reach together: one of SCTP's chunks of data for a loopback or a few for a radio link. */
const MOST = 16_384;

/**
 * Joins small messages that are written in one turn. A stream of libp2p is a stream of bytes, whose messages mean nothing;
 * `@libp2p/webrtc` 6.0.33 writes the length of each message as a message of its own, of three bytes.
 */
export class Batch {
  readonly #send: (bytes: Uint8Array<ArrayBuffer>) => void;
  readonly #schedule: (task: () => void) => void;
  #waiting: Uint8Array[] = [];
  #size = 0;

  /** @param schedule runs a task at the end of this turn */
  constructor(send: (bytes: Uint8Array<ArrayBuffer>) => void, schedule: (task: () => void) => void = atEndOfTurn) {
    this.#send = send;
    this.#schedule = schedule;
  }

  /** Bytes that wait for the end of this turn. */
  get size(): number {
    return this.#size;
  }

  /** Takes the message if it is small; otherwise what waits goes out, and the message is for the caller to send. */
  take(message: Uint8Array): boolean {
    if (message.length > SMALL) {
      this.flush();
      return false;
    }
    if (this.#size + message.length > MOST) this.flush();
    if (this.#waiting.length === 0) this.#schedule(() => this.flush());
    // Whoever wrote it may go on using its memory.
    this.#waiting.push(message.slice());
    this.#size += message.length;
    return true;
  }

  flush(): void {
    if (this.#waiting.length === 0) return;
    const joined = new Uint8Array(this.#size);
    let at = 0;
    for (const message of this.#waiting) {
      joined.set(message, at);
      at += message.length;
    }
    this.forget();
    this.#send(joined);
  }

  /** The channel is closed. */
  forget(): void {
    this.#waiting = [];
    this.#size = 0;
  }
}

/** Browsers refuse a `queueMicrotask` that is called as the method of something else. */
function atEndOfTurn(task: () => void): void {
  queueMicrotask(task);
}
