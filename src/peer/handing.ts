import type { Mesh } from "../mesh/port.ts";
import { toHex, type Hash, type NodeKey } from "../wire/index.ts";

export interface HandingPorts {
  readonly mesh: Pick<Mesh, "channelPeers" | "publish">;
  /** Whether this peer is on the channel only for as long as it has something to hand over there. */
  readonly isGuest: (channel: string) => boolean;
  /** Whether a neighbour asks this peer for what belongs to the channel: then it stays there, and tells others. */
  readonly reads: (peer: NodeKey, channel: string) => boolean;
}

/** What is to be handed over: the envelope, or what carries it. */
export interface Gift {
  /** Of the envelope, by which neighbours say that they have it; of a certificate, of which they say nothing. */
  readonly hash: Hash;
  readonly bytes: Uint8Array;
}

/**
 * One message on its way to one channel. For a guest only those count who read there: another guest, who has come with a
 * message of its own and leaves with it, would take this one along. (Of two who bring something to a place that is cut off,
 * each would take the other for somebody of that place.)
 */
export class Handing {
  readonly channel: string;
  /** Hex of the hash of what is handed over. */
  readonly name: string;
  readonly #ports: HandingPorts;
  readonly #bytes: Uint8Array;
  /** By hex: to whom it was sent on the channel, and who has it otherwise. */
  readonly #sent = new Map<string, NodeKey>();
  readonly #taken = new Map<string, NodeKey>();

  constructor(ports: HandingPorts, channel: string, gift: Gift) {
    this.#ports = ports;
    this.channel = channel;
    this.name = toHex(gift.hash);
    this.#bytes = gift.bytes;
  }

  /**
   * This peer has it from somebody else, or on another way: whether it is on the channel is not said.
   * @returns whether that may make a difference
   */
  taken(by: NodeKey): boolean {
    const name = toHex(by);
    const isNews = this.#ports.isGuest(this.channel) && !this.#taken.has(name);
    this.#taken.set(name, by);
    return isNews;
  }

  /** Sends it if that may help; resolves with whether so many have it who stay there. @throws what the mesh throws */
  async isDone(enough: number): Promise<boolean> {
    if (this.#staying() >= enough) return true;
    const { mesh } = this.#ports;
    if (mesh.channelPeers(this.channel).every((peer) => this.#isHeldBy(toHex(peer)))) return false;
    for (const peer of await mesh.publish(this.channel, this.#bytes)) this.#sent.set(toHex(peer), peer);
    return this.#staying() >= enough;
  }

  #isHeldBy(peer: string): boolean {
    // Where this peer lives, what follows from sending it is that the channel hears it: who has it is no reason not to.
    return this.#sent.has(peer) || (this.#ports.isGuest(this.channel) && this.#taken.has(peer));
  }

  #staying(): number {
    const { isGuest, reads } = this.#ports;
    if (!isGuest(this.channel)) return this.#sent.size;
    const holders = new Map([...this.#sent, ...this.#taken]);
    return [...holders.values()].filter((peer) => reads(peer, this.channel)).length;
  }
}
