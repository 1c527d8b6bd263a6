import type { LiveUpdate, Subscription } from "../api.ts";
import type { PeerCore } from "../core.ts";

/** The live query of this part. */
export const deviceWatches = {
  device: (
    { live, parts }: Pick<PeerCore, "live" | "parts">,
    _params: Record<string, never>,
    listener: (update: LiveUpdate<"device">) => void,
  ): Promise<Subscription> => live.value({ topics: ["device"], evaluate: () => parts.devices.view() }, listener),
};
