import type { Hash } from "../../../wire/index.ts";
import type { FrameStream } from "../../port.ts";
import { MeshError } from "../../errors.ts";
import { abortable, pause, withDeadline, type Clock } from "../clock.ts";
import type { Delivered } from "../delivered.ts";
import { ProtocolError } from "../errors.ts";
import type { LibraryEnvelopes } from "../library.ts";
import type { Claims } from "../pub/claims.ts";
import type { Started } from "../pub/starts.ts";
import { BEGIN_PATIENCE, END_PATIENCE, WELCOME_TIMEOUT } from "./constants.ts";
import { Dialogue } from "./dialogue.ts";
import { ShortIds } from "./ids.ts";
import type { Place, SyncAnswer } from "./messages.ts";
import { Reconciliation } from "./reconciliation.ts";
import { Retrieval } from "./retrieval.ts";
import { onlyPlace, Stock, type SyncTarget } from "./targets.ts";

export interface SyncSessionOptions {
  readonly stream: FrameStream;
  readonly clock: Clock;
  readonly salt: Uint8Array;
  readonly targets: readonly SyncTarget[];
  readonly before: Place | null;
  /** What is held here. */
  readonly envelopes: LibraryEnvelopes;
  readonly claims: Claims;
  readonly known: (hash: Uint8Array) => boolean;
  readonly receive: (items: readonly Delivered[]) => Promise<void>;
  /** As for the client of /mehr/pub/1. */
  readonly started?: (started: Started) => Promise<void>;
  /** Resolves when the server has nothing open here; `null` when it has not. */
  readonly served: () => Promise<void> | null;
}

/** The client's side of one stream, from the first frame on. */
export class SyncSession {
  readonly epoch: Uint8Array;
  readonly lastSeq: number;
  /** Envelopes that the server holds of the targets. */
  readonly #held: number;
  readonly #options: SyncSessionOptions;
  readonly #dialogue: Dialogue;
  readonly #reading: Promise<void>;

  private constructor(
    options: SyncSessionOptions,
    dialogue: Dialogue,
    reading: Promise<void>,
    welcome: Extract<SyncAnswer, { kind: "welcome" }>,
  ) {
    this.#options = options;
    this.#dialogue = dialogue;
    this.#reading = reading;
    this.epoch = welcome.epoch.slice();
    this.lastSeq = welcome.lastSeq;
    this.#held = welcome.held;
  }

  /** Resolves when the server has answered. @throws ProtocolError, MeshError */
  static async open(options: SyncSessionOptions, signal: AbortSignal): Promise<SyncSession> {
    const { before, clock, salt, stream, targets } = options;
    const dialogue = new Dialogue(stream, clock);
    const reading = dialogue.read();
    try {
      const welcome = await withDeadline(clock, WELCOME_TIMEOUT, signal, async (deadline) => {
        const end = (): void => dialogue.end(deadline.reason);
        deadline.addEventListener("abort", end, { once: true });
        try {
          return await dialogue.ask({ kind: "open", salt, before, targets }, ["welcome"]);
        } finally {
          deadline.removeEventListener("abort", end);
        }
      });
      return new SyncSession(options, dialogue, reading, welcome);
    } catch (error) {
      dialogue.end(error);
      await reading;
      throw error;
    }
  }

  /**
   * Reconciles; resolves when everything that could be had is stored. `onDone`: everything down to there is here.
   * @throws ProtocolError, MeshError, the signal's reason
   */
  async run(signal: AbortSignal, onDone: (end: Place) => void): Promise<void> {
    const { before, claims, clock, envelopes, known, receive, salt, started, targets } = this.#options;
    const dialogue = this.#dialogue;
    const end = (): void => dialogue.end(signal.reason);
    if (signal.aborted) end();
    signal.addEventListener("abort", end, { once: true });
    const retrieval = new Retrieval({ dialogue, clock, claims, known, receive });
    const ids = new ShortIds(salt);
    const stock = new Stock(envelopes, targets);
    const fetch = retrieval.fetch.bind(retrieval);
    const place = onlyPlace(targets);
    const noteBesides = async (hashes: readonly Hash[]): Promise<void> => {
      if (place !== null) await started?.({ place, hashes });
    };
    try {
      if (stock.size > this.#held) await this.#letGoFirst();
      await new Reconciliation({ dialogue, clock, ids, stock, known, before, fetch, noteBesides, onDone }).run();
      await dialogue.close();
    } catch (error) {
      dialogue.end(error);
      throw error;
    } finally {
      signal.removeEventListener("abort", end);
      retrieval.releaseAll();
      await this.#reading;
    }
  }

  /** Whoever holds less begins. */
  async #letGoFirst(): Promise<void> {
    const { clock, served } = this.#options;
    const { signal } = this.#dialogue;
    await pause(clock, BEGIN_PATIENCE, signal);
    const done = served();
    if (done === null) return;
    try {
      await withDeadline(clock, END_PATIENCE, signal, (deadline) => abortable(done, deadline));
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof MeshError) || error.code !== "TIMEOUT") throw error;
    }
  }

  /** Ends a session that is not run. */
  async abandon(): Promise<void> {
    this.#dialogue.end(new ProtocolError("STOPPED", "This peer stopped asking."));
    await this.#reading;
  }
}
