import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames as NamesOf } from "idb";
import type { ObjectTypeNumber } from "../../wire/index.ts";
import type { NumericArray } from "../columns/index.ts";
import type { Damage, DraftRecord, Head, Holding, OutboxEntry } from "../port.ts";
import type { Checked } from "./checked.ts";
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
  /** Of `objectBytes`: what is held as a cache. */
  readonly cachedObjectBytes: number;
  /** Of `blobBytes`: what is held as a cache. */
  readonly cachedBlobBytes: number;
}

export interface ObjectRecord {
  readonly type: ObjectTypeNumber;
  /**
   * A cache lies in a file of its own. Chromium gives the room of a file back at once; that of small values only when
   * its database is compacted, which may never be once nothing can be written any more (docs/storage.md, "Room").
   * The checksum of the record is that of the record with the bytes themselves.
   */
  readonly bytes: Uint8Array | Blob;
  readonly holding: Holding;
  readonly storedAt: number;
}

export interface BlobRecord {
  readonly size: number;
  readonly holding: Holding;
  /** A chunk of it cannot be read: it counts as not held until it is put again. */
  readonly broken: boolean;
}

/** What may be dropped when there is no room, and when it was used last. */
export interface CachedRecord {
  readonly kind: "object" | "blob";
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly used: number;
}

export interface DamageRecord extends Omit<Damage, "id"> {
  /** Key of the record that was moved aside. */
  readonly key: unknown;
  /** What was read instead of the record, for whoever wants to rescue something; `null` when nothing was. */
  readonly remains: unknown;
}

export interface StoreSchema extends DBSchema {
  /**
   * `epoch`: eight bytes; `lastSeq`: at least as high as any seq of a deleted segment; `totals`: Totals, missing when they
   * have to be counted anew; `generation`: number of the last opening, which alone may write.
   */
  meta: { key: "epoch" | "lastSeq" | "totals" | "generation"; value: Checked<unknown> };
  /** With a checksum in the value. */
  segments: { key: SegmentKey; value: Uint8Array };
  /** By segment id: seqs of its envelopes that are removed though their bytes are still there. */
  removals: { key: number; value: Checked<Float64Array> };
  /** The snapshot of the index: its head, which has the checksums, and its typed arrays by number. */
  snapshots: { key: "head" | number; value: SnapshotHead | NumericArray };
  damaged: { key: number; value: DamageRecord };
  objects: { key: BytesKey; value: Checked<ObjectRecord>; indexes: { type: number } };
  heads: { key: [type: number, owner: BytesKey, name: string]; value: Checked<Head> };
  blobs: { key: BytesKey; value: Checked<BlobRecord> };
  chunks: { key: [hash: BytesKey, index: number]; value: Checked<Uint8Array> };
  /** Blobs whose chunks are being written; what stands here at open was interrupted. Only the keys say something. */
  partialBlobs: { key: BytesKey; value: { readonly since: number } };
  /** By hash: every object and blob that is held as a cache. */
  cached: { key: BytesKey; value: Checked<CachedRecord>; indexes: { used: number } };
  /** Room that is let go of when there is no other for what a person wrote. The bytes mean nothing. */
  reserve: { key: number; value: Blob };
  outbox: { key: BytesKey; value: Checked<OutboxEntry> };
  drafts: { key: string; value: Checked<DraftRecord> };
  settings: { key: string; value: Checked<unknown> };
  keys: { key: string; value: Checked<unknown> };
}

export type StoreName = NamesOf<StoreSchema>;
export type Database = IDBPDatabase<StoreSchema>;
export type Upgrade = IDBPTransaction<StoreSchema, StoreName[], "versionchange">;
export type Writing = IDBPTransaction<StoreSchema, StoreName[], "readwrite">;
export type Reading = IDBPTransaction<StoreSchema, StoreName[]>;
