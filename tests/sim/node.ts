/**
 * The protocols of a peer within reach of a test, which counts what comes by each and sees how far each neighbour has got.
 * What is believed and stored is decided by the peer's own `Receiver`; `town.ts` has whole peers, behind `PeerApi`.
 */
// Loaded beforehand: what is imported while it runs takes time outside of the virtual clock.
import "../../src/mesh/protocols/sync/conversation.ts";
import "../../src/mesh/protocols/sync/session.ts";
import {
  CatchUp,
  createProfiles,
  createPubClient,
  createStoreClient,
  EVERY_SCOPED,
  servePub,
  serveStore,
  serveSync,
  settingsCursors,
  settingsProgress,
  type Delivered,
  type Delivery,
  type FoundVersion,
  type Heard,
  type Profiles,
  type PubClient,
  type PubServer,
  type StoreClient,
  type StoreServer,
  type Subscription,
  type SyncServer,
} from "../../src/mesh/protocols/index.ts";
import type { Verdict } from "../../src/mesh/port.ts";
import { Receiver } from "../../src/peer/receiver.ts";
import { startChannels } from "../../src/social/index.ts";
import { createMemoryStore, type Store } from "../../src/store/index.ts";
import { Serial } from "../../src/store/serial.ts";
import {
  channelOf,
  ObjectType,
  scopeFromKey,
  toHex,
  verifyEncoded,
  type Hash,
  type NodeKey,
  type Signer,
} from "../../src/wire/index.ts";
import { COMMONS, signEnvelope, type EnvelopeText, type SignedEnvelope } from "./author.ts";
import type { SimMesh } from "./mesh.ts";
import type { SimNetwork } from "./network.ts";

/** Verdicts by hash: in one process every signature needs to be checked once only. */
const verdicts = new Map<string, Promise<boolean>>();

export class SimNode {
  readonly signer: Signer;
  readonly mesh: SimMesh;
  readonly store: Store;
  storeClient!: StoreClient;
  pubClient!: PubClient;
  pubServer!: PubServer;
  profiles!: Profiles;
  /** Times that bytes of an envelope came in over a stream, by hex of the hash. */
  readonly pulled = new Map<string, number>();
  /** What neighbours told of without sending it. */
  readonly heard: (Heard & { readonly from: NodeKey })[] = [];
  readonly versions: FoundVersion[] = [];
  readonly errors: unknown[] = [];
  readonly #network: SimNetwork;
  readonly #receiver: Receiver;
  #storeServer!: StoreServer;
  #syncServer!: SyncServer;
  readonly #followed = new Set<string>();
  #subscriptions: Subscription[] = [];

  constructor(network: SimNetwork, signer: Signer) {
    this.#network = network;
    this.signer = signer;
    this.mesh = network.createMesh(signer.publicKey);
    this.store = createMemoryStore({ randomBytes: (length) => network.random.bytes(length) });
    this.#receiver = new Receiver({
      store: this.store,
      clock: network.clock,
      following: { has: (author) => this.#followed.has(toHex(author)) },
      onStored: (arrivals) => this.pubServer.arrived(arrivals),
      onMisdeed: (peer, code) => this.mesh.report(peer, code),
      onWaste: (peer, milliseconds) => this.mesh.charge(peer, milliseconds),
      log: (_context, error) => this.errors.push(error),
      heads: new Serial(),
      verify: (object, bytes) => network.clock.track(remembered(bytes, () => verifyEncoded(object, bytes))),
    });
  }

  get key(): NodeKey {
    return this.signer.publicKey;
  }

  /** Begins to listen, to serve and to ask; links are the network's. */
  async start(home: string = COMMONS): Promise<void> {
    const { clock, random } = this.#network;
    const { mesh, store } = this;
    await mesh.start();
    this.storeClient = createStoreClient({ mesh, clock });
    this.#storeServer = serveStore({ mesh, library: store, clock });
    this.pubServer = servePub({ mesh, library: store, audience: EVERY_SCOPED, clock });
    this.#syncServer = serveSync({ mesh, library: store, audience: EVERY_SCOPED, clock });
    this.profiles = createProfiles({
      client: this.storeClient,
      clock,
      has: async (author) => (await store.head(ObjectType.UserProfile, author, "")) !== undefined,
      receive: (found) => this.#receiver.found(found),
    });
    const known = (hash: Hash): boolean => this.#receiver.knows(hash);
    const receive = (items: readonly Delivered[], delivery: Delivery): Promise<void> => this.#pull(items, delivery);
    const onFailure = (_server: NodeKey, error: unknown): void => void this.errors.push(error);
    this.pubClient = createPubClient({
      mesh,
      clock,
      random: () => random.next(),
      cursors: settingsCursors(store),
      catchUp: new CatchUp({
        mesh,
        clock,
        salt: this.key.slice(0, 8),
        envelopes: store.envelopes,
        progress: settingsProgress(store),
        served: (peer) => this.#syncServer.served(peer),
        known,
        receive,
        onFailure,
      }),
      known,
      receive,
      told: async (heard, from) => {
        for (const each of heard) this.heard.push({ ...each, from });
      },
      version: async (found) => {
        this.versions.push(found);
      },
      trusts: () => false,
      onFailure,
    });
    this.#subscriptions = [{ target: { kind: "scope", scope: scopeFromKey(home), match: "exact" }, mode: "push" }];
    mesh.setChannelHandler((message) => this.#hear(message));
    mesh.join(channelOf(scopeFromKey(home)));
    this.pubClient.subscribe(this.#subscriptions);
  }

  async stop(): Promise<void> {
    this.pubServer.stop();
    this.#storeServer.stop();
    this.#syncServer.stop();
    this.profiles.stop();
    this.storeClient.stop();
    await this.pubClient.stop();
    await this.mesh.stop();
  }

  follow(key: NodeKey): void {
    this.#followed.add(toHex(key));
    this.ask({ target: { kind: "node", key }, mode: "push" });
  }

  ask(subscription: Subscription): void {
    this.#subscriptions = [...this.#subscriptions, subscription];
    this.pubClient.subscribe(this.#subscriptions);
  }

  async post(text: EnvelopeText = {}, home: string = COMMONS): Promise<SignedEnvelope> {
    const { clock } = this.#network;
    const signed = await clock.track(signEnvelope(this.signer, { created: clock.now(), ...text }));
    await this.store.commit({ envelopes: [signed] });
    const channels = startChannels(signed.envelope, scopeFromKey(home));
    for (const channel of channels) await this.mesh.publish(channel, signed.bytes);
    this.pubServer.arrived([{ ...signed, from: null, channel: channels[0] ?? null }]);
    return signed;
  }

  /** Puts envelopes into the store without telling anybody. */
  async hold(envelopes: readonly SignedEnvelope[]): Promise<void> {
    await this.store.commit({ envelopes });
  }

  holds(hash: Hash): boolean {
    return this.store.envelopes.has(hash);
  }

  async #hear(message: { channel: string; bytes: Uint8Array; from: NodeKey }): Promise<Verdict> {
    const { author, verdict } = await this.#receiver.heard(message);
    if (author !== null) this.profiles.met([author], message.from);
    return verdict;
  }

  async #pull(items: readonly Delivered[], delivery: Delivery): Promise<void> {
    for (const { hash } of items) this.pulled.set(toHex(hash), (this.pulled.get(toHex(hash)) ?? 0) + 1);
    this.profiles.met(await this.#receiver.pulled(items, delivery), delivery.from);
  }
}

function remembered(bytes: Uint8Array, verify: () => Promise<boolean>): Promise<boolean> {
  const key = toHex(bytes);
  const verdict = verdicts.get(key) ?? verify();
  verdicts.set(key, verdict);
  return verdict;
}
