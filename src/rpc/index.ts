/**
 * rpc: a peer that runs in a worker, as if it stood in the page. Typed calls and live queries over one MessagePort
 * (comlink underneath), errors that keep their codes, calls that can be aborted and that reject when the worker dies,
 * and one peer per origin however many tabs are open.
 *
 * This is the page's side. The worker's side is `expose.ts`, imported by workers/peer.ts by itself: what spawns a
 * worker must not be part of that worker.
 */
export { applyOps } from "./apply.ts";
export { codeOf } from "./errors.ts";
export { PEER_LOCK } from "./session.ts";
export { openPeer, type PeerHandle, type PeerOptions, type PeerState } from "./page.ts";
