import type { EnvelopeTable } from "../columns/index.ts";
import { type Connection, storeErrorOf } from "./connection.ts";
import type { SegmentKey } from "./schema.ts";
import { checkSegment, FULL_SEGMENT_BYTES, SegmentFault } from "./segment.ts";

/** What is known of a segment on disk. */
export interface SegmentInfo {
  readonly key: SegmentKey;
  /** Envelopes in it that are not removed, and their bytes. */
  live: number;
  liveBytes: number;
}

/** Bytes of segments kept in memory: some 80 full ones, several screens of a feed. */
const CACHE_BYTES = 4 * 1024 * 1024;

/** The segments on disk: which there are, how much of each is still in use, and their bytes through a small cache. */
export class Segments {
  readonly #connection: Connection;
  readonly #infos = new Map<number, SegmentInfo>();
  /** Least recently used first. */
  readonly #cache = new Map<number, Uint8Array>();
  #cachedBytes = 0;
  #nextId: number;

  /** @param nextId higher than any id that was ever used in what is on disk */
  constructor(connection: Connection, keys: readonly SegmentKey[], nextId: number) {
    this.#connection = connection;
    this.#nextId = nextId;
    for (const key of keys) this.#infos.set(key[0], { key, live: 0, liveBytes: 0 });
  }

  /** Ids for `count` segments about to be written; `first` is the lowest. */
  reserve(count: number): number {
    const first = this.#nextId;
    this.#nextId += count;
    return first;
  }

  get(id: number): SegmentInfo | undefined {
    return this.#infos.get(id);
  }

  get keys(): SegmentKey[] {
    return Array.from(this.#infos.values(), ({ key }) => key);
  }

  /** Segments less than half full of envelopes in use; those that are not worth keeping as they are. */
  get sparse(): SegmentInfo[] {
    return [...this.#infos.values()].filter(({ liveBytes }) => liveBytes < FULL_SEGMENT_BYTES / 2);
  }

  added(key: SegmentKey, value: Uint8Array): void {
    this.#infos.set(key[0], { key, live: 0, liveBytes: 0 });
    this.#remember(key[0], value);
  }

  deleted(id: number): void {
    this.#infos.delete(id);
    this.#forget(id);
  }

  /** Counts the table's rows into their segments. */
  countRows(table: EnvelopeTable, first = 0): void {
    for (let row = first; row < table.rows; row += 1) if (table.removed[row] === 0) this.countRow(table, row);
  }

  countRow(table: EnvelopeTable, row: number): void {
    const info = this.#infos.get(table.segment[row]!);
    if (info === undefined) return;
    info.live += 1;
    info.liveBytes += table.size[row]!;
  }

  uncountRow(table: EnvelopeTable, row: number): void {
    const info = this.#infos.get(table.segment[row]!);
    if (info === undefined) return;
    info.live -= 1;
    info.liveBytes -= table.size[row]!;
  }

  /**
   * Bytes of segments by id. An id that no segment has any more is left out; for one that cannot be read the fault
   * stands in the place of the bytes.
   * @throws StoreError
   */
  async load(ids: Iterable<number>): Promise<Map<number, Uint8Array | SegmentFault>> {
    const loaded = new Map<number, Uint8Array | SegmentFault>();
    const missing: SegmentKey[] = [];
    for (const id of new Set(ids)) {
      const cached = this.#cache.get(id);
      const info = this.#infos.get(id);
      if (cached !== undefined) {
        this.#cache.delete(id);
        this.#cache.set(id, cached);
        loaded.set(id, cached);
      } else if (info !== undefined) {
        missing.push(info.key);
      }
    }
    const values = await readSegments(this.#connection, missing);
    missing.forEach((key, index) => {
      const value = values[index]!;
      // Rewritten or removed while it was being read: not damaged, just elsewhere now.
      if (!this.#infos.has(key[0])) return;
      loaded.set(key[0], value);
      if (value instanceof Uint8Array) this.#remember(key[0], value);
    });
    return loaded;
  }

  #remember(id: number, value: Uint8Array): void {
    this.#forget(id);
    this.#cache.set(id, value);
    this.#cachedBytes += value.length;
    for (const oldest of this.#cache.keys()) {
      if (this.#cachedBytes <= CACHE_BYTES) break;
      this.#forget(oldest);
    }
  }

  #forget(id: number): void {
    this.#cachedBytes -= this.#cache.get(id)?.length ?? 0;
    this.#cache.delete(id);
  }
}

/**
 * The checked bytes of segments, or the fault of each that has one.
 * @throws StoreError when the store is closed
 */
export async function readSegments(
  connection: Connection,
  keys: readonly SegmentKey[],
  isLastAttempt = false,
): Promise<(Uint8Array | SegmentFault)[]> {
  if (keys.length === 0) return [];
  let values: (Uint8Array | undefined)[];
  try {
    values = await connection.read(["segments"], (reading) =>
      Promise.all(keys.map((key) => reading.objectStore("segments").get(key))),
    );
  } catch (cause) {
    const error = storeErrorOf(cause);
    if (error.code !== "STORE_FAILED") throw error;
    // One value that the browser cannot read fails the whole transaction: find out which.
    if (keys.length === 1) {
      // A browser that failed once is no reason to give up a hundred envelopes.
      return isLastAttempt ? [new SegmentFault(error.message)] : await readSegments(connection, keys, true);
    }
    const [half, rest] = [keys.slice(0, keys.length >>> 1), keys.slice(keys.length >>> 1)];
    return [...(await readSegments(connection, half)), ...(await readSegments(connection, rest))];
  }
  return values.map((value, index) => {
    try {
      checkSegment(value, keys[index]![1]);
      return value;
    } catch (fault) {
      if (fault instanceof SegmentFault) return fault;
      throw fault;
    }
  });
}
