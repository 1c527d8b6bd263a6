import type { ArrivingApi } from "../arriving/api.ts";
import type { PeerCore } from "../core.ts";

export function arrivingCalls({ parts }: PeerCore): ArrivingApi {
  return {
    addArrivals: (posts) => parts.arriving.add(posts),
    dropArrivals: () => parts.arriving.drop(),
    resumeArrivals: () => parts.arriving.resume(),
    dropHeldArrivals: () => parts.arriving.dropHeld(),
    damagedArrival: (id) => parts.arriving.damagedFile(id),
    dropDamagedArrival: (id) => parts.arriving.dropDamaged(id),
  };
}
