/** The part of `PeerApi` that searches what is held here. */
import type { ContentKind } from "../../social/kinds/index.ts";
import type { EnvelopeView, HashText, NodeId, ScopeKey } from "../api.ts";

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
  /** Envelopes of theirs that are held. */
  readonly envelopes: number;
}

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
  /** People whose name has a word that begins like each of these, those with most posts held first. */
  suggestPeople(query: { text: string; limit: number }): Promise<readonly NamedPerson[]>;
}

/** The live queries of the search. */
export interface SearchLiveQueries {
  search: { params: { query: SearchQuery; limit?: number }; rows: EnvelopeView };
  searchIndex: { params: Record<string, never>; value: SearchIndexView };
}
