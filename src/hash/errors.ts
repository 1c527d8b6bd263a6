/** Why hashing or verification failed. `code` is stable; `message` is for the log of this peer only. */
export type HashErrorCode =
  /** A parent node is not the one that the root hash commits to. */
  | "NODE_MISMATCH"
  /** The bytes of a group are not those that the root hash commits to. */
  | "GROUP_MISMATCH"
  /** A node, group, proof or outboard has not the length that the size of the object asks for. */
  | "BAD_LENGTH"
  /** A range lies outside the object, or a size or index is no valid number. */
  | "BAD_RANGE"
  /** A verifier was given a node where a group is due, or the other way round, or anything after the end. */
  | "OUT_OF_ORDER"
  /** The hash worker failed; the calls under way have no answer. */
  | "WORKER_DIED"
  /** The client of the hash worker was closed by its owner. */
  | "WORKER_CLOSED"
  /** A call names an incremental hasher that is unknown to the worker, because it was closed. */
  | "HASHER_CLOSED"
  /** The worker could not do what was asked, for instance read the file. */
  | "WORKER_FAILED";

export class HashError extends Error {
  override readonly name = "HashError";
  readonly code: HashErrorCode;
  constructor(code: HashErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
