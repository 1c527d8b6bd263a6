import type { LiveUpdate, Subscription } from "../api.ts";
import type { PeerCore } from "../core.ts";
import { nodeKeyOf } from "../following.ts";
import { LIVE_KEYS } from "../live/index.ts";
import { hashFromText } from "../queries.ts";
import type { CurationQueries } from "./api.ts";

/** Entries that are described at first: a page. */
const ENTRIES = 256;
/** Sixty-four pages. */
const MAX_ENTRIES = 16_384;

type Sources = Pick<
  PeerCore,
  | "blocks"
  | "exchange"
  | "feeds"
  | "findings"
  | "identity"
  | "live"
  | "parts"
  | "profiles"
  | "queries"
  | "store"
  | "trust"
  | "views"
>;

type Opener<Name extends keyof CurationQueries> = (
  core: Sources,
  params: CurationQueries[Name]["params"],
  listener: (update: LiveUpdate<Name>) => void,
) => Promise<Subscription>;

/** The live queries of this part. */
export const curationWatches: { readonly [Name in keyof CurationQueries]: Opener<Name> } = {
  async curated(core, { curator, limit, name }, listener) {
    core.queries.feeds.check({ kind: "curated", curator, name });
    const { curatedView } = await import("./views.ts");
    const most = typeof limit === "number" && limit >= 0 ? Math.min(Math.floor(limit), MAX_ENTRIES) : ENTRIES;
    const end = core.feeds.visits.begin({ curator: nodeKeyOf(curator), name });
    return await ending(end, () =>
      core.live.value(
        {
          topics: ["feeds", "curation", "envelopes", "profiles", "blocked"],
          evaluate: () => curatedView(core, { curator, name }, most),
        },
        listener,
      ),
    );
  },
  async ownCurated(core, { post }, listener) {
    const { ownCurated } = await import("./views.ts");
    const wanted = post === undefined ? null : hashFromText(post);
    // What was made on another device, or before the words were typed here, is at others.
    const curators = await core.parts.curation.curators();
    return await ending(curators.begin(core.identity.key), () =>
      core.live.rows(
        {
          topics: ["curation", "feeds", "profiles"],
          page: Infinity,
          key: LIVE_KEYS.ownCurated,
          evaluate: () => ownCurated(core, wanted),
        },
        listener,
      ),
    );
  },
  async curatedBy(core, { curator }, listener) {
    const key = nodeKeyOf(curator);
    const { curatedByView } = await import("./views.ts");
    const curators = await core.parts.curation.curators();
    return await ending(curators.begin(key), () =>
      core.live.value(
        {
          topics: ["curation", "feeds", "profiles", "blocked"],
          evaluate: () => curatedByView(core, curators, key),
        },
        listener,
      ),
    );
  },
  async inclusions(core, { hash }, listener) {
    const wanted = hashFromText(hash);
    const { inclusions } = await import("./views.ts");
    return await core.live.rows(
      {
        topics: ["curation", "feeds", "profiles", "trusted", "blocked"],
        page: Infinity,
        key: LIVE_KEYS.inclusions,
        evaluate: () => inclusions(core, wanted),
      },
      listener,
    );
  },
};

/** A live query during which something is looked for: `end` is called when it is closed, or cannot be opened. */
async function ending(end: () => void, open: () => Promise<Subscription>): Promise<Subscription> {
  try {
    const watching = await open();
    return {
      more: () => watching.more(),
      async close() {
        end();
        await watching.close();
      },
    };
  } catch (error) {
    end();
    throw error;
  }
}
