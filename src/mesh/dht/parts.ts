/** What the library is given in place of the parts that assume a network of hosts with addresses. */
import type { PeerId, PeerInfo } from "@libp2p/interface";
import type { KadDHT, KadDHTComponents } from "@libp2p/kad-dht";
import { multiaddr } from "@multiformats/multiaddr";

/** The library's contacts. */
export interface ContactTable {
  readonly size: number;
  remove(peer: PeerId): Promise<void>;
}

/** What stands for "through a relay that we share" where the library wants an address. */
export const ANYWHERE = multiaddr("/webrtc");

export function withAddress(peer: PeerInfo): PeerInfo {
  return { ...peer, multiaddrs: [ANYWHERE] };
}

export function stranger(peer: PeerId): Awaited<ReturnType<KadDHTComponents["peerStore"]["get"]>> {
  return { id: peer, addresses: [], protocols: [], metadata: new Map(), tags: new Map() };
}

/** An object that behaves like `target` but for the given methods. */
export function delegate<Target extends object>(
  target: Target,
  methods: Record<string, (...args: never[]) => unknown>,
): Target {
  return new Proxy(target, {
    get(object, name) {
      const own = typeof name === "string" ? methods[name] : undefined;
      if (own !== undefined) {
        return own;
      }
      const value: unknown = Reflect.get(object, name);
      return typeof value === "function" ? value.bind(object) : value;
    },
  });
}

/** The library's class has it, its interface does not; the version is pinned and a test covers the removal. */
export function contactTable(dht: KadDHT): ContactTable {
  const table: unknown = Reflect.get(dht, "routingTable");
  if (typeof table !== "object" || table === null || !("remove" in table) || !("size" in table)) {
    throw new TypeError("@libp2p/kad-dht has no routing table of the known form.");
  }
  return table as ContactTable;
}
