/**
 * A store that forgets: the same columnar index over bytes in maps. For tests and for the simulator, which runs a
 * thousand of them in one process.
 */
export { createMemoryStore, type MemoryStoreOptions } from "./memory-store.ts";
