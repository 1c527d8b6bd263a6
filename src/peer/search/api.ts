/** The part of `PeerApi` that searches what is held here. */
import type { ContentKind } from "../../social/kinds/index.ts";
import type { AlikeView, EnvelopeView, HashText, NodeId, ScopeKey } from "../api.ts";

/** What is looked for; all that is given has to hold. Nothing given: everything. */
export interface SearchQuery {
  /** Words that all stand in headline, summary, descriptions of media, or the full text where it is held; the last one may be a beginning. Words in quotation marks stand one after another in one of these. */
  readonly text?: string;
  readonly author?: NodeId;
  /** This place or topic, and all within it. */
  readonly scope?: ScopeKey;
  readonly kind?: ContentKind;
  /** Written then or later, and then or earlier; milliseconds since 1970. */
  readonly since?: number;
  readonly until?: number;
}

/** How much of what is held can be found by its words now. */
export interface SearchIndexView {
  /** Whether all can be. */
  readonly ready: boolean;
  /** From 0 to 1. */
  readonly share: number;
}

/** Somebody whose profile is held, by a name. */
export interface NamedPerson {
  readonly id: NodeId;
  readonly name: string;
  readonly alike: AlikeView | null;
  /** Envelopes of theirs that are held. */
  readonly envelopes: number;
}

/** Something that is held and has a name. `key` tells it from all others. */
export type NamedView = { readonly key: string } & (
  | {
      readonly kind: "person";
      readonly id: NodeId;
      readonly name: string;
      /** Hash of the picture; `null`: there is none. */
      readonly avatar: HashText | null;
      readonly alike: AlikeView | null;
    }
  | {
      readonly kind: "feed";
      readonly curator: NodeId;
      readonly curatorName: string | null;
      readonly curatorAlike: AlikeView | null;
      readonly name: string;
    }
  /** With the envelopes that are held from there and from within. */
  | { readonly kind: "scope"; readonly scope: ScopeKey; readonly envelopes: number }
);

export interface SearchApi {
  /**
   * One page of what is held and has all that is asked for, newest first, older than `before`; boosts are left out. Nobody
   * else learns of it. Waits until everything that is held is indexed, which takes a few seconds the first time; the live
   * query of this name gives what is found until then.
   * @throws `SEARCH_INVALID`, `NODE_ID_INVALID`, `SCOPE_INVALID`
   */
  search(query: {
    query: SearchQuery;
    limit: number;
    before?: { created: number; hash: HashText };
  }): Promise<readonly EnvelopeView[]>;
  /** People whose name has a word that begins like each of these, those with most posts held first; behind them those whose name is spelt nearly so. */
  suggestPeople(query: { text: string; limit: number }): Promise<readonly NamedPerson[]>;
  /**
   * What could have been meant by words that stand nowhere: the same question, with words in their place that are held and
   * spelt nearly so; `null` where that finds nothing either. @throws `SEARCH_INVALID`, `NODE_ID_INVALID`, `SCOPE_INVALID`
   */
  respell(query: SearchQuery): Promise<string | null>;
}

/** The live queries of the search. */
export interface SearchLiveQueries {
  search: { params: { query: SearchQuery; limit?: number }; rows: EnvelopeView };
  /** People, curated feeds, places and topics by their names, best first, also where those are spelt nearly so. */
  named: { params: { text: string; limit?: number }; rows: NamedView };
  searchIndex: { params: Record<string, never>; value: SearchIndexView };
}
