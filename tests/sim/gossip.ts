/**
 * The channels of one simulated peer: in each a mesh of eager links over which messages are passed on at once, as
 * gossipsub keeps it, and announcements a heartbeat later to those who are on the channel beside it.
 */
import type { NodeKey } from "../../src/wire/index.ts";
import type { SimMesh } from "./mesh.ts";
import type { SimLink, SimNetwork } from "./network.ts";

export interface GossipMessage {
  /** Of channel and bytes, as gossipsub is told to know a message by (src/mesh/channels.ts). */
  readonly id: string;
  readonly channel: string;
  /** Shared by all who hear it; nobody writes into them. */
  readonly bytes: Uint8Array;
}

export interface GossipOptions {
  /** Eager links that a peer wants in a channel; with more than it has links, all are. */
  readonly degree: number;
  /** Nobody is grafted who has so many: gossipsub's D_high. */
  readonly highest: number;
  /** Milliseconds until those outside of the mesh are told what there was: gossipsub's heartbeat. */
  readonly heartbeat: number;
}

/** Everybody who is on a channel hears everything from every link: what a handful of peers do. */
export const FLOOD: GossipOptions = { degree: Infinity, highest: Infinity, heartbeat: 1_000 };
/** D, D_high and the heartbeat of gossipsub 1.1, which src/mesh/channels.ts leaves as they are. */
export const GOSSIPSUB: GossipOptions = { degree: 6, highest: 12, heartbeat: 1_000 };

/** An id in an IHAVE or IWANT: 32 bytes and its head. */
const ID_BYTES = 34;

interface Neighbour {
  readonly link: SimLink;
  readonly mesh: SimMesh;
  /** As far as the news has come. */
  readonly channels: Set<string>;
}

export class Gossip {
  readonly #self: SimMesh;
  readonly #network: SimNetwork;
  readonly #options: GossipOptions;
  readonly #joined = new Set<string>();
  readonly #neighbours = new Map<SimMesh, Neighbour>();
  readonly #eager = new Map<string, Set<Neighbour>>();
  /** By channel, in the order in which the news came. */
  readonly #there = new Map<string, Neighbour[]>();

  constructor(self: SimMesh, network: SimNetwork) {
    this.#self = self;
    this.#network = network;
    this.#options = network.gossip;
  }

  get channels(): string[] {
    return [...this.#joined];
  }

  isOn(channel: string): boolean {
    return this.#joined.has(channel);
  }

  /** Linked peers of this channel. */
  peers(channel: string): NodeKey[] {
    return (this.#there.get(channel) ?? []).map(({ mesh }) => mesh.self);
  }

  eagerPeers(channel: string): NodeKey[] {
    return [...(this.#eager.get(channel) ?? [])].map(({ mesh }) => mesh.self);
  }

  count(channel: string): number {
    return this.#there.get(channel)?.length ?? 0;
  }

  join(channel: string): boolean {
    if (this.#joined.has(channel)) return false;
    this.#joined.add(channel);
    for (const neighbour of this.#neighbours.values()) this.#announce(neighbour, [channel], true);
    this.#graft(channel);
    return true;
  }

  leave(channel: string): boolean {
    if (!this.#joined.delete(channel)) return false;
    for (const neighbour of this.#eager.get(channel) ?? []) this.#prune(neighbour, channel);
    for (const neighbour of this.#neighbours.values()) this.#announce(neighbour, [channel], false);
    return true;
  }

  linked(link: SimLink, other: SimMesh): void {
    const neighbour: Neighbour = { link, mesh: other, channels: new Set() };
    this.#neighbours.set(other, neighbour);
    if (this.#joined.size > 0) this.#announce(neighbour, [...this.#joined], true);
  }

  unlinked(other: SimMesh): void {
    const neighbour = this.#neighbours.get(other);
    if (neighbour === undefined) return;
    this.#neighbours.delete(other);
    for (const channel of neighbour.channels) this.#gone(neighbour, channel);
  }

  /** To every neighbour of the channel, as `floodPublish` has it. @returns to whom */
  publish(message: GossipMessage): NodeKey[] {
    const there = this.#there.get(message.channel) ?? [];
    for (const neighbour of there) this.#send(neighbour, message);
    return there.map(({ mesh }) => mesh.self);
  }

  forward(message: GossipMessage, from: SimMesh): void {
    const eager = this.#eager.get(message.channel);
    const there = this.#there.get(message.channel) ?? [];
    if (eager === undefined) return;
    for (const neighbour of eager) if (neighbour.mesh !== from) this.#send(neighbour, message);
    if (eager.size >= there.length) return;
    this.#network.clock.after(this.#options.heartbeat, () => {
      for (const neighbour of there) {
        if (neighbour.mesh !== from && !eager.has(neighbour)) this.#tell(neighbour, message);
      }
    });
  }

  /** News of a neighbour: it is on this channel now, or no longer. */
  heardOf(other: SimMesh, channel: string, joined: boolean): void {
    const neighbour = this.#neighbours.get(other);
    if (neighbour === undefined || neighbour.channels.has(channel) === joined) return;
    if (!joined) {
      neighbour.channels.delete(channel);
      this.#gone(neighbour, channel);
      return;
    }
    neighbour.channels.add(channel);
    const there = this.#there.get(channel);
    if (there === undefined) this.#there.set(channel, [neighbour]);
    else there.push(neighbour);
    this.#graft(channel);
  }

  #gone(neighbour: Neighbour, channel: string): void {
    const there = this.#there.get(channel) ?? [];
    const at = there.indexOf(neighbour);
    if (at >= 0) there.splice(at, 1);
    if (there.length === 0) this.#there.delete(channel);
    if (this.#eager.get(channel)?.delete(neighbour) === true) this.#graft(channel);
  }

  /** GRAFT and PRUNE are taken to arrive at once: what they decide is which of two ways a message takes. */
  #graft(channel: string): void {
    if (!this.#joined.has(channel)) return;
    const { degree, highest } = this.#options;
    const eager = this.#eager.get(channel) ?? new Set();
    this.#eager.set(channel, eager);
    const free = (this.#there.get(channel) ?? []).filter((neighbour) => !eager.has(neighbour));
    const order = free.length > degree - eager.size ? this.#network.random.shuffled(free) : free;
    for (const neighbour of order) {
      if (eager.size >= degree) return;
      if (neighbour.mesh.gossip.#take(this.#self, channel, highest)) eager.add(neighbour);
    }
  }

  #take(other: SimMesh, channel: string, highest: number): boolean {
    const neighbour = this.#neighbours.get(other);
    if (neighbour === undefined || !this.#joined.has(channel)) return false;
    const eager = this.#eager.get(channel) ?? new Set();
    this.#eager.set(channel, eager);
    if (eager.size >= highest) return false;
    eager.add(neighbour);
    return true;
  }

  #prune(neighbour: Neighbour, channel: string): void {
    this.#eager.get(channel)?.delete(neighbour);
    const theirs = neighbour.mesh.gossip;
    const us = theirs.#neighbours.get(this.#self);
    if (us !== undefined) theirs.#eager.get(channel)?.delete(us);
  }

  #send(neighbour: Neighbour, message: GossipMessage): void {
    const network = this.#network;
    this.#self.sent(neighbour.link, message.bytes.length);
    const times = network.repeats() ? 2 : 1;
    for (let time = 0; time < times; time++) {
      if (!network.loses()) this.#deliver(neighbour, () => neighbour.mesh.heard(this.#self, message));
    }
  }

  /** IHAVE, and what comes of it: whoever lacks the message has it a round trip later. */
  #tell(neighbour: Neighbour, message: GossipMessage): void {
    this.#self.sent(neighbour.link, ID_BYTES);
    if (this.#network.loses()) return;
    this.#deliver(neighbour, () => {
      if (!neighbour.mesh.gossip.isOn(message.channel) || neighbour.mesh.hasSeen(message.id)) return;
      neighbour.mesh.sent(neighbour.link, ID_BYTES);
      this.#network.clock.after(neighbour.link.latency, () => {
        if (neighbour.link.up) this.#send(neighbour, message);
      });
    });
  }

  /** In one message, as gossipsub tells whoever is linked anew. */
  #announce(neighbour: Neighbour, channels: readonly string[], joined: boolean): void {
    this.#deliver(neighbour, () => {
      for (const channel of channels) neighbour.mesh.gossip.heardOf(this.#self, channel, joined);
      neighbour.mesh.changed();
    });
  }

  #deliver({ link }: Neighbour, task: () => void): void {
    this.#network.clock.after(this.#network.delay(link), () => {
      if (link.up) task();
    });
  }
}
