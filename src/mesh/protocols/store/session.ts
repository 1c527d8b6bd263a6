import type { NodeKey } from "../../../wire/index.ts";
import { MeshError } from "../../errors.ts";
import type { FrameStream, Mesh } from "../../port.ts";
import { abortable, withDeadline, type Clock } from "../clock.ts";
import { misdeedOf, ProtocolError } from "../errors.ts";
import { CLIENT_IDLE, MAX_REQUEST_ID, REQUEST_TIMEOUT, STORE_PROTOCOL } from "./constants.ts";
import { decodeAnswer, encodeRequest, type StoreAnswer, type StoreRequest } from "./messages.ts";

type Question = (id: number) => Exclude<StoreRequest, { kind: "unknown" }>;

interface Waiting {
  readonly id: number;
  readonly resolve: (answer: StoreAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** One life of a stream. Questions go out in order and are answered in order. */
interface Line {
  readonly stream: FrameStream;
  readonly waiting: Waiting[];
  /** An answer arrived on it, so that its end may be the server's idle limit and not a failure. */
  used: boolean;
  ended: boolean;
  writes: Promise<void>;
  cancelTimer: () => void;
}

export interface StoreSessionOptions {
  readonly peer: NodeKey;
  readonly mesh: Pick<Mesh, "openStream" | "report">;
  readonly clock: Clock;
  /** Nothing is open or waiting any more: the session may be forgotten. */
  readonly onIdle: () => void;
}

/** The questions to one peer: opens a stream for the first, keeps it for the next, and lets it go when none come. */
export class StoreSession {
  readonly #options: StoreSessionOptions;
  #opening: Promise<Line> | null = null;
  #line: Line | null = null;
  readonly #opened = new AbortController();
  #nextId = 0;

  constructor(options: StoreSessionOptions) {
    this.#options = options;
  }

  async ask(question: Question, signal?: AbortSignal): Promise<StoreAnswer> {
    signal?.throwIfAborted();
    try {
      return await this.#askOnce(question, signal);
    } catch (error) {
      // The server closed an idle stream at the moment at which the question left: it was never read.
      if (!(error instanceof StaleLine)) throw error;
      return this.#askOnce(question, signal);
    }
  }

  /** Ends the stream; every question still waiting rejects with `reason`. */
  end(reason: Error): void {
    this.#opened.abort(reason);
    if (this.#line !== null) this.#drop(this.#line, reason);
    else this.#options.onIdle();
  }

  async #askOnce(question: Question, signal?: AbortSignal): Promise<StoreAnswer> {
    const line = this.#line ?? (await abortable((this.#opening ??= this.#open()), signal));
    // Between opening and now the stream may have ended again.
    if (line.ended) throw new StaleLine();
    const id = this.#nextId;
    this.#nextId = id === MAX_REQUEST_ID ? 0 : id + 1;
    const frame = encodeRequest(question(id));
    const answer = new Promise<StoreAnswer>((resolve, reject) => line.waiting.push({ id, resolve, reject }));
    if (line.waiting.length === 1) this.#await(line);
    line.writes = line.writes.then(() => this.#write(line, frame));
    // A question given up is still answered; the answer finds nobody waiting and is dropped.
    return abortable(answer, signal);
  }

  async #open(): Promise<Line> {
    try {
      const { mesh, peer, clock } = this.#options;
      const stream = await withDeadline(clock, REQUEST_TIMEOUT, this.#opened.signal, (signal) =>
        mesh.openStream(peer, STORE_PROTOCOL, { signal }),
      );
      const line: Line = {
        stream,
        waiting: [],
        used: false,
        ended: false,
        writes: Promise.resolve(),
        cancelTimer: () => undefined,
      };
      this.#line = line;
      this.#await(line);
      void this.#listen(line);
      return line;
    } catch (error) {
      this.#options.onIdle();
      throw error;
    } finally {
      this.#opening = null;
    }
  }

  async #write(line: Line, frame: Uint8Array): Promise<void> {
    try {
      await line.stream.write(frame);
    } catch (error) {
      this.#drop(line, asError(error));
    }
  }

  async #listen(line: Line): Promise<void> {
    try {
      for (;;) {
        const frame = await line.stream.read();
        if (frame === null) break;
        const answer = decodeAnswer(frame);
        const [next] = line.waiting;
        if (next === undefined || next.id !== answer.id) {
          throw new ProtocolError("VIOLATION", "An answer that nobody asked for.");
        }
        line.waiting.shift();
        line.used = true;
        this.#await(line);
        next.resolve(answer);
      }
      this.#drop(line, line.used ? new StaleLine() : new MeshError("STREAM_RESET", "The peer ended the stream."));
    } catch (error) {
      // A line that was dropped has its reason already.
      const misdeed = line.ended ? null : misdeedOf(error);
      if (misdeed !== null) this.#options.mesh.report(this.#options.peer, misdeed);
      this.#drop(line, asError(error));
    }
  }

  /** Sets the timer that fits: for the next answer, or for letting an idle stream go. */
  #await(line: Line): void {
    line.cancelTimer();
    line.cancelTimer =
      line.waiting.length > 0
        ? this.#options.clock.after(REQUEST_TIMEOUT, () =>
            this.#drop(line, new MeshError("TIMEOUT", "The peer did not answer in time.")),
          )
        : this.#options.clock.after(CLIENT_IDLE, () => void this.#retire(line));
  }

  /** Nobody has asked for a while: the stream ends in order, and the next question opens another one. */
  async #retire(line: Line): Promise<void> {
    this.#forget(line);
    try {
      await line.stream.close();
    } catch (error) {
      line.stream.abort(asError(error));
    }
  }

  #forget(line: Line): void {
    line.ended = true;
    line.cancelTimer();
    if (this.#line === line) this.#line = null;
    this.#options.onIdle();
  }

  #drop(line: Line, reason: Error): void {
    if (line.ended) return;
    this.#forget(line);
    for (const waiting of line.waiting.splice(0)) waiting.reject(reason);
    line.stream.abort(reason);
  }
}

/** The stream ended in order while nothing was being answered; a new one may do. */
class StaleLine extends MeshError {
  constructor() {
    super("STREAM_RESET", "The stream was idle and has ended.");
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new MeshError("STREAM_RESET", String(error));
}
