import { equalBytes, type NodeKey } from "../../wire/index.ts";
import type { PeerApi } from "../api.ts";
import type { PeerCore } from "../core.ts";
import { PeerError } from "../errors.ts";
import { nodeKeyOf } from "../following.ts";

/** At once: the connection, what is shown, and what is served to others. */
function changed(core: PeerCore): void {
  core.exchange()?.mesh.setBlocked(core.blocks.keys());
  core.live.invalidate("blocked", "envelopes", "following", "network", "profiles");
}

/** For good: when the block is lifted, nobody is to have what was written meanwhile without being trusted anew. */
async function endTrust(core: PeerCore, key: NodeKey): Promise<void> {
  if (!(await core.trust.set(key, false))) return;
  core.exchange()?.trustChanged(key);
  core.live.invalidate("trusted", "profiles");
}

/**
 * @param called the name by which it is kept where no profile is known
 * @throws PeerError `BLOCK_OWN`, `BLOCKS_FULL`
 */
export async function blockPerson(core: PeerCore, key: NodeKey, called: string | null = null): Promise<void> {
  if (equalBytes(key, core.identity.key)) throw new PeerError("BLOCK_OWN", "Nobody can block themselves.");
  const since = core.ports.clock.now();
  const name = (await core.profiles.get(key))?.profile.displayName ?? called;
  if (await core.blocks.add({ key, name, since })) changed(core);
  await endTrust(core, key);
  await core.parts.defence.blocked(key);
}

export function blocksCalls(core: PeerCore): Pick<PeerApi, "block" | "unblock" | "pardon"> {
  return {
    async block(id) {
      await blockPerson(core, nodeKeyOf(id));
    },

    async unblock(id) {
      const key = nodeKeyOf(id);
      // A block that was cut off in the midst may have left it.
      if (core.blocks.has(key)) await endTrust(core, key);
      if (await core.blocks.remove(key)) changed(core);
      await core.parts.defence.letIn(key);
    },

    async pardon(id) {
      core.exchange()?.mesh.pardon(nodeKeyOf(id));
      core.live.invalidate("network");
    },
  };
}
