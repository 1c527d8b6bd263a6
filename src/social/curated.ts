import {
  createdTooFarAhead,
  decodeObject,
  equalBytes,
  hashOf,
  LIMITS,
  ObjectType,
  verifyEncoded,
  WireError,
  type CuratedFeed,
  type NodeKey,
  type WireErrorCode,
} from "../wire/index.ts";
import type { Version } from "./heads.ts";

/** A curated feed as it is asked for. */
export interface CuratedKey {
  readonly curator: NodeKey;
  readonly name: string;
}

export type CuratedRefusal =
  /** Another curator's, or under another name. */
  | "UNSOLICITED"
  /** By this clock it is from the future; which of the two clocks is wrong nobody knows. */
  | "FROM_THE_FUTURE"
  | "SIGNATURE_INVALID"
  | WireErrorCode;

export type CuratedVerdict =
  | { readonly kind: "version"; readonly version: Version; readonly feed: CuratedFeed }
  /** `misdeed`: nobody who follows the rules sends it. */
  | { readonly kind: "refused"; readonly code: CuratedRefusal; readonly misdeed: boolean };

/**
 * Decides about bytes that a neighbour gave for a curated feed: size, form, whether it is the one asked for, its date, and
 * last the signature, which is what costs.
 * @param now milliseconds since 1970 UTC
 */
export async function checkCurated(
  bytes: Uint8Array,
  { curator, name }: CuratedKey,
  now: number,
  verify: (feed: CuratedFeed, bytes: Uint8Array) => Promise<boolean> = verifyEncoded,
): Promise<CuratedVerdict> {
  if (bytes.length > LIMITS.objectBytes) return refused("TOO_LARGE");
  let feed;
  try {
    feed = decodeObject(bytes);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return refused(error.code);
  }
  if (feed.type !== "CuratedFeed") return refused("TYPE_UNEXPECTED");
  if (!equalBytes(feed.curator, curator) || feed.name !== name) return refused("UNSOLICITED");
  if (createdTooFarAhead(feed.updated, now)) return { kind: "refused", code: "FROM_THE_FUTURE", misdeed: false };
  if (!(await verify(feed, bytes))) return refused("SIGNATURE_INVALID");
  const { sequence } = feed;
  const version = { type: ObjectType.CuratedFeed, owner: curator, name, sequence, hash: hashOf(bytes), bytes };
  return { kind: "version", version, feed };
}

function refused(code: CuratedRefusal): CuratedVerdict {
  return { kind: "refused", code, misdeed: true };
}

/** When an entry was added, as far as it can be believed: not after the feed itself was signed. */
export function addedAt(feed: Pick<CuratedFeed, "updated">, entry: { readonly added: number }): number {
  return Math.min(entry.added, feed.updated);
}
