/**
 * identities: all that one browser keeps of people. Each identity has a store of its own, a registry says which there are and
 * which one runs, and the one that runs may be locked. `startOrigin` gives the whole `PeerApi`: the calls of the
 * running identity, and those about identities and locks, which work without one.
 */
export { startOrigin, type OriginPeer } from "./origin.ts";
export type { Databases, OriginPorts } from "./ports.ts";
export { idbDatabases } from "./idb-databases.ts";
export { idbRegistry, type Registry } from "./registry.ts";
