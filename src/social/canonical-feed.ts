import { decodeNodeId, encodeNodeId, parseScope, scopeKey, WireError, type Scope } from "../wire/index.ts";
import type { Feed, ScopeMatch } from "./feeds.ts";

/** Which of the five kinds a saved feed is of. */
export type FeedKind = "people" | "place" | "topic" | "intersection" | "curated";

/** Each is a subscription of its own at every neighbour, and a chip in the editor. */
export const MAX_INTERSECTED = 16;

/**
 * The one form of a feed that means the same: scopes in their normal form (two spellings of one place are one place), in
 * order and each once. A scope with all that is below it makes the same scope alone needless.
 * @throws WireError `NODE_ID_INVALID`, `SCOPE_INVALID`
 */
export function canonicalFeed(feed: Feed): Feed {
  switch (feed.kind) {
    case "author":
      return { kind: "author", author: canonicalId(feed.author) };
    case "scope":
      return { kind: "scope", ...canonicalMatch(feed) };
    case "intersection":
      return {
        kind: "intersection",
        places: canonicalList(feed.places, "geo"),
        topics: canonicalList(feed.topics, "topic"),
      };
    case "curated":
      return { kind: "curated", curator: canonicalId(feed.curator), name: feed.name };
    case "home":
    case "people":
    case "trusted":
    case "replies":
      return feed;
  }
}

/** The kind under which a feed can be saved; `null` for those that cannot: answers to a post, and home, which is there. */
export function savedKindOf(feed: Feed): FeedKind | null {
  switch (feed.kind) {
    case "people":
    case "trusted":
    case "author":
      return "people";
    case "scope":
      return feed.scope.startsWith("g:") ? "place" : "topic";
    case "intersection":
    case "curated":
      return feed.kind;
    case "home":
    case "replies":
      return null;
  }
}

function canonicalId(id: string): string {
  return encodeNodeId(decodeNodeId(id.trim()));
}

/** A scope as somebody typed its key, in its one form. @throws WireError `SCOPE_INVALID` */
export function canonicalScope(key: string): Scope {
  const kind = key.startsWith("g:") ? "geo" : key.startsWith("t:") ? "topic" : null;
  if (kind === null) throw new WireError("SCOPE_INVALID", "scope", "neither a place nor a topic");
  return parseScope(kind, key.slice(2));
}

function canonicalMatch({ match, scope }: ScopeMatch): ScopeMatch {
  return { scope: scopeKey(canonicalScope(scope)), match };
}

function canonicalList(given: readonly ScopeMatch[], kind: Scope["kind"]): ScopeMatch[] {
  const found = new Map<string, ScopeMatch>();
  for (const entry of given) {
    const scope = canonicalScope(entry.scope);
    if (scope.kind !== kind) throw new WireError("SCOPE_INVALID", "scope", `a ${kind} belongs here`);
    const key = scopeKey(scope);
    if (found.get(key)?.match !== "prefix") found.set(key, { scope: key, match: entry.match });
  }
  return [...found.values()].sort((a, b) => (a.scope < b.scope ? -1 : 1));
}
