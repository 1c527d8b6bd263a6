import { toHex } from "../../../wire/index.ts";
import { MeshError } from "../../errors.ts";
import type { FrameStream, Mesh } from "../../port.ts";
import { pause, withDeadline, type Clock } from "../clock.ts";
import { malformed } from "../frame.ts";
import { misdeedOf, ProtocolError } from "../errors.ts";
import { PeerBudgets, type TokenBucket } from "../token-bucket.ts";
import { INDEX_SERVER_LIMITS, type IndexServerLimits } from "./constants.ts";
import { decodeQuestion, encodeAnswer, type IndexAnswer } from "./messages.ts";
import { pageOf, type IndexSources } from "./pages.ts";

export interface IndexServerOptions extends IndexSources {
  readonly mesh: Pick<Mesh, "report">;
  readonly clock: Clock;
  readonly limits?: Partial<IndexServerLimits>;
}

type Budgets = Record<"questions" | "bytes", TokenBucket>;

/** Saying no is hardly any work. */
const REFUSAL_COST = 0.1;
/** A budget that is short for longer says nothing about the present any more; in ms. */
const MAX_RETRY_AFTER = 60_000;

/** Answers /mehr/index/1: what is held here that has to do with something. */
export class IndexServer {
  readonly #options: IndexServerOptions;
  readonly #limits: IndexServerLimits;
  readonly #budgets: PeerBudgets<"questions" | "bytes">;
  /** Streams open now, by peer, in hex. */
  readonly #open = new Map<string, number>();
  readonly #stopped = new AbortController();

  constructor(options: IndexServerOptions) {
    this.#options = options;
    this.#limits = { ...INDEX_SERVER_LIMITS, ...options.limits };
    this.#budgets = new PeerBudgets({ questions: this.#limits.questions, bytes: this.#limits.bytes });
  }

  /** Serves one stream until the client ends it. @throws what broke it otherwise, and `BUSY`, `STOPPED` */
  async serve(stream: FrameStream): Promise<void> {
    this.#stopped.signal.throwIfAborted();
    const peer = toHex(stream.peer);
    const open = this.#open.get(peer) ?? 0;
    const all = [...this.#open.values()].reduce((sum, count) => sum + count, 0);
    if (open >= this.#limits.streamsPerPeer || all >= this.#limits.streams) {
      throw new ProtocolError("BUSY", "Too many streams.");
    }
    this.#open.set(peer, open + 1);
    const budgets = this.#budgets.of(stream.peer, this.#options.clock.now());
    try {
      while (await this.#exchange(stream, budgets));
      await stream.close();
    } catch (error) {
      const misdeed = misdeedOf(error);
      if (misdeed !== null) this.#options.mesh.report(stream.peer, misdeed);
      throw error;
    } finally {
      const left = (this.#open.get(peer) ?? 1) - 1;
      if (left === 0) this.#open.delete(peer);
      else this.#open.set(peer, left);
    }
  }

  /** Ends every stream and refuses new ones. */
  stop(): void {
    this.#stopped.abort(new ProtocolError("STOPPED", "This peer stopped serving."));
  }

  async #exchange(stream: FrameStream, budgets: Budgets): Promise<boolean> {
    const frame = await this.#next(stream);
    if (frame === null) return false;
    const question = decodeQuestion(frame);
    const busy = await this.#charge(budgets);
    if (busy > 0) {
      await this.#send(stream, budgets, { kind: "refused", code: "BUSY", retryAfter: Math.min(busy, MAX_RETRY_AFTER) });
      return true;
    }
    let page;
    try {
      page = await pageOf(this.#options, question, stream.peer);
    } catch (error) {
      // The client learns that it is not its fault; what happened stays here, with whoever runs this handler.
      await this.#send(stream, budgets, { kind: "refused", code: "REMOTE_FAULT", retryAfter: 0 });
      throw error;
    }
    if (page === null) throw malformed("relations that are not asked for together, or a cursor of somebody else");
    await this.#send(stream, budgets, { kind: "page", ...page });
    return true;
  }

  /** `null` at the end of the stream, and when nothing comes for so long that it may as well end. */
  async #next(stream: FrameStream): Promise<Uint8Array | null> {
    const { clock } = this.#options;
    try {
      return await withDeadline(clock, this.#limits.idle, this.#stopped.signal, (signal) => stream.read({ signal }));
    } catch (error) {
      if (error instanceof MeshError && error.code === "TIMEOUT") return null;
      throw error;
    }
  }

  /** Waits for the peer's budget. Resolves with 0, or with the milliseconds that are too many to wait for. */
  async #charge({ bytes, questions }: Budgets): Promise<number> {
    const { clock } = this.#options;
    questions.spend(1, clock.now());
    const debt = Math.max(questions.debt(clock.now()), bytes.debt(clock.now()));
    if (debt > this.#limits.patience) {
      questions.spend(REFUSAL_COST - 1, clock.now());
      return debt;
    }
    if (debt > 0) await pause(clock, debt, this.#stopped.signal);
    return 0;
  }

  async #send(stream: FrameStream, { bytes }: Budgets, answer: IndexAnswer): Promise<void> {
    const { clock } = this.#options;
    const frame = encodeAnswer(answer);
    bytes.spend(frame.length, clock.now());
    await withDeadline(clock, this.#limits.stalled, this.#stopped.signal, (signal) => stream.write(frame, { signal }));
  }
}
