import type { PeerCore } from "../core.ts";
import type { FeedView } from "./api.ts";
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
