import { toHex, type Hash } from "../../../wire/index.ts";
import { abortable, withDeadline, type Clock } from "../clock.ts";
import { ProtocolError } from "../errors.ts";
import type { Delivered } from "../delivered.ts";
import { DELIVERY_TIMEOUT, MAX_BARREN, MAX_FETCHED } from "./constants.ts";
import type { FetchMessage } from "./told-messages.ts";

export interface OnDemandOptions {
  readonly clock: Clock;
  readonly send: (message: FetchMessage) => void;
  readonly receive: (items: readonly Delivered[]) => Promise<void>;
  /** Ends with the session. */
  readonly signal: AbortSignal;
}

interface Question {
  readonly id: number;
  /** By hex; those that have not come. */
  readonly left: Set<string>;
  readonly received: Promise<void>[];
  readonly finish: () => void;
}

/** Envelopes that a server has told of, fetched when somebody wants to read them: one question after the other. */
export class OnDemand {
  readonly #options: OnDemandOptions;
  #question: Question | null = null;
  #id = 0;
  #turn: Promise<void> = Promise.resolve();
  #barren = 0;

  constructor(options: OnDemandOptions) {
    this.#options = options;
  }

  /**
   * Resolves when what the server has of these is stored.
   * @throws MeshError `TIMEOUT`, ProtocolError `VIOLATION` from a server that tells of much and has nothing; either signal's reason
   */
  async fetch(hashes: readonly Hash[], signal: AbortSignal): Promise<void> {
    const before = this.#turn;
    const asked = before.then(async () => {
      for (let from = 0; from < hashes.length; from += MAX_FETCHED) {
        await this.#ask(hashes.slice(from, from + MAX_FETCHED), signal);
      }
    });
    // The next one waits for this one, not for its success.
    this.#turn = asked.catch(() => undefined);
    await asked;
  }

  /** @throws ProtocolError `VIOLATION`, `BAD_HASH` */
  async deliver(id: number, items: readonly Delivered[], last: boolean): Promise<void> {
    if (id > this.#id) throw new ProtocolError("VIOLATION", "An answer to what was not asked.");
    const question = this.#question;
    // Given up meanwhile.
    if (question?.id !== id) return;
    for (const { hash } of items) {
      if (!question.left.delete(toHex(hash))) throw new ProtocolError("BAD_HASH", "An envelope not asked for.");
    }
    const received = items.length === 0 ? Promise.resolve() : this.#options.receive(items);
    // Whoever waits for the answer handles the failure.
    received.catch(() => undefined);
    question.received.push(received);
    if (items.length > 0) this.#barren = 0;
    if (last) question.finish();
    else await received;
  }

  async #ask(hashes: readonly Hash[], signal: AbortSignal): Promise<void> {
    const { clock, send } = this.#options;
    signal.throwIfAborted();
    this.#options.signal.throwIfAborted();
    const received: Promise<void>[] = [];
    const answered = new Promise<void>((finish) => {
      this.#question = { id: ++this.#id, left: new Set(hashes.map(toHex)), received, finish };
    });
    this.#barren++;
    send({ kind: "fetch", id: this.#id, hashes });
    try {
      await withDeadline(clock, DELIVERY_TIMEOUT, signal, (deadline) =>
        abortable(abortable(answered, deadline), this.#options.signal),
      );
    } finally {
      this.#question = null;
    }
    await Promise.all(received);
    if (this.#barren > MAX_BARREN) throw new ProtocolError("VIOLATION", "Told of what is never delivered.");
  }
}
