import type { Mesh } from "../mesh/port.ts";
import type { Clock } from "../mesh/protocols/index.ts";
import type { IntakeOptions } from "../social/index.ts";
import type { Store, StoreChange } from "../store/port.ts";
import { Serial } from "../store/serial.ts";
import { ObjectType, scopeKey, type Hash } from "../wire/index.ts";
import type { CallOptions, Draft, FeedSpec, PeerApi, ProfileView, Published, Settings } from "./api.ts";
import { parseDraft, saveDraft } from "./drafts.ts";
import { PeerError } from "./errors.ts";
import { Exchange } from "./exchange.ts";
import { hashOfFile, type FileHashing } from "./files.ts";
import { Following, nodeKeyOf } from "./following.ts";
import { entropyOf, OwnIdentity, type IdentityPorts } from "./identity.ts";
import { LiveSet } from "./live/index.ts";
import { AuthorMarks } from "./marks.ts";
import type { StorageEstimates } from "./network.ts";
import { rememberedPeers, type RememberedPeers } from "./peer-memory.ts";
import { ProfileBook } from "./profiles.ts";
import { Publisher, typedPrefix, typedScope } from "./publisher.ts";
import { hashFromText, Queries } from "./queries.ts";
import { Receiver } from "./receiver.ts";
import { loadSettings, parseSettingsPatch, saveSettings } from "./settings.ts";
import { EnvelopeViews } from "./views.ts";
import { boundedCount, openWatch, type Topic } from "./watches.ts";

/** Rows of one answer: a page of 50 and generous room for scripts. */
const MAX_PAGE = 1_000;
const MAX_SUGGESTIONS = 50;

export interface PeerPorts {
  readonly store: Store;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly randomBytes: (length: number) => Uint8Array;
  /** Makes the mesh of an identity. Called after the peer answers, since loading the network takes a while. */
  readonly createMesh: (seed: Uint8Array, settings: Settings, memory: RememberedPeers) => Promise<Mesh>;
  /**
   * Milliseconds that the page has for its first screen before the mesh is made, where something is stored that may be on
   * it. Default: the mesh is made at once.
   */
  readonly firstScreen?: number;
  readonly estimates: StorageEstimates | null;
  /** Hashes what is too large for this thread. */
  readonly hashing: FileHashing;
  /** Deletes this store and opens an empty one in its place. */
  readonly renewStore: () => Promise<Store>;
  readonly log: (context: string, error: unknown) => void;
  /** The verdict on signatures, where many peers of one process share it; by default each peer verifies by itself. */
  readonly verify?: IntakeOptions["verify"];
}

/** A running peer: the public API and how to stop it. */
export interface Peer {
  readonly api: PeerApi;
  /** Leaves the mesh, then closes the store. */
  stop(): Promise<void>;
}

/** Opens the peer of this store. Resolves when what is stored can be read; the network comes after. */
export async function startPeer(ports: PeerPorts): Promise<Peer> {
  const { store } = ports;
  const identity = await OwnIdentity.open(store, identityPorts(ports));
  const [settings, following, marks] = await Promise.all([
    loadSettings(store),
    Following.open(store),
    AuthorMarks.open(store),
  ]);
  const peer = new RunningPeer(ports, identity, settings, following, marks);
  await peer.views.load();
  peer.connectSoon();
  return { api: peer, stop: () => peer.stop() };
}

function identityPorts({ clock, randomBytes }: PeerPorts): IdentityPorts {
  return { now: () => clock.now(), randomBytes };
}

class RunningPeer implements PeerApi {
  readonly views: EnvelopeViews;
  readonly #ports: PeerPorts;
  readonly #store: Store;
  readonly #identity: OwnIdentity;
  readonly #following: Following;
  readonly #marks: AuthorMarks;
  readonly #profiles: ProfileBook;
  readonly #queries: Queries;
  readonly #publisher: Publisher;
  readonly #receiver: Receiver;
  readonly #live: LiveSet<Topic>;
  readonly #unsubscribe: () => void;
  /** Changes of settings, one after the other: each writes all of them. */
  readonly #settingsTurn = new Serial();
  /** By the draft as text. */
  readonly #publishing = new Map<string, Promise<Published>>();
  #settings: Settings;
  #exchange: Exchange | null = null;
  #cancelConnect: () => void = () => undefined;
  /** Connecting and disconnecting, one after the other. */
  #network: Promise<void> = Promise.resolve();
  #ended = false;
  #stopping: Promise<void> | null = null;

  constructor(ports: PeerPorts, identity: OwnIdentity, settings: Settings, following: Following, marks: AuthorMarks) {
    const { clock, log, store } = ports;
    this.#ports = ports;
    this.#store = store;
    this.#identity = identity;
    this.#settings = settings;
    this.#following = following;
    this.#marks = marks;
    const home = (): string => this.#settings.home;
    const self = identity.key;
    this.#profiles = new ProfileBook(store);
    this.views = new EnvelopeViews(store, this.#profiles, self);
    const { views } = this;
    this.#queries = new Queries({ store, self, views, profiles: this.#profiles, following, marks, home });
    const heads = new Serial();
    this.#publisher = new Publisher({ store, identity, views, clock, home, heads });
    this.#receiver = new Receiver({
      store,
      clock,
      following,
      onStored: (arrivals) => this.#exchange?.arrived(arrivals),
      onMisdeed: (peer, code) => this.#exchange?.mesh.report(peer, code),
      log,
      heads,
      verify: ports.verify,
    });
    this.#live = new LiveSet<Topic>({
      clock,
      report: (error) => log("live", error),
    });
    this.#unsubscribe = store.subscribe((change) => this.#changed(change));
  }

  // Reading

  readonly watch: PeerApi["watch"] = async (name, params, listener) => {
    this.#alive();
    return await openWatch(
      {
        live: this.#live,
        queries: this.#queries,
        store: this.#store,
        identity: () => this.#identity.view(),
        settings: () => this.#settings,
        network: this.#networkSources(),
      },
      name,
      params,
      listener,
    );
  };

  async envelope(hash: string) {
    this.#alive();
    return await this.#queries.envelope(hashFromText(hash));
  }

  async feed(query: { feed: FeedSpec; limit: number; before?: { created: number; hash: string } }) {
    this.#alive();
    const { before, feed } = query;
    const limit = boundedCount(query.limit, MAX_PAGE);
    if (before === undefined) return await this.#queries.feed(feed, limit);
    return await this.#queries.feed(feed, limit, { created: before.created, hash: hashFromText(before.hash) });
  }

  async post(postHash: string, options: CallOptions = {}) {
    this.#alive();
    const hash = hashFromText(postHash);
    const exchange = this.#exchange;
    if (exchange !== null) return await exchange.reader.read(hash, options.signal);
    return await this.#queries.heldPost(hash);
  }

  async hashFile(file: Blob, { signal }: CallOptions = {}) {
    this.#alive();
    return await hashOfFile(this.#ports.hashing, file, signal);
  }

  async suggestScopes(query: { kind: "geo" | "topic"; text: string; limit: number }) {
    this.#alive();
    const limit = boundedCount(query.limit, MAX_SUGGESTIONS);
    const prefix = typedPrefix(query.kind, query.text);
    const found = this.#store.envelopes.scopes({ kind: query.kind, prefix, limit });
    return found.map(({ count, scope }) => ({ scope: scopeKey(scope), count }));
  }

  async normaliseScope(query: { kind: "geo" | "topic"; text: string }) {
    this.#alive();
    return scopeKey(typedScope(query.kind, query.text));
  }

  // Writing

  async saveDraft(draft: Draft): Promise<void> {
    this.#alive();
    await saveDraft(this.#store, draft);
  }

  async dropDraft(id: string): Promise<void> {
    this.#alive();
    await this.#store.commit({ draftsRemove: [id] }, { durability: "strict" });
  }

  async preview(draft: Draft) {
    this.#alive();
    await this.#profiles.load([this.#identity.key]);
    return this.#publisher.preview(parseDraft(draft));
  }

  publish(draft: Draft): Promise<Published> {
    const key = JSON.stringify(draft);
    // A second press of the button, or a second tab: one draft makes one post.
    const underWay = this.#publishing.get(key);
    if (underWay !== undefined) return underWay;
    const published = this.#publish(draft).finally(() => this.#publishing.delete(key));
    this.#publishing.set(key, published);
    return published;
  }

  async #publish(draft: Draft): Promise<Published> {
    this.#alive();
    const own = await this.#publisher.publish(parseDraft(draft));
    const { bytes, channel, envelope, hash, postHash, view } = own;
    if (channel !== null) {
      this.#exchange?.arrived([{ hash, bytes, envelope, from: null, channel }]);
      this.#exchange?.provide(postHash);
    }
    return view;
  }

  async saveProfile(profile: { displayName: string; bio: string; scopes: readonly string[] }): Promise<ProfileView> {
    this.#alive();
    await this.#publisher.saveProfile(profile);
    return await this.#queries.profile(this.#identity.key);
  }

  async follow(id: string): Promise<void> {
    await this.#setFollow(id, true);
  }

  async unfollow(id: string): Promise<void> {
    await this.#setFollow(id, false);
  }

  async updateSettings(patch: Partial<Settings>): Promise<Settings> {
    this.#alive();
    const changed = parseSettingsPatch(patch);
    const next = await this.#settingsTurn.run(async () => {
      const merged = { ...this.#settings, ...changed };
      await saveSettings(this.#store, merged);
      this.#settings = merged;
      return merged;
    });
    this.#live.invalidate("settings", "envelopes");
    if (changed.relays !== undefined || changed.iceServers !== undefined) this.connect();
    else if (changed.home !== undefined || changed.topics !== undefined) this.#exchange?.retune();
    return next;
  }

  // Identity

  async words() {
    this.#alive();
    return this.#identity.words();
  }

  async keepWords(): Promise<void> {
    this.#alive();
    await this.#identity.update({ wordsKept: true });
    this.#live.invalidate("identity");
  }

  async welcome(state: "later" | "yes"): Promise<void> {
    this.#alive();
    await this.#identity.update({ welcomed: state });
    this.#live.invalidate("identity");
  }

  async restore(words: string) {
    this.#alive();
    const entropy = entropyOf(words);
    const store = await this.#renew();
    await OwnIdentity.plant(store, entropy, this.#ports.clock.now());
    const identity = await OwnIdentity.open(store, identityPorts(this.#ports));
    await store.close();
    return identity.view();
  }

  async deleteEverything(): Promise<void> {
    this.#alive();
    const store = await this.#renew();
    await store.destroy();
  }

  // Network

  async reconnect(): Promise<void> {
    this.#alive();
    if (this.#exchange === null) this.connect();
    else this.#exchange.mesh.reconnect();
  }

  /** After the first screen; at once where nothing is stored that could be on it. */
  connectSoon(): void {
    const { clock, firstScreen = 0 } = this.#ports;
    if (firstScreen === 0 || this.#store.envelopes.size === 0) this.connect();
    else this.#cancelConnect = clock.after(firstScreen, () => this.connect());
  }

  /** Makes the mesh anew with the settings of now. */
  connect(): void {
    this.#cancelConnect();
    this.#network = this.#network
      .then(() => this.#disconnect())
      .then(() => this.#join())
      .catch((error: unknown) => this.#ports.log("network", error));
  }

  /** Whoever has ended already, by `restore` for instance, has nothing to stop. */
  stop(): Promise<void> {
    if (!this.#ended) this.#stopping = this.#leave().then(() => this.#store.close());
    return this.#stopping ?? Promise.resolve();
  }

  async #join(): Promise<void> {
    if (this.#ended) return;
    const { clock, createMesh, log, random } = this.#ports;
    const memory = rememberedPeers(this.#store);
    const mesh = await createMesh(this.#identity.seed, this.#settings, memory);
    // Loading the network takes a while; whoever stops meanwhile does not wait for links.
    if (this.#ended) return await mesh.stop();
    const exchange = new Exchange({
      mesh,
      store: this.#store,
      clock,
      random,
      receiver: this.#receiver,
      following: this.#following,
      marks: this.#marks,
      home: () => this.#settings.home,
      topics: () => this.#settings.topics,
      onHeld: (post) => this.#held(post),
      onSent: (hash) => this.#sent(hash),
      onNetwork: () => this.#live.invalidate("network", "status"),
      log,
    });
    this.#exchange = exchange;
    this.#live.invalidate("network", "status");
    try {
      await exchange.start();
    } catch (error) {
      // Half a network helps nobody: without one, `reconnect` makes it anew.
      await this.#disconnect();
      throw error;
    }
  }

  async #disconnect(): Promise<void> {
    const exchange = this.#exchange;
    if (exchange === null) return;
    this.#exchange = null;
    this.#live.invalidate("network", "status");
    try {
      await exchange.stop();
    } catch (error) {
      // It is not used any more, and the next one must not wait for it.
      this.#ports.log("network", error);
    }
  }

  /** Ends everything but the store. */
  async #leave(): Promise<void> {
    this.#ended = true;
    this.#cancelConnect();
    this.#unsubscribe();
    this.#ports.hashing.close();
    await this.#live.close();
    await this.#network;
    await this.#disconnect();
  }

  async #renew(): Promise<Store> {
    await this.#leave();
    await this.#store.close();
    return await this.#ports.renewStore();
  }

  #alive(): void {
    if (this.#ended) throw new PeerError("PEER_ENDED", "This peer has ended; load the page anew.");
  }

  async #setFollow(id: string, follow: boolean): Promise<void> {
    this.#alive();
    const key = nodeKeyOf(id);
    if (!(await this.#following.set(key, follow))) return;
    this.#exchange?.retune();
    this.#live.invalidate("following", "envelopes", "profiles");
  }

  #held(post: Hash): void {
    this.views.markHeld(post);
    this.#live.invalidate("envelopes");
  }

  #sent(hash: Hash): void {
    this.views.markWaiting(hash, false);
    this.#live.invalidate("envelopes", "status");
  }

  #networkSources() {
    return {
      mesh: () => this.#exchange?.mesh ?? null,
      store: this.#store,
      profiles: this.#profiles,
      estimates: this.#ports.estimates,
      refused: () => this.#receiver.refused(),
      waiting: () => this.views.waiting,
    };
  }

  /** What a commit means for live queries. */
  #changed(change: StoreChange): void {
    const topics = new Set<Topic>();
    for (const entry of change.outboxPut) this.views.markWaiting(entry.hash, true);
    for (const hash of change.outboxRemoved) this.views.markWaiting(hash, false);
    for (const object of change.objects) if (object.type === ObjectType.SocialPost) this.views.markHeld(object.hash);
    for (const head of change.heads) this.#profiles.forget(head.owner);
    if (change.envelopes.length > 0 || change.removedEnvelopes.length > 0) topics.add("envelopes");
    if (change.objects.length > 0) topics.add("envelopes");
    if (change.heads.length > 0) topics.add("profiles").add("envelopes");
    if (change.outboxPut.length > 0 || change.outboxRemoved.length > 0) topics.add("status").add("envelopes");
    if (change.drafts.length > 0) topics.add("drafts");
    this.#live.invalidate(...topics);
  }
}
