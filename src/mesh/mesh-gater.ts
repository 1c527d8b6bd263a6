/** The gater of a mesh: the rules of `gater.ts` asked about this node's relays, links, bans and budgets. */
import type { ConnectionGater } from "@libp2p/interface";
import { createGater } from "./gater.ts";
import type { Guard } from "./guard.ts";
import { keyText, nodeKeyFromText } from "./keys.ts";

export interface MeshGaterOptions {
  /** Without peer id; grows while the mesh runs, like the next. */
  readonly relayAddresses: ReadonlySet<string>;
  readonly relayIds: ReadonlySet<string>;
  readonly guard: Pick<Guard, "isBanned" | "knocks">;
  directLinks(): readonly { readonly peerText: string }[];
  readonly maxLinks: number;
  /** Whoever brings a network of their own decides about addresses; who is shut out stays so. */
  readonly ownNetwork: boolean;
}

export function createMeshGater(options: MeshGaterOptions): ConnectionGater {
  const { directLinks, guard, maxLinks, ownNetwork, relayAddresses, relayIds } = options;
  const gater = createGater({
    isRelayAddress: (address) => relayAddresses.has(address),
    isRelay: (peer) => relayIds.has(peer),
    isBanned: (peer) => {
      const node = nodeKeyFromText(peer);
      return node === null || guard.isBanned(node);
    },
    hasRoom: (peer) => {
      const node = nodeKeyFromText(peer);
      const links = directLinks();
      return links.length < maxLinks || links.some((link) => node !== null && link.peerText === keyText(node));
    },
    mayKnock: (peer) => {
      const node = nodeKeyFromText(peer);
      return node !== null && guard.knocks.take(node);
    },
  });
  if (!ownNetwork) {
    return gater;
  }
  return {
    ...gater,
    denyDialMultiaddr: () => false,
    denyInboundConnection: () => false,
    filterMultiaddrForPeer: () => true,
  };
}
