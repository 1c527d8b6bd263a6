/** Frame streams in memory, with latency, back-pressure and the limits that real transports have. */
import { MeshError } from "../../src/mesh/errors.ts";
import type { FrameStream } from "../../src/mesh/port.ts";
import { reasonOf, type Clock } from "../../src/mesh/protocols/index.ts";
import type { NodeKey } from "../../src/wire/index.ts";

export interface StreamLimits {
  readonly maxFrame: number;
  /** Bytes that the remote side has not read before `write` waits; what yamux and data channels buffer. */
  readonly window: number;
  /** Unread bytes at which the stream is reset: only reached when `window` lets them. */
  readonly unreadLimit: number;
}

export const SIM_STREAM_LIMITS: StreamLimits = {
  maxFrame: 1_048_576,
  window: 262_144,
  unreadLimit: 4_194_304,
};

export interface PairOptions {
  readonly clock: Clock;
  /** Milliseconds one way, for each frame; frames never overtake each other. */
  readonly latency: () => number;
  readonly limits: StreamLimits;
  /** A frame has left side `from`. */
  readonly onFrame: (from: 0 | 1, frame: Uint8Array) => void;
  /** Both sides are done. */
  readonly onClosed: () => void;
}

/** The two ends of one stream; the first is held by `keys[0]` and sees `keys[1]` as its peer. */
export function streamPair(keys: readonly [NodeKey, NodeKey], options: PairOptions): [SimStream, SimStream] {
  const first = new SimStream(keys[1], 0, options);
  const second = new SimStream(keys[0], 1, options);
  first.join(second);
  second.join(first);
  return [first, second];
}

export class SimStream implements FrameStream {
  readonly peer: NodeKey;
  readonly #side: 0 | 1;
  readonly #options: PairOptions;
  #remote: SimStream | null = null;
  readonly #unread: Uint8Array[] = [];
  #unreadBytes = 0;
  /** Bytes written and not yet read over there. */
  #outstanding = 0;
  /** When the last frame that was sent arrives. */
  #lastArrival = 0;
  #remoteEnded = false;
  #ended = false;
  #failure: Error | null = null;
  /** Woken by whatever changes; readers and writers look again. */
  #waiters: (() => void)[] = [];

  constructor(peer: NodeKey, side: 0 | 1, options: PairOptions) {
    this.peer = peer;
    this.#side = side;
    this.#options = options;
  }

  join(remote: SimStream): void {
    this.#remote = remote;
  }

  async read({ signal }: { signal?: AbortSignal } = {}): Promise<Uint8Array | null> {
    await this.#until(() => this.#unread.length > 0 || this.#remoteEnded, signal);
    const frame = this.#unread.shift();
    if (frame === undefined) return null;
    this.#unreadBytes -= frame.length;
    this.#remote?.hasRead(frame.length);
    return frame;
  }

  async write(frame: Uint8Array, { signal }: { signal?: AbortSignal } = {}): Promise<void> {
    const { clock, latency, limits, onFrame } = this.#options;
    signal?.throwIfAborted();
    if (this.#failure !== null) throw this.#failure;
    if (this.#ended) throw new MeshError("STREAM_RESET", "Written after close.");
    if (frame.length > limits.maxFrame) throw new MeshError("FRAME_TOO_LARGE", `${frame.length} bytes.`);
    this.#outstanding += frame.length;
    const copy = new Uint8Array(frame);
    onFrame(this.#side, copy);
    this.#lastArrival = Math.max(this.#lastArrival, clock.now() + latency());
    clock.after(this.#lastArrival - clock.now(), () => this.#remote?.arrived(copy));
    await this.#until(() => this.#outstanding <= limits.window, signal);
  }

  async close(): Promise<void> {
    if (this.#ended || this.#failure !== null) return;
    this.#ended = true;
    const { clock, latency } = this.#options;
    this.#lastArrival = Math.max(this.#lastArrival, clock.now() + latency());
    clock.after(this.#lastArrival - clock.now(), () => this.#remote?.end());
    if (this.#remoteEnded) this.#options.onClosed();
    await Promise.resolve();
  }

  abort(reason: Error): void {
    if (this.#failure !== null) return;
    this.fail(reason);
    const { clock, latency } = this.#options;
    clock.after(latency(), () => this.#remote?.fail(new MeshError("STREAM_RESET", "The remote side gave up.")));
    this.#options.onClosed();
  }

  arrived(frame: Uint8Array): void {
    if (this.#failure !== null) return;
    this.#unread.push(frame);
    this.#unreadBytes += frame.length;
    if (this.#unreadBytes > this.#options.limits.unreadLimit) {
      this.abort(new MeshError("STREAM_RESET", "Too much is unread."));
      return;
    }
    this.#wake();
  }

  /** The remote side has read so much. Whoever does not wait for room is not told when the news would come. */
  hasRead(bytes: number): void {
    const { clock, latency, limits } = this.#options;
    if (this.#outstanding <= limits.window) {
      this.#outstanding -= bytes;
      return;
    }
    clock.after(latency(), () => {
      this.#outstanding -= bytes;
      this.#wake();
    });
  }

  end(): void {
    this.#remoteEnded = true;
    this.#wake();
    if (this.#ended) this.#options.onClosed();
  }

  fail(reason: Error): void {
    this.#failure ??= reason;
    this.#unread.length = 0;
    this.#wake();
  }

  #wake(): void {
    for (const waiter of this.#waiters.splice(0)) waiter();
  }

  async #until(condition: () => boolean, signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      if (this.#failure !== null) throw this.#failure;
      if (signal?.aborted === true) throw reasonOf(signal);
      if (condition()) return;
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          signal?.removeEventListener("abort", wake);
          resolve();
        };
        this.#waiters.push(wake);
        signal?.addEventListener("abort", wake, { once: true });
      });
    }
  }
}
