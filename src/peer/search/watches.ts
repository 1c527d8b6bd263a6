import type { LiveUpdate, Subscription } from "../api.ts";
import type { PeerCore } from "../core.ts";
import { LIVE_KEYS } from "../live/index.ts";
import type { SearchLiveQueries } from "./api.ts";
import { checkedQuery } from "./input.ts";

/** Two screens of results, read while somebody types. */
const PAGE = 20;
const MAX_PAGE = 500;
/** Names on one screen, and the most that are asked for. */
const NAMED = 4;
const MAX_NAMED = 100;

type Opener<Name extends keyof SearchLiveQueries> = (
  core: Pick<PeerCore, "live" | "parts">,
  params: SearchLiveQueries[Name]["params"],
  listener: (update: LiveUpdate<Name>) => void,
) => Promise<Subscription>;

/** The live queries of this part. The index of words grows while `search` or `searchIndex` is open. */
export const searchWatches: { readonly [Name in keyof SearchLiveQueries]: Opener<Name> } = {
  async search({ live, parts }, { limit, query: given }, listener) {
    const query = checkedQuery(given);
    const searching = await parts.search.searching();
    const page = pageOf(limit, PAGE, MAX_PAGE);
    const evaluate = (count: number, signal: AbortSignal) => searching.page(query, count, undefined, signal);
    const topics = ["search", "envelopes"] as const;
    // Views keep their identity while nothing about them changes.
    const rows = { topics, page, key: LIVE_KEYS.search, equal: Object.is, evaluate };
    const watching = await live.rows(rows, listener);
    return readWhile(watching, searching.read());
  },
  async named({ live, parts }, { limit, text }, listener) {
    const searching = await parts.search.searching();
    const typed = checkedQuery({ text }).text;
    const page = pageOf(limit, NAMED, MAX_NAMED);
    const evaluate = (count: number) => searching.named(typed, count);
    const topics = ["search", "profiles", "curation", "envelopes", "blocked"] as const;
    return await live.rows({ topics, page, key: LIVE_KEYS.named, evaluate }, listener);
  },
  async searchIndex({ live, parts }, _params, listener) {
    const searching = await parts.search.searching();
    const watching = await live.value({ topics: ["search", "envelopes"], evaluate: () => searching.view() }, listener);
    return readWhile(watching, searching.read());
  },
};

function pageOf(limit: unknown, usual: number, most: number): number {
  return typeof limit === "number" && limit >= 1 ? Math.min(Math.floor(limit), most) : usual;
}

function readWhile(watching: Subscription, done: () => void): Subscription {
  return {
    more: () => watching.more(),
    async close() {
      done();
      await watching.close();
    },
  };
}
