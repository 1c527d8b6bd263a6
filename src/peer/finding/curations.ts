import { feedHash, type IntakeOptions } from "../../social/index.ts";
import {
  createdTooFarAhead,
  decodeObject,
  equalBytes,
  hashOf,
  toHex,
  WireError,
  type CuratedFeed,
  type Hash,
  type NodeKey,
  type WireErrorCode,
} from "../../wire/index.ts";

/** Feeds that one search gives, each of up to 64 KiB: nobody reads more notes about one post. */
const MAX_FEEDS = 32;

/** A curated feed that somebody else sent, as its curator signed it. */
export interface FoundFeed {
  readonly feed: CuratedFeed;
  readonly bytes: Uint8Array;
  readonly hash: Hash;
}

/** Why a feed is none that may be taken. */
export type FeedRefusal = WireErrorCode | "SIGNATURE_INVALID" | "UNSOLICITED";

/** Whether a feed has this post. */
export function hasPost(post: Hash): (feed: CuratedFeed) => boolean {
  return ({ entries }) => entries.some(({ postHash }) => equalBytes(postHash, post));
}

/** Whether a feed is by one of these curators, or one of these hashes stands for it. */
export function isNamedBy(targets: readonly (NodeKey | Hash)[]): (feed: CuratedFeed) => boolean {
  return ({ curator, name }) => {
    const hash = feedHash({ curator, name });
    return targets.some((target) => equalBytes(target, curator) || equalBytes(target, hash));
  };
}

/**
 * A curated feed that somebody else sent, or the code of what is wrong with it.
 * @param isAsked whether it is one of those that were asked for
 */
export async function checkedFeed(
  bytes: Uint8Array,
  isAsked: (feed: CuratedFeed) => boolean,
  verify: NonNullable<IntakeOptions["verify"]>,
): Promise<FoundFeed | FeedRefusal> {
  let object;
  try {
    object = decodeObject(bytes);
  } catch (error) {
    if (error instanceof WireError) return error.code;
    throw error;
  }
  if (object.type !== "CuratedFeed" || !isAsked(object)) return "UNSOLICITED";
  if (!(await verify(object, bytes))) return "SIGNATURE_INVALID";
  return { feed: object, bytes, hash: hashOf(bytes) };
}

/** Feeds from several peers, the newest version of each. */
export class FeedsFound {
  readonly #feeds = new Map<string, FoundFeed>();

  get full(): boolean {
    return this.#feeds.size >= MAX_FEEDS;
  }

  /** @param now one from the future counts for nothing: which of the two clocks is wrong nobody knows */
  add(found: FoundFeed, now: number): void {
    const { feed } = found;
    if (createdTooFarAhead(feed.updated, now)) return;
    const key = `${toHex(feed.curator)} ${feed.name}`;
    const known = this.#feeds.get(key);
    if (known === undefined ? this.full : known.feed.sequence >= feed.sequence) return;
    this.#feeds.set(key, found);
  }

  all(): FoundFeed[] {
    return [...this.#feeds.values()];
  }
}
