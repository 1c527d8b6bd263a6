import { equalBytes, type NodeKey } from "../../wire/index.ts";
import type { PeerApi } from "../api.ts";
import type { PeerCore } from "../core.ts";
import { PeerError } from "../errors.ts";
import { nodeKeyOf } from "../following.ts";

export function trustCalls(core: PeerCore): Pick<PeerApi, "trust" | "distrust"> {
  const changed = (key: NodeKey): void => {
    core.exchange()?.trustChanged(key);
    core.live.invalidate("trusted", "profiles", "envelopes");
  };

  return {
    async trust(id) {
      const key = nodeKeyOf(id);
      if (equalBytes(key, core.identity.key)) throw new PeerError("TRUST_OWN", "Nobody need trust themselves.");
      if (core.blocks.has(key)) {
        throw new PeerError("TRUST_BLOCKED", "This person is blocked: unblock it first.");
      }
      if (await core.trust.set(key, true)) changed(key);
    },

    async distrust(id) {
      const key = nodeKeyOf(id);
      if (await core.trust.set(key, false)) changed(key);
    },
  };
}
