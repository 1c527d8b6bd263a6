/**
 * What the peer asks of the network. `node.ts` implements it with libp2p in the peer worker; the simulator
 * implements it in memory under a virtual clock. Protocol handlers (`protocols/`) are written against this file
 * alone, so they run unchanged in both.
 */
import type { Hash, NodeKey } from "../wire/types.ts";

/**
 * A stream of length-prefixed frames (unsigned varint) in both directions. Flow control: `write` resolves
 * when the transport has room again.
 */
export interface FrameStream {
  readonly peer: NodeKey;
  /** The next frame; `null` when the remote side has finished. @throws MeshError `FRAME_TOO_LARGE`, `STREAM_RESET`, `TIMEOUT`, or the signal's reason. */
  read(options?: { signal?: AbortSignal }): Promise<Uint8Array | null>;
  write(frame: Uint8Array, options?: { signal?: AbortSignal }): Promise<void>;
  /** Ends our writing side and frees the stream once the remote has finished, too. */
  close(): Promise<void>;
  /** Ends both sides at once. */
  abort(reason: Error): void;
}

export type Transport = "webrtc" | "relay" | "websocket";

export interface PeerLink {
  readonly peer: NodeKey;
  readonly transport: Transport;
  /** True for a link that may carry content: never a relayed one. */
  readonly direct: boolean;
  readonly direction: "inbound" | "outbound";
  readonly openedAt: number;
  /** Milliseconds, last measured; null before the first answer. */
  readonly roundTrip: number | null;
  /** Bytes of protocol frames and gossip that went over this link. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** The same, by protocol id. */
  readonly protocols: Readonly<Record<string, { in: number; out: number }>>;
}

export interface RelayStatus {
  readonly url: string;
  readonly state: "connecting" | "connected" | "reserved" | "failed" | "waiting";
  readonly error: string | null;
  readonly nodeId: NodeKey | null;
}

/** Whether this peer passes on what others need to be linked to each other. `auto`: while its own links are good. */
export type IntroduceMode = "auto" | "on" | "off";

/** What a code of an invite says of itself. */
export interface InviteView {
  readonly kind: "offer" | "answer";
  /** Who made it. */
  readonly peer: NodeKey;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export type Verdict = "accept" | "ignore" | "reject";

/** The latest misdeed of a peer. */
export interface MisdeedView {
  readonly peer: NodeKey;
  /** Stable, as it was reported. */
  readonly code: string;
  readonly at: number;
  /** Misdeeds of this peer in all, as far as they are remembered. */
  readonly count: number;
}

/** A peer that is shut out for what it has done. */
export interface ShutOut {
  readonly peer: NodeKey;
  /** Of the misdeed that was one too many. */
  readonly code: string;
  readonly since: number;
  readonly until: number;
  /** How often it was shut out lately: each time is longer than the one before. */
  readonly times: number;
}

export interface MeshEvents {
  /** A direct link to this peer exists now; before there was none. */
  peerConnected: NodeKey;
  peerDisconnected: NodeKey;
  /** Something that `links()`, `relays()` or `channelPeers()` show has changed. */
  changed: undefined;
}

export interface Mesh {
  readonly self: NodeKey;
  start(): Promise<void>;
  stop(): Promise<void>;

  /** Gossip channels. `publish` resolves with whom the frame was handed to: nobody where the same was published lately. */
  join(channel: string): void;
  leave(channel: string): void;
  channels(): string[];
  channelPeers(channel: string): NodeKey[];
  /** Those of them to whom what was accepted is passed on at once; the others are told that it is there. */
  eagerPeers(channel: string): NodeKey[];
  publish(channel: string, bytes: Uint8Array): Promise<NodeKey[]>;
  /**
   * Called for every message of a joined channel that was not seen before; what it resolves to decides whether the
   * message is forwarded (accept) or dropped (ignore, reject). Whoever rejects it reports why.
   */
  setChannelHandler(
    handler: (message: { channel: string; bytes: Uint8Array; from: NodeKey }) => Promise<Verdict>,
  ): void;

  /** Opens a stream over a direct link, dialling one if there is none. @throws MeshError `UNREACHABLE`, `TIMEOUT`, `PROTOCOL_UNSUPPORTED` */
  openStream(peer: NodeKey, protocol: string, options?: { signal?: AbortSignal }): Promise<FrameStream>;
  /** Errors thrown by the handler abort the stream; the remote side never sees their text. */
  handle(protocol: string, handler: (stream: FrameStream) => Promise<void>): void;

  /** Peers with a direct link. */
  peers(): NodeKey[];
  links(): PeerLink[];
  relays(): RelayStatus[];
  connect(peer: NodeKey, options?: { signal?: AbortSignal }): Promise<void>;
  /**
   * Links without any server: an offer to show to somebody, the answer to one, and the use of that answer, which resolves
   * when the direct link stands. Codes may be bare or behind the `#` of a link.
   * @throws InviteError with a code of its own for each reason
   */
  createInvite(options?: { signal?: AbortSignal }): Promise<{ code: string; expiresAt: number }>;
  answerInvite(
    code: string,
    options?: { signal?: AbortSignal },
  ): Promise<{ code: string; peer: NodeKey; expiresAt: number }>;
  acceptAnswer(code: string, options?: { signal?: AbortSignal }): Promise<{ peer: NodeKey }>;
  /** Checks a code as using it would, without using it. */
  readInvite(code: string): Promise<InviteView>;
  /** Whether peers are introduced to each other here. */
  setIntroduce(mode: IntroduceMode): void;
  /** Tries relays and peers again now, for instance when the browser says that it is online again. */
  reconnect(): void;
  /** A stated misdeed of a peer; enough of them and it is dropped. */
  report(peer: NodeKey, code: string): void;
  /** Milliseconds of checking that came to nothing because of this peer. Who costs too much is heard less. */
  charge(peer: NodeKey, milliseconds: number): void;
  /** Peers of which this person wants to hear nothing: replaces the set, and drops the links to those in it. */
  setBlocked(peers: readonly NodeKey[]): void;
  /**
   * Peers to which there is to be a link whenever they can be reached: replaces the set. They count into the limits of
   * links as others do, and are the last to be let go.
   */
  setWanted(peers: readonly NodeKey[]): void;
  /** Forgets the misdeeds of a peer, and lets it in again. */
  pardon(peer: NodeKey): void;
  /** Latest first. */
  shutOut(): ShutOut[];
  /** Of the last hour, one for each peer, latest first. */
  misdeeds(): MisdeedView[];

  /** Kademlia provider records, keyed by a 32-byte hash. */
  provide(key: Hash, options?: { signal?: AbortSignal }): Promise<void>;
  findProviders(key: Hash, options?: { signal?: AbortSignal; limit?: number }): AsyncIterable<NodeKey>;

  on<K extends keyof MeshEvents>(event: K, listener: (detail: MeshEvents[K]) => void): () => void;
}
