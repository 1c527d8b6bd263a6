/**
 * Frames over a libp2p stream: an unsigned varint, then that many bytes. Bounded in memory on both sides: a reader
 * that does not read pauses the stream, a writer waits until the transport has room.
 */
import type { Stream, StreamCloseEvent, StreamMessageEvent } from "@libp2p/interface";
import { Uint8ArrayList } from "uint8arraylist";
import type { NodeKey } from "../wire/types.ts";
import { MeshError } from "./errors.ts";
import type { FrameStream } from "./port.ts";
import { reasonOf, systemClock, type Clock } from "./protocols/clock.ts";

export interface FrameLimits {
  /** Bytes of one frame, in either direction. */
  readonly maxFrame: number;
  /** Milliseconds that a frame may take once its first byte is there. Between frames a peer may be silent for ever. */
  readonly frameTimeout: number;
  /** Milliseconds from the first read until the first frame is whole: whoever opens a stream has something to say. */
  readonly firstFrameTimeout: number;
  /** Milliseconds that the transport may take to have room again. */
  readonly writeTimeout: number;
}

export const FRAME_LIMITS: FrameLimits = {
  // Replies inline up to 64 KiB; the rest is room for protocols that batch.
  maxFrame: 1_048_576,
  // 1 MiB at 35 kB/s; whoever is slower than that has to be served smaller frames.
  frameTimeout: 30_000,
  // The side that opened the stream may wait for ever for what the other one has to say.
  firstFrameTimeout: Number.POSITIVE_INFINITY,
  writeTimeout: 30_000,
};

/** Above this many unread bytes the stream is paused, below it resumes: a few messages of WebRTC's 16 KiB. */
const READ_AHEAD = 65_536;

/**
 * From here on a copy costs more than a message: each copy needs fresh memory from the browser, 0.3 ms for 64 KiB (measured,
 * two cores), which is a tenth of what carrying them costs.
 */
const OWN_MESSAGE = 16_384;

/** A varint of four bytes reaches 256 MiB, far above any limit. */
const MAX_PREFIX_BYTES = 4;

/** How long `close` waits for the remote side's acknowledgement before the stream is thrown away. */
const CLOSE_TIMEOUT = 10_000;

export interface FrameStreamOptions {
  readonly limits?: Partial<FrameLimits>;
  readonly clock?: Clock;
}

export function frameStream(stream: Stream, peer: NodeKey, options: FrameStreamOptions = {}): FrameStream {
  return new Libp2pFrameStream(stream, peer, { ...FRAME_LIMITS, ...options.limits }, options.clock ?? systemClock);
}

class Libp2pFrameStream implements FrameStream {
  readonly peer: NodeKey;
  readonly #stream: Stream;
  readonly #limits: FrameLimits;
  readonly #clock: Clock;
  readonly #unread = new Uint8ArrayList();
  /** Length of the frame whose prefix has been read. */
  #expected: number | null = null;
  #ended = false;
  /** Nothing whole has come yet. */
  #silent = true;
  #failure: Error | null = null;
  /** Wakes the one read that waits. */
  #wake: (() => void) | null = null;

  constructor(stream: Stream, peer: NodeKey, limits: FrameLimits, clock: Clock) {
    this.peer = peer;
    this.#stream = stream;
    this.#limits = limits;
    this.#clock = clock;
    stream.addEventListener("message", this.#onMessage);
    stream.addEventListener("end", this.#onEnd);
    stream.addEventListener("close", this.#onClose);
    if (stream.readableEnded) {
      this.#ended = true;
    }
  }

  async read(options: { signal?: AbortSignal } = {}): Promise<Uint8Array | null> {
    if (this.#wake !== null) {
      throw new TypeError("Only one read at a time: frames come in order");
    }
    const { signal } = options;
    signal?.throwIfAborted();
    let deadline: (() => void) | null = null;
    let late = false;
    const silence = this.#watchSilence();
    const aborted = (): void => this.#wakeReader();
    signal?.addEventListener("abort", aborted, { once: true });
    try {
      for (;;) {
        const frame = this.#takeFrame();
        if (frame !== null) {
          this.#silent = false;
          return frame;
        }
        if (this.#failure !== null) {
          throw this.#failure;
        }
        if (this.#ended) {
          return this.#endOfStream();
        }
        if (late) {
          throw this.#fail(new MeshError("TIMEOUT", `A frame did not arrive within ${this.#limits.frameTimeout} ms.`));
        }
        if (deadline === null && this.#insideFrame()) {
          deadline = this.#clock.after(this.#limits.frameTimeout, () => {
            late = true;
            this.#wakeReader();
          });
        }
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        if (signal?.aborted === true) {
          throw reasonOf(signal);
        }
      }
    } finally {
      deadline?.();
      silence?.();
      signal?.removeEventListener("abort", aborted);
    }
  }

  async write(frame: Uint8Array, options: { signal?: AbortSignal } = {}): Promise<void> {
    options.signal?.throwIfAborted();
    if (frame.length > this.#limits.maxFrame) {
      throw new MeshError("FRAME_TOO_LARGE", `${frame.length} bytes, at most ${this.#limits.maxFrame}.`);
    }
    if (this.#failure !== null) {
      throw this.#failure;
    }
    let room: boolean;
    try {
      room = this.#send(frame);
    } catch (cause) {
      throw this.#fail(new MeshError("STREAM_RESET", "The stream takes no more frames.", { cause }));
    }
    if (!room) {
      await this.#drained(options.signal);
    }
  }

  async close(): Promise<void> {
    if (this.#failure !== null) {
      return;
    }
    const timeout = new AbortController();
    const cancel = this.#clock.after(CLOSE_TIMEOUT, () =>
      timeout.abort(new MeshError("TIMEOUT", "The remote side did not acknowledge the end of the stream.")),
    );
    try {
      await this.#stream.close({ signal: timeout.signal });
    } catch (error) {
      this.abort(error instanceof Error ? error : new Error(String(error)));
    } finally {
      cancel();
    }
  }

  abort(reason: Error): void {
    this.#fail(reason);
  }

  #send(frame: Uint8Array): boolean {
    const head = prefix(frame.length);
    if (frame.length < OWN_MESSAGE) {
      return this.#stream.send(new Uint8ArrayList(head, frame));
    }
    // In a message of its own it need not be copied behind its length, nor out of the message at the other end.
    this.#stream.send(head);
    return this.#stream.send(frame);
  }

  readonly #onMessage = (event: StreamMessageEvent): void => {
    this.#unread.append(event.data);
    if (this.#unread.byteLength > READ_AHEAD && this.#readable()) {
      this.#stream.pause();
    }
    this.#wakeReader();
  };

  readonly #onEnd = (): void => {
    this.#ended = true;
    this.#wakeReader();
  };

  readonly #onClose = (event: StreamCloseEvent): void => {
    if (event.error !== undefined) {
      this.#failure ??= new MeshError("STREAM_RESET", "The stream was reset.", { cause: event.error });
    }
    // While the stream is paused it may hold bytes that are still to be read; `end` comes after those.
    if (this.#stream.readBufferLength === 0) {
      this.#ended = true;
    }
    this.#wakeReader();
  };

  #watchSilence(): (() => void) | null {
    const { firstFrameTimeout } = this.#limits;
    if (!this.#silent || firstFrameTimeout === Number.POSITIVE_INFINITY) {
      return null;
    }
    return this.#clock.after(firstFrameTimeout, () => {
      this.#fail(new MeshError("SILENT_STREAM", `Nothing was said within ${firstFrameTimeout} ms.`));
    });
  }

  #wakeReader(): void {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }

  #insideFrame(): boolean {
    return this.#expected !== null || this.#unread.byteLength > 0;
  }

  /** The next whole frame of what has arrived, if there is one. */
  #takeFrame(): Uint8Array | null {
    if (this.#expected === null) {
      const head = readPrefix(this.#unread);
      if (head === null) {
        return null;
      }
      if (head === "malformed") {
        throw this.#fail(new MeshError("PROTOCOL_VIOLATION", "The length of a frame is malformed."));
      }
      if (head.length > this.#limits.maxFrame) {
        throw this.#fail(
          new MeshError("FRAME_TOO_LARGE", `A frame of ${head.length} bytes, at most ${this.#limits.maxFrame}.`),
        );
      }
      this.#unread.consume(head.bytes);
      this.#expected = head.length;
    }
    if (this.#unread.byteLength < this.#expected) {
      this.#resume();
      return null;
    }
    // A large frame may go on as part of the message that it came in; a small one would keep much alive beside itself.
    const large = this.#expected >= OWN_MESSAGE;
    const frame = large ? this.#unread.subarray(0, this.#expected) : this.#unread.slice(0, this.#expected);
    this.#unread.consume(this.#expected);
    this.#expected = null;
    if (this.#unread.byteLength <= READ_AHEAD) {
      this.#resume();
    }
    return frame;
  }

  /** Bytes of a frame that never became whole are a fault; the end between two frames is none. */
  #endOfStream(): null {
    if (this.#insideFrame()) {
      throw this.#fail(new MeshError("STREAM_RESET", "The stream ended inside a frame."));
    }
    return null;
  }

  #readable(): boolean {
    return this.#stream.readStatus === "readable";
  }

  #resume(): void {
    if (this.#stream.readStatus === "paused") {
      this.#stream.resume();
    }
  }

  /**
   * Resolves once the transport has room. `stream.onDrain()` would resolve at once after its first use (@libp2p/utils
   * 7.4.1 never renews its promise), so this waits for the event; and libp2p sends what it buffered in a microtask
   * after the event, which may fill the transport again.
   */
  async #drained(signal: AbortSignal | undefined): Promise<void> {
    while (this.#stream.writableNeedsDrain) {
      await this.#drainEvent(signal);
      await Promise.resolve();
    }
    if (this.#failure !== null) {
      throw this.#failure;
    }
  }

  async #drainEvent(signal: AbortSignal | undefined): Promise<void> {
    const listening = new AbortController();
    try {
      await new Promise<void>((resolve, reject) => {
        const options = { signal: listening.signal };
        this.#stream.addEventListener("drain", () => resolve(), options);
        this.#stream.addEventListener(
          "close",
          () => reject(this.#failure ?? new MeshError("STREAM_RESET", "The stream closed before all was written.")),
          options,
        );
        signal?.addEventListener("abort", () => reject(reasonOf(signal)), options);
        const cancel = this.#clock.after(this.#limits.writeTimeout, () =>
          reject(new MeshError("TIMEOUT", `The transport had no room for ${this.#limits.writeTimeout} ms.`)),
        );
        listening.signal.addEventListener("abort", cancel, { once: true });
      });
    } catch (error) {
      // Part of the frame may be on its way, so nothing can follow it.
      throw this.#fail(error instanceof Error ? error : new Error(String(error)));
    } finally {
      listening.abort();
    }
  }

  /** Ends the stream in both directions; the first reason is the one that counts. The remote side sees a reset only. */
  #fail(reason: Error): Error {
    if (this.#failure === null) {
      this.#failure = reason;
      this.#stream.removeEventListener("message", this.#onMessage);
      this.#stream.abort(reason);
      this.#wakeReader();
    }
    return this.#failure;
  }
}

function prefix(length: number): Uint8Array {
  const bytes: number[] = [];
  let rest = length;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

/** `null`: more bytes are needed. */
function readPrefix(unread: Uint8ArrayList): { length: number; bytes: number } | "malformed" | null {
  let length = 0;
  for (let at = 0; at < MAX_PREFIX_BYTES; at++) {
    if (at >= unread.byteLength) {
      return null;
    }
    const byte = unread.get(at);
    length += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) {
      // One length, one spelling: a trailing zero group would be a second one.
      return byte === 0 && at > 0 ? "malformed" : { length, bytes: at + 1 };
    }
  }
  return "malformed";
}
