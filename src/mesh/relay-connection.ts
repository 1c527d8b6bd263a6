/** An open connection to a relay, from the connection that libp2p gives. */
import type { Connection } from "@libp2p/interface";
import { MeshError } from "./errors.ts";
import { nodeKeyOf } from "./keys.ts";
import { closeConnection } from "./links.ts";
import type { RelayConnection } from "./relays.ts";

/** @throws MeshError `UNREACHABLE` when the relay is no node of the kind that peers are */
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
