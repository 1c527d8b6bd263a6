import type { PeerApi } from "../api.ts";
import type { PeerCore } from "../core.ts";
import { entropyOf, identityPorts, OwnIdentity } from "../identity.ts";

type IdentityCall = "words" | "keepWords" | "welcome" | "restore" | "deleteEverything";

export function identityCalls(core: PeerCore): Pick<PeerApi, IdentityCall> {
  const { identity, live, ports } = core;
  return {
    async words() {
      return identity.words();
    },

    async keepWords() {
      await identity.update({ wordsKept: true });
      live.invalidate("identity");
    },

    async welcome(state) {
      await identity.update({ welcomed: state });
      live.invalidate("identity");
    },

    async restore(words) {
      const entropy = entropyOf(words);
      const store = await core.renew();
      await OwnIdentity.plant(store, entropy, ports.clock.now());
      const restored = await OwnIdentity.open(store, identityPorts(ports));
      await store.close();
      return restored.view();
    },

    async deleteEverything() {
      const store = await core.renew();
      await store.destroy();
    },
  };
}
