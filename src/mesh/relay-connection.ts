/** Relays as libp2p sees them: their addresses, and the connections to them. */
import type { Connection } from "@libp2p/interface";
import { multiaddr, type Multiaddr } from "@multiformats/multiaddr";
import type { NodeKey } from "../wire/index.ts";
import { MeshError } from "./errors.ts";
import { circuitAddress, nodeKeyOf, peerIdOf, relayAddress } from "./keys.ts";
import { closeConnection, transportOf } from "./links.ts";
import type { DirectNetwork } from "./options.ts";
import type { RelayConnection } from "./relays.ts";

/** The addresses of these URLs, without peer ids; what is no WebSocket URL is left out. */
export function relayAddresses(urls: readonly string[]): ReadonlySet<string> {
  const known = urls.filter((url) => URL.canParse(url) && /^wss?:/.test(url));
  return new Set(known.map((url) => relayAddress(url).toString()));
}

/** Where a peer is dialled: behind each of these relays, or where the network of a process of many nodes says. */
export function addressesOf(
  peer: NodeKey,
  relays: readonly NodeKey[],
  network: DirectNetwork | undefined,
): Multiaddr[] {
  return network === undefined
    ? relays.map((relay) => circuitAddress(peerIdOf(relay), peerIdOf(peer)))
    : network.addressesOf(peer).map((address) => multiaddr(address));
}

export function isRelayConnection(connection: Connection, addresses: ReadonlySet<string>): boolean {
  if (transportOf(connection) !== "websocket") {
    return false;
  }
  const address = connection.remoteAddr;
  const base = address.getComponents().at(-1)?.name === "p2p" ? address.decapsulate("/p2p") : address;
  return addresses.has(base.toString());
}

/** An open connection to a relay. @throws MeshError `UNREACHABLE` when the relay is no node of the kind that peers are */
export function relayConnection(
  connection: Connection,
  services: Pick<RelayConnection, "reserve" | "introduce">,
): RelayConnection {
  const nodeId = nodeKeyOf(connection.remotePeer);
  if (nodeId === null) {
    const fault = new MeshError("UNREACHABLE", "The relay has no Ed25519 identity.");
    connection.abort(fault);
    throw fault;
  }
  const closed = new Promise<void>((resolve) => {
    connection.addEventListener("close", () => resolve(), { once: true });
    if (connection.status !== "open") {
      resolve();
    }
  });
  return { ...services, nodeId, closed, close: () => closeConnection(connection) };
}
