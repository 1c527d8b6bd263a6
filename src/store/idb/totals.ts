import { toHex } from "../../wire/index.ts";
import { checked } from "./checked.ts";
import type { CheckedRecords } from "./checked-records.ts";
import type { Connection } from "./connection.ts";
import { hashOfKey, objectIn } from "./objects.ts";
import type { Totals, Writing } from "./schema.ts";

export const NO_TOTALS: Totals = {
  objects: 0,
  objectBytes: 0,
  blobs: 0,
  blobBytes: 0,
  cachedObjectBytes: 0,
  cachedBlobBytes: 0,
};

/**
 * What `usage` reports of objects and blobs. In memory, since nobody else writes this store, and on disk for the next
 * session. A transaction that must not write anything, because there is no room, deletes them there instead: whoever
 * opens the store after a crash then counts anew.
 */
export class RunningTotals {
  #now: Totals;

  private constructor(now: Totals) {
    this.#now = now;
  }

  /** @throws StoreError */
  static async open(connection: Connection, records: CheckedRecords): Promise<RunningTotals> {
    const stored = await records.get("meta", "totals");
    return new RunningTotals(isTotals(stored) ? stored : await counted(connection, records));
  }

  /** After damage. @throws StoreError */
  async recount(connection: Connection, records: CheckedRecords): Promise<void> {
    this.#now = await counted(connection, records);
  }

  get now(): Totals {
    return this.#now;
  }

  /** Queues the write of the sum. @returns what to call when the transaction is complete */
  add(writing: Writing, delta: Partial<Totals>): () => void {
    const next = sum(this.#now, delta);
    writing
      .objectStore("meta")
      .put(checked(next), "totals")
      .catch(() => {
        // Its transaction fails with the same error, and that is where it is handled.
      });
    return () => {
      this.#now = next;
    };
  }

  /** Queues the deletion. @returns what to call when the transaction is complete */
  forget(writing: Writing, delta: Partial<Totals>): () => void {
    writing
      .objectStore("meta")
      .delete("totals")
      .catch(() => {
        // As above.
      });
    return () => {
      this.#now = sum(this.#now, delta);
    };
  }
}

function sum(totals: Totals, delta: Partial<Totals>): Totals {
  return {
    objects: totals.objects + (delta.objects ?? 0),
    objectBytes: totals.objectBytes + (delta.objectBytes ?? 0),
    blobs: totals.blobs + (delta.blobs ?? 0),
    blobBytes: totals.blobBytes + (delta.blobBytes ?? 0),
    cachedObjectBytes: totals.cachedObjectBytes + (delta.cachedObjectBytes ?? 0),
    cachedBlobBytes: totals.cachedBlobBytes + (delta.cachedBlobBytes ?? 0),
  };
}

function isTotals(value: unknown): value is Totals {
  if (typeof value !== "object" || value === null) return false;
  return Object.keys(NO_TOTALS).every((name) => Number.isFinite((value as Record<string, unknown>)[name]));
}

/**
 * After a crash in the middle of making room, and after damage. What is cached is told by the records of it: reading those
 * in files would hold on to the files, whose room Chromium then does not give back (docs/storage.md, "Room").
 */
async function counted(connection: Connection, records: CheckedRecords): Promise<Totals> {
  let totals = NO_TOTALS;
  const cached = new Map((await records.all("cached")).map(({ key, value }) => [toHex(hashOfKey(key)), value.bytes]));
  const hashes = await connection.read(["objects"], (reading) => reading.objectStore("objects").getAllKeys());
  for (const hash of hashes) {
    const known = cached.get(toHex(hashOfKey(hash)));
    const record = known === undefined ? await records.peek("objects", hash) : undefined;
    if (known === undefined && record === undefined) continue;
    const size = known ?? objectIn({ value: record }).bytes;
    const isCache = known !== undefined || record?.holding === "cache";
    totals = sum(totals, { objects: 1, objectBytes: size, cachedObjectBytes: isCache ? size : 0 });
  }
  for (const { value } of await records.all("blobs")) {
    const { size, holding } = value;
    totals = sum(totals, { blobs: 1, blobBytes: size, cachedBlobBytes: holding === "cache" ? size : 0 });
  }
  return totals;
}
