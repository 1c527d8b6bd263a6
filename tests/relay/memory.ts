/** A pair of frame streams in memory and a clock that moves when told: what both ends of a protocol need and nothing else. */
import { MeshError } from "../../src/mesh/errors.ts";
import type { FrameStream } from "../../src/mesh/port.ts";
import type { Clock } from "../../src/mesh/protocols/clock.ts";
import type { NodeKey } from "../../src/wire/index.ts";

export class VirtualClock implements Clock {
  #now = 1_700_000_000_000;
  #tasks: { readonly at: number; readonly task: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, task: () => void): () => void {
    const entry = { at: this.#now + ms, task };
    this.#tasks.push(entry);
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== entry);
    };
  }

  /** Runs what falls due within `ms`, in order, and lets everything that follows from it settle. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    await settle();
    for (;;) {
      const due = this.#tasks.filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#tasks = this.#tasks.filter((entry) => entry !== due);
      this.#now = due.at;
      due.task();
      await settle();
    }
    this.#now = until;
  }
}

/** Lets every promise that can resolve without time passing do so. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}

class End implements FrameStream {
  readonly peer: NodeKey;
  other: End | null = null;
  /** Set to make writes wait, as a reader that does not read does. */
  stalled = false;
  failure: Error | null = null;
  #frames: (Uint8Array | null)[] = [];
  #wake: (() => void) | null = null;

  constructor(peer: NodeKey) {
    this.peer = peer;
  }

  async read({ signal }: { signal?: AbortSignal } = {}): Promise<Uint8Array | null> {
    const aborted = (): void => this.#wake?.();
    signal?.addEventListener("abort", aborted, { once: true });
    try {
      for (;;) {
        signal?.throwIfAborted();
        if (this.failure !== null) throw this.failure;
        const frame = this.#frames.shift();
        if (frame !== undefined) return frame;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      signal?.removeEventListener("abort", aborted);
    }
  }

  async write(frame: Uint8Array, { signal }: { signal?: AbortSignal } = {}): Promise<void> {
    if (this.failure !== null) throw this.failure;
    if (this.stalled) {
      await new Promise((_, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
      });
    }
    this.other?.receive(frame.slice());
  }

  async close(): Promise<void> {
    this.other?.receive(null);
    await Promise.resolve();
  }

  abort(reason: Error): void {
    this.fail(reason);
    this.other?.fail(new MeshError("STREAM_RESET", "the other side reset the stream"));
  }

  receive(frame: Uint8Array | null): void {
    this.#frames.push(frame);
    this.#wake?.();
  }

  fail(reason: Error): void {
    this.failure ??= reason;
    this.#wake?.();
  }
}

/** Two ends of one stream; `a` and `b` are the keys of the peers that hold them. */
export function framePair(a: NodeKey, b: NodeKey): { readonly atA: End; readonly atB: End } {
  const atA = new End(b);
  const atB = new End(a);
  atA.other = atB;
  atB.other = atA;
  return { atA, atB };
}

/** The key of the peer number `n`. */
export function key(n: number): NodeKey {
  const bytes = new Uint8Array(32);
  new DataView(bytes.buffer).setUint32(0, n);
  return bytes;
}

/** Whole numbers in `[0, below)`, the same ones at every run (mulberry32). */
export function seededRandom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}
