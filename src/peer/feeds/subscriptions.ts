import type { Mode, Subscription, Target } from "../../mesh/protocols/index.ts";
import type { CuratedKey, ScopeMatch } from "../../social/index.ts";
import { channelOf, decodeNodeId, ObjectType, scopeFromKey, toHex, type NodeKey } from "../../wire/index.ts";
import type { FeedMode } from "./api.ts";
import type { SavedFeed } from "./saved-feeds.ts";

/** What a person reads. */
export interface Reading {
  readonly self: NodeKey;
  /** Scope key of the home place. */
  readonly home: string;
  readonly following: readonly NodeKey[];
  readonly feeds: readonly SavedFeed[];
}

/** Something to ask neighbours for, and how the person wants to have it. */
export interface Wanted {
  readonly target: Target;
  readonly mode: FeedMode;
}

/** As many as one `subscribe` of /mehr/pub/1 takes. Home, the own key and feeds come before people: those are fewest. */
const MAX_WANTED = 1_024;
/**
 * A relay registers 64 channels for a peer, and each takes links of its own. What has no channel still comes from
 * neighbours that are asked for it.
 */
const MAX_CHANNELS = 32;

/**
 * What is asked of neighbours so that all feeds fill: the home place, every place, topic and person that a feed shows, all
 * who are followed, and what this person wrote elsewhere or on a device that is lost. Each target once, in the mode of the
 * first feed that asks for it in a mode of its own.
 */
export function wantedOf({ feeds, following, home, self }: Reading): Wanted[] {
  const found = new Map<string, Wanted>();
  const want = (key: string, target: Target, mode: FeedMode): void => {
    if ((found.get(key)?.mode ?? "auto") === "auto") found.set(key, { target, mode });
  };
  const wantScope = ({ match, scope }: ScopeMatch, mode: FeedMode): void =>
    want(`${match} ${scope}`, { kind: "scope", scope: scopeFromKey(scope), match }, mode);
  const wantNode = (key: NodeKey, mode: FeedMode): void => want(toHex(key), { kind: "node", key }, mode);
  const modeOf = (kind: "home" | "people"): FeedMode => feeds.find(({ spec }) => spec.kind === kind)?.mode ?? "auto";

  wantScope({ scope: home, match: "exact" }, modeOf("home"));
  wantNode(self, "push");
  for (const { mode, spec } of feeds) {
    if (spec.kind === "scope") wantScope(spec, mode);
    else if (spec.kind === "author") wantNode(decodeNodeId(spec.author), mode);
    else if (spec.kind === "intersection") for (const scope of [...spec.places, ...spec.topics]) wantScope(scope, mode);
  }
  for (const key of following) wantNode(key, modeOf("people"));
  return [...found.values()].slice(0, MAX_WANTED);
}

/** The same as `/mehr/pub/1` knows it, with `modeOf` deciding where the person leaves it to this peer. */
export function subscriptionsOf(reading: Reading, modeOf: (target: Target, wish: FeedMode) => Mode): Subscription[] {
  return wantedOf(reading).map(({ mode, target }) => ({ target, mode: modeOf(target, mode) }));
}

/** Channels that these subscriptions join: of every scope that is pushed, the scope's own, the first ones first. */
export function channelsOf(subscriptions: readonly Subscription[]): string[] {
  const channels = new Set<string>();
  for (const { mode, target } of subscriptions) {
    if (target.kind === "scope" && mode === "push") channels.add(channelOf(target.scope));
  }
  return [...channels].slice(0, MAX_CHANNELS);
}

/** Curated feeds that are kept, as neighbours are asked for their new versions. */
export function versionsOf(feeds: readonly SavedFeed[]): Subscription[] {
  return curatedOf(feeds).map(({ curator, name }) => ({
    target: { kind: "key", type: ObjectType.CuratedFeed, owner: curator, name },
    mode: "push",
  }));
}

/** Curated feeds among those that are kept. */
export function curatedOf(feeds: readonly SavedFeed[]): CuratedKey[] {
  return feeds.flatMap(({ spec }) =>
    spec.kind === "curated" ? [{ curator: decodeNodeId(spec.curator), name: spec.name }] : [],
  );
}
