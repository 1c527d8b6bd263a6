import { equalBytes, type NodeKey } from "../../wire/index.ts";
import type { PeerApi } from "../api.ts";
import type { PeerCore } from "../core.ts";
import { PeerError } from "../errors.ts";
import { nodeKeyOf } from "../following.ts";

export function blocksCalls(core: PeerCore): Pick<PeerApi, "block" | "unblock" | "pardon"> {
  /** At once: the connection, what is shown, and what is served to others. */
  const changed = (): void => {
    core.exchange()?.mesh.setBlocked(core.blocks.keys());
    core.live.invalidate("blocked", "envelopes", "following", "network", "profiles");
  };
  const nameOf = async (key: NodeKey): Promise<string | null> =>
    (await core.profiles.get(key))?.profile.displayName ?? null;

  return {
    async block(id) {
      const key = nodeKeyOf(id);
      if (equalBytes(key, core.identity.key)) throw new PeerError("BLOCK_OWN", "Nobody can block themselves.");
      const since = core.ports.clock.now();
      if (await core.blocks.add({ key, name: await nameOf(key), since })) changed();
    },

    async unblock(id) {
      if (await core.blocks.remove(nodeKeyOf(id))) changed();
    },

    async pardon(id) {
      core.exchange()?.mesh.pardon(nodeKeyOf(id));
      core.live.invalidate("network");
    },
  };
}
