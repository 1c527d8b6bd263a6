import { MUTE_LIMITS } from "../../social/index.ts";
import type { LiveUpdate, Subscription } from "../api.ts";
import { boundedCount } from "../bounded-count.ts";
import type { PeerCore } from "../core.ts";
import { LIVE_KEYS } from "../live/index.ts";
import type { DefenceQueries } from "./api.ts";
import { defenceView, doubtedViews, flaggedViews, muteViews } from "./views.ts";

/** Two screens of a list that a person goes through. */
const PAGE = 100;

type Opener<Name extends keyof DefenceQueries> = (
  core: Pick<PeerCore, "live" | "parts" | "profiles" | "reaching" | "views">,
  params: DefenceQueries[Name]["params"],
  listener: (update: LiveUpdate<Name>) => void,
) => Promise<Subscription>;

const topics = ["defence", "profiles", "following", "trusted", "blocked"] as const;

/** The live queries of this part. */
export const defenceWatches: { readonly [Name in keyof DefenceQueries]: Opener<Name> } = {
  mutes(core, { limit = PAGE }, listener) {
    const page = boundedCount(limit, MUTE_LIMITS.mutes);
    return core.live.rows({ topics, page, key: LIVE_KEYS.mutes, evaluate: () => muteViews(core) }, listener);
  },
  flagged: (core, _params, listener) =>
    core.live.rows({ topics, page: PAGE, key: LIVE_KEYS.flagged, evaluate: () => flaggedViews(core) }, listener),
  doubted: (core, _params, listener) =>
    core.live.rows({ topics, page: PAGE, key: LIVE_KEYS.doubted, evaluate: () => doubtedViews(core) }, listener),
  defence: (core, _params, listener) => core.live.value({ topics, evaluate: () => defenceView(core) }, listener),
};
