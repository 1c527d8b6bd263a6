import { toHex } from "../../wire/index.ts";
import type { PeerApi } from "../api.ts";
import type { PeerCore } from "../core.ts";
import { hashFromText } from "../queries.ts";

export function reachCalls(core: PeerCore): Pick<PeerApi, "boost"> {
  return {
    async boost(envelope) {
      const { hash, made } = await core.boosting.boost(hashFromText(envelope));
      if (made !== null) core.exchange()?.made(made);
      core.live.invalidate("reach");
      return toHex(hash);
    },
  };
}
