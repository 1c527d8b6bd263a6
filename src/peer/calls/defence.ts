import { idOfMute, type Mute } from "../../social/index.ts";
import { decodeEnvelope, encodeNodeId, equalBytes, type NodeKey } from "../../wire/index.ts";
import type { PeerApi } from "../api.ts";
import type { PeerCore } from "../core.ts";
import { parseMute, parsePolicy, viewsOf, type DefenceApi } from "../defence/index.ts";
import { PeerError } from "../errors.ts";
import { nodeKeyOf } from "../following.ts";
import { hashFromText } from "../queries.ts";

export function defenceCalls(core: PeerCore): Pick<PeerApi, keyof DefenceApi> {
  const { identity, live, parts, profiles, reaching, store } = core;
  const { defence } = parts;
  const now = (): number => core.ports.clock.now();
  /** How far things are heard, as this person takes it, is another now. */
  const heard = (): void => live.invalidate("defence", "reach", "envelopes");
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
  /** Whoever is neither blocked nor flagged any more is turned away no more. */
  const forgive = async (author: NodeKey): Promise<void> => {
    const isTurnedAway = core.blocks.has(author) || defence.flags.of(author) !== undefined;
    if (!isTurnedAway && (await reaching.doubts.forgive(author))) heard();
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
      if (await reaching.turnedAway(key)) heard();
    },

    async worthIt(named) {
      const isPost = typeof named === "string" && /^[0-9a-f]{64}$/u.test(named);
      const author = isPost ? await authorOf(named) : nodeKeyOf(named);
      await defence.unflag(author, isPost ? named : null);
      await forgive(author);
    },

    async believe(id) {
      if (await reaching.doubts.believe(nodeKeyOf(id))) heard();
    },

    setDefence: (policy) => defence.setPolicy(parsePolicy(policy)),

    exportDefence: async () => (await file()).exportFile(core),
    previewDefence: async (given) => (await file()).preview(core, given),
    importDefence: async (given) => (await file()).importFile(core, given),
  };
}
