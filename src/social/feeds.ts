import { decodeNodeId, fromHex, scopeFromKey, type Hash, type NodeKey, type Scope } from "../wire/index.ts";

/** A feed as `PeerApi` names it: ids and keys in their text forms. */
export type Feed =
  | { readonly kind: "home" }
  | { readonly kind: "people" }
  | { readonly kind: "author"; readonly author: string }
  | { readonly kind: "scope"; readonly scope: string; readonly match: "exact" | "prefix" }
  | { readonly kind: "replies"; readonly to: string };

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
  | { readonly kind: "any"; readonly of: readonly FeedFilter[] };

/**
 * Which held envelopes a feed shows. Home is a place with everything inside it: what was posted in a neighbourhood and
 * reached the town belongs to the town.
 * @throws WireError `NODE_ID_INVALID`, `SCOPE_INVALID`, `HEX_INVALID`
 */
export function feedFilter(feed: Feed, context: FeedContext): FeedFilter {
  switch (feed.kind) {
    case "home": {
      const people: FeedFilter = { kind: "authors", authors: [context.self, ...context.following] };
      return { kind: "any", of: [people, { kind: "scope", scope: context.home, match: "prefix" }] };
    }
    case "people":
      return { kind: "authors", authors: context.following };
    case "author":
      return { kind: "authors", authors: [decodeNodeId(feed.author)] };
    case "scope":
      return { kind: "scope", scope: scopeFromKey(feed.scope), match: feed.match };
    case "replies":
      return { kind: "relation", relation: "reply", target: fromHex(feed.to) };
  }
}
