import { decodeNodeId, fromHex, scopeFromKey, type Hash, type NodeKey, type Scope } from "../wire/index.ts";

/** A feed as `PeerApi` names it: ids and keys in their text forms. */
export type Feed =
  | { readonly kind: "home" }
  | { readonly kind: "people" }
  | { readonly kind: "trusted" }
  | { readonly kind: "author"; readonly author: string }
  | { readonly kind: "scope"; readonly scope: string; readonly match: "exact" | "prefix" }
  /** What is at one of the places and has one of the topics. */
  | { readonly kind: "intersection"; readonly places: readonly ScopeMatch[]; readonly topics: readonly ScopeMatch[] }
  /** What somebody has chosen. Its rows come from the chosen posts, not from a filter. */
  | { readonly kind: "curated"; readonly curator: string; readonly name: string }
  | { readonly kind: "replies"; readonly to: string };

/** A scope alone, or with all that is below it. */
export interface ScopeMatch {
  readonly scope: string;
  readonly match: "exact" | "prefix";
}

/** What of a feed is left out; `true` shows it. */
export interface FeedFilters {
  readonly boosts: boolean;
  readonly replies: boolean;
}

export interface FeedContext {
  readonly self: NodeKey;
  readonly following: readonly NodeKey[];
  readonly home: Scope;
}

/** The part of the store's `EnvelopeFilter` that feeds are made of. */
export type FeedFilter =
  | { readonly kind: "authors"; readonly authors: readonly NodeKey[] }
  | { readonly kind: "scope"; readonly scope: Scope; readonly match: "exact" | "prefix" }
  | { readonly kind: "relation"; readonly relation: "reply"; readonly target: Hash }
  | { readonly kind: "unscoped" }
  | { readonly kind: "any"; readonly of: readonly FeedFilter[] }
  | { readonly kind: "every"; readonly of: readonly FeedFilter[] }
  | { readonly kind: "unrelated"; readonly of: FeedFilter; readonly relations: readonly ("reply" | "boost")[] };

/**
 * Which held envelopes a feed shows. Home is a place with everything inside it: what was posted in a neighbourhood and
 * reached the town belongs to the town.
 * @throws WireError `NODE_ID_INVALID`, `SCOPE_INVALID`, `HEX_INVALID`
 */
export function feedFilter(feed: Exclude<Feed, { kind: "curated" }>, context: FeedContext): FeedFilter {
  switch (feed.kind) {
    case "home": {
      const people: FeedFilter = { kind: "authors", authors: [context.self, ...context.following] };
      return { kind: "any", of: [people, { kind: "scope", scope: context.home, match: "prefix" }] };
    }
    case "people":
      return { kind: "authors", authors: context.following };
    case "trusted":
      return { kind: "unscoped" };
    case "author":
      return { kind: "authors", authors: [decodeNodeId(feed.author)] };
    case "scope":
      return scopeFilter(feed);
    case "intersection":
      return {
        kind: "every",
        of: [anyOf(feed.places), anyOf(feed.topics)],
      };
    case "replies":
      return { kind: "relation", relation: "reply", target: fromHex(feed.to) };
  }
}

function scopeFilter({ match, scope }: ScopeMatch): FeedFilter {
  return { kind: "scope", scope: scopeFromKey(scope), match };
}

function anyOf(scopes: readonly ScopeMatch[]): FeedFilter {
  return { kind: "any", of: scopes.map(scopeFilter) };
}

/** The rows of `filter` that the person wants to see of them. */
export function withFilters<Filter>(
  filter: Filter,
  { boosts, replies }: FeedFilters,
): Filter | { kind: "unrelated"; of: Filter; relations: ("reply" | "boost")[] } {
  const relations: ("reply" | "boost")[] = [];
  if (!replies) relations.push("reply");
  if (!boosts) relations.push("boost");
  return relations.length === 0 ? filter : { kind: "unrelated", of: filter, relations };
}
