import type { PeerApi } from "../api.ts";
import type { PeerCore } from "../core.ts";

export function identityCalls({ identity, live }: PeerCore): Pick<PeerApi, "words" | "keepWords" | "welcome"> {
  return {
    async words() {
      return await identity.words();
    },

    async keepWords() {
      await identity.update({ wordsKept: true });
      live.invalidate("identity");
    },

    async welcome(state) {
      await identity.update({ welcomed: state });
      live.invalidate("identity");
    },
  };
}
