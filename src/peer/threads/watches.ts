import type { LiveUpdate, Subscription } from "../api.ts";
import type { PeerCore } from "../core.ts";
import { LIVE_KEYS } from "../live/index.ts";
import { hashFromText } from "../queries.ts";
import type { ThreadLiveQueries } from "./api.ts";

/** Three screens of answers, and one of those who refer to something. */
const PAGE = { thread: 50, referrers: 20 } as const;
/** Whoever goes further down in a long thread gets what was there again, and some more. */
const MAX_PAGE = 2_000;
/** Nodes of a graph: more dots than this cannot be told apart. */
const GRAPH = { usual: 120, most: 500 } as const;
const LEVELS = { usual: 64, most: 512 } as const;

/** How many a script may ask for; what is no number is as if nothing had been said. */
function bounded(asked: number | undefined, usual: number, most: number): number {
  return typeof asked === "number" && asked >= 1 ? Math.min(Math.floor(asked), most) : usual;
}

type Opener<Name extends keyof ThreadLiveQueries> = (
  core: Pick<PeerCore, "live" | "parts">,
  params: ThreadLiveQueries[Name]["params"],
  listener: (update: LiveUpdate<Name>) => void,
) => Promise<Subscription>;

/** The live queries of this part. Blocking somebody is a change of the envelopes that are shown, too. */
export const threadWatches: { readonly [Name in keyof ThreadLiveQueries]: Opener<Name> } = {
  async thread({ live, parts }, { hash, levels, limit }, listener) {
    const reading = await parts.threads.reading();
    const rows = reading.thread(hashFromText(hash), bounded(levels, LEVELS.usual, LEVELS.most));
    const page = bounded(limit, PAGE.thread, MAX_PAGE);
    const topics = ["envelopes"] as const;
    return await live.rows({ topics, page, key: LIVE_KEYS.thread, evaluate: rows }, listener);
  },
  async lineage({ live, parts }, { hash }, listener) {
    const reading = await parts.threads.reading();
    const wanted = hashFromText(hash);
    return await live.value({ topics: ["envelopes"], evaluate: () => reading.lineage(wanted) }, listener);
  },
  async referrers({ live, parts }, { hash, limit }, listener) {
    const reading = await parts.threads.reading();
    const wanted = hashFromText(hash);
    const page = bounded(limit, PAGE.referrers, MAX_PAGE);
    const evaluate = (count: number) => reading.referrers(wanted, count);
    const topics = ["envelopes"] as const;
    return await live.rows({ topics, page, key: LIVE_KEYS.referrers, equal: Object.is, evaluate }, listener);
  },
  async graph({ live, parts }, { hash, limit }, listener) {
    const reading = await parts.threads.reading();
    const evaluate = reading.graph(hashFromText(hash), bounded(limit, GRAPH.usual, GRAPH.most));
    return await live.value({ topics: ["envelopes"], evaluate }, listener);
  },
};
