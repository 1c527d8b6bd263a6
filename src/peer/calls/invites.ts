import { encodeNodeId } from "../../wire/index.ts";
import type { PeerApi } from "../api.ts";
import type { PeerCore } from "../core.ts";

/** Links without a server. Whoever calls these may have opened the page by an invite: the network is waited for. */
export function inviteCalls(
  core: PeerCore,
): Pick<PeerApi, "createInvite" | "answerInvite" | "acceptAnswer" | "readInvite"> {
  return {
    async createInvite(options = {}) {
      const mesh = await core.connected(options.signal);
      return await mesh.createInvite(options);
    },

    async answerInvite(code, options = {}) {
      const mesh = await core.connected(options.signal);
      const { peer, ...answer } = await mesh.answerInvite(code, options);
      return { ...answer, peer: encodeNodeId(peer) };
    },

    async acceptAnswer(code, options = {}) {
      const mesh = await core.connected(options.signal);
      const { peer } = await mesh.acceptAnswer(code, options);
      return { peer: encodeNodeId(peer) };
    },

    async readInvite(code) {
      const mesh = await core.connected();
      const { peer, ...view } = await mesh.readInvite(code);
      return { ...view, peer: encodeNodeId(peer) };
    },
  };
}
