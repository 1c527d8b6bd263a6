/**
 * The messages of /mehr/store/1. The client asks, the server answers in the order of the questions.
 *
 * | frame | items |
 * | --- | --- |
 * | get | `[1, id, hash]` |
 * | has | `[2, id, [hash, ...]]` |
 * | head | `[3, id, [[type, owner, name], ...]]` |
 * | object | `[129, id, bytes]` |
 * | held | `[130, id, bitmap]`, bit `i` (lowest first) for hash `i` |
 * | heads | `[131, id, [[version, ...], ...]]`, 0 to 2 versions for each key, two when it is forked; may answer only the first of the keys asked |
 * | refused | `[255, id, code, retry after in ms]` |
 */
import type { Hash, NodeKey, ObjectTypeNumber } from "../../../wire/index.ts";
import { encodeFrame, FrameReader, malformed } from "../frame.ts";
import { MAX_FRAME, MAX_HAS, MAX_HEADS, MAX_INLINE, MAX_NAME_BYTES, MAX_REQUEST_ID } from "./constants.ts";

const Tag = { get: 1, has: 2, head: 3, object: 129, held: 130, heads: 131, refused: 255 } as const;

/** Key of a mutable object. */
export interface HeadKey {
  readonly type: ObjectTypeNumber;
  readonly owner: NodeKey;
  /** Empty where an owner has only one object of the type, such as a profile. */
  readonly name: string;
}

export type StoreRequest =
  | { readonly kind: "get"; readonly id: number; readonly hash: Hash }
  | { readonly kind: "has"; readonly id: number; readonly hashes: readonly Hash[] }
  | { readonly kind: "head"; readonly id: number; readonly keys: readonly HeadKey[] }
  /** Something that a later version asks: refused, but no reason to part. */
  | { readonly kind: "unknown"; readonly id: number };

/** On the wire as numbers; the text of an internal error never leaves a peer. */
export const Refusal = { NOT_FOUND: 1, BUSY: 2, TOO_LARGE: 3, UNSUPPORTED: 4, REMOTE_FAULT: 5 } as const;
export type RefusalCode = keyof typeof Refusal;
const REFUSALS = new Map<number, RefusalCode>(
  (Object.keys(Refusal) as RefusalCode[]).map((code) => [Refusal[code], code]),
);

export type StoreAnswer =
  | { readonly kind: "object"; readonly id: number; readonly bytes: Uint8Array }
  | { readonly kind: "held"; readonly id: number; readonly bitmap: Uint8Array }
  | { readonly kind: "heads"; readonly id: number; readonly versions: readonly (readonly Uint8Array[])[] }
  | { readonly kind: "refused"; readonly id: number; readonly code: RefusalCode; readonly retryAfter: number };

/** An hour: whoever asks for more patience is not worth waiting for. */
const MAX_RETRY_AFTER = 3_600_000;
const HASH_BYTES = 32;
const KEY_BYTES = 32;
/** Unknown requests may hold anything, so only their first two items are read. */
const MAX_ITEMS = 16;

export function encodeRequest(request: Exclude<StoreRequest, { kind: "unknown" }>): Uint8Array {
  switch (request.kind) {
    case "get":
      return encodeFrame([Tag.get, request.id, request.hash], MAX_FRAME);
    case "has":
      return encodeFrame([Tag.has, request.id, request.hashes], MAX_FRAME);
    case "head":
      return encodeFrame([Tag.head, request.id, request.keys.map((key) => [key.type, key.owner, key.name])], MAX_FRAME);
  }
}

/** @throws ProtocolError `MALFORMED` */
export function decodeRequest(frame: Uint8Array): StoreRequest {
  const reader = new FrameReader(frame, MAX_FRAME);
  const items = reader.array(2, MAX_ITEMS);
  const tag = reader.uint(255);
  const id = reader.uint(MAX_REQUEST_ID);
  if (tag !== Tag.get && tag !== Tag.has && tag !== Tag.head) return { kind: "unknown", id };
  if (items !== 3) throw malformed(`a request of ${items} items`);
  const request = readBody(reader, tag, id);
  reader.end();
  return request;
}

function readBody(reader: FrameReader, tag: 1 | 2 | 3, id: number): StoreRequest {
  if (tag === Tag.get) return { kind: "get", id, hash: reader.bytes(HASH_BYTES, HASH_BYTES) };
  if (tag === Tag.has) {
    const count = reader.array(1, MAX_HAS);
    return { kind: "has", id, hashes: Array.from({ length: count }, () => reader.bytes(HASH_BYTES, HASH_BYTES)) };
  }
  const count = reader.array(1, MAX_HEADS);
  return { kind: "head", id, keys: Array.from({ length: count }, () => readKey(reader)) };
}

function readKey(reader: FrameReader): HeadKey {
  reader.array(3, 3);
  // Any number up to 255 is a type: one that this version does not know is simply not held.
  const type = reader.uint(255) as ObjectTypeNumber;
  return { type, owner: reader.bytes(KEY_BYTES, KEY_BYTES), name: reader.text(MAX_NAME_BYTES) };
}

export function encodeAnswer(answer: StoreAnswer): Uint8Array {
  switch (answer.kind) {
    case "object":
      return encodeFrame([Tag.object, answer.id, answer.bytes], MAX_FRAME);
    case "held":
      return encodeFrame([Tag.held, answer.id, answer.bitmap], MAX_FRAME);
    case "heads":
      return encodeFrame([Tag.heads, answer.id, answer.versions], MAX_FRAME);
    case "refused":
      return encodeFrame([Tag.refused, answer.id, Refusal[answer.code], answer.retryAfter], MAX_FRAME);
  }
}

/** @throws ProtocolError `MALFORMED` */
export function decodeAnswer(frame: Uint8Array): StoreAnswer {
  const reader = new FrameReader(frame, MAX_FRAME);
  const items = reader.array(3, 4);
  const tag = reader.uint(255);
  if (items !== (tag === Tag.refused ? 4 : 3)) throw malformed(`an answer of ${items} items`);
  const id = reader.uint(MAX_REQUEST_ID);
  const answer = readAnswer(reader, tag, id);
  reader.end();
  return answer;
}

function readAnswer(reader: FrameReader, tag: number, id: number): StoreAnswer {
  switch (tag) {
    case Tag.object:
      return { kind: "object", id, bytes: reader.bytes(1, MAX_INLINE) };
    case Tag.held:
      return { kind: "held", id, bitmap: reader.bytes(1, MAX_HAS / 8) };
    case Tag.heads: {
      const count = reader.array(1, MAX_HEADS);
      const versions = Array.from({ length: count }, () =>
        Array.from({ length: reader.array(0, 2) }, () => reader.bytes(1, MAX_INLINE)),
      );
      return { kind: "heads", id, versions };
    }
    case Tag.refused: {
      // A code of a later version still means no.
      const code = REFUSALS.get(reader.uint(255)) ?? "REMOTE_FAULT";
      return { kind: "refused", id, code, retryAfter: reader.uint(MAX_RETRY_AFTER) };
    }
    default:
      throw malformed(`an answer of type ${tag}`);
  }
}
