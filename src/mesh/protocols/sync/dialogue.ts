import type { FrameStream } from "../../port.ts";
import { MeshError } from "../../errors.ts";
import { abortable, pause, type Clock } from "../clock.ts";
import { ProtocolError } from "../errors.ts";
import { TokenBucket } from "../token-bucket.ts";
import { ANSWER_TIMEOUT, FRAME_RATE } from "./constants.ts";
import { decodeAnswer, encodeQuestion, type SyncAnswer, type SyncQuestion } from "./messages.ts";

interface Expected {
  /** Takes one answer; resolves with whether it was the last one to this question. */
  readonly take: (answer: SyncAnswer) => Promise<boolean>;
  readonly fail: (error: unknown) => void;
}

/** Questions to one server, any number at a time; it answers them in their order. */
export class Dialogue {
  readonly #stream: FrameStream;
  readonly #clock: Clock;
  readonly #ended = new AbortController();
  readonly #expected: Expected[] = [];
  readonly #frames: TokenBucket;
  #writes: Promise<void> = Promise.resolve();
  #cancelTimer: () => void = () => undefined;

  constructor(stream: FrameStream, clock: Clock) {
    this.#stream = stream;
    this.#clock = clock;
    this.#frames = new TokenBucket(FRAME_RATE, clock.now());
  }

  /** Fires when the dialogue has ended, with the reason. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  /** Reads answers until the dialogue ends. Never rejects: who waits for an answer hears why there is none. */
  async read(): Promise<void> {
    const { signal } = this.#ended;
    try {
      for (;;) {
        const frame = await this.#stream.read({ signal });
        if (frame === null) throw new MeshError("STREAM_RESET", "The server ended the stream.");
        this.#frames.spend(1, this.#clock.now());
        const debt = this.#frames.debt(this.#clock.now());
        if (debt > 0) await pause(this.#clock, debt, signal);
        await this.#handle(decodeAnswer(frame));
      }
    } catch (error) {
      this.end(error);
    }
  }

  /** The answer to a question of one answer. @throws ProtocolError, MeshError */
  async ask<Kind extends SyncAnswer["kind"]>(
    question: SyncQuestion,
    kinds: readonly Kind[],
  ): Promise<Extract<SyncAnswer, { kind: Kind }>> {
    let answered: SyncAnswer | null = null;
    await this.askMany(question, async (answer) => {
      answered = answer;
      return true;
    });
    const answer = answered as SyncAnswer | null;
    if (answer === null || !(kinds as readonly string[]).includes(answer.kind)) {
      throw this.violated("an answer to something else");
    }
    return answer as Extract<SyncAnswer, { kind: Kind }>;
  }

  /** Hands every answer over until `take` has had the last one; the next frame is read when `take` is done. */
  async askMany(question: SyncQuestion, take: (answer: SyncAnswer) => Promise<boolean>): Promise<void> {
    const answered = new Promise<void>((resolve, reject) => {
      this.#expected.push({
        fail: reject,
        take: async (answer) => {
          const isLast = await take(answer);
          if (isLast) resolve();
          return isLast;
        },
      });
    });
    if (this.#expected.length === 1) this.#watch();
    this.#write(encodeQuestion(question));
    await abortable(answered, this.#ended.signal);
  }

  /** Ends the dialogue, and returns why. */
  violated(what: string): ProtocolError {
    const error = new ProtocolError("VIOLATION", `Against the protocol: ${what}.`);
    this.end(error);
    return error;
  }

  /** Everything that still waits for an answer fails with `reason`. */
  end(reason: unknown): void {
    if (this.#ended.signal.aborted) return;
    this.#cancelTimer();
    this.#ended.abort(reason);
    for (const expected of this.#expected.splice(0)) expected.fail(reason);
    this.#stream.abort(reason instanceof Error ? reason : new MeshError("STREAM_RESET", "Ended."));
  }

  /** Everything has been answered: frees the stream. */
  async close(): Promise<void> {
    this.#cancelTimer();
    await this.#stream.close();
    this.#ended.abort(new ProtocolError("STOPPED", "Everything is reconciled."));
  }

  async #handle(answer: SyncAnswer): Promise<void> {
    const [expected] = this.#expected;
    if (expected === undefined) throw new ProtocolError("VIOLATION", "Against the protocol: an answer to nothing.");
    if (await expected.take(answer)) this.#expected.shift();
    this.#watch();
  }

  #watch(): void {
    this.#cancelTimer();
    if (this.#expected.length === 0 || this.#ended.signal.aborted) return;
    this.#cancelTimer = this.#clock.after(ANSWER_TIMEOUT, () =>
      this.end(new MeshError("TIMEOUT", "The server answers nothing.")),
    );
  }

  /** Frames leave in order; a transport that takes none ends the dialogue. */
  #write(frame: Uint8Array): void {
    const { signal } = this.#ended;
    this.#writes = this.#writes
      .then(() => this.#stream.write(frame, { signal }))
      .catch((error: unknown) => this.end(error));
  }
}
