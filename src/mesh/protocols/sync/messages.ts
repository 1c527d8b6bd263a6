/**
 * The messages of /mehr/sync/1. The client asks, the server answers in the order of the questions.
 *
 * | from | frame | items |
 * | --- | --- | --- |
 * | client | open | `[1, salt, place or null, [[kind, target], ...]]`; kind 0 author (key), 1 place (scope key) |
 * | client | next | `[2, done]`: the next window; those numbered below `done` are finished with |
 * | client | ids | `[3, window]` |
 * | client | cells | `[4, window, count]`: so many more |
 * | client | want | `[5, window, first, bits]`: bit i, lowest first, for rank first + i |
 * | server | welcome | `[128, epoch, last arrival number, envelopes held of the targets]` |
 * | server | window | `[129, kind, number, count, place, first cell]` |
 * | server | end | `[130]`, instead of a window |
 * | server | ids | `[131, bytes]`: 8 each, or 32 (hashes) in a window of kind 1 |
 * | server | cells | `[132, bytes]`: 12 each |
 * | server | envelopes | `[133, last, [bytes, ...]]` |
 *
 * A place is `[created, hash]`, of an envelope in the order of feeds.
 */
import { scopeFromKey, scopeKey, WireError, type Hash, type Scope } from "../../../wire/index.ts";
import { encodeFrame, FrameReader, malformed } from "../frame.ts";
import { MAX_SCOPE_KEY_BYTES, MAX_SUBSCRIPTIONS } from "../pub/constants.ts";
import { CELL_BYTES, ID_BYTES, MAX_FRAME, MAX_ITEM_BYTES, MAX_ITEMS, MAX_WINDOW, SALT_BYTES } from "./constants.ts";
import type { SyncTarget } from "./targets.ts";

const Tag = {
  open: 1,
  next: 2,
  ids: 3,
  cells: 4,
  want: 5,
  welcome: 128,
  window: 129,
  end: 130,
  idList: 131,
  cellList: 132,
  envelopes: 133,
} as const;

const HASH_BYTES = 32;
const EPOCH_BYTES = 8;
/** Windows of one stream: at 2,048 envelopes each more than any store numbers. */
const MAX_NUMBER = 0xffff_ffff;

/** In the order of feeds (newest first, by `created`, then hash); a window ends with the envelope that stands here. */
export interface Place {
  readonly created: number;
  readonly hash: Hash;
}

export type SyncQuestion =
  | {
      readonly kind: "open";
      readonly salt: Uint8Array;
      /** Only what is older than this. */
      readonly before: Place | null;
      readonly targets: readonly SyncTarget[];
    }
  | { readonly kind: "next"; readonly done: number }
  | { readonly kind: "ids"; readonly window: number }
  | { readonly kind: "cells"; readonly window: number; readonly count: number }
  | { readonly kind: "want"; readonly window: number; readonly first: number; readonly bits: Uint8Array };

export interface WindowHead {
  readonly kind: "window";
  /** `besides`: held by evidence, or for where it was heard; the client cannot reckon which those are. */
  readonly of: "start" | "besides";
  readonly number: number;
  readonly count: number;
  readonly end: Place;
  /** Of the cells of this window. */
  readonly sum: Uint8Array;
}

export type SyncAnswer =
  | { readonly kind: "welcome"; readonly epoch: Uint8Array; readonly lastSeq: number; readonly held: number }
  | WindowHead
  | { readonly kind: "end" }
  | { readonly kind: "ids"; readonly bytes: Uint8Array }
  | { readonly kind: "cells"; readonly bytes: Uint8Array }
  | { readonly kind: "envelopes"; readonly last: boolean; readonly items: readonly Uint8Array[] };

export function encodeQuestion(question: SyncQuestion): Uint8Array {
  switch (question.kind) {
    case "open": {
      const targets = question.targets.map((target) =>
        target.kind === "node" ? [0, target.key] : [1, scopeKey(target.scope)],
      );
      return encodeFrame([Tag.open, question.salt, placeItem(question.before), targets], MAX_FRAME);
    }
    case "next":
      return encodeFrame([Tag.next, question.done], MAX_FRAME);
    case "ids":
      return encodeFrame([Tag.ids, question.window], MAX_FRAME);
    case "cells":
      return encodeFrame([Tag.cells, question.window, question.count], MAX_FRAME);
    case "want":
      return encodeFrame([Tag.want, question.window, question.first, question.bits], MAX_FRAME);
  }
}

/** @throws ProtocolError `MALFORMED` */
export function decodeQuestion(frame: Uint8Array): SyncQuestion {
  const reader = new FrameReader(frame, MAX_FRAME);
  const items = reader.array(2, 4);
  const question = readQuestion(reader, reader.uint(255), items);
  reader.end();
  return question;
}

function readQuestion(reader: FrameReader, tag: number, items: number): SyncQuestion {
  switch (`${tag}/${items}`) {
    case `${Tag.open}/4`: {
      const salt = reader.bytes(SALT_BYTES, SALT_BYTES);
      const before = reader.isNull() ? null : readPlace(reader);
      const count = reader.array(1, MAX_SUBSCRIPTIONS);
      return { kind: "open", salt, before, targets: Array.from({ length: count }, () => readTarget(reader)) };
    }
    case `${Tag.next}/2`:
      return { kind: "next", done: reader.uint(MAX_NUMBER) };
    case `${Tag.ids}/2`:
      return { kind: "ids", window: reader.uint(MAX_NUMBER) };
    case `${Tag.cells}/3`:
      return { kind: "cells", window: reader.uint(MAX_NUMBER), count: reader.uint(MAX_WINDOW) };
    case `${Tag.want}/4`: {
      const window = reader.uint(MAX_NUMBER);
      const first = reader.uint(MAX_WINDOW - 1);
      return { kind: "want", window, first, bits: reader.bytes(1, MAX_WINDOW / 8) };
    }
    default:
      throw malformed(`question ${tag} of ${items} items`);
  }
}

function readTarget(reader: FrameReader): SyncTarget {
  reader.array(2, 2);
  if (reader.uint(1) === 0) return { kind: "node", key: reader.bytes(HASH_BYTES, HASH_BYTES) };
  return { kind: "scope", scope: readPlaceScope(reader), match: "exact" };
}

function readPlaceScope(reader: FrameReader): Scope {
  const text = reader.text(MAX_SCOPE_KEY_BYTES);
  try {
    const scope = scopeFromKey(text);
    if (scope.kind === "geo") return scope;
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw malformed("a scope in no normal form", error);
  }
  throw malformed("a topic where a place belongs");
}

function placeItem(place: Place | null): (number | Hash)[] | null {
  return place === null ? null : [place.created, place.hash];
}

function readPlace(reader: FrameReader): Place {
  reader.array(2, 2);
  return { created: reader.uint(), hash: reader.bytes(HASH_BYTES, HASH_BYTES) };
}

export function encodeAnswer(answer: SyncAnswer): Uint8Array {
  switch (answer.kind) {
    case "welcome":
      return encodeFrame([Tag.welcome, answer.epoch, answer.lastSeq, answer.held], MAX_FRAME);
    case "window": {
      const kind = answer.of === "start" ? 0 : 1;
      return encodeFrame([Tag.window, kind, answer.number, answer.count, placeItem(answer.end), answer.sum], MAX_FRAME);
    }
    case "end":
      return encodeFrame([Tag.end], MAX_FRAME);
    case "ids":
      return encodeFrame([Tag.idList, answer.bytes], MAX_FRAME);
    case "cells":
      return encodeFrame([Tag.cellList, answer.bytes], MAX_FRAME);
    case "envelopes":
      return encodeFrame([Tag.envelopes, answer.last, answer.items], MAX_FRAME);
  }
}

/** @throws ProtocolError `MALFORMED` */
export function decodeAnswer(frame: Uint8Array): SyncAnswer {
  const reader = new FrameReader(frame, MAX_FRAME);
  const items = reader.array(1, 6);
  const answer = readAnswer(reader, reader.uint(255), items);
  reader.end();
  return answer;
}

function readAnswer(reader: FrameReader, tag: number, items: number): SyncAnswer {
  switch (`${tag}/${items}`) {
    case `${Tag.welcome}/4`: {
      const epoch = reader.bytes(EPOCH_BYTES, EPOCH_BYTES);
      return { kind: "welcome", epoch, lastSeq: reader.uint(), held: reader.uint() };
    }
    case `${Tag.window}/6`: {
      const of = reader.uint(1) === 0 ? "start" : "besides";
      const number = reader.uint(MAX_NUMBER);
      const count = reader.uint(MAX_WINDOW);
      if (count === 0) throw malformed("a window of nothing");
      const end = readPlace(reader);
      return { kind: "window", of, number, count, end, sum: reader.bytes(CELL_BYTES, CELL_BYTES) };
    }
    case `${Tag.end}/1`:
      return { kind: "end" };
    case `${Tag.idList}/2`:
      return { kind: "ids", bytes: wholes(reader.bytes(1, MAX_WINDOW * HASH_BYTES), ID_BYTES) };
    case `${Tag.cellList}/2`:
      return { kind: "cells", bytes: wholes(reader.bytes(1, MAX_WINDOW * CELL_BYTES), CELL_BYTES) };
    case `${Tag.envelopes}/3`: {
      const last = reader.boolean();
      const count = reader.array(0, MAX_ITEMS);
      return { kind: "envelopes", last, items: Array.from({ length: count }, () => reader.bytes(1, MAX_ITEM_BYTES)) };
    }
    default:
      throw malformed(`answer ${tag} of ${items} items`);
  }
}

function wholes(bytes: Uint8Array, size: number): Uint8Array {
  if (bytes.length % size !== 0) throw malformed(`${bytes.length} bytes in parts of ${size}`);
  return bytes;
}
