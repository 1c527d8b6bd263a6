import type { NodeKey } from "../wire/index.ts";
import type { Store } from "../store/port.ts";

const MEMORY_KEY = "mesh:peers";
const KEY_BYTES = 32;

function isKey(entry: unknown): entry is NodeKey {
  return entry instanceof Uint8Array && entry.length === KEY_BYTES;
}

export interface RememberedPeers {
  load(): Promise<readonly NodeKey[]>;
  save(peers: readonly NodeKey[]): Promise<void>;
}

/** Peers of earlier days, among the settings of the store: tried first after a restart. */
export function rememberedPeers(store: Store): RememberedPeers {
  return {
    async load() {
      const stored = await store.setting(MEMORY_KEY);
      return Array.isArray(stored) ? stored.filter(isKey) : [];
    },
    save: (peers) => store.commit({ settings: { [MEMORY_KEY]: [...peers] } }),
  };
}
