import { scopeFromKey, scopeKey } from "../../wire/index.ts";
import type { PeerApi } from "../api.ts";
import type { PeerCore } from "../core.ts";
import { PeerError } from "../errors.ts";
import { feedView, parseFeed } from "../feeds/index.ts";
import { hashFromText } from "../queries.ts";
import { boundedCount } from "../bounded-count.ts";

/** A screen of a tree shows twenty; scripts may want all that there are of a country. */
const MOST_BRANCHES = 1_000;

type FeedsCall = "saveFeed" | "removeFeed" | "orderFeeds" | "markRead" | "browseScopes";

export function feedsCalls(core: PeerCore): Pick<PeerApi, FeedsCall> {
  const { feeds, live, queries, store } = core;
  /** What is shown has changed; neighbours are asked for something else when `retune` is set. */
  const changed = (retune: boolean): void => {
    if (retune) core.exchange()?.retune();
    // Topics are among the settings, too.
    live.invalidate("feeds", "settings");
  };

  return {
    async saveFeed(given) {
      const change = parseFeed(given);
      const before = change.id === undefined ? undefined : feeds.saved.get(change.id);
      const isNew = before === undefined;
      const feed = await feeds.saved.save(change);
      if (isNew && feeds.read.of(feed.id) === undefined) {
        // Whoever begins to follow something has not missed what was there before.
        const newest = await queries.feeds.newest(feed.spec, feed.filters);
        if (newest !== null) feeds.read.mark(feed.id, newest);
      }
      changed(isNew || change.spec !== undefined || change.mode !== undefined);
      return await feedView(core, feed);
    },

    async removeFeed(id) {
      if (await feeds.saved.remove(id)) changed(true);
    },

    async orderFeeds(ids) {
      await feeds.saved.order(ids);
      // The first ones have channels, where there are more feeds than a peer may join.
      changed(true);
    },

    async markRead({ at, feed: id }) {
      const feed = feeds.saved.get(id);
      if (feed === undefined) throw new PeerError("FEED_UNKNOWN", "No such feed is kept.");
      const { filters, spec } = feed;
      const row = at === undefined ? null : { created: at.created, hash: hashFromText(at.hash) };
      const place = row === null ? null : await queries.feeds.place(spec, filters, row);
      const seen = place ?? (await queries.feeds.newest(spec, filters));
      if (seen !== null && feeds.read.mark(id, seen)) live.invalidate("feeds");
    },

    async browseScopes({ kind, limit, skip = 0, within }) {
      const scope = within === null ? null : scopeFromKey(within);
      const page = {
        kind,
        within: scope,
        skip: Math.max(0, Math.floor(skip)),
        limit: boundedCount(limit, MOST_BRANCHES),
      };
      return store.envelopes
        .branches(page)
        .map(({ branches, count, scope: below }) => ({ scope: scopeKey(below), count, branches }));
    },
  };
}
