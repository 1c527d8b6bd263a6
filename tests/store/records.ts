/** Objects and heads for tests, made from small numbers. */
import type { Head, StoredObject } from "../../src/store/index.ts";
import { authorOf, bytes32 } from "./envelopes.ts";

export function storedObject(number: number, part: Partial<StoredObject> = {}): StoredObject {
  const bytes = new Uint8Array(10 + number).fill(number);
  return { hash: bytes32("object", number), type: 2, bytes, holding: "cache", storedAt: number, ...part };
}

export function head(name: string, sequence: number, part: Partial<Head> = {}): Head {
  return {
    type: 4,
    owner: authorOf(1),
    name,
    sequence,
    hash: bytes32(name, sequence),
    bytes: Uint8Array.of(sequence),
    forkBytes: null,
    frozenUntil: 0,
    ...part,
  };
}
