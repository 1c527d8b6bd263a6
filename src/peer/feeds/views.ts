import { scopeKey, decodeNodeId, encodeNodeId, toHex } from "../../wire/index.ts";
import type { PeerCore } from "../core.ts";
import type { CuratedView, FeedView } from "./api.ts";
import type { SavedFeed } from "./saved-feeds.ts";

/** Beyond this a person reads "more than 99". */
export const MOST_UNREAD = 100;

type FeedSources = Pick<PeerCore, "feeds" | "queries">;

/** The kept feeds with what is new in each. */
export async function feedViews(core: FeedSources): Promise<FeedView[]> {
  const views: FeedView[] = [];
  for (const feed of core.feeds.saved.all()) views.push(await feedView(core, feed));
  return views;
}

export async function feedView({ feeds, queries }: FeedSources, feed: SavedFeed): Promise<FeedView> {
  const unread = await queries.feeds.unread(feed.spec, feed.filters, feeds.read.of(feed.id), MOST_UNREAD);
  return { ...feed, unread };
}

/** @throws WireError `NODE_ID_INVALID` */
export async function curatedView(
  core: Pick<PeerCore, "blocks" | "exchange" | "feeds" | "profiles" | "queries">,
  { curator, name }: { readonly curator: string; readonly name: string },
): Promise<CuratedView> {
  const { blocks, feeds, profiles, queries } = core;
  const key = { curator: decodeNodeId(curator), name };
  const known = blocks.has(key.curator) ? null : await feeds.curated.get(key);
  const profile = blocks.has(key.curator) ? null : await profiles.get(key.curator);
  const head = {
    curator: encodeNodeId(key.curator),
    curatorName: profile?.profile.displayName ?? null,
    name,
  };
  if (known === null) {
    const state = core.exchange()?.curated.wasAsked(key) === true ? "missing" : "looking";
    const nothing = { description: null, scope: null, updated: null, sequence: 0, forked: false, entries: [], held: 0 };
    return { ...head, state, ...nothing };
  }
  const { feed, forked, sequence } = known;
  const rows = await queries.feeds.curatedRows(key, { boosts: true, replies: true });
  return {
    ...head,
    state: "here",
    description: feed.description === "" ? null : feed.description,
    scope: scopeKey(feed.scope),
    updated: feed.updated,
    sequence,
    forked,
    entries: feed.entries.map((entry) => ({
      postHash: toHex(entry.postHash),
      added: Math.min(entry.added, feed.updated),
      note: entry.note,
    })),
    held: rows.length,
  };
}
