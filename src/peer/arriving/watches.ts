import type { LiveUpdate, Subscription } from "../api.ts";
import type { PeerCore } from "../core.ts";

/** The live query of this part. */
export const arrivalWatches = {
  arrivals: (
    { live, parts }: Pick<PeerCore, "live" | "parts">,
    { scopes: given }: { readonly scopes?: readonly string[] },
    listener: (update: LiveUpdate<"arrivals">) => void,
  ): Promise<Subscription> => {
    // Scripts may ask for anything; what is no scope counts for nothing.
    const scopes = Array.isArray(given) ? given.filter((scope) => typeof scope === "string") : [];
    return live.value({ topics: ["arrivals", "network"], evaluate: () => parts.arriving.view(scopes) }, listener);
  },
};
