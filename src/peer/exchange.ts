import {
  createProfiles,
  createPubClient,
  createStoreClient,
  heldFor,
  servePub,
  serveTime,
  serveStore,
  settingsCursors,
  type Arrival,
  type Delivered,
  type Delivery,
  type Profiles,
  type PubClient,
  type PubServer,
  type Started,
  type StoreClient,
  type StoreServer,
  type SyncServer,
} from "../mesh/protocols/index.ts";
import type { Mesh } from "../mesh/port.ts";
import type { EnvelopeRow, StoreChange } from "../store/port.ts";
import { equalBytes, ObjectType, type Hash, type NodeKey } from "../wire/index.ts";
import { Asking } from "./asking.ts";
import { PeerAudience } from "./audience.ts";
import { reconcile } from "./catching-up.ts";
import { ClockSkew } from "./clock-skew.ts";
import { DatedAhead } from "./dated-ahead.ts";
import type { ExchangeOptions } from "./exchange-options.ts";
import { curatedOf, CuratedUpdates } from "./feeds/index.ts";
import { ownKeys, profileKeys } from "./finding/announcing.ts";
import { keysOf } from "./finding/keys.ts";
import { isSpentBoost, Outbox } from "./outbox.ts";
import { MAX_ANNOUNCED, Providing } from "./providing.ts";
import { PostReader } from "./reader.ts";
import { Deliveries, NeighbourPosts } from "./trust/index.ts";
import { Tuning } from "./tuning.ts";

/** Everything this peer does with others: hears channels, asks and serves neighbours, sends what waits. */
export class Exchange {
  readonly mesh: Mesh;
  readonly reader: PostReader;
  readonly asking: Asking;
  readonly clockSkew: ClockSkew;
  readonly curated: CuratedUpdates;
  readonly #options: ExchangeOptions;
  readonly #datedAhead: DatedAhead;
  readonly #client: StoreClient;
  readonly #storeServer: StoreServer;
  readonly #pubClient: PubClient;
  readonly #pubServer: PubServer;
  readonly #syncServer: SyncServer;
  readonly #profiles: Profiles;
  readonly #outbox: Outbox;
  readonly #deliveries: Deliveries;
  readonly #neighbourPosts: NeighbourPosts;
  readonly #providing: Providing;
  readonly #unsubscribe: (() => void)[];
  readonly #tuning: Tuning;
  /** Nothing was put into it since it was seen to be empty. */
  #outboxIsEmpty = false;

  constructor(options: ExchangeOptions) {
    const { blocks, clock, library, log, mesh, random, reaching, receiver, store, trust } = options;
    this.#options = options;
    this.mesh = mesh;
    this.#tuning = new Tuning(options);
    this.#client = createStoreClient({ mesh, clock });
    this.asking = new Asking({ mesh, client: this.#client, receiver });
    const trusts = (peer: NodeKey): boolean => trust.has(peer);
    this.#storeServer = serveStore({ mesh, library, clock, trusts });
    const onTaken = (hash: Hash, by: NodeKey): void => {
      this.#deliveries.given(hash, by);
      this.#outbox.taken(hash, by);
      reaching.taken(hash, by);
    };
    const onAsked = (): void => this.#offer();
    const { book, heardAt } = reaching;
    const audience = new PeerAudience({ book, heardAt, trust, row: (hash) => library.envelopes.row(hash) });
    const onTrustedBy = (peer: NodeKey): void => trust.trustedBy(peer);
    this.#pubServer = servePub({ mesh, library, audience, clock, onTaken, onTrustedBy, onAsked });
    this.#profiles = createProfiles({
      client: this.#client,
      clock,
      has: async (author) => (await store.head(ObjectType.UserProfile, author, "")) !== undefined,
      receive: (found) => receiver.found(found),
      onFailure: (_from, error) => log("profiles", error),
    });
    const known = (hash: Hash): boolean => receiver.knows(hash);
    const receive = async (items: readonly Delivered[], delivery: Delivery): Promise<void> => {
      this.#profiles.met(await receiver.pulled(items, delivery), delivery.from);
    };
    const started = (told: Started, from: NodeKey | null = null): Promise<void> => receiver.started(told, from);
    const { catchUp, syncServer } = reconcile({ ...options, audience, known, receive, started });
    this.#syncServer = syncServer;
    this.#pubClient = createPubClient({
      mesh,
      clock,
      random,
      cursors: settingsCursors(store),
      catchUp,
      known,
      trusts,
      receive,
      started,
      told: (heard, from) => options.hints.told(heard, from),
      version: (found) => this.curated.found(found),
      onAnnounced: (server, hashes) => this.#pubServer.holds(server, hashes),
      onFailure: (_server, error) => log("pub", error),
    });
    serveTime({ mesh, clock });
    const instance = Uint8Array.from({ length: 8 }, () => Math.floor(random() * 256));
    this.clockSkew = new ClockSkew({ mesh, clock, instance, onChanged: () => this.#clockLooked() });
    this.#datedAhead = new DatedAhead({
      store,
      skew: this.clockSkew,
      waits: () => !this.#outboxIsEmpty,
      refused: () => receiver.refused()["FROM_THE_FUTURE"] ?? 0,
      onFree: (own) => {
        this.arrived([own]);
        const { postHash } = own.envelope;
        if (postHash !== null) this.provide(postHash);
        this.#providing.add(keysOf(own.hash, own.envelope), "own");
      },
      redate: (entry) => options.redate(entry),
      reread: () => this.#pubClient.reread(),
    });
    const isGuest = (channel: string): boolean => this.#tuning.isGuest(channel);
    const reads = (peer: NodeKey, channel: string): boolean => this.#pubServer.reads(peer, channel);
    this.#outbox = new Outbox({
      store,
      mesh,
      isGuest,
      reads,
      isSpent: (entry) => isSpentBoost(entry, clock.now()),
      onHanded: (handing) => reaching.handed(handing),
      mayLeave: (entry) => this.#datedAhead.mayLeave(entry),
      onSent: options.onSent,
      onError: (error) => log("outbox", error),
    });
    this.#providing = new Providing({ mesh, clock, log });
    this.reader = new PostReader({
      store,
      mesh,
      client: this.#client,
      clock,
      marks: options.marks,
      verify: options.verify,
      blocked: (author) => blocks.has(author),
      trusts,
      onHeld: (hash) => {
        options.onHeld(hash);
        this.provide(hash);
      },
    });
    reaching.attach(mesh, {
      ...options,
      client: this.#client,
      trusts,
      follows: (key) => options.following.has(key),
      blocked: (author) => blocks.has(author),
      isGuest,
      reads,
      onOpened: (opened) => this.#pubServer.opened(opened),
      onVisiting: () => this.#tuning.join(),
    });
    options.findings.attach(mesh, {
      ...options,
      audience,
      client: this.#client,
      blocked: (author) => blocks.has(author),
      onAuthors: (authors, from) => this.#profiles.met(authors, from),
      onHeld: (keys) => this.#providing.add(keys),
    });
    this.curated = new CuratedUpdates({
      ...options,
      client: this.#client,
      book: options.feeds.curated,
      visits: options.feeds.visits,
      followed: () => curatedOf(options.feeds.saved.all()),
      blocked: (author) => blocks.has(author),
      finder: () => options.findings.finder(),
      onChanged: options.onCurated,
    });
    options.hints.attach(mesh, this.#pubClient, () => this.retune());
    this.#deliveries = new Deliveries({
      ...options,
      client: this.#client,
      trusts,
      onHeld: (hash) => void this.#outbox.delivered(hash).catch((error: unknown) => log("outbox", error)),
    });
    this.#neighbourPosts = new NeighbourPosts({
      ...options,
      trusts,
      read: (post, signal) => this.reader.read(post, signal),
    });
    mesh.setChannelHandler(async (message) => {
      const { author, verdict } = await receiver.heard(message);
      if (author !== null) this.#profiles.met([author], message.from);
      return verdict;
    });
    this.#unsubscribe = [
      mesh.on("peerConnected", (peer) => {
        this.clockSkew.met(peer);
        this.flush();
        // Whoever is followed may live elsewhere: their new names come by no channel of ours. The own one may be known
        // to others only, after the words were typed on a new device.
        this.#profiles.refresh([peer, mesh.self, ...options.following.keys()], peer);
        this.#providing.poke();
      }),
      mesh.on("peerDisconnected", (peer) => this.clockSkew.parted(peer)),
      mesh.on("changed", () => {
        options.onNetwork();
        this.clockSkew.look();
        this.#offer();
      }),
      store.subscribe((change) => this.#stored(change)),
    ];
  }

  async start(): Promise<void> {
    this.mesh.setBlocked(this.#options.blocks.keys());
    this.mesh.setWanted(this.#options.trust.keys());
    this.retune();
    await this.mesh.start();
    this.flush();
    await this.#neighbourPosts.start();
    await this.#provideHeld();
  }

  /** Neighbours that have delivered everything they hold of what was asked for. */
  caughtUp(): readonly NodeKey[] {
    return this.#pubClient.caughtUp();
  }

  /** Home place, feeds or following have changed: join and ask accordingly. */
  retune(): void {
    this.#pubClient.subscribe(this.#tuning.subscriptions());
    this.#tuning.join();
    this.curated.look();
  }

  /** Sends what waits, as far as somebody is there to take it. */
  flush(): void {
    void this.#flush().catch((error: unknown) => this.#options.log("outbox", error));
  }

  /** What has just been stored: subscribers among the neighbours get it at once. */
  arrived(arrivals: readonly Arrival[]): void {
    this.#pubServer.arrived(arrivals);
    this.#neighbourPosts.arrived(arrivals);
  }

  /** An own envelope has just been stored: others are told, unless they would refuse it by its date. */
  made(own: Arrival): void {
    this.#options.reaching.made(own.hash, own.envelope, this.#options.home());
    this.#datedAhead.made(own);
  }

  /** Whether this row is an own envelope that others would refuse: it is not given to them before it is dated anew. */
  holdsBack({ author, created }: EnvelopeRow): boolean {
    return equalBytes(author, this.mesh.self) && this.clockSkew.wouldBeRefused(created);
  }

  /** This one is trusted now, or no longer: links are kept to those who are, and they get and are asked for what is theirs. */
  trustChanged(peer: NodeKey): void {
    this.#options.reaching.look();
    this.mesh.setWanted(this.#options.trust.keys());
    this.#pubServer.trustChanged(peer);
    this.retune();
  }

  /** Lets others find the own profile, and its picture, as they are now. */
  async provideOwnProfile(): Promise<void> {
    this.#providing.add(await profileKeys(this.#options.store, this.mesh.self), "own");
  }

  /** Lets others find what this person has made. */
  provideOwn(keys: readonly Hash[]): void {
    this.#providing.add(keys, "own");
  }

  /** Lets others find out that this post can be had here; not even the hash of what is for trusted peers only is told. */
  provide(post: Hash): void {
    heldFor("anybody", this.#options.library, [post]).then(
      ([open]) => {
        if (open === true) this.#providing.add([post]);
      },
      (error: unknown) => this.#options.log("providing", error),
    );
  }

  async stop(): Promise<void> {
    this.clockSkew.stop();
    // What is not noted is asked for again later; what goes on listening after its end would be worse.
    await this.#datedAhead.note().catch((error: unknown) => this.#options.log("clock", error));
    this.#providing.stop();
    this.#neighbourPosts.stop();
    this.#deliveries.stop();
    this.#options.findings.detach();
    this.#options.reaching.detach();
    this.#options.hints.detach();
    this.curated.stop();
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#pubServer.stop();
    this.#syncServer.stop();
    this.#storeServer.stop();
    this.#profiles.stop();
    this.#client.stop();
    try {
      await this.#pubClient.stop();
    } finally {
      await this.mesh.stop();
    }
  }

  async #provideHeld(): Promise<void> {
    const { library, random, store } = this.#options;
    const all = await store.objectHashes(ObjectType.SocialPost);
    // More than are announced in a session need not be looked at; which of them, another session chooses anew.
    const first = Math.floor(random() * all.length);
    const held = [...all.slice(first), ...all.slice(0, first)].slice(0, MAX_ANNOUNCED);
    const open = await heldFor("anybody", library, held);
    this.#providing.add(
      held.filter((_, at) => open[at] === true),
      "kept",
    );
    this.#providing.add(await ownKeys(store, this.mesh.self), "own");
  }

  /** Somebody may be there now for what waits. */
  #offer(): void {
    this.flush();
    this.#options.reaching.poke();
  }

  async #flush(): Promise<void> {
    this.#datedAhead.free();
    // Every change of the network comes by here, and nearly always nothing waits.
    if (this.#outboxIsEmpty) return;
    this.#outboxIsEmpty = true;
    const entries = await this.#options.store.outbox();
    // The latest first: where nobody has come for days it is less likely that somebody comes now.
    this.#tuning.visit(entries.toReversed().flatMap((entry) => entry.channels));
    if (entries.length === 0) return;
    this.#outboxIsEmpty = false;
    await this.#outbox.flush();
  }

  /** Somebody has said what time it is: what was held back may go now, and the person may have to be told. */
  #clockLooked(): void {
    this.#options.onNetwork();
    this.flush();
    this.#datedAhead.settle().catch((error: unknown) => this.#options.log("clock", error));
  }

  #stored(change: StoreChange): void {
    if (change.outboxPut.length > 0) this.#outboxIsEmpty = false;
    if (change.outboxPut.length > 0 || change.outboxRemoved.length > 0) this.flush();
    if (change.heads.length > 0) this.#pubServer.versioned(change.heads);
  }
}
