import { concatBytes, type Hash, toHex } from "../../wire/index.ts";
import { outlasts } from "../holdings.ts";
import type { Blobs, Holding } from "../port.ts";
import type { Caches } from "./caches.ts";
import { checked } from "./checked.ts";
import type { CheckedRecords } from "./checked-records.ts";
import { type Connection, requested } from "./connection.ts";
import { cachedRecordOf } from "./objects.ts";
import { chunksOf, keyOf } from "./records.ts";
import type { StoreName, Writing } from "./schema.ts";
import type { RunningTotals } from "./totals.ts";

/** As long as one paid step of a stream (protocol section 6): nothing larger is in memory at once. */
const CHUNK_BYTES = 256 * 1024;

export interface IdbBlobsParts {
  readonly connection: Connection;
  readonly records: CheckedRecords;
  readonly totals: RunningTotals;
  readonly caches: Caches;
  readonly now: () => number;
  /** Runs a write again after caches have made room for it, where there was none; one such write at a time. */
  readonly withRoom: <T>(bytes: number, write: () => Promise<T>) => Promise<T>;
  /** A cache was read. */
  readonly onUsed: (hash: Hash) => void;
}

/** Blobs in chunks, so that a range of a film is read without the film. */
export class IdbBlobs implements Blobs {
  readonly #parts: IdbBlobsParts;
  /** Blobs being written, by the hex of their hash. */
  readonly #writing = new Map<string, Promise<void>>();

  constructor(parts: IdbBlobsParts) {
    this.#parts = parts;
  }

  async put(
    hash: Hash,
    chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    signal?: AbortSignal,
    holding: Holding = "own",
  ): Promise<void> {
    signal?.throwIfAborted();
    const name = toHex(hash);
    for (let other = this.#writing.get(name); other !== undefined; other = this.#writing.get(name)) {
      // Someone else stores the same blob. Whether that works is theirs to handle; here it is enough to wait for the end.
      await other.catch(() => undefined);
    }
    const writing = this.#put(hash, chunks, signal, holding);
    this.#writing.set(name, writing);
    try {
      await writing;
    } finally {
      this.#writing.delete(name);
    }
  }

  async size(hash: Hash): Promise<number | undefined> {
    const record = await this.#parts.records.get("blobs", keyOf(hash));
    return record === undefined || record.broken ? undefined : record.size;
  }

  async read(hash: Hash, start = 0, end = Infinity): Promise<Uint8Array | undefined> {
    const { onUsed, records } = this.#parts;
    const record = await records.get("blobs", keyOf(hash));
    if (record === undefined || record.broken) return undefined;
    if (record.holding === "cache") onUsed(hash);
    const from = Math.min(Math.max(start, 0), record.size);
    const to = Math.max(Math.min(end, record.size), from);
    if (from === to) return new Uint8Array(0);
    const first = Math.floor(from / CHUNK_BYTES);
    const last = Math.floor((to - 1) / CHUNK_BYTES);
    const parts = await records.all("chunks", chunksOf(hash, first, last));
    if (parts.length <= last - first) {
      await this.#break(hash);
      return undefined;
    }
    const bytes = concatBytes(...parts.map(({ value }) => value));
    return bytes.slice(from - first * CHUNK_BYTES, to - first * CHUNK_BYTES);
  }

  async remove(hash: Hash): Promise<void> {
    const { records, totals } = this.#parts;
    await this.#parts.withRoom(0, async () => {
      const record = await records.get("blobs", keyOf(hash));
      if (record === undefined) return;
      const { size, holding } = record;
      const delta = { blobs: -1, blobBytes: -size, cachedBlobBytes: holding === "cache" ? -size : 0 };
      const apply = await this.#write(["blobs", "chunks", "cached"], async (writing) => {
        requested([
          writing.objectStore("blobs").delete(keyOf(hash)),
          writing.objectStore("chunks").delete(chunksOf(hash)),
          writing.objectStore("cached").delete(keyOf(hash)),
        ]);
        // Nothing is written but deletions: it works without room as well.
        return totals.forget(writing, delta);
      });
      apply();
    });
  }

  /** Deletes what sessions that ended in the middle of a `put` have left. */
  async dropPartial(): Promise<void> {
    const partial = await this.#parts.connection.read(["partialBlobs"], (reading) =>
      reading.objectStore("partialBlobs").getAllKeys(),
    );
    for (const hash of partial) await this.#drop(hash);
  }

  async #put(
    hash: Hash,
    chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    signal: AbortSignal | undefined,
    holding: Holding,
  ): Promise<void> {
    const { now, totals, withRoom } = this.#parts;
    const before = await this.#parts.records.get("blobs", keyOf(hash));
    if (before !== undefined) {
      if (!before.broken && (!outlasts(holding, before.holding) || (await this.#raise(hash, holding)))) return;
      await this.remove(hash);
    }
    await withRoom(0, () =>
      this.#write(["chunks", "partialBlobs"], async (writing) => {
        // Chunks may have been left by a blob whose record was damaged.
        requested([writing.objectStore("chunks").delete(chunksOf(hash))]);
        await writing.objectStore("partialBlobs").put({ since: now() }, keyOf(hash));
      }),
    );
    try {
      let index = 0;
      let size = 0;
      for await (const chunk of chunked(chunks)) {
        signal?.throwIfAborted();
        const record = checked(chunk);
        await withRoom(chunk.length, () =>
          this.#write(["chunks"], (writing) => writing.objectStore("chunks").put(record, [keyOf(hash), index])),
        );
        index += 1;
        size += chunk.length;
      }
      signal?.throwIfAborted();
      const isCache = holding === "cache";
      await withRoom(0, async () => {
        const apply = await this.#write(["blobs", "partialBlobs", "cached"], async (writing) => {
          requested([
            writing.objectStore("blobs").put(checked({ size, holding, broken: false }), keyOf(hash)),
            writing.objectStore("partialBlobs").delete(keyOf(hash)),
          ]);
          if (isCache) requested([writing.objectStore("cached").put(cachedRecordOf("blob", size, now()), keyOf(hash))]);
          return totals.add(writing, { blobs: 1, blobBytes: size, cachedBlobBytes: isCache ? size : 0 });
        });
        apply();
      });
    } catch (fault) {
      await this.#drop(hash).catch(() => {
        // Closed or out of order: `dropPartial` finds the rest at the next start. The first fault is the one to tell.
      });
      throw fault;
    }
  }

  /** @returns whether it is still here: making room for this may have cost the cache that it was */
  async #raise(hash: Hash, holding: Holding): Promise<boolean> {
    const { records, totals, withRoom } = this.#parts;
    return await withRoom(0, async () => {
      const record = await records.get("blobs", keyOf(hash));
      if (record === undefined || record.broken) return false;
      const wasCache = record.holding === "cache";
      const apply = await this.#write(["blobs", "cached"], async (writing) => {
        requested([writing.objectStore("blobs").put(checked({ ...record, holding }), keyOf(hash))]);
        if (wasCache) requested([writing.objectStore("cached").delete(keyOf(hash))]);
        return totals.add(writing, { cachedBlobBytes: wasCache ? -record.size : 0 });
      });
      apply();
      return true;
    });
  }

  /** One of its chunks is missing: the others stay for whoever wants to rescue something, until it is put again. */
  async #break(hash: Hash): Promise<void> {
    const record = await this.#parts.records.get("blobs", keyOf(hash));
    if (record === undefined) return;
    await this.#write(["blobs"], (writing) =>
      writing.objectStore("blobs").put(checked({ ...record, broken: true }), keyOf(hash)),
    );
  }

  async #drop(hash: Hash): Promise<void> {
    await this.#write(["chunks", "partialBlobs"], async (writing) => {
      await Promise.all([
        writing.objectStore("chunks").delete(chunksOf(hash)),
        writing.objectStore("partialBlobs").delete(keyOf(hash)),
      ]);
    });
  }

  #write<T>(stores: readonly StoreName[], work: (writing: Writing) => Promise<T>): Promise<T> {
    return this.#parts.connection.write(stores, "relaxed", work);
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
