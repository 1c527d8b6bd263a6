import type { PeerApi } from "../api.ts";
import type { PeerCore } from "../core.ts";

export function networkCalls(core: PeerCore): Pick<PeerApi, "updateSettings" | "reconnect"> {
  return {
    updateSettings: (patch) => core.changeSettings(patch),

    async reconnect() {
      const exchange = core.exchange();
      if (exchange === null) core.connect();
      else exchange.mesh.reconnect();
    },
  };
}
