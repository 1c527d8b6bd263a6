import type { PeerApi } from "../api.ts";
import type { PeerCore } from "../core.ts";

export function arrivingCalls({ parts }: PeerCore): Pick<PeerApi, "addArrivals" | "dropArrivals"> {
  return {
    addArrivals: (posts) => parts.arriving.add(posts),
    dropArrivals: () => parts.arriving.drop(),
  };
}
