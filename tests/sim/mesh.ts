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
import { streamPair } from "./stream.ts";

type ChannelMessage = { channel: string; bytes: Uint8Array; from: NodeKey };
type ChannelHandler = (message: ChannelMessage) => Promise<Verdict>;
type StreamHandler = (stream: FrameStream) => Promise<void>;
type Listeners = { [K in keyof MeshEvents]: Set<(detail: MeshEvents[K]) => void> };

/** What gossipsub remembers to drop repetitions. */
const SEEN_MESSAGES = 65_536;
const GOSSIP = "gossip";

export class SimMesh implements Mesh {
  readonly self: NodeKey;
  /** Codes reported by this peer, in order. */
  readonly reports: { peer: string; code: string }[] = [];
  /** Errors that handlers of this peer threw. */
  readonly failures: unknown[] = [];
  running = false;
  readonly #network: SimNetwork;
  readonly #joined = new Set<string>();
  /** Channels of each neighbour, as far as the news has come. */
  readonly #neighbourChannels = new Map<string, Set<string>>();
  readonly #links = new Map<string, SimLink>();
  readonly #handlers = new Map<string, StreamHandler>();
  readonly #seen = new BoundedMap<string, true>(SEEN_MESSAGES);
  readonly #misdeeds: Misdeeds;
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
    this.#network = network;
    this.sign = sign;
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
    this.#network.isolate(this);
    this.running = false;
    await Promise.resolve();
  }

  join(channel: string): void {
    if (this.#joined.has(channel)) return;
    this.#joined.add(channel);
    for (const link of this.#links.values()) this.#announce(link, channel, true);
  }

  leave(channel: string): void {
    if (!this.#joined.delete(channel)) return;
    for (const link of this.#links.values()) this.#announce(link, channel, false);
  }

  channels(): string[] {
    return [...this.#joined];
  }

  channelPeers(channel: string): NodeKey[] {
    return this.#channelLinks(channel).map((link) => this.#other(link).self);
  }

  async publish(channel: string, bytes: Uint8Array): Promise<number> {
    await Promise.resolve();
    const links = this.#channelLinks(channel);
    if (links.length === 0) return 0;
    this.#seen.set(messageId(channel, bytes), true);
    for (const link of links) this.#gossip(link, channel, bytes);
    return links.length;
  }

  setChannelHandler(handler: ChannelHandler): void {
    this.#channelHandler = handler;
  }

  async openStream(peer: NodeKey, protocol: string, options: { signal?: AbortSignal } = {}): Promise<FrameStream> {
    await this.connect(peer, options);
    const other = this.#network.mesh(peer);
    const link = this.#links.get(toHex(peer));
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
    this.#inbox.wasted(peer, milliseconds);
  }

  setBlocked(peers: readonly NodeKey[]): void {
    this.#misdeeds.setBlocked(peers);
    for (const peer of peers) this.#drop(peer);
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
    providers.set(toHex(key), record.add(toHex(this.self)));
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
    const other = this.#other(link).self;
    this.#links.set(toHex(other), link);
    this.#met.set(toHex(other), other);
    this.#neighbourChannels.set(toHex(other), new Set());
    for (const channel of this.#joined) this.#announce(link, channel, true);
    this.#emit("peerConnected", other);
    this.#emit("changed", undefined);
  }

  /** Called by the network. */
  unlinked(link: SimLink): void {
    const other = this.#other(link).self;
    this.#links.delete(toHex(other));
    this.#neighbourChannels.delete(toHex(other));
    this.#emit("peerDisconnected", other);
    this.#emit("changed", undefined);
  }

  #pair(link: SimLink, other: SimMesh, protocol: string, handler: StreamHandler): FrameStream {
    const broken = new MeshError("STREAM_RESET", "The link broke.");
    const bytes = link.ends[0] === this ? link.bytes : ([link.bytes[1], link.bytes[0]] as const);
    const [ours, theirs] = streamPair([this.self, other.self], {
      clock: this.#network.clock,
      latency: () => this.#network.delay(link),
      limits: this.#network.streamLimits,
      onBytes: (from, count) => add(bytes[from], protocol, count),
      onClosed: () => link.onDown.delete(down),
    });
    const down = (): void => {
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

  #gossip(link: SimLink, channel: string, bytes: Uint8Array): void {
    add(link.bytes[link.ends[0] === this ? 0 : 1], GOSSIP, bytes.length);
    if (this.#network.loses()) return;
    const copy = Uint8Array.from(bytes);
    this.#deliver(link, () => void this.#other(link).#hear(this, channel, copy));
  }

  async #hear(sender: SimMesh, channel: string, bytes: Uint8Array): Promise<void> {
    if (!this.#joined.has(channel)) return;
    await new Promise<void>((resolve) => {
      const judge = (): Promise<void> => this.#judge(sender, channel, bytes).then(resolve);
      if (!this.#inbox.offer(sender.self, bytes.length, judge)) resolve();
    });
  }

  async #judge(sender: SimMesh, channel: string, bytes: Uint8Array): Promise<void> {
    const id = messageId(channel, bytes);
    if (this.#seen.get(id) !== undefined) return;
    this.#seen.set(id, true);
    try {
      const verdict = await this.#channelHandler({ channel, bytes, from: sender.self });
      if (verdict !== "accept") return;
      this.#inbox.accepted();
      for (const link of this.#channelLinks(channel)) {
        if (this.#other(link) !== sender) this.#gossip(link, channel, bytes);
      }
    } catch (error) {
      this.failures.push(error);
    }
  }

  #announce(link: SimLink, channel: string, joined: boolean): void {
    this.#deliver(link, () => {
      const channels = this.#other(link).#neighbourChannels.get(toHex(this.self));
      if (joined) channels?.add(channel);
      else channels?.delete(channel);
      this.#other(link).#emit("changed", undefined);
    });
  }

  #deliver(link: SimLink, task: () => void): void {
    this.#network.clock.after(this.#network.delay(link), () => {
      if (link.up) task();
    });
  }

  #channelLinks(channel: string): SimLink[] {
    return [...this.#links.entries()].flatMap(([peer, link]) =>
      this.#neighbourChannels.get(peer)?.has(channel) === true ? [link] : [],
    );
  }

  #describe(link: SimLink): PeerLink {
    const [mine, theirs] = link.ends[0] === this ? link.bytes : [link.bytes[1], link.bytes[0]];
    const names = new Set([...mine.keys(), ...theirs.keys()]);
    const protocols = Object.fromEntries(
      [...names].map((name) => [name, { in: theirs.get(name) ?? 0, out: mine.get(name) ?? 0 }]),
    );
    return {
      peer: this.#other(link).self,
      transport: "webrtc",
      direct: true,
      direction: link.ends[0] === this ? "outbound" : "inbound",
      openedAt: link.openedAt,
      roundTrip: link.latency * 2,
      bytesIn: total(theirs),
      bytesOut: total(mine),
      protocols,
    };
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

function messageId(channel: string, bytes: Uint8Array): string {
  return `${channel}:${toHex(hashOf(bytes))}`;
}

function add(counts: Map<string, number>, name: string, bytes: number): void {
  counts.set(name, (counts.get(name) ?? 0) + bytes);
}

function total(counts: Map<string, number>): number {
  return [...counts.values()].reduce((sum, bytes) => sum + bytes, 0);
}
