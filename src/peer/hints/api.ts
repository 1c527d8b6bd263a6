/** The part of `PeerApi` about what neighbours hold for a feed and have not sent. */
import type { FeedSpec, HashText } from "../api.ts";

/** A post that a neighbour told of by its headline. */
export interface HintView {
  readonly hash: HashText;
  /** As the neighbour says; the post itself decides. `null`: it has none. */
  readonly headline: string | null;
  /** The muted word in the headline that covers it, as this person entered it; `null`: it is simply shown. */
  readonly muted: string | null;
  /** When it was first told of. */
  readonly told: number;
  /** Neighbours that told of it. */
  readonly by: number;
}

export interface HintsView {
  /** Those with headlines, the latest first: at most 50. Where a muted word hides one, it is not there, nor counted in `more`. */
  readonly headlines: readonly HintView[];
  /** How many more there are, known by their hash alone or beyond those above. */
  readonly more: number;
  /** How this feed is subscribed to: the thriftiest way among what it is made of. */
  readonly mode: "push" | "digest" | "pullhint";
  /** Why: as the feed says, as the setting `lowData` says, or by the links and by how much there is. */
  readonly by: "feed" | "setting" | "links";
}

export interface HintsApi {
  /**
   * Fetches posts of a feed that neighbours told of: these, or without `hashes` all of them but those that a
   * muted word in the headline hides. Resolves when those that could be
   * had are in the feed, with how many of the ones asked for are held now.
   * @throws `FEED_UNKNOWN`, `HASH_INVALID`, `OFFLINE`; the signal's reason
   */
  loadHints(query: {
    readonly feed: FeedSpec;
    readonly hashes?: readonly HashText[];
    readonly signal?: AbortSignal;
  }): Promise<{ readonly held: number; readonly missing: number }>;
}
