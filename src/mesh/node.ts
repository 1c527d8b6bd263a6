/** The mesh of one peer on libp2p: composes links, relays, channels, the maintainer and the DHT. */
import { generateKeyPairFromSeed } from "@libp2p/crypto/keys";
import type { Connection, Ed25519PrivateKey, PeerId } from "@libp2p/interface";
import type { Hash, NodeKey } from "../wire/index.ts";
import { Channels, type ChannelHandler } from "./channels.ts";
import { Dht } from "./dht/dht.ts";
import { Dialler } from "./dialler.ts";
import { Emitter } from "./emitter.ts";
import { MeshError } from "./errors.ts";
import { Guard } from "./guard.ts";
import { ensureGossip } from "./gossip-stream.ts";
import { Introductions } from "./introductions.ts";
import type { Invites } from "./invite/index.ts";
import { nodeKeyOf, relayAddress } from "./keys.ts";
import { createNode, onEveryStream, type NodeParts } from "./libp2p.ts";
import { Links, type Link } from "./links.ts";
import { Maintainer } from "./maintainer.ts";
import { createMeshGater } from "./mesh-gater.ts";
import { MESH_LIMITS, type MeshLimits, type MeshLog, type MeshOptions } from "./options.ts";
import type {
  FrameStream,
  IntroduceMode,
  InviteView,
  Mesh,
  MeshEvents,
  MisdeedView,
  PeerLink,
  RelayStatus,
  ShutOut,
} from "./port.ts";
import { abortable, systemClock, type Clock } from "./protocols/clock.ts";
import { RecentPeers } from "./recent-peers.ts";
import { addressesOf, isRelayConnection, relayAddresses, relayConnection } from "./relay-connection.ts";
import { Relays, type RelayConnection } from "./relays.ts";
import { RENDEZVOUS_PROTOCOL } from "./rendezvous.ts";
import { ServerlessLinks, type ServerlessOptions } from "./serverless/index.ts";
import { Streams } from "./streams.ts";
import { meter } from "./traffic.ts";
import { firstWay, type Way } from "./ways.ts";

/** Many things change at once; whoever shows them looks again once. */
const CHANGED_INTERVAL = 100;
/** Makes the mesh of the identity that `seed` belongs to. Nothing is contacted before `start`. */
export async function createMesh(options: MeshOptions): Promise<Mesh> {
  const privateKey = await generateKeyPairFromSeed("Ed25519", options.seed);
  const mesh = new Libp2pMesh(options, privateKey);
  await mesh.create();
  return mesh;
}

class Libp2pMesh implements Mesh {
  readonly self: NodeKey;
  readonly #options: MeshOptions;
  readonly #privateKey: Ed25519PrivateKey;
  readonly #limits: MeshLimits;
  readonly #clock: Clock;
  readonly #log: MeshLog;
  readonly #emitter: Emitter<MeshEvents>;
  readonly #guard: Guard;
  readonly #links: Links;
  readonly #relays: Relays;
  readonly #channels: Channels;
  readonly #maintainer: Maintainer;
  readonly #dialler: Dialler;
  readonly #dht: Dht;
  readonly #streams: Streams;
  readonly #introductions: Introductions;
  readonly #recent: RecentPeers;
  readonly #serverless: ServerlessLinks;
  /** Without peer ids. */
  readonly #relayAddresses: ReadonlySet<string>;
  readonly #relayIds = new Set<string>();
  #parts: NodeParts | null = null;
  #starting: Promise<void> | null = null;
  #introduceMode: IntroduceMode;
  #stopped = false;
  #cancelChanged: (() => void) | null = null;

  constructor(options: MeshOptions, privateKey: Ed25519PrivateKey) {
    this.#options = options;
    this.#privateKey = privateKey;
    this.self = privateKey.publicKey.raw;
    this.#introduceMode = options.introduce ?? "auto";
    this.#relayAddresses = relayAddresses(options.relays);
    this.#limits = { ...MESH_LIMITS, ...options.limits };
    this.#clock = options.clock ?? systemClock;
    this.#log = options.log ?? (() => undefined);
    const [clock, log, { random }] = [this.#clock, this.#log, options];
    const onChanged = (): void => this.#changed();
    this.#emitter = new Emitter((error) => log("warn", "listener_failed", { error }));
    this.#guard = new Guard({
      clock,
      log,
      memory: options.memory,
      drop: (peer, fault) => this.#links.drop(peer, fault),
      onChanged,
    });
    this.#recent = new RecentPeers(options.memory, log);
    this.#links = new Links({
      self: this.self,
      clock,
      random,
      log,
      isRelay: (connection) => isRelayConnection(connection, this.#relayAddresses),
      onConnected: (peer) => this.#connected(peer),
      onDisconnected: (peer) => this.#disconnected(peer),
      onChanged,
      onSignalled: (peer) => this.#dialler.signalled(peer),
      onSound: (connection) => {
        if (!this.#stopped) ensureGossip(connection, this.#node().registrar);
      },
    });
    this.#streams = new Streams({
      clock,
      log,
      links: this.#links,
      maxInboundStreams: this.#limits.maxInboundStreams,
      onMisdeed: (peer, code) => this.report(peer, code),
    });
    this.#introductions = new Introductions({
      self: this.self,
      clock,
      channels: () => this.#channels.joined(),
      onPeers: (channel, peers, by) => this.#maintainer.learn(this.#serverless.heard(by, peers), { channel }),
    });
    this.#relays = new Relays({
      urls: options.relays,
      policy: options.policy,
      clock,
      random,
      log,
      connect: (url, signal) => this.#connectRelay(url, signal),
      onChanged: () => {
        this.#maintainer.poke();
        this.#changed();
      },
    });
    this.#channels = new Channels({
      limits: this.#limits,
      log,
      inbox: this.#guard.inbox,
      points: (peer) => this.#guard.points(peer),
      onMisdeed: (peer, code) => this.report(peer, code),
      onChanged: () => {
        this.#maintainer.poke();
        this.#changed();
      },
    });
    this.#dialler = new Dialler({
      self: this.self,
      clock,
      random,
      direct: (peer) => this.#links.direct(peer),
      isSignalling: (peer) => this.#isSignalling(peer),
      isBanned: (peer) => this.#guard.isBanned(peer),
      dial: (peer, signal) => this.#dial(peer, signal),
    });
    this.#maintainer = new Maintainer({
      self: this.self,
      limits: this.#limits,
      clock,
      random,
      log,
      port: {
        links: () => this.#links.directLinks(),
        canDial: () =>
          options.network !== undefined || this.#relays.connected().length > 0 || this.#serverless.canDial(),
        isSignalling: (peer) => this.#isSignalling(peer),
        isBanned: (peer) => this.#guard.isBanned(peer),
        channels: () => this.#channels.joined(),
        channelPeers: (channel) => this.#channels.peers(channel),
        dial: async (peer, signal) => void (await this.#dialler.link(peer, signal)),
        close: (peer) => this.#links.drop(peer),
      },
    });
    this.#dht = new Dht({
      clock,
      log,
      maxRecords: this.#limits.maxProviderRecords,
      components: () => this.#node().components,
      linked: (peer) => this.#directTo(peer)?.connection ?? null,
      links: () => this.#links.directLinks().map((link) => link.connection),
      dial: async (peer, signal) => (await this.#dialler.link(peer, signal)).connection,
      onHeardOf: (peers) => this.#maintainer.learn(peers),
    });
    this.#serverless = new ServerlessLinks({
      mesh: this,
      available: options.rtc !== undefined,
      load: () => this.#serverlessOptions(),
      onFault: (error) => log("warn", "script_not_loaded", { error }),
    });
  }

  /** Makes the libp2p node; it rests until `start`. */
  async create(): Promise<void> {
    const parts = await createNode({
      privateKey: this.#privateKey,
      iceServers: this.#options.iceServers ?? [],
      network: this.#options.network,
      isRelayAddress: (address) => this.#relayAddresses.has(address),
      gossip: this.#channels.service,
      gater: createMeshGater({
        relayAddresses: this.#relayAddresses,
        relayIds: this.#relayIds,
        guard: this.#guard,
        directLinks: () => this.#links.directLinks(),
        maxLinks: this.#limits.hardMaxPeers,
        ownNetwork: this.#options.network !== undefined,
      }),
    });
    this.#parts = parts;
    parts.node.addEventListener("connection:open", (event) => this.#opened(event.detail));
    parts.node.addEventListener("connection:close", (event) => this.#links.closed(event.detail));
    onEveryStream(parts.registrar, (stream, connection) => {
      const link = this.#links.byConnection(connection.id);
      if (link !== undefined) {
        meter(stream, link.traffic, stream.protocol);
      }
      this.#guard.stream(stream, connection);
    });
  }

  start(): Promise<void> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  async #start(): Promise<void> {
    await this.#guard.start();
    await this.#node().node.start();
    await this.#dht.start();
    this.#channels.started();
    this.#serverless.start();
    this.#relays.start();
    this.#maintainer.start();
    this.#maintainer.learn(await this.#recent.load(), { known: true });
  }

  async stop(): Promise<void> {
    if (this.#stopped) {
      return;
    }
    this.#stopped = true;
    // What has begun to start would go on behind the back of what is stopped here. Why it failed, its caller was told.
    await this.#starting?.catch(() => undefined);
    this.#serverless.stop();
    this.#maintainer.stop();
    this.#relays.stop();
    this.#channels.stopped();
    await this.#dht.stop();
    await this.#parts?.node.stop();
    this.#links.stop();
    await this.#guard.stop();
    this.#cancelChanged?.();
    this.#cancelChanged = null;
  }

  join(channel: string): void {
    this.#channels.join(channel);
    this.#announceChannels();
  }

  leave(channel: string): void {
    this.#channels.leave(channel);
    this.#announceChannels();
  }

  channels(): string[] {
    return this.#channels.joined();
  }

  channelPeers(channel: string): NodeKey[] {
    return this.#channels.peers(channel);
  }

  readonly eagerPeers = (channel: string): NodeKey[] => this.#channels.eagerPeers(channel);

  publish(channel: string, bytes: Uint8Array): Promise<NodeKey[]> {
    return this.#channels.publish(channel, bytes);
  }

  setChannelHandler(handler: ChannelHandler): void {
    this.#channels.setHandler(handler);
  }

  async openStream(peer: NodeKey, protocol: string, options: { signal?: AbortSignal } = {}): Promise<FrameStream> {
    const { signal } = options;
    const link = this.#links.relayLink(peer) ?? (await this.#dialler.link(peer, signal));
    return await this.#streams.open(link, protocol, signal);
  }

  handle(protocol: string, handler: (stream: FrameStream) => Promise<void>): void {
    this.#streams
      .serve(this.#node().node, protocol, handler)
      .catch((error: unknown) => this.#log("warn", "handler_missing", { protocol, error }));
  }

  peers(): NodeKey[] {
    return this.#links.directLinks().map((link) => link.peer);
  }

  links(): PeerLink[] {
    return this.#links.views();
  }

  relays(): RelayStatus[] {
    return this.#relays.status();
  }

  async connect(peer: NodeKey, options: { signal?: AbortSignal } = {}): Promise<void> {
    await this.#dialler.link(peer, options.signal);
  }

  async createInvite(options: { signal?: AbortSignal } = {}): Promise<{ code: string; expiresAt: number }> {
    return await (await this.#invites(options.signal)).create(options.signal);
  }

  async answerInvite(
    code: string,
    options: { signal?: AbortSignal } = {},
  ): Promise<{ code: string; peer: NodeKey; expiresAt: number }> {
    return await (await this.#invites(options.signal)).answer(code, options.signal);
  }

  async acceptAnswer(code: string, options: { signal?: AbortSignal } = {}): Promise<{ peer: NodeKey }> {
    return await (await this.#invites(options.signal)).accept(code, options.signal);
  }

  async readInvite(code: string): Promise<InviteView> {
    return await (await this.#invites()).read(code);
  }

  setIntroduce(mode: IntroduceMode): void {
    this.#introduceMode = mode;
  }

  reconnect(): void {
    this.#links.probe();
    this.#dialler.reconnect();
    this.#relays.reconnect();
    this.#maintainer.reconnect();
  }

  report(peer: NodeKey, code: string): void {
    this.#guard.report(peer, code);
  }

  charge(peer: NodeKey, milliseconds: number): void {
    this.#guard.inbox.wasted(peer, milliseconds);
  }

  setBlocked(peers: readonly NodeKey[]): void {
    this.#guard.setBlocked(peers);
  }

  setWanted(peers: readonly NodeKey[]): void {
    this.#maintainer.want(peers);
  }

  pardon(peer: NodeKey): void {
    this.#guard.pardon(peer);
  }

  shutOut(): ShutOut[] {
    return this.#guard.shutOut();
  }

  misdeeds(): MisdeedView[] {
    return this.#guard.misdeeds();
  }

  provide(key: Hash, options: { signal?: AbortSignal } = {}): Promise<void> {
    return this.#dht.provide(key, options.signal);
  }

  findProviders(key: Hash, options: { signal?: AbortSignal; limit?: number } = {}): AsyncIterable<NodeKey> {
    return this.#dht.findProviders(key, options.limit ?? Number.POSITIVE_INFINITY, options.signal);
  }

  on<K extends keyof MeshEvents>(event: K, listener: (detail: MeshEvents[K]) => void): () => void {
    return this.#emitter.on(event, listener);
  }

  #node(): NodeParts {
    if (this.#parts === null || this.#stopped) {
      throw new MeshError("MESH_STOPPED", "The mesh does not run.");
    }
    return this.#parts;
  }

  /** Open from the moment at which the node runs. */
  async #invites(signal?: AbortSignal): Promise<Invites> {
    await abortable(this.start(), signal);
    return await abortable(this.#serverless.invites(), signal);
  }

  async #serverlessOptions(): Promise<ServerlessOptions> {
    const { rtcEndpoints } = await import("./rtc-endpoints.ts");
    const { upgrader, logger } = this.#node();
    const { iceServers = [] } = this.#options;
    const maxPeers = this.#limits.hardMaxPeers;
    return {
      mesh: this,
      clock: this.#clock,
      random: this.#options.random,
      log: this.#log,
      endpoints: rtcEndpoints({ clock: this.#clock, iceServers, upgrader, logger }),
      sign: async (message) => await this.#privateKey.sign(message),
      maxPeers,
      mode: () => this.#introduceMode,
      metered: this.#options.metered ?? (() => false),
      admits: (peer) =>
        !this.#guard.isBanned(peer) && this.#links.directLinks().length < maxPeers && this.#guard.knocks.take(peer),
      goesFirst: (peer) => this.#dialler.goesFirst(peer),
      onSignalled: (peer) => this.#dialler.signalled(peer),
      introduce: (stream, signal) => this.#introductions.run(stream, signal),
    };
  }

  #isSignalling(peer: NodeKey): boolean {
    return this.#links.isSignalling(peer) || this.#serverless.isSignalling(peer);
  }

  /** Through a relay that both are connected to, else by way of a neighbour. */
  async #dial(peer: NodeKey, signal: AbortSignal): Promise<void> {
    const { node } = this.#node();
    const addresses = addressesOf(peer, this.#relays.connected(), this.#options.network);
    const ways: Way[] = addresses.length > 0 ? [(limit) => node.dial(addresses, { signal: limit })] : [];
    if (this.#serverless.canDial()) {
      ways.push((limit) => this.#serverless.dial(peer, limit));
    }
    await firstWay(ways, this.#clock, signal);
  }

  #opened(connection: Connection): void {
    const relay = isRelayConnection(connection, this.#relayAddresses);
    if (relay) {
      this.#relayIds.add(connection.remotePeer.toString());
    }
    this.#guard.opened(connection, { relay });
    this.#links.opened(connection);
  }

  #directTo(peer: PeerId): Link | null {
    const key = nodeKeyOf(peer);
    return key === null ? null : this.#links.direct(key);
  }

  #connected(peer: NodeKey): void {
    this.#dialler.linked(peer);
    this.#maintainer.linked(peer);
    this.#recent.linked(peer);
    this.#serverless.linked(peer);
    this.#emitter.emit("peerConnected", peer);
    const link = this.#links.direct(peer);
    if (link !== null) {
      this.#dht.linked(link.connection).catch((error: unknown) => this.#log("debug", "contact_refused", { error }));
    }
  }

  #disconnected(peer: NodeKey): void {
    this.#dialler.unlinked(peer);
    this.#maintainer.unlinked(peer);
    this.#serverless.unlinked(peer);
    this.#introductions.refresh();
    this.#emitter.emit("peerDisconnected", peer);
  }

  #announceChannels(): void {
    this.#introductions.update();
    this.#maintainer.poke();
  }

  async #connectRelay(url: string, signal: AbortSignal): Promise<RelayConnection> {
    const { node, reserve } = this.#node();
    const connection = await node.dial(relayAddress(url), { signal });
    return relayConnection(connection, {
      reserve: () => reserve(connection.remotePeer),
      introduce: (ended) => this.#introduce(connection, ended),
    });
  }

  async #introduce(connection: Connection, signal: AbortSignal): Promise<void> {
    const link = this.#links.byConnection(connection.id);
    if (link !== undefined) {
      await this.#introductions.run(await this.#streams.open(link, RENDEZVOUS_PROTOCOL, signal), signal);
    }
  }

  #changed(): void {
    if (this.#stopped) {
      return;
    }
    this.#cancelChanged ??= this.#clock.after(CHANGED_INTERVAL, () => {
      this.#cancelChanged = null;
      this.#emitter.emit("changed", undefined);
    });
  }
}
