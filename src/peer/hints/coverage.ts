import { decodeNodeId, toHex, type NodeKey } from "../../wire/index.ts";
import type { FeedSpec } from "../api.ts";

export interface CoverageContext {
  readonly self: NodeKey;
  readonly following: readonly NodeKey[];
  /** Scope key. */
  readonly home: string;
}

/**
 * Which of the subscriptions, named as `targetKey` names them, a feed is made of: something told by those belongs to it. What
 * was told by a broader one may belong to it as well; that is known once it is fetched.
 * @throws WireError `NODE_ID_INVALID`
 */
export function coverageOf(feed: FeedSpec, context: CoverageContext): (targets: readonly string[]) => boolean {
  switch (feed.kind) {
    case "home": {
      const people = keysOf([context.self, ...context.following]);
      return (targets) => targets.some((target) => people.has(target) || isWithin(target, context.home, "prefix"));
    }
    case "people": {
      const people = keysOf(context.following);
      return (targets) => targets.some((target) => people.has(target));
    }
    case "author": {
      const author = `n:${toHex(decodeNodeId(feed.author))}`;
      return (targets) => targets.includes(author);
    }
    case "scope":
      return (targets) => targets.some((target) => isWithin(target, feed.scope, feed.match));
    case "intersection": {
      const meets = (targets: readonly string[], of: typeof feed.places): boolean =>
        of.some(({ match, scope }) => targets.some((target) => isWithin(target, scope, match)));
      return (targets) => meets(targets, feed.places) && meets(targets, feed.topics);
    }
    case "curated":
    case "replies":
    case "trusted":
      return () => false;
  }
}

function keysOf(people: readonly NodeKey[]): ReadonlySet<string> {
  return new Set(people.map((key) => `n:${toHex(key)}`));
}

function isWithin(target: string, scope: string, match: "exact" | "prefix"): boolean {
  if (match === "exact") return target === `e:${scope}`;
  const named = target.slice(2);
  return (target.startsWith("e:") || target.startsWith("p:")) && (named === scope || named.startsWith(`${scope}/`));
}
