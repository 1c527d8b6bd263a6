import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames as NamesOf } from "idb";
import type { NumericArray } from "../columns/index.ts";
import type { DraftRecord, Head, Holding, OutboxEntry } from "../port.ts";
import type { ObjectTypeNumber } from "../../wire/index.ts";
import type { SnapshotHead } from "./snapshot.ts";

/** 32-byte hashes and node keys as IndexedDB takes them for keys. */
export type BytesKey = Uint8Array<ArrayBuffer>;

/**
 * Id, number of envelopes, bytes of the value, highest seq. The key says all that opening a store needs to know of a
 * segment, so that a cold start lists keys and reads no value.
 */
export type SegmentKey = [id: number, count: number, bytes: number, lastSeq: number];

export interface Totals {
  readonly objects: number;
  readonly objectBytes: number;
  readonly blobs: number;
  readonly blobBytes: number;
}

export interface ObjectRecord {
  readonly type: ObjectTypeNumber;
  readonly bytes: Uint8Array;
  readonly holding: Holding;
  readonly storedAt: number;
}

export interface DamageRecord {
  readonly what: "segment" | "snapshot";
  readonly envelopes: number;
  readonly noticed: number;
  readonly reason: string;
  /** What was read instead of the segment, moved aside for whoever wants to rescue something; `null` when nothing was. */
  readonly remains: unknown;
}

export interface StoreSchema extends DBSchema {
  /**
   * `epoch`: eight bytes; `lastSeq`: at least as high as any seq of a deleted segment; `totals`: Totals;
   * `generation`: number of the last opening, which alone may write.
   */
  meta: { key: "epoch" | "lastSeq" | "totals" | "generation"; value: unknown };
  segments: { key: SegmentKey; value: Uint8Array };
  /** By segment id: seqs of its envelopes that are removed though their bytes are still there. */
  removals: { key: number; value: Float64Array };
  /** The snapshot of the index: its head, and its typed arrays numbered from 0. */
  snapshots: { key: "head" | number; value: SnapshotHead | NumericArray };
  damaged: { key: number; value: DamageRecord };
  objects: { key: BytesKey; value: ObjectRecord; indexes: { type: number } };
  heads: { key: [type: number, owner: BytesKey, name: string]; value: Head };
  blobs: { key: BytesKey; value: { readonly size: number } };
  chunks: { key: [hash: BytesKey, index: number]; value: Uint8Array };
  /** Blobs whose chunks are being written; what stands here at open was interrupted. */
  partialBlobs: { key: BytesKey; value: { readonly since: number } };
  outbox: { key: BytesKey; value: OutboxEntry };
  drafts: { key: string; value: DraftRecord };
  settings: { key: string; value: unknown };
  keys: { key: string; value: unknown };
}

export type StoreName = NamesOf<StoreSchema>;
export type Database = IDBPDatabase<StoreSchema>;
export type Upgrade = IDBPTransaction<StoreSchema, StoreName[], "versionchange">;
export type Writing = IDBPTransaction<StoreSchema, StoreName[], "readwrite">;

type Migration = (database: Database, upgrade: Upgrade) => Promise<void> | void;

/**
 * Migration `n` brings a database from version `n` to `n + 1`. Never change one that was released: add the next, and
 * a fixture of the version before to tests/store/fixtures.
 * A migration may wait for nothing but requests of its own transaction, or the transaction ends before it.
 */
const MIGRATIONS: readonly Migration[] = [createStores, countWhatIsHeld];

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
    totals.objectBytes += value.bytes.length;
  }
  for await (const { value } of upgrade.objectStore("blobs")) {
    totals.blobs += 1;
    totals.blobBytes += value.size;
  }
  await upgrade.objectStore("meta").put(totals, "totals");
}
