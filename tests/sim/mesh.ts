/** One peer's Mesh in a simulated network. */
import { Inbox } from "../../src/mesh/budgets/index.ts";
import { MeshError } from "../../src/mesh/errors.ts";
import { Invites, type Endpoints, type Sign } from "../../src/mesh/invite/index.ts";
import { Misdeeds } from "../../src/mesh/misdeeds.ts";
import type {
  FrameStream,
  IntroduceMode,
  Mesh,
  MeshEvents,
  MisdeedView,
  PeerLink,
  RelayStatus,
  ShutOut,
  Verdict,
} from "../../src/mesh/port.ts";
import { abortable, pause } from "../../src/mesh/protocols/index.ts";
import { BoundedMap } from "../../src/social/index.ts";
import { hashOf, toHex, type Hash, type NodeKey } from "../../src/wire/index.ts";
import type { SimLink, SimNetwork } from "./network.ts";
import { Gossip, type GossipMessage } from "./gossip.ts";
import { streamPair } from "./stream.ts";
import { Wanted } from "./wanted.ts";

type ChannelMessage = { channel: string; bytes: Uint8Array; from: NodeKey };
type ChannelHandler = (message: ChannelMessage) => Promise<Verdict>;
type StreamHandler = (stream: FrameStream) => Promise<void>;
type Listeners = { [K in keyof MeshEvents]: Set<(detail: MeshEvents[K]) => void> };

/** What gossipsub remembers to drop repetitions. */
const SEEN_MESSAGES = 65_536;
/** For so long, in ms, gossipsub sends nothing that it has published before: its `seenTTL`. */
const PUBLISHED_ANEW = 120_000;
const PUBLISHED_MESSAGES = 256;
export const GOSSIP = "gossip";

export class SimMesh implements Mesh {
  readonly self: NodeKey;
  /** Hex of it. */
  readonly name: string;
  /** Codes reported by this peer, in order. */
  readonly reports: { peer: string; code: string }[] = [];
  /** Errors that handlers of this peer threw. */
  readonly failures: unknown[] = [];
  running = false;
  readonly #network: SimNetwork;
  readonly gossip: Gossip;
  readonly #links = new Map<string, SimLink>();
  readonly #handlers = new Map<string, StreamHandler>();
  readonly #seen = new BoundedMap<string, true>(SEEN_MESSAGES);
  /** By message: when this peer published it last. */
  readonly #published = new BoundedMap<string, number>(PUBLISHED_MESSAGES);
  readonly #misdeeds: Misdeeds;
  readonly #wanted: Wanted;
  readonly #inbox: Inbox;
  readonly #met = new Map<string, NodeKey>();
  readonly #listeners: Listeners = { peerConnected: new Set(), peerDisconnected: new Set(), changed: new Set() };
  #channelHandler: ChannelHandler = async () => "ignore";

  readonly endpoints: Endpoints;
  readonly sign: Sign;
  readonly invites: Invites;
  introduce: IntroduceMode = "auto";

  constructor(self: NodeKey, network: SimNetwork, sign: Sign) {
    this.self = self;
    this.name = toHex(self);
    this.#network = network;
    this.gossip = new Gossip(this, network);
    this.sign = sign;
    this.#wanted = new Wanted(this, network);
    this.endpoints = network.endpoints.of(this);
    this.invites = new Invites({
      self,
      clock: network.clock,
      endpoints: this.endpoints,
      log: () => undefined,
      sign,
      verify: network.verifyHalf,
    });
    const { clock } = network;
    this.#misdeeds = new Misdeeds(clock);
    // Work takes no time here, so the stopwatch is the clock.
    const stopwatch = (): number => clock.now();
    this.#inbox = new Inbox({ clock, stopwatch, onMisdeed: (peer, code) => this.report(peer, code) });
  }

  async start(): Promise<void> {
    this.running = true;
    await Promise.resolve();
  }

  async stop(): Promise<void> {
    this.invites.stop();
    this.#wanted.stop();
    this.#network.isolate(this);
    this.running = false;
    await Promise.resolve();
  }

  join(channel: string): void {
    if (this.gossip.join(channel)) this.#network.observer.joined?.(this, channel, true);
  }

  leave(channel: string): void {
    if (this.gossip.leave(channel)) this.#network.observer.joined?.(this, channel, false);
  }

  channels(): string[] {
    return this.gossip.channels;
  }

  channelPeers(channel: string): NodeKey[] {
    return this.gossip.peers(channel);
  }

  eagerPeers(channel: string): NodeKey[] {
    return this.gossip.eagerPeers(channel);
  }

  async publish(channel: string, bytes: Uint8Array): Promise<NodeKey[]> {
    await Promise.resolve();
    const copy = Uint8Array.from(bytes);
    const message = { id: `${channel} ${toHex(hashOf(copy))}`, channel, bytes: copy };
    const { clock } = this.#network;
    if (clock.now() - (this.#published.get(message.id) ?? Number.NEGATIVE_INFINITY) < PUBLISHED_ANEW) return [];
    const told = this.gossip.publish(message);
    if (told.length === 0) return [];
    this.#seen.set(message.id, true);
    this.#published.set(message.id, clock.now());
    return told;
  }

  setChannelHandler(handler: ChannelHandler): void {
    this.#channelHandler = handler;
  }

  async openStream(peer: NodeKey, protocol: string, options: { signal?: AbortSignal } = {}): Promise<FrameStream> {
    const name = toHex(peer);
    if (!this.#links.has(name)) await this.connect(peer, options);
    else options.signal?.throwIfAborted();
    const other = this.#network.mesh(name);
    const link = this.#links.get(name);
    if (other === undefined || link === undefined) throw new MeshError("UNREACHABLE", "The link is gone.");
    // Negotiation takes a round trip.
    await this.#travel(link.latency * 2, options.signal);
    const handler = other.#handlers.get(protocol);
    if (!link.up) throw new MeshError("UNREACHABLE", "The link broke.");
    if (handler === undefined) throw new MeshError("PROTOCOL_UNSUPPORTED", protocol);
    return this.#pair(link, other, protocol, handler);
  }

  handle(protocol: string, handler: StreamHandler): void {
    this.#handlers.set(protocol, handler);
  }

  peers(): NodeKey[] {
    return [...this.#links.values()].map((link) => this.#other(link).self);
  }

  isLinked(peer: NodeKey): boolean {
    return this.#links.has(toHex(peer));
  }

  neighbours(): SimMesh[] {
    return [...this.#links.values()].map((link) => this.#other(link));
  }

  get linkCount(): number {
    return this.#links.size;
  }

  links(): PeerLink[] {
    return [...this.#links.values()].map((link) => this.#describe(link));
  }

  relays(): RelayStatus[] {
    return [];
  }

  async connect(peer: NodeKey, options: { signal?: AbortSignal } = {}): Promise<void> {
    options.signal?.throwIfAborted();
    if (this.#links.has(toHex(peer))) return;
    const other = this.#network.mesh(peer);
    if (other === undefined || !this.#network.reachable(this, other)) {
      throw new MeshError("UNREACHABLE", "No way there.");
    }
    // Signalling through a relay and the handshake: 180-740 ms (measured).
    await this.#travel(this.#network.random.between(180, 740), options.signal);
    this.#network.connect(this, other);
  }

  createInvite({ signal }: { signal?: AbortSignal } = {}): ReturnType<Mesh["createInvite"]> {
    return this.invites.create(signal);
  }

  answerInvite(code: string, { signal }: { signal?: AbortSignal } = {}): ReturnType<Mesh["answerInvite"]> {
    return this.invites.answer(code, signal);
  }

  acceptAnswer(code: string, { signal }: { signal?: AbortSignal } = {}): ReturnType<Mesh["acceptAnswer"]> {
    return this.invites.accept(code, signal);
  }

  readInvite(code: string): ReturnType<Mesh["readInvite"]> {
    return this.invites.read(code);
  }

  setIntroduce(mode: IntroduceMode): void {
    this.introduce = mode;
  }

  /** Dials everybody it was ever linked to. */
  reconnect(): void {
    for (const peer of this.#met.values()) {
      this.connect(peer).catch((error: unknown) => this.failures.push(error));
    }
  }

  report(peer: NodeKey, code: string): void {
    const key = toHex(peer);
    this.reports.push({ peer: key, code });
    if (this.#misdeeds.report(peer, code)) this.#drop(peer);
  }

  charge(peer: NodeKey, milliseconds: number): void {
    // What this process takes for one of its peers is no property of the network, and no two runs take the same.
    if (this.#network.chargesWork) this.#inbox.wasted(peer, milliseconds);
  }

  setBlocked(peers: readonly NodeKey[]): void {
    this.#misdeeds.setBlocked(peers);
    for (const peer of peers) this.#drop(peer);
  }

  setWanted(peers: readonly NodeKey[]): void {
    this.#wanted.set(peers);
  }

  wants(peer: NodeKey): boolean {
    return this.#wanted.has(peer);
  }

  pardon(peer: NodeKey): void {
    this.#misdeeds.pardon(peer);
  }

  shutOut(): ShutOut[] {
    return this.#misdeeds.shutOut();
  }

  misdeeds(): MisdeedView[] {
    return this.#misdeeds.recent();
  }

  #drop(peer: NodeKey): void {
    const other = this.#network.mesh(peer);
    if (other !== undefined) this.#network.disconnect(this, other);
  }

  hasBanned(peer: NodeKey): boolean {
    return this.#misdeeds.isBanned(peer);
  }

  async provide(key: Hash, options: { signal?: AbortSignal } = {}): Promise<void> {
    await this.#travel(100, options.signal);
    const { providers } = this.#network;
    const record = providers.get(toHex(key)) ?? new Set<string>();
    providers.set(toHex(key), record.add(this.name));
  }

  async *findProviders(key: Hash, options: { signal?: AbortSignal; limit?: number } = {}): AsyncGenerator<NodeKey> {
    let left = options.limit ?? Number.POSITIVE_INFINITY;
    for (const name of this.#network.providers.get(toHex(key)) ?? []) {
      if (left-- <= 0) return;
      // One hop of the lookup.
      await this.#travel(100, options.signal);
      const provider = this.#network.mesh(name);
      if (provider !== undefined && provider !== this) yield provider.self;
    }
  }

  on<K extends keyof MeshEvents>(event: K, listener: (detail: MeshEvents[K]) => void): () => void {
    this.#listeners[event].add(listener);
    return () => this.#listeners[event].delete(listener);
  }

  /** Called by the network. */
  linked(link: SimLink): void {
    const other = this.#other(link);
    this.#links.set(other.name, link);
    this.#met.set(other.name, other.self);
    this.gossip.linked(link, other);
    this.#emit("peerConnected", other.self);
    this.#emit("changed", undefined);
  }

  /** Called by the network. */
  unlinked(link: SimLink): void {
    const other = this.#other(link);
    this.#links.delete(other.name);
    this.gossip.unlinked(other);
    if (this.running) this.#wanted.unlinked(other.self);
    this.#emit("peerDisconnected", other.self);
    this.#emit("changed", undefined);
  }

  #pair(link: SimLink, other: SimMesh, protocol: string, handler: StreamHandler): FrameStream {
    const bytes = link.ends[0] === this ? link.bytes : ([link.bytes[1], link.bytes[0]] as const);
    const [ours, theirs] = streamPair([this.self, other.self], {
      clock: this.#network.clock,
      latency: () => this.#network.delay(link),
      limits: this.#network.streamLimits,
      onFrame: (from, frame) => {
        add(bytes[from], protocol, frame.length);
        const [sender, receiver] = from === 0 ? [this, other] : [other, this];
        this.#network.observer.sent?.(sender, receiver, frame.length, protocol);
        this.#network.observer.framed?.(sender, receiver, protocol, frame);
      },
      onClosed: () => link.onDown.delete(down),
    });
    const down = (): void => {
      const broken = new MeshError("STREAM_RESET", "The link broke.");
      ours.fail(broken);
      theirs.fail(broken);
    };
    link.onDown.add(down);
    handler(theirs).catch((error: unknown) => {
      other.failures.push(error);
      theirs.abort(error instanceof Error ? error : new Error(String(error)));
    });
    return ours;
  }

  /** Called by gossip: so many bytes left over this link. */
  sent(link: SimLink, bytes: number): void {
    add(link.bytes[link.ends[0] === this ? 0 : 1], GOSSIP, bytes);
    this.#network.observer.sent?.(this, this.#other(link), bytes, GOSSIP);
  }

  /** Called by gossip: a neighbour sent this. */
  heard(sender: SimMesh, message: GossipMessage): void {
    if (!this.gossip.isOn(message.channel) || this.hasSeen(message.id)) return;
    this.#network.observer.gossiped?.(sender, this, message);
    const judge = (): Promise<void> => this.#judge(sender, message);
    this.#inbox.offer(sender.self, message.bytes.length, judge);
  }

  hasSeen(id: string): boolean {
    return this.#seen.has(id);
  }

  /** Called by gossip: who is on which channel. */
  changed(): void {
    this.#emit("changed", undefined);
  }

  async #judge(sender: SimMesh, message: GossipMessage): Promise<void> {
    if (this.hasSeen(message.id)) return;
    this.#seen.set(message.id, true);
    try {
      const { channel, bytes } = message;
      const verdict = await this.#channelHandler({ channel, bytes, from: sender.self });
      if (verdict !== "accept") return;
      this.#inbox.accepted();
      this.#network.observer.accepted?.(sender, this, message);
      this.gossip.forward(message, sender);
    } catch (error) {
      this.failures.push(error);
    }
  }

  #describe(link: SimLink): PeerLink {
    return new LinkView(link, link.ends[0] === this);
  }

  #other(link: SimLink): SimMesh {
    return link.ends[0] === this ? link.ends[1] : link.ends[0];
  }

  async #travel(ms: number, signal: AbortSignal | undefined): Promise<void> {
    await abortable(pause(this.#network.clock, ms, signal), signal);
  }

  #emit<K extends keyof MeshEvents>(event: K, detail: MeshEvents[K]): void {
    for (const listener of this.#listeners[event]) listener(detail);
  }
}

/** A link as one of its ends sees it. A thousand peers look at theirs again and again: what is counted is counted when asked. */
class LinkView implements PeerLink {
  readonly peer: NodeKey;
  readonly transport = "webrtc";
  readonly direct = true;
  readonly direction: PeerLink["direction"];
  readonly openedAt: number;
  readonly roundTrip: number;
  readonly #mine: Map<string, number>;
  readonly #theirs: Map<string, number>;

  constructor({ bytes, ends, latency, openedAt }: SimLink, isFirst: boolean) {
    this.peer = ends[isFirst ? 1 : 0].self;
    this.direction = isFirst ? "outbound" : "inbound";
    this.openedAt = openedAt;
    this.roundTrip = latency * 2;
    this.#mine = bytes[isFirst ? 0 : 1];
    this.#theirs = bytes[isFirst ? 1 : 0];
  }

  get bytesIn(): number {
    return total(this.#theirs);
  }

  get bytesOut(): number {
    return total(this.#mine);
  }

  get protocols(): PeerLink["protocols"] {
    const names = new Set([...this.#mine.keys(), ...this.#theirs.keys()]);
    return Object.fromEntries(
      [...names].map((name) => [name, { in: this.#theirs.get(name) ?? 0, out: this.#mine.get(name) ?? 0 }]),
    );
  }
}

function add(counts: Map<string, number>, name: string, bytes: number): void {
  counts.set(name, (counts.get(name) ?? 0) + bytes);
}

function total(counts: Map<string, number>): number {
  return [...counts.values()].reduce((sum, bytes) => sum + bytes, 0);
}
