import { channelOf, scopeFromKey, type NodeKey } from "../../src/wire/index.ts";
import type { Resident, Town } from "../sim/town.ts";

/**
 * Somebody who is linked to one resident and on one channel, and no whole peer: no subscription tells of what is sent there.
 * @returns how to send on that channel
 */
export async function carrier(
  { clock, network }: Town,
  key: NodeKey,
  scope: string,
  beside: Resident,
): Promise<(message: Uint8Array) => Promise<void>> {
  const mesh = network.createMesh(key);
  await clock.track(mesh.start());
  const channel = channelOf(scopeFromKey(scope));
  mesh.join(channel);
  network.connect(mesh, beside.mesh);
  await clock.advance(1_000);
  return async (message) => void (await mesh.publish(channel, message));
}
