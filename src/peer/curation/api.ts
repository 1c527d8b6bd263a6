/** The part of `PeerApi` about putting together what others follow, and about who has chosen a post. */
import type { HashText, NodeId, ScopeKey } from "../api.ts";
import type { AlikeView } from "../defence/api.ts";

/** A curated feed in short, as it stands in another one, on a profile or in a list. */
export interface CuratedCard {
  readonly curator: NodeId;
  /** From the profile; `null` until one was received. */
  readonly curatorName: string | null;
  /** Somebody of whom this person knows, whose name looks like that of the curator. */
  readonly curatorAlike: AlikeView | null;
  readonly name: string;
  readonly description: string | null;
  readonly scope: ScopeKey;
  readonly updated: number;
  /** Posts and feeds in it, on all pages that are here. */
  readonly count: number;
  /** Two versions with one sequence number were seen. */
  readonly forked: boolean;
  readonly own: boolean;
  /** Id of the kept feed that shows it; `null`: it is not kept. */
  readonly kept: string | null;
}

export interface CuratedEntryView {
  /** Of a post, or what stands for a curated feed. */
  readonly postHash: HashText;
  /** Milliseconds since 1970, as the curator says; never after the feed itself. */
  readonly added: number;
  readonly note: string | null;
  /** Where this is a curated feed, and that one is known here. */
  readonly feed: CuratedCard | null;
  /** Of a post, the one that the feed shows: the first that came here, muted or not, of those whose author is not blocked. */
  readonly envelope: HashText | null;
  /** Whether it can be shown: an envelope of the post, or the feed, is here. */
  readonly here: boolean;
}

/** An entry that is a curated feed of which something is known here. */
export interface HeldFeedView extends CuratedEntryView {
  readonly feed: CuratedCard;
}

/** An entry that only one of two versions has: the one that is shown (`here`), or the other (`there`). */
export interface CuratedForkEntry {
  readonly postHash: HashText;
  readonly only: "here" | "there";
  /** How the post begins, or the name of the feed; `null` for what is not held, or lies under a cover. */
  readonly title: string | null;
  /** Where it is a curated feed that is known here. */
  readonly feed: Pick<CuratedCard, "curator" | "name"> | null;
}

/** Where two versions of a feed with one number differ: somebody may show one to some and another to others. */
export interface CuratedForkView {
  /** Which page of the feed forks; 1 is the first. */
  readonly page: number;
  readonly updated: number;
  readonly description: string | null;
  /** Entries of the version that is not shown, and those that only one of the two has. */
  readonly count: number;
  readonly onlyThere: number;
  readonly onlyHere: number;
  /** The first of these, those that are not shown before the others: sixteen of each at most. */
  readonly differing: readonly CuratedForkEntry[];
  /** Until then no other version is taken. */
  readonly until: number;
}

/** A feed that somebody curates, as far as it is known here. */
export interface CuratedView {
  readonly curator: NodeId;
  readonly curatorName: string | null;
  /** See `CuratedCard`. */
  readonly curatorAlike: AlikeView | null;
  readonly name: string;
  readonly own: boolean;
  /** Id of the kept feed that shows it; `null`: it is not kept, and only here as long as it is open. */
  readonly kept: string | null;
  /** `here`: a version is held; `looking`: nobody was asked to the end yet; `missing`: nobody asked so far had it. */
  readonly state: "here" | "looking" | "missing";
  readonly description: string | null;
  readonly scope: ScopeKey | null;
  readonly kickbackRate: number;
  readonly updated: number | null;
  readonly sequence: number;
  /** Two versions with one sequence number were seen; for a day no other is taken. */
  readonly forked: boolean;
  readonly fork: CuratedForkView | null;
  /** The first ones, as the curator ordered them, without those of blocked authors' envelopes being left out. */
  readonly entries: readonly CuratedEntryView[];
  /** The feeds among all entries, wherever they stand, in the curator's order. */
  readonly feeds: readonly HeldFeedView[];
  /** Entries in all, on all pages that are here. */
  readonly count: number;
  /** Further pages that the feed names and that are not here in that version. */
  readonly missingPages: number;
  /** Posts of which an envelope is here and neither muted nor by somebody who is blocked. */
  readonly held: number;
}

/** A feed that this person curates. */
export interface OwnCuratedView extends CuratedCard {
  readonly kickbackRate: number;
  /** Of its first page; the numbers only ever rise. */
  readonly sequence: number;
  /** Whether the post that was asked about is in it. */
  readonly includes: boolean;
  /** What is noted there about that post. */
  readonly note: string | null;
}

/** Somebody who has chosen a post. */
export interface InclusionView {
  readonly curator: NodeId;
  readonly curatorName: string | null;
  /** Somebody of whom this person knows, whose name looks like the curator's. */
  readonly curatorAlike: AlikeView | null;
  readonly feed: string;
  readonly note: string | null;
  /** Milliseconds since 1970, as the curator says. */
  readonly added: number;
  readonly own: boolean;
  readonly trusted: boolean;
  readonly kept: string | null;
}

/** What somebody curates, as far as it is known here. */
export interface CuratedByView {
  /** `looking`: others are being asked; `looked`: they were; `offline`: nobody can be asked. */
  readonly state: "looking" | "looked" | "offline";
  readonly feeds: readonly CuratedCard[];
}

/** A feed to be made, or what is to change of one. */
export interface CuratedInput {
  /** 1 to 64 characters. It is the feed's address: under another name it is another feed. */
  readonly name: string;
  /** At most 500 characters. */
  readonly description?: string;
  /** What the feed covers. Default of a new one: the home place. */
  readonly scope?: ScopeKey;
  /** The curator's share of retrieval fees, of 255. Default of a new one: 0. */
  readonly kickbackRate?: number;
}

/** What is put into a feed: a post, named by its hash or that of an envelope of it, or another curated feed. */
export type Curated =
  | { readonly post: HashText; readonly curated?: never }
  | { readonly post?: never; readonly curated: { readonly curator: NodeId; readonly name: string } };

export type CurateInput = Curated & {
  /** Name of the own feed. */
  readonly feed: string;
  /** At most 280 characters. */
  readonly note?: string | null;
  /** Its place among all entries. Default: 0, the first; what is there already stays where it is. */
  readonly at?: number;
  /** When it was added, for one that was removed and comes back; never in the future. Default: now. */
  readonly added?: number;
};

export interface CurationApi {
  /**
   * Makes a curated feed, or changes what it says of itself.
   * @throws `CURATED_INVALID`, `SCOPE_INVALID`, `CURATED_FROZEN`, `CURATED_EXHAUSTED`, `HISTORY_PENDING`
   */
  saveCurated(feed: CuratedInput): Promise<OwnCuratedView>;
  /**
   * Puts a post or a curated feed into an own feed, or changes the note of one that is there.
   * @throws `CURATED_UNKNOWN`, `CURATED_INVALID`, `CURATED_FULL`, `CURATED_PRIVATE` for what is for trusted people only,
   *   `CURATED_HOLDS_ITSELF`, `NOT_FOUND` for a post of which no envelope is here, `HASH_INVALID`, `NODE_ID_INVALID`, and as
   *   `saveCurated`
   */
  curate(entry: CurateInput): Promise<void>;
  /**
   * Moves an entry to another place among all. One that is not there any more is passed over.
   * @throws `CURATED_UNKNOWN`, `CURATED_FULL`, `HASH_INVALID`, and as `saveCurated`
   */
  moveCurated(move: { readonly feed: string; readonly entry: HashText; readonly to: number }): Promise<void>;
  /** Takes an entry out. @throws `CURATED_UNKNOWN`, `HASH_INVALID`, and as `saveCurated` */
  uncurate(entry: { readonly feed: string; readonly entry: HashText }): Promise<void>;
  /**
   * Moves all entries to a feed of another name, with order and notes, and what it says of itself. The old one stays, holds
   * nothing but the new one, and so leads those there who follow it. Doing it again does nothing.
   * @throws `CURATED_UNKNOWN`, `CURATED_TAKEN` where there is an own feed of that name, `CURATED_INVALID`, and as `saveCurated`
   */
  renameCurated(feed: { readonly name: string; readonly to: string }): Promise<OwnCuratedView>;
  /**
   * Empties a feed for good: whoever follows it sees that nothing is in it. Saving one of that name begins it anew.
   * @throws as `saveCurated`
   */
  closeCurated(name: string): Promise<void>;
}

/** Live queries of this part. */
export interface CurationQueries {
  /** `limit`: entries that are described, by default 256. While it is open, the feed is looked for. */
  curated: { params: { curator: NodeId; name: string; limit?: number }; value: CuratedView };
  /** The feeds that this person curates, by name. `post`: says which of them have it. */
  ownCurated: { params: { post?: HashText }; rows: OwnCuratedView };
  /** What somebody curates. While it is open, others are asked for it. */
  curatedBy: { params: { curator: NodeId }; value: CuratedByView };
  /** Who has chosen a post, among the feeds that are kept here: named by the post's hash or that of an envelope of it. */
  inclusions: { params: { hash: HashText }; rows: InclusionView };
}
