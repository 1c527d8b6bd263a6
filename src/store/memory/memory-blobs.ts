import { concatBytes, toHex, type Hash } from "../../wire/index.ts";
import type { Blobs } from "../port.ts";

export class MemoryBlobs implements Blobs {
  readonly #blobs = new Map<string, Uint8Array>();
  readonly #ensureOpen: () => void;

  constructor(ensureOpen: () => void) {
    this.#ensureOpen = ensureOpen;
  }

  get count(): number {
    return this.#blobs.size;
  }

  get bytes(): number {
    return [...this.#blobs.values()].reduce((sum, blob) => sum + blob.length, 0);
  }

  async put(hash: Hash, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, signal?: AbortSignal): Promise<void> {
    this.#ensureOpen();
    signal?.throwIfAborted();
    if (this.#blobs.has(toHex(hash))) return;
    const parts: Uint8Array[] = [];
    for await (const chunk of chunks) {
      signal?.throwIfAborted();
      parts.push(chunk.slice());
    }
    this.#ensureOpen();
    this.#blobs.set(toHex(hash), concatBytes(...parts));
  }

  async size(hash: Hash): Promise<number | undefined> {
    this.#ensureOpen();
    return this.#blobs.get(toHex(hash))?.length;
  }

  async read(hash: Hash, start = 0, end?: number): Promise<Uint8Array | undefined> {
    this.#ensureOpen();
    return this.#blobs.get(toHex(hash))?.slice(Math.max(start, 0), Math.max(end ?? Infinity, 0));
  }

  async remove(hash: Hash): Promise<void> {
    this.#ensureOpen();
    this.#blobs.delete(toHex(hash));
  }

  clear(): void {
    this.#blobs.clear();
  }
}
