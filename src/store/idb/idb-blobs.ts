import { concatBytes, type Hash, toHex } from "../../wire/index.ts";
import type { Blobs } from "../port.ts";
import { type Connection, requested } from "./connection.ts";
import { addToTotals, chunksOf, keyOf } from "./records.ts";

/** As long as one paid step of a stream (protocol section 6): nothing larger is in memory at once. */
const CHUNK_BYTES = 256 * 1024;

/** Blobs in chunks, so that a range of a film is read without the film. */
export class IdbBlobs implements Blobs {
  readonly #connection: Connection;
  readonly #now: () => number;
  /** Blobs being written, by the hex of their hash. */
  readonly #writing = new Map<string, Promise<void>>();

  constructor(connection: Connection, now: () => number) {
    this.#connection = connection;
    this.#now = now;
  }

  async put(hash: Hash, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const name = toHex(hash);
    for (let other = this.#writing.get(name); other !== undefined; other = this.#writing.get(name)) {
      // Someone else stores the same blob. Whether that works is theirs to handle; here it is enough to wait for the end.
      await other.catch(() => undefined);
    }
    const writing = this.#put(hash, chunks, signal);
    this.#writing.set(name, writing);
    try {
      await writing;
    } finally {
      this.#writing.delete(name);
    }
  }

  async size(hash: Hash): Promise<number | undefined> {
    const record = await this.#connection.read(["blobs"], (reading) => reading.objectStore("blobs").get(keyOf(hash)));
    return record?.size;
  }

  async read(hash: Hash, start = 0, end = Infinity): Promise<Uint8Array | undefined> {
    return this.#connection.read(["blobs", "chunks"], async (reading) => {
      const record = await reading.objectStore("blobs").get(keyOf(hash));
      if (record === undefined) return undefined;
      const from = Math.min(Math.max(start, 0), record.size);
      const to = Math.max(Math.min(end, record.size), from);
      if (from === to) return new Uint8Array(0);
      const first = Math.floor(from / CHUNK_BYTES);
      const range = chunksOf(hash, first, Math.floor((to - 1) / CHUNK_BYTES));
      const parts = await reading.objectStore("chunks").getAll(range);
      return concatBytes(...parts).slice(from - first * CHUNK_BYTES, to - first * CHUNK_BYTES);
    });
  }

  async remove(hash: Hash): Promise<void> {
    await this.#connection.write(["blobs", "chunks", "meta"], "relaxed", async (writing) => {
      const record = await writing.objectStore("blobs").get(keyOf(hash));
      if (record === undefined) return;
      requested([
        writing.objectStore("blobs").delete(keyOf(hash)),
        writing.objectStore("chunks").delete(chunksOf(hash)),
      ]);
      await addToTotals(writing, { blobs: -1, blobBytes: -record.size });
    });
  }

  /** Deletes what sessions that ended in the middle of a `put` have left. */
  async dropPartial(): Promise<void> {
    const partial = await this.#connection.read(["partialBlobs"], (reading) =>
      reading.objectStore("partialBlobs").getAllKeys(),
    );
    for (const hash of partial) await this.#drop(hash);
  }

  async #put(
    hash: Hash,
    chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const isHeld = await this.#connection.write(["blobs", "partialBlobs"], "relaxed", async (writing) => {
      if ((await writing.objectStore("blobs").getKey(keyOf(hash))) !== undefined) return true;
      await writing.objectStore("partialBlobs").put({ since: this.#now() }, keyOf(hash));
      return false;
    });
    if (isHeld) return;
    try {
      let index = 0;
      let size = 0;
      for await (const chunk of chunked(chunks)) {
        signal?.throwIfAborted();
        await this.#connection.write(["chunks"], "relaxed", (writing) =>
          writing.objectStore("chunks").put(chunk, [keyOf(hash), index]),
        );
        index += 1;
        size += chunk.length;
      }
      signal?.throwIfAborted();
      await this.#connection.write(["blobs", "partialBlobs", "meta"], "relaxed", async (writing) => {
        requested([
          writing.objectStore("blobs").put({ size }, keyOf(hash)),
          writing.objectStore("partialBlobs").delete(keyOf(hash)),
        ]);
        await addToTotals(writing, { blobs: 1, blobBytes: size });
      });
    } catch (fault) {
      await this.#drop(hash).catch(() => {
        // Closed or out of order: `dropPartial` finds the rest at the next start. The first fault is the one to tell.
      });
      throw fault;
    }
  }

  async #drop(hash: Hash): Promise<void> {
    await this.#connection.write(["chunks", "partialBlobs"], "relaxed", async (writing) => {
      await Promise.all([
        writing.objectStore("chunks").delete(chunksOf(hash)),
        writing.objectStore("partialBlobs").delete(keyOf(hash)),
      ]);
    });
  }
}

/** The same bytes in pieces of `CHUNK_BYTES`, the last one shorter. */
async function* chunked(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let piece = new Uint8Array(CHUNK_BYTES);
  let filled = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      const taken = Math.min(CHUNK_BYTES - filled, chunk.length - at);
      piece.set(chunk.subarray(at, at + taken), filled);
      filled += taken;
      at += taken;
      if (filled < CHUNK_BYTES) continue;
      yield piece;
      piece = new Uint8Array(CHUNK_BYTES);
      filled = 0;
    }
  }
  if (filled > 0) yield piece.slice(0, filled);
}
