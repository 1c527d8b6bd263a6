import type { LiveName, LiveQueries, LiveUpdate, Subscription } from "./api.ts";
import type { PeerCore } from "./core.ts";
import { curationWatches } from "./curation/watches.ts";
import { arrivalWatches } from "./arriving/index.ts";
import { boundedCount } from "./bounded-count.ts";
import { defenceWatches } from "./defence/index.ts";
import { deviceWatches } from "./devices/index.ts";
import { logQuery } from "./diagnostics/index.ts";
import { listDrafts } from "./drafts.ts";
import { PeerError } from "./errors.ts";
import { feedViews, filtersOf } from "./feeds/index.ts";
import { nodeKeyOf } from "./following.ts";
import { LIVE_KEYS } from "./live/index.ts";
import { networkOf, statusOf } from "./network.ts";
import { NOTICE_OPENERS } from "./notices/index.ts";
import { hashFromText } from "./queries.ts";
import { searchWatches } from "./search/index.ts";
import { threadWatches } from "./threads/index.ts";
import { trustedViews } from "./trust/index.ts";

/** What a change can be about. */
export type Topic =
  | "arrivals"
  | "blocked"
  | "curation"
  | "defence"
  | "device"
  | "drafts"
  | "envelopes"
  | "feeds"
  | "finding"
  | "following"
  | "hints"
  | "history"
  | "identity"
  | "log"
  | "network"
  | "notices"
  | "profiles"
  | "reach"
  | "search"
  | "settings"
  | "status"
  | "trusted";

/** A screen shows about ten cards; five screens are there before a person has scrolled one. */
const FEED_PAGE = 50;
const MAX_FEED_PAGE = 500;
const LOG_PAGE = 100;
/** More than the log ever holds. */
const MAX_LOG_PAGE = 1_000;

/** The parts of a peer that live queries are answered from. */
export type WatchSources = Pick<
  PeerCore,
  | "live"
  | "queries"
  | "store"
  | "identity"
  | "settings"
  | "network"
  | "findings"
  | "people"
  | "history"
  | "ring"
  | "trust"
  | "profiles"
  | "exchange"
  | "feeds"
  | "blocks"
  | "hints"
  | "reach"
  | "reaching"
  | "parts"
  | "views"
>;

/** Not those about the identities of the browser: `identities/` answers them, locked or not. */
type OwnLiveName = Exclude<LiveName, "lock" | "identities">;

type Opener<Name extends LiveName> = (
  sources: WatchSources,
  params: LiveQueries[Name]["params"],
  listener: (update: LiveUpdate<Name>) => void,
) => Promise<Subscription>;

const OPENERS: { readonly [Name in OwnLiveName]: Opener<Name> } = {
  ...NOTICE_OPENERS,
  ...curationWatches,
  ...searchWatches,
  ...threadWatches,
  ...defenceWatches,
  ...arrivalWatches,
  ...deviceWatches,
  feed({ live, queries }, { feed, filters: given, limit = FEED_PAGE }, listener) {
    // Refuses a feed that cannot be before anything is opened.
    queries.feeds.check(feed);
    const filters = filtersOf(given);
    const page = boundedCount(limit, MAX_FEED_PAGE);
    const evaluate = (count: number) => queries.feeds.page(feed, filters, count);
    // Views keep their identity while nothing about them changes, so comparing them costs nothing.
    const equal = Object.is;
    return live.rows({ topics: ["envelopes"], page, key: LIVE_KEYS.feed, equal, evaluate }, listener);
  },
  feeds: (core, _params, listener) =>
    core.live.rows(
      {
        topics: ["feeds", "envelopes", "following", "blocked"],
        page: Infinity,
        key: LIVE_KEYS.feeds,
        evaluate: () => feedViews(core),
      },
      listener,
    ),
  hints(core, { feed }, listener) {
    core.queries.feeds.check(feed);
    const topics = ["hints", "feeds", "following", "settings", "defence"] as const;
    return core.live.value({ topics, evaluate: async () => core.hints.view(feed) }, listener);
  },
  drafts: ({ live, store }, _params, listener) =>
    live.rows(
      { topics: ["drafts"], page: Infinity, key: LIVE_KEYS.drafts, evaluate: () => listDrafts(store) },
      listener,
    ),
  following: ({ live, queries }, _params, listener) =>
    live.rows(
      {
        topics: ["following", "profiles", "envelopes"],
        page: Infinity,
        key: LIVE_KEYS.following,
        evaluate: () => queries.following(),
      },
      listener,
    ),
  blocked: ({ live, queries }, _params, listener) =>
    live.rows(
      {
        topics: ["blocked", "profiles"],
        page: Infinity,
        key: LIVE_KEYS.blocked,
        evaluate: async () => queries.blocked(),
      },
      listener,
    ),
  trusted: (core, _params, listener) =>
    core.live.rows(
      {
        topics: ["trusted", "profiles", "network"],
        page: Infinity,
        key: LIVE_KEYS.trusted,
        evaluate: () => trustedViews(core),
      },
      listener,
    ),
  envelope({ live, queries }, { hash }, listener) {
    const wanted = hashFromText(hash);
    return live.value({ topics: ["envelopes"], evaluate: () => queries.envelope(wanted) }, listener);
  },
  reach(core, { hash }, listener) {
    const wanted = hashFromText(hash);
    const topics = ["reach", "envelopes", "profiles", "trusted"] as const;
    return core.live.value({ topics, evaluate: () => core.reach.view(wanted) }, listener);
  },
  profile({ live, people, queries }, { id }, listener) {
    const key = nodeKeyOf(id);
    people.visits.begin(key);
    const topics = ["profiles", "following", "trusted", "envelopes"] as const;
    return live.value({ topics, evaluate: () => queries.profile(key) }, listener);
  },
  async finding({ findings, live }, { hash }, listener) {
    const target = hashFromText(hash);
    const watching = await live.value({ topics: ["finding"], evaluate: () => findings.view(target) }, listener);
    const close = findings.open(target);
    return {
      more: () => watching.more(),
      async close() {
        close();
        await watching.close();
      },
    };
  },
  identity: ({ identity, live }, _params, listener) =>
    live.value({ topics: ["identity"], evaluate: () => identity.view() }, listener),
  settings: (core, _params, listener) =>
    core.live.value({ topics: ["settings"], evaluate: () => core.settings() }, listener),
  status: ({ live, network }, _params, listener) =>
    live.value({ topics: ["status"], evaluate: () => statusOf(network) }, listener),
  log({ live, ring }, { level, limit, room }, listener) {
    const page = boundedCount(limit ?? LOG_PAGE, MAX_LOG_PAGE);
    const query = logQuery({ level, room });
    const evaluate = (count: number) => ring.entries({ ...query, limit: count });
    return live.rows({ topics: ["log"], page, key: LIVE_KEYS.log, equal: Object.is, evaluate }, listener);
  },
  history: ({ history, live }, _params, listener) =>
    live.value({ topics: ["history", "envelopes"], evaluate: () => history.view() }, listener),
  network: ({ live, network }, _params, listener) =>
    live.value({ topics: ["network", "envelopes"], evaluate: () => networkOf(network) }, listener),
};

function isOwn(name: LiveName): name is OwnLiveName {
  return Object.hasOwn(OPENERS, name);
}

/** @throws PeerError `WATCH_UNKNOWN`, or what the parameters are refused with */
export async function openWatch<Name extends LiveName>(
  sources: WatchSources,
  name: Name,
  params: LiveQueries[Name]["params"],
  listener: (update: LiveUpdate<Name>) => void,
): Promise<Subscription> {
  if (!isOwn(name)) throw new PeerError("WATCH_UNKNOWN", "There is no such live query.");
  // The opener of this very name.
  return await (OPENERS[name] as Opener<Name>)(sources, params, listener);
}
