/** The remote side of a protocol as a list of frames: whatever is in it, it comes, and then the stream ends. */
import { MeshError } from "../../src/mesh/errors.ts";
import type { FrameStream } from "../../src/mesh/port.ts";
import type { NodeKey } from "../../src/wire/index.ts";

/** Frames that one side may write for each that it was sent: a `want` of 512 envelopes of 4 KiB makes 33. */
const WRITES_FOR_A_FRAME = 64;

export class ScriptedStream implements FrameStream {
  readonly peer: NodeKey;
  readonly written: Uint8Array[] = [];
  readonly #frames: readonly Uint8Array[];
  #read = 0;
  #failure: Error | null = null;

  constructor(peer: NodeKey, frames: readonly Uint8Array[]) {
    this.peer = peer;
    this.#frames = frames;
  }

  /** Frames that were looked at. */
  get taken(): number {
    return Math.min(this.#read, this.#frames.length);
  }

  async read({ signal }: { signal?: AbortSignal } = {}): Promise<Uint8Array | null> {
    await Promise.resolve();
    signal?.throwIfAborted();
    if (this.#failure !== null) throw this.#failure;
    const frame = this.#frames[this.#read++];
    if (this.#read > this.#frames.length + 8) throw new RangeError("Reads on after the end.");
    return frame ?? null;
  }

  async write(frame: Uint8Array, { signal }: { signal?: AbortSignal } = {}): Promise<void> {
    await Promise.resolve();
    signal?.throwIfAborted();
    if (this.#failure !== null) throw this.#failure;
    this.written.push(frame);
    if (this.written.length > WRITES_FOR_A_FRAME * (this.#frames.length + 1))
      throw new RangeError("Writes without end.");
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }

  abort(reason: Error): void {
    this.#failure ??= new MeshError("STREAM_RESET", reason.message);
  }
}
