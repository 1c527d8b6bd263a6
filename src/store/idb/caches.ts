import { type Hash, toHex } from "../../wire/index.ts";
import type { CheckedRecords } from "./checked-records.ts";
import { type Connection, requested } from "./connection.ts";
import type { Damages } from "./damages.ts";
import { cachedRecordOf, hashOfKey, sizeOf } from "./objects.ts";
import { keyOf } from "./records.ts";
import type { CachedRecord } from "./schema.ts";

/**
 * What was used within the same hour counts as used at the same time: order by days and weeks is what matters, and so
 * reading costs one small write an hour for each object at most.
 */
const SAME_USE = 3_600_000;
/** Uses that wait to be written down. Further ones are forgotten: whoever reads that many at a time is not a person. */
const MAX_WAITING = 10_000;
/** Uses written at a time. */
const WRITTEN_AT_ONCE = 256;

export interface Cached {
  readonly hash: Hash;
  readonly kind: CachedRecord["kind"];
  readonly bytes: number;
}

/** What is held as a cache, and when each was used last. */
export class Caches {
  readonly #connection: Connection;
  readonly #records: CheckedRecords;
  readonly #damages: Damages;
  readonly #now: () => number;
  /** By the hex of the hash; not written down yet. */
  readonly #uses = new Map<string, { readonly hash: Hash; readonly at: number }>();
  /** When a use was last noted, by the hex of the hash: the same one again within the hour says nothing new. */
  readonly #noted = new Map<string, number>();

  constructor(connection: Connection, records: CheckedRecords, damages: Damages, now: () => number) {
    this.#connection = connection;
    this.#records = records;
    this.#damages = damages;
    this.#now = now;
  }

  /** Notes that a cache was used, in memory. @returns whether there is something to write down that was not before */
  used(hash: Hash): boolean {
    const name = toHex(hash);
    const at = this.#now();
    if (at - (this.#noted.get(name) ?? -Infinity) < SAME_USE || this.#uses.size >= MAX_WAITING) return false;
    if (this.#noted.size >= MAX_WAITING) this.#noted.clear();
    this.#noted.set(name, at);
    this.#uses.set(name, { hash: hash.slice(), at });
    return this.#uses.size === 1;
  }

  /** Writes down what was used. @throws StoreError */
  async flush(): Promise<void> {
    while (this.#uses.size > 0) {
      const batch = [...this.#uses].slice(0, WRITTEN_AT_ONCE);
      const known = await this.#of(batch.map(([, { hash }]) => hash));
      await this.#connection.write(["cached"], "relaxed", async (writing) => {
        const store = writing.objectStore("cached");
        for (const [at, [, use]] of batch.entries()) {
          const record = known[at];
          // Collected meanwhile: then there is nothing left that could be used.
          if (record === undefined || (await store.getKey(keyOf(use.hash))) === undefined) continue;
          if (record.used < use.at)
            requested([store.put(cachedRecordOf(record.kind, record.bytes, use.at), keyOf(use.hash))]);
        }
      });
      for (const [name, use] of batch) if (this.#uses.get(name) === use) this.#uses.delete(name);
    }
  }

  /** Least recently used first, at most `limit`. @throws StoreError */
  async oldest(limit: number): Promise<Cached[]> {
    const keys = await this.#connection.read(["cached"], (reading) =>
      reading.objectStore("cached").index("used").getAllKeys(undefined, limit),
    );
    const hashes = keys.map(hashOfKey);
    const records = await this.#of(hashes);
    return hashes.flatMap((hash, at): Cached[] => {
      const record = records[at];
      return record === undefined ? [] : [{ hash, kind: record.kind, bytes: record.bytes }];
    });
  }

  /** In the order asked; one that was damaged is made anew from what it is about. */
  async #of(hashes: readonly Hash[]): Promise<(CachedRecord | undefined)[]> {
    const found: (CachedRecord | undefined)[] = [];
    for (const hash of hashes) {
      const before = this.#damages.count;
      const record = await this.#records.get("cached", keyOf(hash));
      found.push(record ?? (this.#damages.count > before ? await this.#remade(hash) : undefined));
    }
    return found;
  }

  async #remade(hash: Hash): Promise<CachedRecord | undefined> {
    const object = await this.#records.peek("objects", keyOf(hash));
    const blob = object === undefined ? await this.#records.get("blobs", keyOf(hash)) : undefined;
    if ((object ?? blob)?.holding !== "cache") return undefined;
    const kind = object === undefined ? "blob" : "object";
    const bytes = object === undefined ? (blob?.size ?? 0) : sizeOf(object);
    const record = cachedRecordOf(kind, bytes, this.#now());
    await this.#connection.write(["cached"], "relaxed", (writing) =>
      writing.objectStore("cached").put(record, keyOf(hash)),
    );
    return record.value;
  }
}
