/**
 * BLAKE3 for the whole project: one-shot and incremental hashing, the outboard of a large object, and the
 * verification of 16 KiB groups against a root hash, so that bytes from strangers are checked as they come.
 *
 * `initHash` starts the WebAssembly SIMD core; until then, and where it cannot run, a portable implementation
 * gives the same results about twenty times slower. `HashClient` does the same work in a worker of its own.
 * `HalfSip` is the short keyed hash for tables and sketches over hashes that strangers chose.
 */
export { HashClient } from "./client.ts";
export type { HashWorker, RemoteHasher } from "./client.ts";
export { hashStatus, initHash } from "./current.ts";
export type { HashStatus } from "./current.ts";
export { HashError } from "./errors.ts";
export type { HashErrorCode } from "./errors.ts";
export { HalfSip, HASH_BYTES } from "./half-sip.ts";
export { blake3, Blake3Hasher } from "./hasher.ts";
export { OutboardBuilder, outboardOf, outboardOfBlob, proofOf } from "./outboard.ts";
export type { Outboard } from "./outboard.ts";
export { serveHash } from "./service.ts";
export type { ServicePort } from "./service.ts";
export { decodeSlice, encodeSlice } from "./slice.ts";
export type { VerifiedGroup } from "./slice.ts";
export {
  GROUP_BYTES,
  groupCount,
  groupLength,
  groupsOfBytes,
  NODE_BYTES,
  outboardLength,
  rangeLength,
} from "./tree.ts";
export type { GroupRange } from "./tree.ts";
export { RangeVerifier, verifyGroups } from "./verify.ts";
export type { HashedObject, VerifierNeed } from "./verify.ts";
