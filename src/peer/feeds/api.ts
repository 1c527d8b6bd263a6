/** The part of `PeerApi` about feeds that a person keeps, and about the places and topics that were seen. */
import type { FeedFilters, FeedKind, ScopeMatch } from "../../social/index.ts";
import type { FeedSpec, HashText, ScopeKey } from "../api.ts";

export type { FeedFilters, FeedKind, ScopeMatch };

/** How a feed is subscribed to; `auto` goes by the links and by how much there is. */
export type FeedMode = "auto" | "push" | "digest" | "pullhint";

/** A feed that this person keeps. The first one is always home. */
export interface FeedView {
  /** Names it in calls; `home` for home. Made from what the feed shows, told to nobody. */
  readonly id: string;
  readonly kind: "home" | FeedKind;
  /** As the person named it; `null`: it is called after what it shows. */
  readonly name: string | null;
  readonly spec: FeedSpec;
  readonly mode: FeedMode;
  readonly filters: FeedFilters;
  /** Posts of others that came after the last one that was seen: exact up to 99, 100 for more. */
  readonly unread: number;
}

/** A feed to be kept, or what is to change of one. */
export interface FeedInput {
  /** Of one that is kept: changes it. Of one that was removed: brings it back under that id. */
  readonly id?: string;
  /** What it shows; may be left out where `id` is kept. */
  readonly spec?: FeedSpec;
  /** At most 64 characters; `null` or empty: called after what it shows. */
  readonly name?: string | null;
  readonly mode?: FeedMode;
  readonly filters?: FeedFilters;
  /** Its place among the kept feeds, 0 right behind home. Default: a new one goes to the end, others stay. */
  readonly at?: number;
}

export interface ScopeBranchView {
  readonly scope: ScopeKey;
  /** Posts held here of it and of all that is below it. */
  readonly count: number;
  /** Places or topics right below it. */
  readonly branches: number;
}

export interface FeedsApi {
  /**
   * Keeps a feed, or changes one that is kept. A feed that shows the same as one that is kept is that one.
   * @throws `FEED_INVALID`, `FEED_UNKNOWN`, `FEED_FIXED`, `FEEDS_FULL`, `SCOPE_INVALID`, `NODE_ID_INVALID`
   */
  saveFeed(feed: FeedInput): Promise<FeedView>;
  /** What it has brought stays; nobody is told. @throws `FEED_FIXED` for home */
  removeFeed(id: string): Promise<void>;
  /** The order of the kept feeds. Ids that are not kept are passed over; feeds that are not named go behind those that are. */
  orderFeeds(ids: readonly string[]): Promise<void>;
  /**
   * The person has seen this feed up to a row, without `at` all that is held. It only ever goes forward.
   * @throws `FEED_UNKNOWN`, `HASH_INVALID`
   */
  markRead(read: { readonly feed: string; readonly at?: { created: number; hash: HashText } }): Promise<void>;
  /**
   * Places or topics right below one, or the widest ones: most used first, then by name.
   * @throws `SCOPE_INVALID`
   */
  browseScopes(query: {
    readonly kind: "geo" | "topic";
    readonly within: ScopeKey | null;
    readonly limit: number;
    readonly skip?: number;
  }): Promise<readonly ScopeBranchView[]>;
}
