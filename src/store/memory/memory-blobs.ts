import { concatBytes, toHex, type Hash } from "../../wire/index.ts";
import { outlasts } from "../holdings.ts";
import type { Blobs, Holding } from "../port.ts";

export class MemoryBlobs implements Blobs {
  readonly #blobs = new Map<string, { readonly hash: Hash; readonly bytes: Uint8Array; readonly holding: Holding }>();
  readonly #ensureOpen: () => void;

  constructor(ensureOpen: () => void) {
    this.#ensureOpen = ensureOpen;
  }

  get count(): number {
    return this.#blobs.size;
  }

  get bytes(): number {
    return [...this.#blobs.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  /** Least recently used first. */
  get cached(): { hash: Hash; bytes: number }[] {
    const cached = [...this.#blobs.values()].filter(({ holding }) => holding === "cache");
    return cached.map(({ hash, bytes }) => ({ hash, bytes: bytes.length }));
  }

  async put(
    hash: Hash,
    chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    signal?: AbortSignal,
    holding: Holding = "own",
  ): Promise<void> {
    this.#ensureOpen();
    signal?.throwIfAborted();
    const held = this.#blobs.get(toHex(hash));
    if (held !== undefined) {
      if (outlasts(holding, held.holding)) this.#blobs.set(toHex(hash), { ...held, holding });
      return;
    }
    const parts: Uint8Array[] = [];
    for await (const chunk of chunks) {
      signal?.throwIfAborted();
      parts.push(chunk.slice());
    }
    this.#ensureOpen();
    this.#blobs.set(toHex(hash), { hash: hash.slice(), bytes: concatBytes(...parts), holding });
  }

  async size(hash: Hash): Promise<number | undefined> {
    this.#ensureOpen();
    return this.#blobs.get(toHex(hash))?.bytes.length;
  }

  async read(hash: Hash, start = 0, end?: number): Promise<Uint8Array | undefined> {
    this.#ensureOpen();
    const blob = this.#blobs.get(toHex(hash));
    if (blob === undefined) return undefined;
    // A map keeps the order in which things were put: last is used last.
    this.#blobs.delete(toHex(hash));
    this.#blobs.set(toHex(hash), blob);
    return blob.bytes.slice(Math.max(start, 0), Math.max(end ?? Infinity, 0));
  }

  async remove(hash: Hash): Promise<void> {
    this.#ensureOpen();
    this.#blobs.delete(toHex(hash));
  }

  clear(): void {
    this.#blobs.clear();
  }
}
