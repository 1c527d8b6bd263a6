import type { PeerApi } from "../api.ts";
import type { PeerCore } from "../core.ts";

export function mediaCalls({ parts }: PeerCore): Pick<PeerApi, "attach" | "attachment"> {
  return {
    async attach(file) {
      return await (await parts.media.files()).attach(file);
    },

    async attachment({ signal, ...query }) {
      return await (await parts.media.files()).read(query, signal);
    },
  };
}
