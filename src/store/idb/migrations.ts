import { unwrap } from "idb";
import { checked } from "./checked.ts";
import { ILLEGIBLE, legible } from "./legible.ts";
import { cachedRecordOf, objectRecordOf } from "./objects.ts";
import type { BlobRecord, Database, ObjectRecord, StoreName, Totals, Upgrade } from "./schema.ts";
import { NO_TOTALS } from "./totals.ts";

type Migration = (database: Database, upgrade: Upgrade) => Promise<void> | void;

/**
 * Migration `n` brings a database from version `n` to `n + 1`. Never change one that was released: add the next, and
 * a fixture of the version before to tests/store/fixtures.
 * A migration may wait for nothing but requests of its own transaction, or the transaction ends before it.
 */
const MIGRATIONS: readonly Migration[] = [createStores, countWhatIsHeld, checkRecords];

export const SCHEMA_VERSION = MIGRATIONS.length;

export async function migrate(database: Database, upgrade: Upgrade, from: number): Promise<void> {
  for (const migration of MIGRATIONS.slice(from)) await migration(database, upgrade);
}

/** Version 1. */
function createStores(database: Database): void {
  const plain = [
    "meta",
    "segments",
    "removals",
    "snapshots",
    "heads",
    "blobs",
    "chunks",
    "partialBlobs",
    "outbox",
    "drafts",
    "settings",
    "keys",
  ] as const;
  for (const name of plain) database.createObjectStore(name);
  database.createObjectStore("damaged", { autoIncrement: true });
  database.createObjectStore("objects").createIndex("type", "type");
}

/** Version 2 keeps the totals that `usage` reports; version 1 walked every object for them. */
async function countWhatIsHeld(_database: Database, upgrade: Upgrade): Promise<void> {
  const totals = { objects: 0, objectBytes: 0, blobs: 0, blobBytes: 0 };
  for await (const { value } of upgrade.objectStore("objects")) {
    totals.objects += 1;
    totals.objectBytes += (value as unknown as ObjectOfVersion2).bytes.length;
  }
  for await (const { value } of upgrade.objectStore("blobs")) {
    totals.blobs += 1;
    totals.blobBytes += (value as unknown as BlobOfVersion2).size;
  }
  unwrap(upgrade).objectStore("meta").put(totals, "totals");
}

type ObjectOfVersion2 = Omit<ObjectRecord, "bytes"> & { readonly bytes: Uint8Array };
type BlobOfVersion2 = Pick<BlobRecord, "size">;

/** Version 3 gives every record a checksum, and knows what is held as a cache. */
async function checkRecords(database: Database, upgrade: Upgrade): Promise<void> {
  database.createObjectStore("cached").createIndex("used", "value.used");
  database.createObjectStore("reserve");
  const objects = upgrade.objectStore("objects");
  objects.deleteIndex("type");
  objects.createIndex("type", "value.type");
  let totals: Totals = NO_TOTALS;
  for (const name of ["meta", "removals", "heads", "chunks", "outbox", "drafts", "settings", "keys"] as const) {
    await replaceEach(upgrade, name, (value) => checked(value));
  }
  await replaceEach(upgrade, "blobs", (value) => {
    // Nobody said why a blob is held: it is kept.
    const { size } = value as BlobOfVersion2;
    if (!Number.isSafeInteger(size)) throw new TypeError("not a blob");
    totals = { ...totals, blobs: totals.blobs + 1, blobBytes: totals.blobBytes + size };
    return checked({ size, holding: "own", broken: false });
  });
  await replaceEach(upgrade, "objects", (value, key) => {
    const old = value as ObjectOfVersion2;
    const { holding, storedAt, bytes } = old;
    if (!(bytes instanceof Uint8Array)) throw new TypeError("not an object");
    totals = { ...totals, objects: totals.objects + 1, objectBytes: totals.objectBytes + bytes.length };
    if (holding === "cache") {
      totals = { ...totals, cachedObjectBytes: totals.cachedObjectBytes + bytes.length };
      unwrap(upgrade)
        .objectStore("cached")
        .put(cachedRecordOf("object", bytes.length, storedAt), key);
    }
    return objectRecordOf(old);
  });
  await upgrade.objectStore("meta").put(checked(totals), "totals");
  await replaceEach(upgrade, "damaged", (value) => ({ key: null, lost: [], mended: false, ...(value as object) }));
}

/** A value that the browser cannot read, or of another shape than it should have, stays: whoever reads it will notice. */
async function replaceEach(
  upgrade: Upgrade,
  name: StoreName,
  change: (value: unknown, key: IDBValidKey) => unknown,
): Promise<void> {
  const store = unwrap(upgrade).objectStore(name);
  for (const key of await upgrade.objectStore(name).getAllKeys()) {
    const value = await legible(store.get(key as IDBValidKey));
    try {
      if (value !== ILLEGIBLE) store.put(change(value, key), key);
    } catch (fault) {
      if (!(fault instanceof TypeError)) throw fault;
    }
  }
}
