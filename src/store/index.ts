/**
 * What a peer keeps: the envelope index, objects, blobs, outbox, drafts, settings and keys.
 * `Store` (port.ts) is what the rest of the peer sees. Two adapters implement it: IndexedDB for browsers, and memory
 * for tests and the simulator. docs/architecture.md, "Storage", says why envelopes live in packed segments.
 */
export * from "./port.ts";
export { StoreError, type StoreErrorCode } from "./errors.ts";
export { createMemoryStore, type MemoryStoreOptions } from "./memory/index.ts";
export {
  databaseNames,
  deleteDatabase,
  type IdbStoreOptions,
  idbValue,
  openIdbStore,
  type StoredValue,
} from "./idb/index.ts";
