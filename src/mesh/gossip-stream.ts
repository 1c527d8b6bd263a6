import type { Connection } from "@libp2p/interface";
import type { KadDHTComponents } from "@libp2p/kad-dht";
import { GOSSIP_PROTOCOLS } from "./channels.ts";

/**
 * Gossipsub opens one stream for each peer, on the connection that came first, and never again: neither when that
 * connection closes and another one is left, nor when the stream alone was reset. Showing it the connection anew makes
 * it do so.
 */
export function ensureGossip(connection: Connection, registrar: KadDHTComponents["registrar"]): void {
  const running = connection.streams.some(
    (stream) =>
      stream.direction === "outbound" &&
      stream.status === "open" &&
      GOSSIP_PROTOCOLS.some((protocol) => protocol === stream.protocol),
  );
  if (running) {
    return;
  }
  for (const protocol of GOSSIP_PROTOCOLS) {
    for (const topology of registrar.getTopologies(protocol)) {
      void topology.onConnect?.(connection.remotePeer, connection);
    }
  }
}
