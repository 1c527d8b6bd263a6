/** The libp2p node of the relay: reservations and circuits for signalling, introductions, and nothing else. */
import "./node-shims.ts";
import { randomInt } from "node:crypto";
import type { EventEmitter } from "node:events";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { circuitRelayServer, type CircuitRelayService } from "@libp2p/circuit-relay-v2";
import { identify } from "@libp2p/identify";
import type { PrivateKey, ServiceMap } from "@libp2p/interface";
import { noise } from "@libp2p/noise";
import { ping } from "@libp2p/ping";
import { webSockets } from "@libp2p/websockets";
import { yamux } from "@libp2p/yamux";
import { createLibp2p, type Libp2p } from "libp2p";
import { frameStream } from "../mesh/frames.ts";
import { nodeKeyOf } from "../mesh/keys.ts";
import { systemClock } from "../mesh/protocols/clock.ts";
import { answerTime, Instances, MAX_TIME_FRAME, TIME_PROTOCOL } from "../mesh/protocols/time/index.ts";
import { RENDEZVOUS_LIMITS, RENDEZVOUS_PROTOCOL } from "../mesh/rendezvous-messages.ts";
import { RendezvousServer } from "../mesh/rendezvous-server.ts";
import type { RelayLimits } from "./limits.ts";
import { RelayTraffic, type StreamRegistrar } from "./traffic.ts";

/** Noise messages have 64 KiB and yamux gathers some of them; the default of `ws` is 100 MiB, to be held before any check. */
const MAX_WEBSOCKET_MESSAGE = 1_048_576;

export interface RelayNodeOptions {
  readonly privateKey: PrivateKey;
  readonly limits: RelayLimits;
  /** Where peers reach this relay, as multiaddrs: they become part of every reservation. */
  readonly announce: readonly string[];
  /** What went wrong with one peer; the relay goes on. */
  readonly log: (message: string) => void;
}

export interface RelayNodeStatus {
  readonly connections: number;
  readonly reservations: number;
  readonly registrations: { readonly peers: number; readonly channels: number };
  readonly relayed: { readonly circuits: number; readonly bytes: number };
}

interface Services extends ServiceMap {
  relay: CircuitRelayService;
  inside: Inside;
}

/** What is inside of libp2p 3.3 and has no public door: pinned in package.json, covered by tests/relay. */
interface Inside {
  readonly registrar: StreamRegistrar;
  readonly transportManager: { getListeners(): readonly object[] };
}

/** The listener of @libp2p/websockets 10.1. */
interface UpgradeListener {
  readonly wsServer: {
    readonly options: { maxPayload?: number };
    handleUpgrade(
      request: IncomingMessage,
      socket: Duplex,
      head: Buffer,
      done: (webSocket: EventEmitter, request: IncomingMessage) => void,
    ): void;
  };
  onWsServerConnection(webSocket: EventEmitter, request: IncomingMessage): void;
}

export class RelayNode {
  readonly #node: Libp2p<Services>;
  readonly #listener: UpgradeListener;
  readonly #rendezvous: RendezvousServer;
  readonly #traffic: RelayTraffic;
  readonly #log: (message: string) => void;

  private constructor(
    node: Libp2p<Services>,
    rendezvous: RendezvousServer,
    traffic: RelayTraffic,
    log: (message: string) => void,
  ) {
    this.#node = node;
    this.#listener = upgradeListener(node);
    this.#rendezvous = rendezvous;
    this.#traffic = traffic;
    this.#log = log;
  }

  static async start(options: RelayNodeOptions): Promise<RelayNode> {
    const { limits } = options;
    const node = await createLibp2p<Services>({
      privateKey: options.privateKey,
      start: false,
      addresses: {
        // The listener has to listen before it takes upgrades; nobody is told of this port.
        listen: ["/ip4/127.0.0.1/tcp/0/ws"],
        announce: [...options.announce],
      },
      transports: [webSockets()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      // A relay is called and calls nobody: an address that a peer claims to have must not make it a port scanner.
      connectionGater: { denyDialPeer: () => true, denyDialMultiaddr: () => true },
      connectionManager: {
        maxConnections: limits.maxConnections,
        inboundConnectionThreshold: limits.maxConnectionsPerSecond,
        maxIncomingPendingConnections: limits.maxConnectionsPerSecond,
      },
      services: {
        identify: identify({ runOnConnectionOpen: true }),
        ping: ping(),
        relay: circuitRelayServer({
          reservations: {
            maxReservations: limits.maxReservations,
            reservationTtl: limits.reservationTtl,
            defaultDurationLimit: limits.relayedDuration,
            defaultDataLimit: BigInt(limits.relayedBytes),
          },
        }),
        inside: ({ registrar, transportManager }) => ({ registrar, transportManager }),
      },
    });
    const rendezvous = new RendezvousServer({
      clock: systemClock,
      random: (below) => randomInt(below),
      maxPeers: limits.maxReservations,
    });
    const traffic = new RelayTraffic(systemClock);
    await node.handle(
      RENDEZVOUS_PROTOCOL,
      async (stream, connection) => {
        const key = nodeKeyOf(connection.remotePeer);
        if (key === null) {
          stream.abort(new Error("the peer has no Ed25519 key: it is no node of this network"));
          return;
        }
        const frames = frameStream(stream, key, { limits: { maxFrame: RENDEZVOUS_LIMITS.maxAnswerBytes } });
        try {
          await rendezvous.handle(frames);
        } catch (error) {
          options.log(`rendezvous with ${connection.remotePeer.toString()}: ${describe(error)}`);
          frames.abort(error instanceof Error ? error : new Error(String(error)));
        }
      },
      // One in use and one that takes over.
      { maxInboundStreams: 2, runOnLimitedConnection: false },
    );
    const instances = new Instances();
    await node.handle(
      TIME_PROTOCOL,
      async (stream, connection) => {
        const key = nodeKeyOf(connection.remotePeer);
        const frames = key === null ? null : frameStream(stream, key, { limits: { maxFrame: MAX_TIME_FRAME } });
        try {
          if (frames !== null) await answerTime(frames, instances, systemClock);
          await stream.close();
        } catch (error) {
          options.log(`time for ${connection.remotePeer.toString()}: ${describe(error)}`);
          stream.abort(error instanceof Error ? error : new Error(String(error)));
        }
      },
      { maxInboundStreams: 2, runOnLimitedConnection: false },
    );
    forgetWhoLeaves(node, options.log);
    await node.start();
    try {
      await traffic.watch(node.services.inside.registrar);
      return new RelayNode(node, rendezvous, traffic, options.log);
    } catch (error) {
      await node.stop();
      throw error;
    }
  }

  /** The relay's peer id in libp2p's spelling. */
  get peerId(): string {
    return this.#node.peerId.toString();
  }

  /** Takes over a request to upgrade to a WebSocket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#listener.wsServer.handleUpgrade(request, socket, head, (webSocket) => {
      // The listener's own `onUpgrade` does the same without this line, and then one malformed frame ends the process.
      webSocket.on("error", (error) => this.#log(`WebSocket: ${describe(error)}`));
      this.#listener.onWsServerConnection(webSocket, request);
    });
  }

  status(): RelayNodeStatus {
    return {
      connections: this.#node.getConnections().length,
      reservations: this.#node.services.relay.reservations.size,
      registrations: this.#rendezvous.status(),
      relayed: { circuits: this.#traffic.circuits, bytes: this.#traffic.bytes },
    };
  }

  async stop(): Promise<void> {
    this.#rendezvous.stop();
    await this.#node.stop();
  }
}

function upgradeListener(node: Libp2p<Services>): UpgradeListener {
  const listener = node.services.inside.transportManager.getListeners().find(isUpgradeListener);
  if (listener === undefined) throw new Error("@libp2p/websockets has no listener that takes upgrades");
  listener.wsServer.options.maxPayload = MAX_WEBSOCKET_MESSAGE;
  return listener;
}

function isUpgradeListener(listener: object): listener is UpgradeListener {
  return "onWsServerConnection" in listener && "wsServer" in listener;
}

/**
 * libp2p keeps a reservation until it runs out and what it knows of a peer for hours; a relay meets too many for that,
 * and a reservation of one who left would take the place of one who is there.
 */
function forgetWhoLeaves(node: Libp2p<Services>, log: (message: string) => void): void {
  node.addEventListener("peer:disconnect", ({ detail: peer }) => {
    const { reservations } = node.services.relay;
    reservations.get(peer)?.signal.clear();
    reservations.delete(peer);
    node.peerStore.delete(peer).catch((error: unknown) => log(`forgetting ${peer.toString()}: ${describe(error)}`));
  });
}

export function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
