import * as v from "valibot";
import type { ShutOut } from "../../mesh/port.ts";
import type { Store } from "../../store/port.ts";
import { KeptKey } from "../kept-people.ts";

const BANS_KEY = "mesh:bans";

const Stored = v.object({
  peer: KeptKey,
  code: v.string(),
  since: v.number(),
  until: v.number(),
  times: v.pipe(v.number(), v.integer(), v.minValue(1)),
});

export interface RememberedBans {
  loadBans(): Promise<readonly ShutOut[]>;
  saveBans(bans: readonly ShutOut[]): Promise<void>;
}

/** Who is shut out for misdeeds, among the settings of the store. */
export function rememberedBans(store: Store): RememberedBans {
  return {
    async loadBans() {
      const stored = await store.setting(BANS_KEY);
      return (Array.isArray(stored) ? stored : []).flatMap((entry) => {
        const parsed = v.safeParse(Stored, entry);
        return parsed.success ? [parsed.output] : [];
      });
    },
    saveBans: (bans) => store.commit({ settings: { [BANS_KEY]: bans.map((ban) => ({ ...ban })) } }),
  };
}
