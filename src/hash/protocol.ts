/** What the hash worker and its client say to each other. Both are built together, so there is no version. */
import type { HashErrorCode } from "./errors.ts";
import type { Outboard } from "./outboard.ts";
import type { GroupRange } from "./tree.ts";
import type { HashedObject } from "./verify.ts";

/** For each operation what the client asks and what the worker answers. */
export interface HashOperations {
  hash: { ask: { bytes: Uint8Array }; answer: { hash: Uint8Array; bytes: Uint8Array } };
  outboard: { ask: { blob: Blob }; answer: Outboard };
  verify: {
    ask: { object: HashedObject; range: GroupRange; proof: Uint8Array; bytes: Uint8Array };
    answer: Uint8Array;
  };
  /** `hasher` is a number that the client gave out; the first update makes the hasher. */
  update: { ask: { hasher: number; bytes: Uint8Array }; answer: null };
  digest: { ask: { hasher: number }; answer: Uint8Array };
  drop: { ask: { hasher: number }; answer: null };
}

export type HashOperation = keyof HashOperations;

/** One call, as a union that a switch over `operation` narrows. */
export type HashCall = {
  [O in HashOperation]: { readonly operation: O } & Readonly<HashOperations[O]["ask"]>;
}[HashOperation];

export type ClientMessage =
  | { readonly type: "call"; readonly id: number; readonly call: HashCall }
  | { readonly type: "abort"; readonly id: number };

export type WorkerMessage =
  | { readonly type: "answer"; readonly id: number; readonly value: HashOperations[HashOperation]["answer"] }
  | { readonly type: "failure"; readonly id: number; readonly code: HashErrorCode; readonly message: string }
  | { readonly type: "progress"; readonly id: number; readonly done: number };

/**
 * What of `bytes` may be transferred. A view of a part of a buffer is copied first: to transfer its buffer would
 * take bytes away that were not handed over.
 */
export function ownBuffer(bytes: Uint8Array): { readonly bytes: Uint8Array; readonly transfer: ArrayBuffer[] } {
  const { buffer } = bytes;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === bytes.length) return { bytes, transfer: [buffer] };
  const copy = bytes.slice();
  return { bytes: copy, transfer: [copy.buffer] };
}
