import type { PeerApi } from "../api.ts";
import type { PeerCore } from "../core.ts";

export function backupCalls({ identity, ports, store }: PeerCore): Pick<PeerApi, "exportBackup"> {
  return {
    async exportBackup({ keys = true, passphrase, signal } = {}) {
      const { writeBackup } = await import("../backup/index.ts");
      return await writeBackup({ store, identity, stretch: ports.stretch, passphrase, withKey: keys, signal });
    },
  };
}
