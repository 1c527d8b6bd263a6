/**
 * The messages of /mehr/pub/1, on one long-lived stream for each subscriber.
 *
 * | from | frame | items |
 * | --- | --- | --- |
 * | client | subscribe | `[1, generation, epoch or null, [[kind, target, mode, since], ...]]`; kind 0 node (key), 1 scope exact, 2 scope prefix (key text), 3 trusted (null), 4 key (type, owner, name) |
 * | client | want | `[2, more, [hash, ...]]`, out of the oldest `have` that is not finished; `more` false finishes it |
 * | client | credit | `[3, count]`: so many more may be pushed |
 * | client | fetch | `[4, id, [hash, ...]]`: envelopes that a digest or hints told of |
 * | server | welcome | `[128, generation, epoch]`, the answer to `subscribe` |
 * | server | have | `[129, generation, cursor, [hash, ...]]`; where some of topics alone started at a place that was asked for, a fifth item `[[place in the set, [place in the list, ...]], ...]`, both ascending |
 * | server | envelopes | `[130, last, [bytes, ...]]`, the answer to a `want` with hashes; what is no longer held is left out |
 * | server | caught up | `[131, generation, cursor]` |
 * | server | push | `[132, generation, cursor, bytes]` |
 * | server | digest | `[133, generation, cursor, [[hash, [place in the set, ...], headline or null], ...]]` |
 * | server | hints | `[134, generation, cursor, [[hash, [place in the set, ...]], ...]]` |
 * | server | fetched | `[135, id, last, [bytes, ...]]`, the answer to a `fetch` |
 * | server | version | `[136, generation, place in the set, sequence, bytes]`, of a mutable object |
 * | server | refused | `[255, generation, code]`; the set that was in force stays |
 *
 * A cursor is an arrival number of the server's store: everything up to it that matches has been announced by then.
 */
import {
  LIMITS,
  scopeFromKey,
  scopeKey,
  WireError,
  type Hash,
  type NodeKey,
  type ObjectTypeNumber,
  type Scope,
} from "../../../wire/index.ts";
import { encodeFrame, FrameReader, malformed, type FrameItem } from "../frame.ts";
import {
  MAX_ENVELOPE_BYTES,
  MAX_FRAME,
  MAX_HASHES,
  MAX_NAME_BYTES,
  MAX_SCOPE_KEY_BYTES,
  MAX_SUBSCRIPTIONS,
  PUSH_CREDIT,
} from "./constants.ts";
import {
  fetchItems,
  readFetch,
  readFetched,
  readTold,
  readVersion,
  toldItems,
  ToldTag,
  type FetchedMessage,
  type FetchMessage,
  type ToldMessage,
  type VersionMessage,
} from "./told-messages.ts";
import { readStarts, startItems, type Starts } from "./starts.ts";
import { MUTABLE_TYPES, type Mode, type Target } from "./subscription.ts";

const Tag = {
  subscribe: 1,
  want: 2,
  credit: 3,
  welcome: 128,
  have: 129,
  envelopes: 130,
  caughtUp: 131,
  push: 132,
  refused: 255,
} as const;

const MODES: readonly Mode[] = ["push", "digest", "pullhint"];
const HASH_BYTES = 32;
const KEY_BYTES = 32;
const EPOCH_BYTES = 8;
const MAX_GENERATION = 0xffff_ffff;
/** The smallest envelope takes over 100 bytes, so no frame holds more than this. */
const MAX_ENVELOPES = MAX_ENVELOPE_BYTES / 64;

export interface RequestedSubscription {
  readonly target: Target;
  /** `unknown` for a mode of a later version. */
  readonly mode: Mode | "unknown";
  /** The cursor from which to continue, 0 for the beginning. */
  readonly since: number;
}

export type ClientMessage =
  | {
      readonly kind: "subscribe";
      readonly generation: number;
      readonly epoch: Uint8Array | null;
      readonly subscriptions: readonly RequestedSubscription[];
    }
  | { readonly kind: "want"; readonly more: boolean; readonly hashes: readonly Hash[] }
  | { readonly kind: "credit"; readonly count: number }
  | FetchMessage;

export const PubRefusal = { UNSUPPORTED_MODE: 1 } as const;
export type PubRefusalCode = keyof typeof PubRefusal | "UNKNOWN";

export interface HaveMessage {
  readonly kind: "have";
  readonly generation: number;
  readonly cursor: number;
  readonly hashes: readonly Hash[];
  /** Never empty. */
  readonly starts?: readonly Starts[];
}

export type ServerMessage =
  | { readonly kind: "welcome"; readonly generation: number; readonly epoch: Uint8Array }
  | HaveMessage
  | { readonly kind: "envelopes"; readonly last: boolean; readonly envelopes: readonly Uint8Array[] }
  | { readonly kind: "caughtUp"; readonly generation: number; readonly cursor: number }
  | { readonly kind: "push"; readonly generation: number; readonly cursor: number; readonly bytes: Uint8Array }
  | { readonly kind: "refused"; readonly generation: number; readonly code: PubRefusalCode }
  | ToldMessage
  | FetchedMessage
  | VersionMessage;

/** @throws ProtocolError `LIMIT` when there are more subscriptions than a frame takes */
export function encodeClientMessage(message: ClientMessage): Uint8Array {
  switch (message.kind) {
    case "subscribe":
      return encodeFrame(
        [Tag.subscribe, message.generation, message.epoch, message.subscriptions.map(subscriptionItem)],
        MAX_FRAME,
      );
    case "want":
      return encodeFrame([Tag.want, message.more, message.hashes], MAX_FRAME);
    case "credit":
      return encodeFrame([Tag.credit, message.count], MAX_FRAME);
    case "fetch":
      return encodeFrame(fetchItems(message), MAX_FRAME);
  }
}

/** @throws ProtocolError `MALFORMED` */
export function decodeClientMessage(frame: Uint8Array): ClientMessage {
  const reader = new FrameReader(frame, MAX_FRAME);
  const items = reader.array(2, 4);
  const message = readClientMessage(reader, reader.uint(255), items);
  reader.end();
  return message;
}

function readClientMessage(reader: FrameReader, tag: number, items: number): ClientMessage {
  if (tag === Tag.subscribe && items === 4) {
    const generation = reader.uint(MAX_GENERATION);
    const epoch = reader.isNull() ? null : reader.bytes(EPOCH_BYTES, EPOCH_BYTES);
    const count = reader.array(0, MAX_SUBSCRIPTIONS);
    const subscriptions = Array.from({ length: count }, () => readSubscription(reader));
    return { kind: "subscribe", generation, epoch, subscriptions };
  }
  if (tag === Tag.want && items === 3) return { kind: "want", more: reader.boolean(), hashes: readHashes(reader, 0) };
  if (tag === ToldTag.fetch && items === 3) return readFetch(reader);
  if (tag === Tag.credit && items === 2) return { kind: "credit", count: reader.uint(PUSH_CREDIT) };
  throw malformed(`message ${tag} of ${items} items`);
}

function subscriptionItem(subscription: RequestedSubscription): FrameItem {
  const { target, since } = subscription;
  const mode = subscription.mode === "unknown" ? MODES.length : MODES.indexOf(subscription.mode);
  return [...targetItems(target), mode, since];
}

function targetItems(target: Target): [number, FrameItem] {
  switch (target.kind) {
    case "node":
      return [0, target.key];
    case "scope":
      return [target.match === "exact" ? 1 : 2, scopeKey(target.scope)];
    case "trusted":
      return [3, null];
    case "key":
      return [4, [target.type, target.owner, target.name]];
  }
}

function readSubscription(reader: FrameReader): RequestedSubscription {
  reader.array(4, 4);
  const target = readTarget(reader);
  const mode = MODES[reader.uint(255)] ?? "unknown";
  return { target, mode, since: reader.uint() };
}

function readTarget(reader: FrameReader): Target {
  const kind = reader.uint(4);
  if (kind === 0) return { kind: "node", key: reader.bytes(KEY_BYTES, KEY_BYTES) satisfies NodeKey };
  if (kind === 3) {
    if (!reader.isNull()) throw malformed("a target for trusted people that names something");
    return { kind: "trusted" };
  }
  if (kind === 4) return readKey(reader);
  return { kind: "scope", scope: readScope(reader), match: kind === 1 ? "exact" : "prefix" };
}

function readKey(reader: FrameReader): Target {
  reader.array(3, 3);
  const type = reader.uint(255);
  if (!MUTABLE_TYPES.has(type)) throw malformed(`versions of type ${type}`);
  const owner: NodeKey = reader.bytes(KEY_BYTES, KEY_BYTES);
  // One of the types that was just looked at.
  return { kind: "key", type: type as ObjectTypeNumber, owner, name: reader.text(MAX_NAME_BYTES) };
}

function readScope(reader: FrameReader): Scope {
  const text = reader.text(MAX_SCOPE_KEY_BYTES);
  try {
    return scopeFromKey(text);
  } catch (error) {
    if (error instanceof WireError) throw malformed("a scope in no normal form", error);
    throw error;
  }
}

function readHashes(reader: FrameReader, min: number): Hash[] {
  const count = reader.array(min, MAX_HASHES);
  return Array.from({ length: count }, () => reader.bytes(HASH_BYTES, HASH_BYTES));
}

export function encodeServerMessage(message: ServerMessage): Uint8Array {
  switch (message.kind) {
    case "welcome":
      return encodeFrame([Tag.welcome, message.generation, message.epoch], MAX_FRAME);
    case "have":
      return encodeFrame(haveItems(message), MAX_FRAME);
    case "envelopes":
      return encodeFrame([Tag.envelopes, message.last, message.envelopes], MAX_FRAME);
    case "caughtUp":
      return encodeFrame([Tag.caughtUp, message.generation, message.cursor], MAX_FRAME);
    case "push":
      return encodeFrame([Tag.push, message.generation, message.cursor, message.bytes], MAX_FRAME);
    case "refused": {
      const code = message.code === "UNKNOWN" ? 0 : PubRefusal[message.code];
      return encodeFrame([Tag.refused, message.generation, code], MAX_FRAME);
    }
    case "told":
    case "fetched":
    case "version":
      return encodeFrame(toldItems(message), MAX_FRAME);
  }
}

function haveItems({ cursor, generation, hashes, starts }: HaveMessage): FrameItem[] {
  const items = [Tag.have, generation, cursor, hashes];
  return starts === undefined ? items : [...items, startItems(starts)];
}

/** @throws ProtocolError `MALFORMED` */
export function decodeServerMessage(frame: Uint8Array): ServerMessage {
  const reader = new FrameReader(frame, MAX_FRAME);
  const items = reader.array(3, 5);
  const tag = reader.uint(255);
  const message = readServerMessage(reader, tag, items);
  reader.end();
  return message;
}

function readServerMessage(reader: FrameReader, tag: number, items: number): ServerMessage {
  if (items === 3) return readShortMessage(reader, tag);
  if (items === 4) return readLongMessage(reader, tag);
  if (tag === ToldTag.version) return readVersion(reader);
  if (tag === Tag.have) {
    const have = readHave(reader);
    return { ...have, starts: readStarts(reader, have.hashes.length) };
  }
  throw malformed(`message ${tag} of ${items} items`);
}

function readShortMessage(reader: FrameReader, tag: number): ServerMessage {
  switch (tag) {
    case Tag.welcome:
      return {
        kind: "welcome",
        generation: reader.uint(MAX_GENERATION),
        epoch: reader.bytes(EPOCH_BYTES, EPOCH_BYTES),
      };
    case Tag.envelopes: {
      const last = reader.boolean();
      const count = reader.array(0, MAX_ENVELOPES);
      const envelopes = Array.from({ length: count }, () => reader.bytes(1, LIMITS.promotedBytes));
      return { kind: "envelopes", last, envelopes };
    }
    case Tag.caughtUp:
      return { kind: "caughtUp", generation: reader.uint(MAX_GENERATION), cursor: reader.uint() };
    case Tag.refused: {
      const generation = reader.uint(MAX_GENERATION);
      const code = reader.uint(255) === PubRefusal.UNSUPPORTED_MODE ? "UNSUPPORTED_MODE" : "UNKNOWN";
      return { kind: "refused", generation, code };
    }
    default:
      throw malformed(`message ${tag} of 3 items`);
  }
}

function readLongMessage(reader: FrameReader, tag: number): ServerMessage {
  if (tag === ToldTag.fetched) return readFetched(reader);
  if (tag === ToldTag.digest || tag === ToldTag.hints) return readTold(reader, tag);
  if (tag === Tag.have) return readHave(reader);
  if (tag !== Tag.push) throw malformed(`message ${tag} of 4 items`);
  const generation = reader.uint(MAX_GENERATION);
  const cursor = reader.uint();
  return { kind: "push", generation, cursor, bytes: reader.bytes(1, LIMITS.promotedBytes) };
}

function readHave(reader: FrameReader): HaveMessage {
  const generation = reader.uint(MAX_GENERATION);
  const cursor = reader.uint();
  return { kind: "have", generation, cursor, hashes: readHashes(reader, 1) };
}
