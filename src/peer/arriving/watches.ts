import type { LiveUpdate, Subscription } from "../api.ts";
import type { PeerCore } from "../core.ts";
import { LIVE_KEYS } from "../live/index.ts";

/** The live queries of this part. */
export const arrivalWatches = {
  arrivals: (
    { live, parts }: Pick<PeerCore, "live" | "parts">,
    { scopes: given }: { readonly scopes?: readonly string[] },
    listener: (update: LiveUpdate<"arrivals">) => void,
  ): Promise<Subscription> => {
    // Scripts may ask for anything; what is no scope counts for nothing.
    const scopes = Array.isArray(given) ? given.filter((scope) => typeof scope === "string") : [];
    return live.value(
      { topics: ["arrivals", "network", "history"], evaluate: () => parts.arriving.view(scopes) },
      listener,
    );
  },
  heldArrivals: (
    { live, parts }: Pick<PeerCore, "live" | "parts">,
    _params: Record<string, never>,
    listener: (update: LiveUpdate<"heldArrivals">) => void,
  ): Promise<Subscription> =>
    live.rows(
      { topics: ["arrivals"], page: Infinity, key: LIVE_KEYS.heldArrivals, evaluate: () => parts.arriving.held() },
      listener,
    ),
  damagedArrivals: (
    { live, parts }: Pick<PeerCore, "live" | "parts">,
    _params: Record<string, never>,
    listener: (update: LiveUpdate<"damagedArrivals">) => void,
  ): Promise<Subscription> =>
    live.rows(
      {
        topics: ["arrivals"],
        page: Infinity,
        key: LIVE_KEYS.damagedArrivals,
        evaluate: () => parts.arriving.damaged(),
      },
      listener,
    ),
};
