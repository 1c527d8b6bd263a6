import { MeshError } from "../../errors.ts";
import type { FrameStream } from "../../port.ts";
import { pause, type Clock } from "../clock.ts";
import type { TokenBucket } from "../token-bucket.ts";
import { MAX_FRAME } from "./constants.ts";
import { encodeServerMessage, type ServerMessage } from "./messages.ts";

export interface OutletOptions {
  readonly stream: FrameStream;
  readonly clock: Clock;
  /** Bytes that this subscriber may be sent. */
  readonly bytes: TokenBucket;
  /** Ms in which a frame has to be taken. */
  readonly stalled: number;
  readonly signal: AbortSignal;
  readonly onFailure: (error: unknown) => void;
}

/** Frames leave one after the other; each waits for room in the transport and for the subscriber's budget. */
export class Outlet {
  readonly #options: OutletOptions;
  #writes: Promise<void> = Promise.resolve();

  constructor(options: OutletOptions) {
    this.#options = options;
  }

  /** Resolves when the transport has taken it. @throws what ended the stream */
  async send(message: ServerMessage): Promise<void> {
    const frame = encodeServerMessage(message);
    const write = this.#writes.then(() => this.#write(frame));
    // The next frame waits for this one, not for its success: a failure ends the stream for both.
    this.#writes = write.catch((error: unknown) => this.#options.onFailure(error));
    await write;
  }

  async #write(frame: Uint8Array): Promise<void> {
    const { clock, bytes, onFailure, signal, stalled, stream } = this.#options;
    signal.throwIfAborted();
    const debt = bytes.debt(clock.now());
    if (debt > 0) await pause(clock, debt, signal);
    bytes.spend(Math.min(frame.length, MAX_FRAME), clock.now());
    // The failure ends the stream, and with it this write: a signal for each frame would do no more.
    const cancel = clock.after(stalled, () => onFailure(new MeshError("TIMEOUT", `Not taken within ${stalled} ms.`)));
    try {
      await stream.write(frame, { signal });
    } finally {
      cancel();
    }
  }
}
