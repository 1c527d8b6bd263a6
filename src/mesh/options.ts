import type { Libp2pOptions } from "libp2p";
import type { NodeKey } from "../wire/types.ts";
import type { GaterPolicy } from "./gater.ts";
import type { IntroduceMode, ShutOut } from "./port.ts";
import type { Clock } from "./protocols/clock.ts";
import type { RtcBridge } from "./rtc/shim.ts";

export interface MeshLimits {
  /** Direct links that the node strives for: gossipsub's D, the degree of a channel's mesh. */
  readonly targetPeers: number;
  /** Links beyond this are closed, the least useful first: gossipsub's D_high. */
  readonly maxPeers: number;
  /** Inbound peers are turned away above this; between the two there is room for a peer that wants one object. */
  readonly hardMaxPeers: number;
  /** Neighbours wanted in each joined channel, as far as the channel has as many: gossipsub's D_low less one. */
  readonly channelPeers: number;
  /** Dials at the same time; each one costs the relay a circuit and the window a connection. */
  readonly parallelDials: number;
  /** Bytes of one gossip message: a promoted message, which carries an envelope, its certificate and a boost (wire's limits). */
  readonly maxGossipBytes: number;
  /** Streams that one peer may have open with us at once, for each protocol. */
  readonly maxInboundStreams: number;
  /** Provider records that are kept for others. */
  readonly maxProviderRecords: number;
}

export const MESH_LIMITS: MeshLimits = {
  targetPeers: 6,
  maxPeers: 12,
  hardMaxPeers: 24,
  channelPeers: 3,
  parallelDials: 3,
  maxGossipBytes: 24_576,
  maxInboundStreams: 16,
  maxProviderRecords: 4_096,
};

/** Peers that this node was linked to before, kept over restarts by whoever owns the storage. */
export interface PeerMemory {
  load(): Promise<readonly NodeKey[]>;
  /** The most recent first. */
  save(peers: readonly NodeKey[]): Promise<void>;
  /** Who is shut out, and was lately: a restart of this peer is no pardon. */
  loadBans?(): Promise<readonly ShutOut[]>;
  saveBans?(bans: readonly ShutOut[]): Promise<void>;
}

/** What the mesh reports, by names that do not change: a log can be searched for them. */
export type MeshEvent =
  | "channel_handler_failed"
  | "contact_refused"
  | "dht_stop_failed"
  | "dial_failed"
  | "handler_missing"
  | "invite_ended"
  | "listener_failed"
  | "memory_not_read"
  | "memory_not_written"
  | "misdeed"
  | "peer_shut_out"
  | "ping_unanswered"
  | "relay_failed"
  | "rendezvous_ended"
  | "reservation_failed"
  | "script_not_loaded"
  | "stream_failed";

export interface MeshDetail {
  readonly error?: unknown;
  /** Key of a peer as hex. */
  readonly peer?: string;
  readonly code?: string;
  readonly protocol?: string;
  /** URL. */
  readonly relay?: string;
}

/** Where reports go that no caller waits for. Never called with secrets. */
export type MeshLog = (level: "debug" | "warn", event: MeshEvent, detail?: MeshDetail) => void;

/** Other ways to reach peers than relays and WebRTC, as in a process of many nodes. */
export interface DirectNetwork {
  readonly transports: NonNullable<Libp2pOptions["transports"]>;
  readonly listen: readonly string[];
  /** Where a peer is dialled. */
  addressesOf(peer: NodeKey): readonly string[];
}

export interface MeshOptions {
  /** The 32-byte Ed25519 seed of the identity: one key, one peer, one author. */
  readonly seed: Uint8Array;
  /** ws or wss URLs. */
  readonly relays: readonly string[];
  /** Default: none, so that no third party is contacted. */
  readonly iceServers?: readonly RTCIceServer[];
  readonly policy: GaterPolicy;
  /** The bridge that `installRtc` returned, where WebRTC is driven from the window. */
  readonly rtc?: RtcBridge;
  readonly network?: DirectNetwork;
  readonly clock?: Clock;
  /** Uniform in [0, 1); spreads retries. */
  readonly random: () => number;
  readonly memory?: PeerMemory;
  /** Default: `auto`. */
  readonly introduce?: IntroduceMode;
  /** Whether bytes are dear or few now, where the platform knows; default: never. */
  readonly metered?: () => boolean;
  readonly limits?: Partial<MeshLimits>;
  readonly log?: MeshLog;
}
