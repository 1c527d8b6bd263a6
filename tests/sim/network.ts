/**
 * A network in memory that implements the Mesh port: links with latency and loss, gossip, streams, provider records,
 * partitions and peers that come and go. Deterministic: one seed, one virtual clock, no real time.
 */
import { MeshError } from "../../src/mesh/errors.ts";
import type { NodeKey } from "../../src/wire/index.ts";
import { toHex } from "../../src/wire/index.ts";
import { verifyHalf, type Sign } from "../../src/mesh/invite/index.ts";
import type { VirtualClock } from "./clock.ts";
import { SimEndpoints } from "./endpoints.ts";
import { FLOOD, type GossipMessage, type GossipOptions } from "./gossip.ts";
import { SimMesh } from "./mesh.ts";
import { SeededRandom } from "./random.ts";
import { SIM_STREAM_LIMITS, type StreamLimits } from "./stream.ts";

export interface NetworkOptions {
  readonly clock: VirtualClock;
  readonly seed: number;
  /** Milliseconds one way; a link draws its own from this range when it opens. */
  readonly latency?: readonly [min: number, max: number];
  /** Share of gossip messages that a link loses. Streams are reliable: loss delays their frames by a repetition. */
  readonly loss?: number;
  /** Share of gossip messages that come twice, by different delays. */
  readonly duplication?: number;
  /** How channels pass messages on; by default everybody tells everybody. */
  readonly gossip?: GossipOptions;
  /** Whether time that checking takes counts against whoever sent what was checked. Default true. */
  readonly chargesWork?: boolean;
  readonly streams?: Partial<StreamLimits>;
}

/** Sees what goes through the network, and changes nothing. */
export interface NetworkObserver {
  joined?(peer: SimMesh, channel: string, joined: boolean): void;
  /** A message has come that was not heard before; what is thought of it is not decided. */
  gossiped?(from: SimMesh, to: SimMesh, message: GossipMessage): void;
  /** It was accepted, and is passed on. */
  accepted?(from: SimMesh, at: SimMesh, message: GossipMessage): void;
  /** By gossip or on a stream. */
  sent?(from: SimMesh, to: SimMesh, bytes: number, protocol: string): void;
  framed?(from: SimMesh, to: SimMesh, protocol: string, frame: Uint8Array): void;
  linked?(link: SimLink): void;
  unlinked?(link: SimLink): void;
}

export interface SimLink {
  readonly ends: readonly [SimMesh, SimMesh];
  readonly latency: number;
  readonly openedAt: number;
  /** Sent by each end, by protocol id; gossip is "gossip". */
  readonly bytes: readonly [Map<string, number>, Map<string, number>];
  /** What has to end when the link does. */
  readonly onDown: Set<() => void>;
  up: boolean;
}

export class SimNetwork {
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly endpoints = new SimEndpoints(this);
  /** WebCrypto works outside of virtual time. */
  readonly verifyHalf: typeof verifyHalf = (half, bytes) => this.clock.track(verifyHalf(half, bytes));
  readonly streamLimits: StreamLimits;
  readonly #latency: readonly [number, number];
  readonly #loss: number;
  readonly #duplication: number;
  readonly gossip: GossipOptions;
  readonly chargesWork: boolean;
  observer: NetworkObserver = {};
  readonly #peers = new Map<string, SimMesh>();
  readonly #links = new Map<string, SimLink>();
  /** Group by peer while the network is split; peers that are in none are reached by nobody. */
  #groups: Map<string, number> | null = null;
  /** Hash to those who provide it. */
  readonly providers = new Map<string, Set<string>>();

  constructor(options: NetworkOptions) {
    this.clock = options.clock;
    this.random = new SeededRandom(options.seed);
    this.streamLimits = { ...SIM_STREAM_LIMITS, ...options.streams };
    this.#latency = options.latency ?? [5, 50];
    this.#loss = options.loss ?? 0;
    this.#duplication = options.duplication ?? 0;
    this.gossip = options.gossip ?? FLOOD;
    this.chargesWork = options.chargesWork ?? true;
  }

  /** A peer that is not started yet. @param sign needed by whoever makes codes of invites */
  createMesh(self: NodeKey, sign: Sign = unsigned): SimMesh {
    const mesh = new SimMesh(self, this, sign);
    this.#peers.set(mesh.name, mesh);
    return mesh;
  }

  mesh(peer: NodeKey | string): SimMesh | undefined {
    return this.#peers.get(typeof peer === "string" ? peer : toHex(peer));
  }

  link(a: SimMesh, b: SimMesh): SimLink | undefined {
    return this.#links.get(linkName(a, b));
  }

  /** Opens a link at once. @throws MeshError `UNREACHABLE` */
  connect(a: SimMesh, b: SimMesh): SimLink {
    const known = this.link(a, b);
    if (known !== undefined) return known;
    if (!this.reachable(a, b)) throw new MeshError("UNREACHABLE", "No way there.");
    const link: SimLink = {
      ends: [a, b],
      latency: this.random.between(...this.#latency),
      openedAt: this.clock.now(),
      bytes: [new Map(), new Map()],
      onDown: new Set(),
      up: true,
    };
    this.#links.set(linkName(a, b), link);
    this.observer.linked?.(link);
    a.linked(link);
    b.linked(link);
    return link;
  }

  /** Links everyone with everyone, as a small mesh does. */
  connectAll(): void {
    const peers = [...this.#peers.values()].filter((peer) => peer.running);
    for (const [at, a] of peers.entries()) for (const b of peers.slice(at + 1)) this.#tryConnect(a, b);
  }

  /** Brings every peer to about `degree` links: to random ones, over a ring that keeps the network in one piece. */
  connectSparsely(degree: number): void {
    const peers = this.random.shuffled([...this.#peers.values()].filter((peer) => peer.running));
    for (const [at, peer] of peers.entries()) this.#tryConnect(peer, peers[(at + 1) % peers.length] as SimMesh);
    for (const peer of peers) {
      for (let tries = degree * 2; tries > 0 && peer.peers().length < degree; tries--) {
        this.#tryConnect(peer, peers[this.random.below(peers.length)] as SimMesh);
      }
    }
  }

  disconnect(a: SimMesh, b: SimMesh): void {
    const link = this.link(a, b);
    if (link === undefined) return;
    this.#links.delete(linkName(a, b));
    link.up = false;
    for (const down of link.onDown) down();
    a.unlinked(link);
    b.unlinked(link);
    this.observer.unlinked?.(link);
  }

  isolate(peer: SimMesh): void {
    for (const other of peer.neighbours()) this.disconnect(peer, other);
  }

  /** Splits the network: links between groups break and none can be opened until `heal`. */
  partition(groups: readonly (readonly { readonly self: NodeKey }[])[]): void {
    this.#groups = new Map(groups.flatMap((group, at) => group.map((peer) => [toHex(peer.self), at] as const)));
    for (const link of this.#links.values()) if (!this.reachable(...link.ends)) this.disconnect(...link.ends);
  }

  heal(): void {
    this.#groups = null;
  }

  reachable(a: SimMesh, b: SimMesh): boolean {
    if (a === b || !a.running || !b.running || a.hasBanned(b.self) || b.hasBanned(a.self)) return false;
    if (this.#groups === null) return true;
    const group = this.#groups.get(a.name);
    return group !== undefined && group === this.#groups.get(b.name);
  }

  /** Milliseconds that a frame takes over this link, now: what is lost is sent again after a round trip. */
  delay(link: SimLink): number {
    let delay = link.latency * this.random.between(0.9, 1.3);
    while (this.loses()) delay += link.latency * 2;
    return delay;
  }

  loses(): boolean {
    return this.#loss > 0 && this.random.next() < this.#loss;
  }

  repeats(): boolean {
    return this.#duplication > 0 && this.random.next() < this.#duplication;
  }

  #tryConnect(a: SimMesh, b: SimMesh): void {
    if (this.reachable(a, b)) this.connect(a, b);
  }
}

async function unsigned(): Promise<never> {
  throw new Error("this peer was made without a key to sign with");
}

function linkName(a: SimMesh, b: SimMesh): string {
  return a.name < b.name ? a.name + b.name : b.name + a.name;
}
