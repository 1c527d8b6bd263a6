import type { PeerApi } from "../api.ts";
import type { PeerCore } from "../core.ts";

export function storageCalls(core: PeerCore): Pick<PeerApi, "freeStorage"> {
  return {
    async freeStorage() {
      return await core.room.free();
    },
  };
}
