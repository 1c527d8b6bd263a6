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
  /** Whoever vouched for that person is believed less, or as before. */
  const heard = (): void => core.live.invalidate("defence", "reach", "envelopes");
  /** For good: when the block is lifted, nobody is to have what was written meanwhile without being trusted anew. */
  const endTrust = async (key: NodeKey): Promise<void> => {
    if (!(await core.trust.set(key, false))) return;
    core.exchange()?.trustChanged(key);
    core.live.invalidate("trusted", "profiles");
  };
  const nameOf = async (key: NodeKey): Promise<string | null> =>
    (await core.profiles.get(key))?.profile.displayName ?? null;

  return {
    async block(id) {
      const key = nodeKeyOf(id);
      if (equalBytes(key, core.identity.key)) throw new PeerError("BLOCK_OWN", "Nobody can block themselves.");
      const since = core.ports.clock.now();
      if (await core.blocks.add({ key, name: await nameOf(key), since })) changed();
      await endTrust(key);
      if (await core.reaching.turnedAway(key)) heard();
    },

    async unblock(id) {
      const key = nodeKeyOf(id);
      // A block that was cut off in the midst may have left it.
      if (core.blocks.has(key)) await endTrust(key);
      if (await core.blocks.remove(key)) changed();
      // Whoever vouched for somebody whose posts were not worth it stays doubted.
      if (core.parts.defence.flags.of(key) === undefined && (await core.reaching.doubts.forgive(key))) heard();
    },

    async pardon(id) {
      core.exchange()?.mesh.pardon(nodeKeyOf(id));
      core.live.invalidate("network");
    },
  };
}
