/**
 * BLAKE3 for the whole project: one-shot and incremental hashing, the outboard of a large object, and the
 * verification of 16 KiB groups against a root hash, so that bytes from strangers are checked as they come.
 *
 * `initHash` starts the WebAssembly SIMD core; until then, and where it cannot run, a portable implementation
 * gives the same results about ten times slower. `HashClient` does the same work in a worker of its own.
 */
export { hashStatus, initHash } from "./current.ts";
export type { HashStatus } from "./current.ts";
export { HashError } from "./errors.ts";
export type { HashErrorCode } from "./errors.ts";
export { blake3, Blake3Hasher } from "./hasher.ts";
