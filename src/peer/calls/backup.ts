import type { PeerApi } from "../api.ts";
import type { PeerCore } from "../core.ts";

export function backupCalls({ identity, ports, store }: PeerCore): Pick<PeerApi, "exportBackup" | "previewMerge"> {
  return {
    async exportBackup({ keys = true, passphrase, signal } = {}) {
      const { writeBackup } = await import("../backup/index.ts");
      const now = ports.clock.now();
      return await writeBackup({ store, identity, stretch: ports.stretch, passphrase, withKey: keys, now, signal });
    },
    async previewMerge(file, { passphrase, signal } = {}) {
      const { mergeBackup } = await import("../backup/index.ts");
      const source = { file, passphrase, key: undefined, stretch: ports.stretch, now: ports.clock.now(), signal };
      return await mergeBackup(source, { store, identity, settings: false, write: false });
    },
  };
}
