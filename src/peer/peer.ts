import type { Mesh } from "../mesh/port.ts";
import { abortable } from "../mesh/protocols/index.ts";
import { Serial } from "../store/serial.ts";
import type { OutboxEntry, Store, StoreChange } from "../store/port.ts";
import { ObjectType, type Hash, type NodeKey } from "../wire/index.ts";
import type { IdentityApi, Settings } from "./api.ts";
import { Blocks, openLibrary, rememberedBans } from "./blocks/index.ts";
import { callsOf } from "./calls/index.ts";
import type { PeerCore } from "./core.ts";
import { keepLog, LogRing, observeMesh, taskReports, type KeptLog } from "./diagnostics/index.ts";
import { PeerError } from "./errors.ts";
import { Exchange } from "./exchange.ts";
import { openFeeds, type Feeds } from "./feeds/index.ts";
import { Findings } from "./finding/index.ts";
import { Following } from "./following.ts";
import { HintBook, Hints } from "./hints/index.ts";
import { History, loadHistoryStage, type HistoryStage } from "./history.ts";
import { identityPorts, OwnIdentity } from "./identity.ts";
import { LiveSet } from "./live/index.ts";
import { AuthorMarks } from "./marks.ts";
import { People } from "./people/index.ts";
import type { NetworkSources } from "./network.ts";
import { Parts } from "./parts.ts";
import { rememberedPeers } from "./peer-memory.ts";
import type { PeerPorts } from "./ports.ts";
import { ProfileBook } from "./profiles.ts";
import { Publisher } from "./publisher.ts";
import { Queries } from "./queries.ts";
import { Boosting, Reaching, ReachViews } from "./reach/index.ts";
import { Receiver } from "./receiver.ts";
import type { Repair } from "./repair/index.ts";
import { keepingOf, RoomKeeper } from "./room/index.ts";
import { loadSettings, parseSettingsPatch, saveSettings } from "./settings.ts";
import { Trust } from "./trust/index.ts";
import { EnvelopeViews } from "./views.ts";
import { watchForWake } from "./wake.ts";
import type { Topic } from "./watches.ts";

/** A running peer: the public API and how to stop it. */
export interface Peer {
  readonly api: IdentityApi;
  /** Leaves the mesh, then closes the store. */
  stop(): Promise<void>;
}

/** Opens the peer of this store. Resolves when what is stored can be read; the network comes after. */
export async function startPeer(given: PeerPorts): Promise<Peer> {
  const { clock, store } = given;
  const began = clock.now();
  const ring = given.ring ?? new LogRing({ now: () => clock.now() });
  const note = taskReports(ring);
  const ports: PeerPorts = {
    ...given,
    log(context, error) {
      note(context, error);
      given.log(context, error);
    },
  };
  const kept = await keepLog(ring, store, clock);
  const identity = await OwnIdentity.open(store, identityPorts(ports));
  const [settings, following, blocks, marks, historyStage, hintBook] = await Promise.all([
    loadSettings(store),
    Following.open(store),
    Blocks.open(store),
    AuthorMarks.open(store),
    loadHistoryStage(store),
    HintBook.open(store),
  ]);
  const trust = await Trust.open(store, { now: () => clock.now(), blocked: (key) => blocks.has(key) });
  const feeds = await openFeeds(store, clock, settings.topics, (context, error) => ports.log(context, error));
  const reaching = await Reaching.open({ store, clock, log: (context, error) => ports.log(context, error) });
  const stored = { reaching, settings, feeds, following, blocks, trust, marks, historyStage, hintBook };
  const peer = new RunningPeer(ports, { ring, kept }, identity, stored);
  await Promise.all([peer.views.load(), peer.parts.open()]);
  ring.add("peer_started", { took: clock.now() - began, envelopes: store.envelopes.size });
  peer.connectSoon();
  peer.room.start();
  return { api: callsOf(peer), stop: () => peer.stop() };
}

/** What a peer reads from its store when it starts. */
interface Stored {
  readonly reaching: Reaching;
  readonly settings: Settings;
  readonly feeds: Feeds;
  readonly following: Following;
  readonly blocks: Blocks;
  readonly trust: Trust;
  readonly marks: AuthorMarks;
  readonly historyStage: HistoryStage;
  readonly hintBook: HintBook;
}

class RunningPeer implements PeerCore {
  readonly ports: PeerPorts;
  readonly ring: LogRing;
  readonly store: Store;
  readonly identity: OwnIdentity;
  readonly feeds: Feeds;
  readonly following: Following;
  readonly blocks: Blocks;
  readonly trust: Trust;
  readonly reaching: Reaching;
  readonly boosting: Boosting;
  readonly reach: ReachViews;
  readonly marks: AuthorMarks;
  readonly profiles: ProfileBook;
  readonly views: EnvelopeViews;
  readonly queries: Queries;
  readonly publisher: Publisher;
  readonly receiver: Receiver;
  readonly live: LiveSet<Topic>;
  readonly network: NetworkSources;
  readonly findings: Findings;
  readonly people: People;
  readonly history: History;
  readonly hints: Hints;
  readonly parts: Parts;
  readonly room: RoomKeeper;
  readonly #keptLog: KeptLog;
  readonly #unsubscribe: (() => void)[];
  /** Changes of settings, one after the other: each writes all of them. */
  readonly #settingsTurn = new Serial();
  #settings: Settings;
  #exchange: Exchange | null = null;
  #stopObserving: () => void = () => undefined;
  #stopWaking: () => void = () => undefined;
  #repair: Repair | null = null;
  #cancelConnect: () => void = () => undefined;
  /** Calls of `connect` that are not done yet. */
  #connecting = 0;
  /** Connecting and disconnecting, one after the other. */
  #networkTurn: Promise<void> = Promise.resolve();
  #ended = false;
  #stopping: Promise<void> | null = null;

  constructor(
    ports: PeerPorts,
    diagnostics: { readonly ring: LogRing; readonly kept: KeptLog },
    identity: OwnIdentity,
    stored: Stored,
  ) {
    const { clock, log, store } = ports;
    const { blocks, feeds, following, hintBook, historyStage, marks, reaching, settings, trust } = stored;
    this.ports = ports;
    this.ring = diagnostics.ring;
    this.#keptLog = diagnostics.kept;
    this.store = store;
    this.identity = identity;
    this.#settings = settings;
    this.feeds = feeds;
    this.following = following;
    this.blocks = blocks;
    this.trust = trust;
    this.reaching = reaching;
    this.boosting = new Boosting({
      store,
      clock,
      signer: identity.signer,
      home: () => this.#settings.home,
      blocked: (author) => blocks.has(author),
    });
    this.marks = marks;
    const home = (): string => this.#settings.home;
    const self = identity.key;
    this.profiles = new ProfileBook(store);
    const { boosting, profiles: names } = this;
    const { held } = feeds;
    const guards = () => this.views.guards;
    this.reach = new ReachViews({ store, reaching, boosting, trust, profiles: names, guards, self, held, blocks });
    this.views = new EnvelopeViews(store, this.profiles, self, blocks, (target) => this.reach.heard(target));
    const { profiles, views } = this;
    this.queries = new Queries({
      store,
      self,
      views,
      profiles,
      following,
      blocks,
      trust,
      marks,
      home,
      now: () => clock.now(),
      curated: feeds.curated,
    });
    const heads = new Serial();
    this.history = new History(
      {
        store,
        clock,
        self,
        isHeld: (post) => views.isHeld(post),
        onChanged: () => this.live.invalidate("history"),
        log,
      },
      historyStage,
    );
    const nextSequence = (current: number): number => {
      const next = this.history.nextSequence(current);
      // Two devices that count in seconds do not give out one number twice.
      return this.network.twin() ? Math.max(next, Math.floor(clock.now() / 1_000)) : next;
    };
    this.publisher = new Publisher({ store, identity, views, clock, home, heads, nextSequence });
    const known = { has: (author: NodeKey): boolean => following.has(author) || trust.has(author) };
    this.receiver = new Receiver({
      store,
      clock,
      following: known,
      blocked: (author) => blocks.has(author),
      trusts: (peer) => trust.has(peer),
      reach: reaching.notes(),
      onStored: (arrivals) => this.#exchange?.arrived(arrivals),
      onMisdeed: (peer, code) => this.#exchange?.mesh.report(peer, code),
      onWaste: (peer, milliseconds) => this.#exchange?.mesh.charge(peer, milliseconds),
      log,
      heads,
      verify: ports.verify,
    });
    this.findings = new Findings(() => this.live.invalidate("finding"), log, ports.verify);
    this.people = new People(this);
    this.live = new LiveSet<Topic>({
      clock,
      report: (error) => log("live", error),
    });
    this.network = {
      mesh: () => this.#exchange?.mesh ?? null,
      store,
      profiles,
      guards,
      estimates: ports.estimates,
      refused: () => this.receiver.refused(),
      waiting: () => views.waiting,
      twin: () => this.#exchange?.clockSkew.twin ?? false,
      clockSkew: () => this.#exchange?.clockSkew.estimate() ?? null,
    };
    store.keep(keepingOf({ self, following: known, home, now: () => clock.now(), envelopes: store.envelopes }));
    const { estimates } = ports;
    this.room = new RoomKeeper({
      store,
      estimates,
      clock,
      log,
      onLook: async () => {
        if (this.#exchange !== null) await this.#mend(this.#exchange);
      },
      onCollected: ({ blobs, bytes, envelopes, objects }) => {
        this.ring.add("room_made", { blobs, bytes, envelopes, objects });
        this.live.invalidate("network");
      },
    });
    this.hints = new Hints(
      {
        store,
        clock,
        context: () => ({ self, following: following.keys(), home: home() }),
        lowData: () => this.#settings.lowData,
        metered: ports.metered ?? (() => false),
        verdict: (headline) => this.parts.defence.ofHeadline(headline),
        onChanged: () => this.live.invalidate("hints"),
        onMisdeed: (peer, code) => this.#exchange?.mesh.report(peer, code),
        log,
      },
      hintBook,
    );
    this.parts = new Parts(this);
    this.#unsubscribe = [
      store.subscribe((change) => this.#changed(change)),
      reaching.book.onChanged(() => this.live.invalidate("reach", "envelopes")),
      this.ring.onChanged(() => this.live.invalidate("log")),
    ];
  }

  alive(): void {
    if (this.#ended) throw new PeerError("PEER_ENDED", "This peer has ended; load the page anew.");
  }

  settings(): Settings {
    return { ...this.#settings, topics: this.feeds.saved.topics() };
  }

  async changeSettings(patch: Partial<Settings>): Promise<Settings> {
    const changed = parseSettingsPatch(patch);
    await this.#settingsTurn.run(async () => {
      // Topics that are followed are feeds that are kept: there is one list of them.
      if (changed.topics !== undefined) await this.feeds.saved.setTopics(changed.topics);
      const merged = { ...this.#settings, ...changed };
      await saveSettings(this.store, merged);
      this.#settings = merged;
    });
    this.live.invalidate("settings", "envelopes", "feeds");
    if (changed.relays !== undefined || changed.iceServers !== undefined) this.connect();
    else if (changed.home !== undefined || changed.topics !== undefined) this.#exchange?.retune();
    else if (changed.lowData !== undefined) this.#exchange?.retune();
    if (changed.introduce !== undefined) this.#exchange?.mesh.setIntroduce(changed.introduce);
    return this.settings();
  }

  exchange(): Exchange | null {
    return this.#exchange;
  }

  /** After the first screen; at once where nothing is stored that could be on it. */
  connectSoon(): void {
    const { clock, firstScreen = 0 } = this.ports;
    if (firstScreen === 0 || this.store.envelopes.size === 0) this.connect();
    else this.#cancelConnect = clock.after(firstScreen, () => this.connect());
  }

  connect(): void {
    this.#cancelConnect();
    this.#connecting += 1;
    this.#networkTurn = this.#networkTurn
      .then(() => this.#disconnect())
      .then(() => this.#join())
      .catch((error: unknown) => this.ports.log("network", error))
      .finally(() => {
        this.#connecting -= 1;
      });
  }

  async connected(signal?: AbortSignal): Promise<Mesh> {
    if (this.#exchange === null && this.#connecting === 0) this.connect();
    await abortable(this.#networkTurn, signal);
    this.alive();
    if (this.#exchange === null) throw new PeerError("OFFLINE", "The network could not be loaded.");
    return this.#exchange.mesh;
  }

  /** Whoever has ended already has nothing to stop. */
  stop(): Promise<void> {
    if (!this.#ended) this.#stopping = this.#leave().then(() => this.store.close());
    return this.#stopping ?? Promise.resolve();
  }

  async #join(): Promise<void> {
    if (this.#ended) return;
    const { clock, createMesh, log, random } = this.ports;
    const memory = { ...rememberedPeers(this.store), ...rememberedBans(this.store) };
    const began = clock.now();
    const mesh = await createMesh(this.identity.seed, this.#settings, memory);
    // Loading the network takes a while; whoever stops meanwhile does not wait for links.
    if (this.#ended) return await mesh.stop();
    const exchange = new Exchange({
      mesh,
      store: this.store,
      clock,
      random,
      randomBytes: this.ports.randomBytes,
      receiver: this.receiver,
      verify: this.ports.verify,
      following: this.following,
      blocks: this.blocks,
      trust: this.trust,
      reaching: this.reaching,
      signer: this.ports.signing?.(this.identity.signer) ?? this.identity.signer,
      relay: () => this.#settings.relay,
      metered: this.ports.metered ?? (() => false),
      library: {
        ...openLibrary(
          this.store,
          this.blocks,
          (row) => this.#exchange?.holdsBack(row) ?? false,
          this.parts.media.served,
        ),
        isEvidence: (hash) => this.reaching.book.isEvidence(hash),
      },
      marks: this.marks,
      findings: this.findings,
      home: () => this.#settings.home,
      feeds: this.feeds,
      hints: this.hints,
      redate: (entry) => this.#redate(entry),
      onHeld: (post) => this.#held(post),
      isHeld: (post) => this.views.isHeld(post),
      waits: (hash) => this.views.isWaiting(hash),
      onSent: (hash) => this.#sent(hash),
      onCurated: () => this.live.invalidate("feeds", "envelopes"),
      onNetwork: () => this.live.invalidate("network", "status"),
      log,
    });
    this.#exchange = exchange;
    this.ring.add("network_loaded", { took: clock.now() - began });
    this.#stopObserving = observeMesh(mesh, this.ring, () => clock.now());
    // Probes the links and dials the relays: after a sleep both may be dead and not know it.
    this.#stopWaking = watchForWake(clock, () => mesh.reconnect());
    this.live.invalidate("network", "status");
    try {
      await exchange.start();
      this.history.search({
        caughtUp: () => exchange.caughtUp(),
        askOwnProfile: (neighbour, signal) => exchange.asking.ownProfile(neighbour, signal),
        fetch: (post, signal) => exchange.reader.read(post, signal),
      });
      await this.#mend(exchange);
    } catch (error) {
      // Half a network helps nobody: without one, `reconnect` makes it anew.
      await this.#disconnect();
      throw error;
    }
  }

  /** Most stores are sound, and need not even load how they would be mended. */
  async #mend(exchange: Exchange): Promise<void> {
    const { identity, store } = this;
    const { clock, log } = this.ports;
    if (this.#repair !== null) {
      this.#repair.poke();
      return;
    }
    if (!(await store.damaged()).some(({ lost, mended }) => !mended && lost.length > 0)) return;
    const { Repair } = await import("./repair/index.ts");
    if (this.#exchange !== exchange) return;
    this.#repair = new Repair({
      store,
      mesh: exchange.mesh,
      clock,
      self: identity.key,
      home: () => this.#settings.home,
      verify: this.ports.verify,
      fetch: (hash, signal) => exchange.asking.object(hash, signal),
      askProfile: (owner, signal) => exchange.asking.profile(owner, signal),
      log,
    });
    this.#repair.poke();
  }

  async #disconnect(): Promise<void> {
    const exchange = this.#exchange;
    if (exchange === null) return;
    this.#exchange = null;
    this.history.stop();
    await this.#repair?.stop();
    this.#repair = null;
    this.live.invalidate("network", "status");
    this.ring.add("network_left", {});
    try {
      await exchange.stop();
    } catch (error) {
      // It is not used any more, and the next one must not wait for it.
      this.ports.log("network", error);
    } finally {
      this.#stopObserving();
      this.#stopWaking();
    }
  }

  /** Ends everything but the store. */
  async #leave(): Promise<void> {
    this.#ended = true;
    this.#cancelConnect();
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.hints.stop();
    this.ports.hashing.close();
    this.people.stop();
    await this.live.close();
    await this.room.stop();
    await this.#networkTurn;
    await this.#disconnect();
    await this.parts.stop();
    await this.reaching.stop();
    this.ring.add("peer_stopped", {});
    await this.feeds.read.stop();
    await this.#keptLog.stop();
  }

  async #redate(entry: OutboxEntry): Promise<void> {
    const dated = await this.publisher.redate(entry);
    if (dated !== null) this.#exchange?.made({ ...dated, from: null });
  }

  #held(post: Hash): void {
    this.views.markHeld(post);
    this.live.invalidate("envelopes");
  }

  #sent(hash: Hash): void {
    this.views.markWaiting(hash, false);
    this.ring.add("envelope_sent", { waiting: this.views.waiting });
    this.live.invalidate("envelopes", "status");
  }

  /** What a commit means for live queries. */
  #changed(change: StoreChange): void {
    const topics = new Set<Topic>();
    for (const entry of change.outboxPut) this.views.markWaiting(entry.hash, true);
    for (const hash of change.outboxRemoved) this.views.markWaiting(hash, false);
    for (const object of change.objects) if (object.type === ObjectType.SocialPost) this.views.markHeld(object.hash);
    for (const hash of change.removedObjects) this.views.markHeld(hash, false);
    for (const head of change.heads) this.profiles.forget(head.owner);
    for (const { name, owner } of change.heads) this.feeds.curated.forget({ curator: owner, name });
    if (change.envelopes.length > 0 || change.removedEnvelopes.length > 0) topics.add("envelopes");
    if (change.objects.length > 0 || change.removedObjects.length > 0) topics.add("envelopes");
    if (change.heads.length > 0) topics.add("profiles").add("envelopes");
    if (change.outboxPut.length > 0 || change.outboxRemoved.length > 0) topics.add("status").add("envelopes");
    if (change.drafts.length > 0) topics.add("drafts");
    this.parts.changed(change);
    this.live.invalidate(...topics);
  }
}
