/**
 * Provider records over `@libp2p/kad-dht`, fitted to peers that reach each other by WebRTC alone:
 *
 * - Every peer is a server: nobody has the public address that the library waits for.
 * - Addresses play no part. A peer is reached through a relay that both share, so contacts are known by id, and the
 *   library, which drops peers without an address, is given a constant one.
 * - The library verifies a contact by dialling it. Here that would be a WebRTC connection for every peer that is heard
 *   of, so contacts are taken unverified and dropped when they do not answer.
 * - Its upkeep (self query, table refresh) runs over links that exist; only a query that somebody asked for dials, and
 *   not more often than a budget allows.
 *
 * The library is loaded when somebody first provides or looks for something, here or at a peer that asks this one: it is a
 * fifth of the worker's script, and a peer that has just come has better to do.
 */
import { peerDiscoverySymbol, start, stop, type Connection, type PeerId, type Stream } from "@libp2p/interface";
import type { KadDHT, KadDHTComponents } from "@libp2p/kad-dht";
import type { Hash, NodeKey } from "../../wire/types.ts";
import { MeshError } from "../errors.ts";
import { nodeKeyOf } from "../keys.ts";
import type { MeshLog } from "../options.ts";
import { abortable, pause, reasonOf, type Clock } from "../protocols/clock.ts";
import { ANYWHERE, contactTable, delegate, stranger, withAddress, type ContactTable } from "./parts.ts";
import { ProviderRecords } from "./records.ts";

export const DHT_PROTOCOL = "/mehr/kad/1";

export interface DhtOptions {
  readonly clock: Clock;
  readonly log: MeshLog;
  readonly maxRecords: number;
  components(): KadDHTComponents;
  /** The direct link to a peer. */
  linked(peer: PeerId): Connection | null;
  /** All direct links: their peers are the first contacts. */
  links(): readonly Connection[];
  dial(peer: NodeKey, signal?: AbortSignal): Promise<Connection>;
  /** Peers that were named by others. */
  onHeardOf(peers: NodeKey[]): void;
}

/**
 * Replicas of a record and contacts in a bucket. Kademlia's 20 is for peers that stay for hours and answer datagrams;
 * each one more is a WebRTC dial (0.2 to 0.8 s) for whoever provides.
 */
const REPLICAS = 8;
/** Requests of a query under way at once (Kademlia's own value), over two disjoint paths against one lying contact. */
const PARALLEL = 3;
const DISJOINT_PATHS = 2;
/** Tabs close: a record that is not renewed for three hours is gone. Renewed after half of that. */
const RECORD_VALIDITY = 3 * 3_600_000;
const RECORD_RENEWAL = RECORD_VALIDITY / 2;
const RENEWAL_CHECK = RECORD_VALIDITY / 6;
const SELF_QUERY_INTERVAL = 10 * 60_000;
const FIRST_SELF_QUERY = 200;
/** Dials for queries: so many at once, then one in ten seconds. A tab may hold 500 connections, a relay has a budget, too. */
const DIAL_BURST = 24;
const DIAL_REFILL = 10_000;
const QUERY_TIMEOUT = 30_000;
/** Requests of one contact under way with us, each a stream: two queries with three each, and room. Library: 32. */
const MAX_REQUESTS = 16;
/** How long the first contacts may take to be in the library's table, and how often that is looked at. */
const CONTACTS_TIMEOUT = 2_000;
const CONTACTS_LOOK = 20;
/** Streams to one contact at once. The library's value. */
const MAX_OWN_REQUESTS = 64;
/** Until a request has come and its answer is taken. The library's value. */
const REQUEST_TIMEOUT = 10_000;
/** Contacts named by others that wait to be looked at. Library: 16,384. */
const MAX_HEARSAY = 1_024;
/** sha2-256 with 32 bytes, the only multihash that the library's handlers take; the digest in it is ours (BLAKE3). */
const SHA2_256 = 0x12;
const RAW = 0x55;

interface Topology {
  onConnect?(peer: PeerId, connection: Connection): void | Promise<void>;
}

type Handler = (stream: Stream, connection: Connection) => void | Promise<void>;

interface Running {
  readonly dht: KadDHT;
  readonly table: ContactTable;
  readonly records: ProviderRecords;
  readonly topology: Topology;
  readonly answer: Handler;
  key(hash: Hash): Parameters<KadDHT["provide"]>[0];
}

export class Dht {
  readonly #options: DhtOptions;
  #running: Promise<Running> | null = null;
  #stopped = false;
  #queries = 0;
  readonly #heard: NodeKey[] = [];
  #dialTokens = DIAL_BURST;
  #dialTokensAt: number;

  constructor(options: DhtOptions) {
    this.#options = options;
    this.#dialTokensAt = options.clock.now();
  }

  /** From now on requests of others are answered; the first of them waits until the library is loaded. */
  async start(): Promise<void> {
    const answer: Handler = async (stream, connection) => {
      try {
        await (await this.#run()).answer(stream, connection);
      } catch (error) {
        stream.abort(error instanceof Error ? error : new Error(String(error)));
      }
    };
    const limits = { maxInboundStreams: MAX_REQUESTS, maxOutboundStreams: MAX_OWN_REQUESTS };
    await this.#options.components().registrar.handle(DHT_PROTOCOL, answer, limits);
  }

  /** A direct link stands: its peer becomes a contact, if there is any need of one yet. */
  async linked(connection: Connection): Promise<void> {
    if (this.#running === null) {
      return;
    }
    const { topology } = await this.#running;
    await topology.onConnect?.(connection.remotePeer, connection);
  }

  /** @throws MeshError `UNREACHABLE` when no other peer took the record, `TIMEOUT` */
  async provide(hash: Hash, signal?: AbortSignal): Promise<void> {
    const { table } = await abortable(this.#run(), signal);
    if (table.size === 0) {
      throw new MeshError("UNREACHABLE", "No contacts yet.");
    }
    let taken = 0;
    await this.#query(signal, async (running, limit) => {
      for await (const event of running.dht.provide(running.key(hash), { signal: limit })) {
        if (event.name === "PEER_RESPONSE" && event.messageName === "ADD_PROVIDER") {
          taken += 1;
        }
      }
    });
    if (taken === 0) {
      throw new MeshError("UNREACHABLE", "No peer took the provider record.");
    }
  }

  /** Peers that said they hold it, this one excepted; each once. */
  async *findProviders(hash: Hash, limit: number, signal?: AbortSignal): AsyncGenerator<NodeKey> {
    const running = await this.#run();
    const self = this.#options.components().peerId.toString();
    const seen = new Set<string>([self]);
    const query = this.#begin(signal);
    try {
      for await (const event of running.dht.findProviders(running.key(hash), { signal: query.signal })) {
        if (event.name !== "PROVIDER") {
          continue;
        }
        for (const { id } of event.providers) {
          const provider = nodeKeyOf(id);
          if (provider === null || seen.has(id.toString())) {
            continue;
          }
          seen.add(id.toString());
          yield provider;
          if (seen.size > limit) {
            return;
          }
        }
      }
    } catch (error) {
      throw this.#fault(error, signal);
    } finally {
      query.end();
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#running === null) {
      return;
    }
    try {
      const { dht } = await this.#running;
      await stop(dht);
    } catch (error) {
      this.#options.log("warn", "dht_stop_failed", { error });
    }
  }

  #run(): Promise<Running> {
    if (this.#stopped) {
      return Promise.reject(new MeshError("MESH_STOPPED", "The mesh has stopped."));
    }
    if (this.#running === null) {
      const loading = this.#load();
      this.#running = loading;
      loading.catch(() => {
        // Its script could not be fetched, perhaps because this device is offline: the next use tries again.
        this.#running = null;
      });
    }
    return this.#running;
  }

  async #load(): Promise<Running> {
    const [{ kadDHT }, { CID }, { create }] = await Promise.all([
      import("@libp2p/kad-dht"),
      import("multiformats/cid"),
      import("multiformats/hashes/digest"),
    ]);
    const { components, maxRecords } = this.#options;
    const real = components();
    const records = new ProviderRecords({ maxRecords, maxRecordsOfOne: maxRecords / 8, self: real.peerId.toString() });
    let topology: Topology = {};
    let answer: Handler = (stream) => stream.abort(new MeshError("PROTOCOL_UNSUPPORTED", "The DHT has not started."));
    const dht = kadDHT({
      protocol: DHT_PROTOCOL,
      clientMode: false,
      kBucketSize: REPLICAS,
      alpha: PARALLEL,
      disjointPaths: DISJOINT_PATHS,
      maxInboundStreams: MAX_REQUESTS,
      incomingMessageTimeout: REQUEST_TIMEOUT,
      routingTableUpdateMaxQueueSize: MAX_HEARSAY,
      querySelfInterval: SELF_QUERY_INTERVAL,
      initialQuerySelfInterval: FIRST_SELF_QUERY,
      peerInfoMapper: withAddress,
      reprovide: { validity: RECORD_VALIDITY, threshold: RECORD_RENEWAL, interval: RENEWAL_CHECK, concurrency: 2 },
    })(
      this.#fitted(real, records, {
        topology: (registered) => (topology = registered),
        handler: (registered) => (answer = registered),
      }),
    );
    const table = contactTable(dht);
    const discovery: unknown = Reflect.get(dht, peerDiscoverySymbol);
    if (discovery instanceof EventTarget) {
      discovery.addEventListener("peer", (event) => this.#heardOf(event));
    }
    await start(dht);
    for (const connection of this.#options.links()) {
      await topology.onConnect?.(connection.remotePeer, connection);
    }
    // The library takes its contacts in their own time; whoever asked for it now would find none.
    for (
      let waited = 0;
      waited < CONTACTS_TIMEOUT && table.size === 0 && this.#options.links().length > 0;
      waited += CONTACTS_LOOK
    ) {
      await pause(this.#options.clock, CONTACTS_LOOK);
    }
    return { dht, table, records, topology, answer, key: (hash) => CID.createV1(RAW, create(SHA2_256, hash)) };
  }

  /** The node's components, with those parts replaced that stand for the assumptions named above. */
  #fitted(
    real: KadDHTComponents,
    datastore: ProviderRecords,
    on: { topology(topology: Topology): void; handler(handler: Handler): void },
  ): KadDHTComponents {
    const addressManager: KadDHTComponents["addressManager"] = delegate(real.addressManager, {
      getAddresses: () => [ANYWHERE],
    });
    const connectionManager: KadDHTComponents["connectionManager"] = delegate(real.connectionManager, {
      openStream: async (peer: PeerId, protocol: string, options: { signal?: AbortSignal } = {}) => {
        const connection = await this.#reach(peer, options.signal);
        return await connection.newStream(protocol, options);
      },
      isDialable: async () => true,
    });
    const peerStore: KadDHTComponents["peerStore"] = delegate(real.peerStore, {
      // The store forgets idle peers, and the library's answer fails as a whole for one provider that it does not find.
      get: async (peer: PeerId) => await real.peerStore.get(peer).catch(() => stranger(peer)),
      getInfo: async (peer: PeerId) => ({ id: peer, multiaddrs: [ANYWHERE] }),
      // The library tags its close contacts as to be kept alive, and libp2p dials those again in the moment in which a link
      // to them ends, past the maintainer: two sides that end each other's links do so twenty times a second (measured).
      merge: async (peer: PeerId, data: object) => await real.peerStore.merge(peer, { ...data, tags: {} }),
    });
    const registrar: KadDHTComponents["registrar"] = delegate(real.registrar, {
      // Contacts come from `linked`, not from identify: the other side may load its DHT after it was identified.
      register: async (_protocol: string, registered: Topology) => {
        on.topology(registered);
        return DHT_PROTOCOL;
      },
      unregister: () => undefined,
      // Requests come through `start`, which was there before.
      handle: async (_protocol: string, registered: Handler) => on.handler(registered),
      unhandle: async () => undefined,
    });
    return {
      peerId: real.peerId,
      privateKey: real.privateKey,
      events: real.events,
      logger: real.logger,
      ping: { ping: async () => 0 },
      datastore,
      addressManager,
      connectionManager,
      peerStore,
      registrar,
    };
  }

  async #reach(peer: PeerId, signal: AbortSignal | undefined): Promise<Connection> {
    const linked = this.#options.linked(peer);
    if (linked !== null) {
      return linked;
    }
    const key = nodeKeyOf(peer);
    if (key === null || this.#queries === 0 || !this.#takeDialToken()) {
      throw new MeshError("UNREACHABLE", "No link to this contact.");
    }
    try {
      return await this.#options.dial(key, signal);
    } catch (error) {
      const running = await this.#run();
      await running.table.remove(peer);
      throw error;
    }
  }

  #takeDialToken(): boolean {
    const now = this.#options.clock.now();
    this.#dialTokens = Math.min(DIAL_BURST, this.#dialTokens + (now - this.#dialTokensAt) / DIAL_REFILL);
    this.#dialTokensAt = now;
    if (this.#dialTokens < 1) {
      return false;
    }
    this.#dialTokens -= 1;
    return true;
  }

  #heardOf(event: Event): void {
    if ("detail" in event && typeof event.detail === "object" && event.detail !== null && "id" in event.detail) {
      const key = nodeKeyOf(event.detail.id as PeerId);
      if (key !== null && this.#heard.push(key) === 1) {
        // An answer names its contacts one by one; whoever hears of them looks at all once.
        queueMicrotask(() => this.#options.onHeardOf(this.#heard.splice(0)));
      }
    }
  }

  async #query(
    signal: AbortSignal | undefined,
    task: (running: Running, limit: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const running = await abortable(this.#run(), signal);
    const query = this.#begin(signal);
    try {
      await task(running, query.signal);
    } catch (error) {
      throw this.#fault(error, signal);
    } finally {
      query.end();
    }
  }

  #begin(signal: AbortSignal | undefined): { signal: AbortSignal; end(): void } {
    signal?.throwIfAborted();
    const limit = new AbortController();
    const cancel = this.#options.clock.after(QUERY_TIMEOUT, () =>
      limit.abort(new MeshError("TIMEOUT", `The query took longer than ${QUERY_TIMEOUT} ms.`)),
    );
    const onAbort = (): void => limit.abort(signal?.reason);
    signal?.addEventListener("abort", onAbort, { once: true });
    this.#queries += 1;
    return {
      signal: limit.signal,
      end: () => {
        this.#queries -= 1;
        cancel();
        signal?.removeEventListener("abort", onAbort);
      },
    };
  }

  #fault(error: unknown, signal: AbortSignal | undefined): Error {
    if (signal?.aborted === true) {
      return reasonOf(signal);
    }
    if (error instanceof MeshError) {
      return error;
    }
    const aborted = error instanceof Error && error.name === "AbortError";
    return new MeshError(aborted ? "TIMEOUT" : "UNREACHABLE", "The query failed.", { cause: error });
  }
}
