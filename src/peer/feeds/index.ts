/**
 * The feeds that a person keeps: which, in which order and how they are subscribed to, up to where each was read, and what
 * is held of those that others curate. What a feed shows is social's (src/social/feeds.ts), its rows are the store's.
 */
import type { Clock } from "../../mesh/protocols/index.ts";
import type { Store } from "../../store/port.ts";
import { CuratedBook } from "./curated-book.ts";
import { CuratedVisits } from "./curated-visits.ts";
import { HeldFeeds } from "./held-feeds.ts";
import { ReadPositions } from "./read-positions.ts";
import { SavedFeeds } from "./saved-feeds.ts";

export type * from "./api.ts";
export { CuratedBook, standingFor, type CuratedRow } from "./curated-book.ts";
export { CuratedUpdates } from "./curated-updates.ts";
export type { HeldFeeds } from "./held-feeds.ts";
export type { KnownCurated } from "./known-curated.ts";
export { filtersOf, parseFeed } from "./input.ts";
export { FeedReading, type FeedSources } from "./reading.ts";
export { FEEDS_KEY, HOME_ID, MAX_FEEDS, type SavedFeed } from "./saved-feeds.ts";
export { channelsOf, curatedOf, subscriptionsOf, versionsOf, wantedOf, type Reading } from "./subscriptions.ts";
export { feedView, feedViews } from "./views.ts";

/** What of feeds is the person's own. */
export interface Feeds {
  readonly saved: SavedFeeds;
  readonly read: ReadPositions;
  readonly curated: CuratedBook;
  /** Curated feeds that are open. */
  readonly visits: CuratedVisits;
  /** Curated feeds that are stored. */
  readonly held: HeldFeeds;
}

/** @param topics scope keys of topics that were chosen before there were feeds to keep */
export async function openFeeds(
  store: Store,
  clock: Clock,
  topics: readonly string[],
  log: (context: string, error: unknown) => void,
): Promise<Feeds> {
  const saved = await SavedFeeds.open(store, topics);
  const read = await ReadPositions.open(store, clock, log);
  read.keepOnly(new Set(saved.all().map(({ id }) => id)));
  return {
    saved,
    read,
    curated: new CuratedBook(store),
    visits: new CuratedVisits(),
    held: new HeldFeeds(store, log),
  };
}
