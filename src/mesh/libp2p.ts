/** The libp2p node of a peer: which parts it has and why each of their settings is what it is. */
import { circuitRelayTransport } from "@libp2p/circuit-relay-v2";
import type { GossipSub, GossipSubComponents } from "@libp2p/gossipsub";
import { identify } from "@libp2p/identify";
import type { Connection, ConnectionGater, Libp2p, PeerId, PrivateKey, Stream, Transport } from "@libp2p/interface";
import type { KadDHTComponents } from "@libp2p/kad-dht";
import { noise } from "@libp2p/noise";
import { ping } from "@libp2p/ping";
import { webRTC } from "@libp2p/webrtc";
import { webSockets } from "@libp2p/websockets";
import { yamux } from "@libp2p/yamux";
import { createLibp2p, type Libp2pOptions } from "libp2p";
import type { DirectNetwork } from "./options.ts";

export interface NodeParts {
  readonly node: Libp2p;
  readonly registrar: KadDHTComponents["registrar"];
  readonly components: KadDHTComponents;
  /** What takes a WebRTC connection that was made by other ways than the transport's own. */
  readonly upgrader: Components["upgrader"];
  readonly logger: Components["logger"];
  /** Asks a connected relay to be reachable through it; renewed by libp2p until the connection ends. */
  reserve(relay: PeerId): Promise<void>;
}

export interface NodeInit {
  readonly privateKey: PrivateKey;
  readonly iceServers: readonly RTCIceServer[];
  readonly gater: ConnectionGater;
  readonly network: DirectNetwork | undefined;
  isRelayAddress(address: string): boolean;
  gossip(components: GossipSubComponents): GossipSub;
}

type Components = Parameters<NonNullable<Libp2pOptions["transports"]>[number]>[0];
type NodeComponents = Components & GossipSubComponents & KadDHTComponents;
type TransportFactory = NonNullable<Libp2pOptions["transports"]>[number];

/** The larger of the mesh's own timeouts applies; this only has to be out of its way. */
const DIAL_TIMEOUT = 30_000;
/** All signalling comes from the addresses of a few relays, so the limit for one host is that for all peers. */
const CONNECTIONS_PER_SECOND = 50;
/** Handshakes under way with others who came to us; each is over after {@link HANDSHAKE_TIMEOUT}. Library: 10. */
const MAX_PENDING = 20;
/** Encryption and muxer of a connection that came to us: four round trips of a slow link. Library: 10 s. */
const HANDSHAKE_TIMEOUT = 10_000;
/** Until a stream that was opened to us has named its protocol: two round trips. Library: 10 s. */
const NEGOTIATION_TIMEOUT = 5_000;
/** Dials that wait and addresses that are tried; ours are one a relay, and the maintainer has three under way. Library: 500, 25. */
const MAX_WAITING_DIALS = 100;
const MAX_ADDRESSES = 8;
/**
 * Streams that come before this end of a new connection listens. Beyond them yamux gives up the connection, so that nobody
 * would be counted and named; these few are handled, what comes after them is budgets/stream-gate.ts's. Library: 10.
 */
const MAX_EARLY_STREAMS = 64;
/** Of the muxer, which then ends the connection; budgets/stream-gate.ts refuses single ones far earlier. Library: 1,000. */
const MAX_MUXED_STREAMS = 512;
/** Bytes unread of one stream of a circuit or to a relay: signalling and introductions take 100 kB. Library: 4 MiB. */
const MAX_UNREAD = 1_048_576;
/** Who somebody is takes 1 kB, 250 channels included; the library's own values, stated. */
const IDENTIFY = { maxMessageSize: 8_192, maxInboundStreams: 1, maxOutboundStreams: 1, timeout: 5_000 } as const;
/** Well above the mesh's own limit (options.ts): circuits for signalling and the relays count here, too. */
const MAX_CONNECTIONS = 200;
/**
 * Four times the library's default, which other libp2p implementations need and browsers do not: each message costs the worker
 * the same, however long it is. A frame of 64 KiB fits; more would hold up other streams of a slow link for half a second and more.
 */
const MAX_MESSAGE_SIZE = 66_560;
export const DATA_CHANNELS = { maxMessageSize: MAX_MESSAGE_SIZE } as const;

export async function createNode(init: NodeInit): Promise<NodeParts> {
  // Handed over by libp2p while it puts the node together.
  const captured: { components?: NodeComponents; circuit?: Transport } = {};

  const transports: TransportFactory[] = [
    (components) => relayWebSockets(components, init.isRelayAddress),
    // ICE servers are always named: without any, the library would contact four public ones.
    webRTC({
      rtcConfiguration: { iceServers: init.iceServers.map((server) => ({ ...server })) },
      dataChannel: DATA_CHANNELS,
      maxEarlyStreams: MAX_EARLY_STREAMS,
    }),
    (components) => {
      captured.circuit = circuitRelayTransport()(components);
      return captured.circuit;
    },
  ];

  const node = await createLibp2p({
    start: false,
    privateKey: init.privateKey,
    nodeInfo: { name: "mehr", version: "1", userAgent: "mehr/1" },
    addresses: {
      listen: [...(init.network?.listen ?? [])],
      // Peers derive where to reach each other from the relays they share; nothing is announced.
      announceFilter: () => [],
    },
    transports: [...(init.network?.transports ?? transports)],
    connectionEncrypters: [noise()],
    streamMuxers: [
      yamux({
        maxInboundStreams: MAX_MUXED_STREAMS,
        maxOutboundStreams: MAX_MUXED_STREAMS,
        maxEarlyStreams: MAX_EARLY_STREAMS,
        streamOptions: { maxReadBufferLength: MAX_UNREAD },
      }),
    ],
    connectionGater: init.gater,
    connectionManager: {
      maxConnections: MAX_CONNECTIONS,
      inboundConnectionThreshold: CONNECTIONS_PER_SECOND,
      maxIncomingPendingConnections: MAX_PENDING,
      inboundUpgradeTimeout: HANDSHAKE_TIMEOUT,
      inboundStreamProtocolNegotiationTimeout: NEGOTIATION_TIMEOUT,
      maxDialQueueLength: MAX_WAITING_DIALS,
      maxPeerAddrsToDial: MAX_ADDRESSES,
      dialTimeout: DIAL_TIMEOUT,
      addressDialTimeout: DIAL_TIMEOUT,
      // The maintainer and the relay keeper redial; a second opinion would only race with them.
      reconnectRetries: 0,
    },
    // Round trips are measured, and dead links found, in links.ts.
    connectionMonitor: { enabled: false },
    services: {
      // Not on circuits: they carry nothing but signalling, and the relay counts their bytes.
      identify: identify({ ...IDENTIFY, runOnLimitedConnection: false }),
      ping: ping({ maxInboundStreams: 4, maxOutboundStreams: 4, runOnLimitedConnection: false }),
      gossip: (components: NodeComponents) => {
        captured.components = components;
        return init.gossip(components);
      },
    },
  });

  const { components, circuit } = captured;
  if (components === undefined) {
    throw new TypeError("libp2p did not hand over its components.");
  }
  return {
    node,
    registrar: components.registrar,
    components,
    upgrader: components.upgrader,
    logger: components.logger,
    reserve: async (relay) => {
      if (circuit !== undefined) {
        await addRelay(circuit, relay);
      }
    },
  };
}

/**
 * Shows every stream that has agreed on its protocol, before it is handled. `registrar.use` would do, but libp2p 3.3.11
 * appends the handler of every inbound stream to the array it was given, so that the second stream of a protocol is handled
 * twice and the third three times. A new array each time is safe.
 */
export function onEveryStream(
  registrar: NodeParts["registrar"],
  listener: (stream: Stream, connection: Connection) => void,
): void {
  registrar.getMiddleware = () => [
    (stream, connection, next) => {
      listener(stream, connection);
      next(stream, connection);
    },
  ];
}

/** WebSockets to the relays of the settings and to nobody else. */
function relayWebSockets(components: Components, isRelayAddress: (address: string) => boolean): Transport {
  const transport = webSockets()(components);
  // The library's own filter knows no paths; its dialler does.
  transport.dialFilter = (addresses) =>
    addresses.filter((address) => {
      const last = address.getComponents().at(-1)?.name;
      return isRelayAddress((last === "p2p" ? address.decapsulate("/p2p") : address).toString());
    });
  closeForReal(transport);
  return transport;
}

/**
 * To cut a connection off, @libp2p/websockets 10.1 closes its socket with code 1006, which the WebSocket standard
 * reserves: the call throws, the error is swallowed, and the socket stays open behind libp2p's back.
 */
function closeForReal(transport: Transport): void {
  const connect: unknown = Reflect.get(transport, "_connect");
  if (typeof connect !== "function") {
    throw new TypeError("@libp2p/websockets connects in an unknown way.");
  }
  Reflect.set(transport, "_connect", async (...args: unknown[]): Promise<WebSocket> => {
    const socket = (await Reflect.apply(connect, transport, args)) as WebSocket;
    const close = socket.close.bind(socket);
    socket.close = (code?: number, reason?: string) => {
      close(code === 1006 ? undefined : code, reason);
    };
    return socket;
  });
}

/** `reservationStore` is public in the transport's class though not in its interface; tests with a relay cover it. */
async function addRelay(circuit: Transport, relay: PeerId): Promise<void> {
  const store: unknown = Reflect.get(circuit, "reservationStore");
  if (typeof store !== "object" || store === null || !("addRelay" in store) || typeof store.addRelay !== "function") {
    throw new TypeError("@libp2p/circuit-relay-v2 has no reservation store of the known form.");
  }
  await store.addRelay(relay, "configured");
}
