import type { LiveUpdate, Subscription } from "../api.ts";
import type { PeerCore } from "../core.ts";

/** The live query of this part. */
export const arrivalWatches = {
  arrivals: (
    { live, parts }: Pick<PeerCore, "live" | "parts">,
    _params: Record<string, never>,
    listener: (update: LiveUpdate<"arrivals">) => void,
  ): Promise<Subscription> =>
    live.value({ topics: ["arrivals", "network"], evaluate: () => parts.arriving.view() }, listener),
};
