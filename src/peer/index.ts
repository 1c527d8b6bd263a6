/**
 * One peer, composed of store, mesh and the rules between them, behind `PeerApi`. It runs unchanged in the peer worker
 * and in a process of many peers on a virtual clock: whatever the platform gives comes through `PeerPorts`.
 */
export type * from "./api.ts";
export { LogRing, meshReports, printable } from "./diagnostics/index.ts";
export { PeerError, type PeerErrorCode } from "./errors.ts";
export { idbDatabases, idbRegistry, startOrigin, type OriginPeer, type OriginPorts } from "./identities/index.ts";
export { startPeer, type Peer } from "./peer.ts";
export type { PeerPorts } from "./ports.ts";
export { reachOf } from "./site.ts";
export { stretchInWorker } from "./vault/stretch-worker.ts";
