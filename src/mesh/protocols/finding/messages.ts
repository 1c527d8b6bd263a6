/**
 * The messages of /mehr/index/1. The client asks, the server answers; a further question on the same stream asks for the
 * next page.
 *
 * | frame | items |
 * | --- | --- |
 * | ask | `[1, [relation, ...], [target, ...], cursor or null, [short hash, ...]]` |
 * | page | `[129, [object, ...], cursor of the next page or null]` |
 * | refused | `[255, code, retry after in ms]` |
 */
import { encodeFrame, FrameReader, malformed } from "../frame.ts";
import {
  MAX_CURSOR,
  MAX_FRAME,
  MAX_HELD,
  MAX_ITEMS,
  MAX_PAGE_BYTES,
  MAX_RELATIONS,
  MAX_SCOPE_KEY,
  MAX_TARGETS,
  SHORT_HASH,
} from "./constants.ts";

/** What an object has to do with the target. Numbers on the wire and in the keys of provider records. */
export const Relation = {
  reply: 1,
  boost: 2,
  reference: 3,
  post: 4,
  curation: 5,
  profile: 6,
  feed: 7,
  author: 8,
  scope: 9,
} as const;
export type RelationName = keyof typeof Relation;
/** Relations to a hash of which the answers are envelopes. */
export type EnvelopeRelation = "reply" | "boost" | "reference" | "post";

const NAMES = new Map<number, RelationName>(
  (Object.keys(Relation) as RelationName[]).map((name) => [Relation[name], name]),
);

export interface Question {
  /** Several at once only of those whose answers are envelopes. Numbers that this version does not know are left out. */
  readonly relations: readonly RelationName[];
  /** Hashes, or the key of the peer whose profile, curated feeds or envelopes are wanted, or the key of a scope in UTF-8. */
  readonly targets: readonly Uint8Array[];
  /** From the page before; `null` for the first. */
  readonly cursor: Uint8Array | null;
  /** The first bytes of the hashes of what need not be sent. */
  readonly held: readonly Uint8Array[];
}

const Tag = { ask: 1, page: 129, refused: 255 } as const;

/** On the wire as numbers; the text of an internal error never leaves a peer. */
const Refusal = { BUSY: 2, UNSUPPORTED: 4, REMOTE_FAULT: 5 } as const;
export type IndexRefusal = keyof typeof Refusal;
const REFUSALS = new Map<number, IndexRefusal>(
  (Object.keys(Refusal) as IndexRefusal[]).map((code) => [Refusal[code], code]),
);

export type IndexAnswer =
  | { readonly kind: "page"; readonly objects: readonly Uint8Array[]; readonly next: Uint8Array | null }
  | { readonly kind: "refused"; readonly code: IndexRefusal; readonly retryAfter: number };

const HASH_BYTES = 32;
/** An hour: whoever asks for more patience is not worth waiting for. */
const MAX_RETRY_AFTER = 3_600_000;

/** @throws ProtocolError `LIMIT` */
export function encodeQuestion({ cursor, held, relations, targets }: Question): Uint8Array {
  const numbers = relations.map((name) => Relation[name]);
  return encodeFrame([Tag.ask, numbers, [...targets], cursor, [...held]], MAX_FRAME);
}

/** @throws ProtocolError `MALFORMED` */
export function decodeQuestion(frame: Uint8Array): Question {
  const reader = new FrameReader(frame, MAX_FRAME);
  reader.array(5, 5);
  const tag = reader.uint(255);
  if (tag !== Tag.ask) throw malformed(`a question of type ${tag}`);
  const numbers = Array.from({ length: reader.array(1, MAX_RELATIONS) }, () => reader.uint(255));
  // Another number may stand beside it: then the question is none, whatever its targets are.
  const named = numbers.includes(Relation.scope) ? ([1, MAX_SCOPE_KEY] as const) : ([HASH_BYTES, HASH_BYTES] as const);
  const targets = list(reader, [1, MAX_TARGETS], named);
  const cursor = reader.isNull() ? null : reader.bytes(0, MAX_CURSOR);
  const held = list(reader, [0, MAX_HELD], [SHORT_HASH, SHORT_HASH]);
  reader.end();
  const relations = numbers.flatMap((number) => NAMES.get(number) ?? []);
  return { relations, targets, cursor, held };
}

/** @throws ProtocolError `LIMIT` */
export function encodeAnswer(answer: IndexAnswer): Uint8Array {
  if (answer.kind === "page") return encodeFrame([Tag.page, [...answer.objects], answer.next], MAX_FRAME);
  return encodeFrame([Tag.refused, Refusal[answer.code], answer.retryAfter], MAX_FRAME);
}

/** @throws ProtocolError `MALFORMED` */
export function decodeAnswer(frame: Uint8Array): IndexAnswer {
  const reader = new FrameReader(frame, MAX_FRAME);
  reader.array(3, 3);
  const answer = readAnswer(reader, reader.uint(255));
  reader.end();
  return answer;
}

function readAnswer(reader: FrameReader, tag: number): IndexAnswer {
  switch (tag) {
    case Tag.page: {
      const count = reader.array(0, MAX_ITEMS);
      // Copies: the frame would otherwise live as long as the smallest object in it.
      const objects = Array.from({ length: count }, () => reader.bytes(1, MAX_PAGE_BYTES).slice());
      return { kind: "page", objects, next: reader.isNull() ? null : reader.bytes(0, MAX_CURSOR).slice() };
    }
    case Tag.refused: {
      // A code of a later version still means no.
      const code = REFUSALS.get(reader.uint(255)) ?? "REMOTE_FAULT";
      return { kind: "refused", code, retryAfter: reader.uint(MAX_RETRY_AFTER) };
    }
    default:
      throw malformed(`an answer of type ${tag}`);
  }
}

type Range = readonly [least: number, most: number];

function list(reader: FrameReader, items: Range, bytes: Range): Uint8Array[] {
  return Array.from({ length: reader.array(...items) }, () => reader.bytes(...bytes).slice());
}
