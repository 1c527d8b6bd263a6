/**
 * The store in IndexedDB. Envelopes lie in packed, append-only segments under the columnar index in memory; a snapshot
 * of the index is written behind, so that a cold start reads a few large arrays. Everything else is a record each.
 */
export { type IdbStoreOptions, openIdbStore } from "./open.ts";
export { databaseNames, deleteDatabase } from "./databases.ts";
export { idbValue, type StoredValue } from "./value.ts";
