/** What `PeerApi` tells of links, relays and misdeeds. */
import type { NodeId } from "./api.ts";
import type { AlikeView } from "./defence/api.ts";
import type { StorageView } from "./room/api.ts";

export interface ConnectionView {
  readonly peer: NodeId;
  /** From the peer's profile; the host for a relay, to which the only links by `websocket` lead. */
  readonly name: string | null;
  /** Of a person: see `PersonView`. */
  readonly alike: AlikeView | null;
  readonly transport: "webrtc" | "relay" | "websocket";
  readonly direction: "inbound" | "outbound";
  readonly openedAt: number;
  readonly roundTrip: number | null;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly protocols: Readonly<Record<string, { readonly in: number; readonly out: number }>>;
}

export interface RelayView {
  readonly url: string;
  readonly state: "connecting" | "connected" | "reserved" | "failed" | "waiting";
  readonly error: string | null;
}

export interface NetworkView {
  readonly status: Status;
  readonly connections: readonly ConnectionView[];
  readonly relays: readonly RelayView[];
  readonly channels: readonly { readonly name: string; readonly peers: number }[];
  readonly storage: StorageView;
  /** Envelopes refused since start, by stable code. */
  readonly refused: Readonly<Record<string, number>>;
  /** Milliseconds that this device's clock is ahead of others', negative when behind; `null` while no two others agree. */
  readonly clockSkew: number | null;
  /** Peers that are shut out for what they did, latest first. */
  readonly shutOut: readonly ShutOutView[];
  /** The latest misdeed of each peer in the last hour, latest first. */
  readonly misdeeds: readonly MisdeedView[];
}

export interface ShutOutView {
  readonly peer: NodeId;
  readonly name: string | null;
  readonly alike: AlikeView | null;
  /** Of the misdeed that was one too many; docs/api.md lists them. */
  readonly code: string;
  readonly since: number;
  readonly until: number;
  /** How often lately, this time included. */
  readonly times: number;
}

export interface MisdeedView {
  readonly peer: NodeId;
  readonly name: string | null;
  readonly alike: AlikeView | null;
  readonly code: string;
  readonly at: number;
  /** Of this peer in all, as far as they are remembered. */
  readonly count: number;
}

export interface Status {
  /** `online`: at least one direct link; `searching`: a relay or the network is there, no peer yet; `offline`: neither. */
  readonly state: "online" | "searching" | "offline";
  readonly peers: number;
  /** Objects that wait to be sent. */
  readonly waiting: number;
  /** This identity runs on another device at the same time. */
  readonly twin: boolean;
}
