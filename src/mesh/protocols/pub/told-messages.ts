/** The frames of /mehr/pub/1 that tell of envelopes without bringing them, and those that bring versions of one object. */
import { LIMITS, type Hash } from "../../../wire/index.ts";
import type { FrameItem, FrameReader } from "../frame.ts";
import { malformed } from "../frame.ts";
import { MAX_FETCHED, MAX_MATCHES, MAX_SUBSCRIPTIONS, MAX_TOLD } from "./constants.ts";

const HASH_BYTES = 32;
const MAX_GENERATION = 0xffff_ffff;
const MAX_ID = 0xffff_ffff;
const MAX_HEADLINE_BYTES = LIMITS.headlineCharacters * 4;
/** The smallest envelope takes over 64 bytes. */
const MAX_ENVELOPES = MAX_FETCHED;

/** An envelope that the server holds. */
export interface Told {
  readonly hash: Hash;
  /** Which subscriptions cover it: their places in the set, ascending. */
  readonly at: readonly number[];
  /** As the server says; `null` where the envelope has none, and in hints. */
  readonly headline: string | null;
}

export interface ToldMessage {
  readonly kind: "told";
  readonly mode: "digest" | "pullhint";
  readonly generation: number;
  /** Of the subscriptions in this mode. */
  readonly cursor: number;
  readonly items: readonly Told[];
}

export interface FetchedMessage {
  readonly kind: "fetched";
  readonly id: number;
  readonly last: boolean;
  readonly envelopes: readonly Uint8Array[];
}

export interface VersionMessage {
  readonly kind: "version";
  readonly generation: number;
  /** Which subscription asked for it. */
  readonly at: number;
  readonly sequence: number;
  readonly bytes: Uint8Array;
}

export interface FetchMessage {
  readonly kind: "fetch";
  readonly id: number;
  readonly hashes: readonly Hash[];
}

export const ToldTag = { fetch: 4, digest: 133, hints: 134, fetched: 135, version: 136 } as const;

export function fetchItems({ id, hashes }: FetchMessage): FrameItem[] {
  return [ToldTag.fetch, id, hashes];
}

export function readFetch(reader: FrameReader): FetchMessage {
  const id = reader.uint(MAX_ID);
  const count = reader.array(1, MAX_FETCHED);
  const hashes = Array.from({ length: count }, () => reader.bytes(HASH_BYTES, HASH_BYTES));
  return { kind: "fetch", id, hashes };
}

export function toldItems(message: ToldMessage | FetchedMessage | VersionMessage): FrameItem[] {
  switch (message.kind) {
    case "told": {
      const digest = message.mode === "digest";
      const items = message.items.map(({ hash, at, headline }) => (digest ? [hash, at, headline] : [hash, at]));
      return [digest ? ToldTag.digest : ToldTag.hints, message.generation, message.cursor, items];
    }
    case "fetched":
      return [ToldTag.fetched, message.id, message.last, message.envelopes];
    case "version":
      return [ToldTag.version, message.generation, message.at, message.sequence, message.bytes];
  }
}

/** @param tag one of digest and hints */
export function readTold(reader: FrameReader, tag: number): ToldMessage {
  const mode = tag === ToldTag.digest ? "digest" : "pullhint";
  const generation = reader.uint(MAX_GENERATION);
  const cursor = reader.uint();
  const count = reader.array(1, MAX_TOLD);
  const items = Array.from({ length: count }, (): Told => {
    reader.array(mode === "digest" ? 3 : 2, mode === "digest" ? 3 : 2);
    const hash = reader.bytes(HASH_BYTES, HASH_BYTES);
    return { hash, at: readPlaces(reader), headline: mode === "digest" ? readHeadline(reader) : null };
  });
  return { kind: "told", mode, generation, cursor, items };
}

export function readFetched(reader: FrameReader): FetchedMessage {
  const id = reader.uint(MAX_ID);
  const last = reader.boolean();
  const count = reader.array(0, MAX_ENVELOPES);
  const envelopes = Array.from({ length: count }, () => reader.bytes(1, LIMITS.promotedBytes));
  return { kind: "fetched", id, last, envelopes };
}

export function readVersion(reader: FrameReader): VersionMessage {
  const generation = reader.uint(MAX_GENERATION);
  const at = reader.uint(MAX_SUBSCRIPTIONS - 1);
  return { kind: "version", generation, at, sequence: reader.uint(), bytes: reader.bytes(1, LIMITS.objectBytes) };
}

function readPlaces(reader: FrameReader): number[] {
  const count = reader.array(1, MAX_MATCHES);
  const places = Array.from({ length: count }, () => reader.uint(MAX_SUBSCRIPTIONS - 1));
  for (const [index, place] of places.entries()) {
    if (index > 0 && place <= (places[index - 1] as number)) throw malformed("places in the set that do not ascend");
  }
  return places;
}

function readHeadline(reader: FrameReader): string | null {
  if (reader.isNull()) return null;
  const headline = reader.text(MAX_HEADLINE_BYTES);
  if (headline === "") throw malformed("an empty headline");
  return headline;
}
