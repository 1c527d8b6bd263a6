import type { Mesh } from "../mesh/port.ts";
import { toHex, type NodeKey } from "../wire/index.ts";

export interface HandingPorts {
  readonly mesh: Pick<Mesh, "channelPeers" | "publish">;
  /** Whether this peer is on the channel only for as long as it has something to hand over there. */
  readonly isGuest: (channel: string) => boolean;
  /** Whether a neighbour asks this peer for what belongs to the channel: then it stays there, and tells others. */
  readonly reads: (peer: NodeKey, channel: string) => boolean;
}

/**
 * One message on its way to one channel. For a guest only those count who read there: another guest, who has come with a
 * message of its own and leaves with it, would take this one along. (Of two who bring something to a place that is cut off,
 * each would take the other for somebody of that place.)
 */
export class Handing {
  readonly channel: string;
  readonly #ports: HandingPorts;
  readonly #bytes: Uint8Array;
  /** By hex: who was there when it was sent, or has taken it otherwise. */
  readonly #holders = new Map<string, NodeKey>();

  constructor(ports: HandingPorts, channel: string, bytes: Uint8Array) {
    this.#ports = ports;
    this.channel = channel;
    this.#bytes = bytes;
  }

  /** This peer has it, whoever it has it from. */
  heldBy(peer: NodeKey): void {
    this.#holders.set(toHex(peer), peer);
  }

  /** Sends it if that may help; resolves with whether so many have it who stay there. @throws what the mesh throws */
  async isDone(enough: number): Promise<boolean> {
    if (this.#stay() >= enough) return true;
    const { mesh } = this.#ports;
    const there = mesh.channelPeers(this.channel);
    if (there.every((peer) => this.#holders.has(toHex(peer)))) return false;
    if ((await mesh.publish(this.channel, this.#bytes)) === 0) return false;
    for (const peer of there) this.heldBy(peer);
    return this.#stay() >= enough;
  }

  #stay(): number {
    const { isGuest, reads } = this.#ports;
    if (!isGuest(this.channel)) return this.#holders.size;
    return [...this.#holders.values()].filter((peer) => reads(peer, this.channel)).length;
  }
}
