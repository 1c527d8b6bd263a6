import { idOfMute, type Mute } from "../../social/index.ts";
import { decodeEnvelope, encodeNodeId, equalBytes, type NodeKey } from "../../wire/index.ts";
import type { PeerApi } from "../api.ts";
import type { PeerCore } from "../core.ts";
import { parseMute, parsePolicy, viewsOf, type DefenceApi } from "../defence/index.ts";
import { PeerError } from "../errors.ts";
import { nodeKeyOf } from "../following.ts";
import { hashFromText } from "../queries.ts";
import { blockPerson } from "./blocks.ts";

export function defenceCalls(core: PeerCore): Pick<PeerApi, keyof DefenceApi> {
  const { identity, parts, profiles, store } = core;
  const { defence } = parts;
  const now = (): number => core.ports.clock.now();
  const file = () => import("../defence/file.ts");

  /** A thread is muted as a whole, whichever of its posts was named. */
  const topped = async (mute: Mute): Promise<Mute> => {
    const { target } = mute;
    if (target.kind !== "thread") return mute;
    return { ...mute, target: { kind: "thread", post: await defence.topOfThread(target.post) } };
  };
  const authorOf = async (hash: string): Promise<NodeKey> => {
    const named = hashFromText(hash);
    const [bytes] = await store.envelopes.bytes([named]);
    if (bytes === undefined) throw new PeerError("NOT_FOUND", "There is no such envelope here.");
    return decodeEnvelope(bytes).author;
  };

  return {
    async mute(given) {
      const self = encodeNodeId(identity.key);
      const parsed = given.map((one) => parseMute(one, now()));
      if (parsed.some(({ target }) => target.kind === "person" && target.id === self)) {
        throw new PeerError("MUTE_OWN", "Nobody can mute themselves.");
      }
      const mutes = await Promise.all(parsed.map(topped));
      await defence.mute(mutes);
      return await viewsOf(
        core,
        mutes.map(({ target }) => defence.mutes.get(idOfMute(target)) as Mute),
      );
    },

    async unmute(ids) {
      await defence.unmute(ids);
    },

    async notWorthIt(hash) {
      const key = await authorOf(hash);
      if (equalBytes(key, identity.key)) throw new PeerError("FLAG_OWN", "Nobody judges their own words.");
      const name = (await profiles.get(key))?.profile.displayName ?? null;
      await defence.flag([{ key, name, posts: [hash], since: now() }]);
    },

    async worthIt(author, posts) {
      await defence.unflag(nodeKeyOf(author), posts ?? null);
    },

    async believe(id) {
      await defence.believe(nodeKeyOf(id));
    },

    setDefence: (policy) => defence.setPolicy(parsePolicy(policy)),

    exportDefence: async () => (await file()).exportFile(core),
    previewDefence: async (given) => (await file()).preview(core, given),
    importDefence: async (given) =>
      (await file()).importFile(core, given, (key, called) => blockPerson(core, key, called)),
  };
}
