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

export type Verdict = "accept" | "ignore" | "reject";

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

  /** Gossip channels. `publish` resolves with the number of peers that the frame was handed to. */
  join(channel: string): void;
  leave(channel: string): void;
  channels(): string[];
  channelPeers(channel: string): NodeKey[];
  publish(channel: string, bytes: Uint8Array): Promise<number>;
  /**
   * Called for every message of a joined channel that was not seen before; what it resolves to decides whether the
   * message is forwarded (accept), dropped (ignore), or dropped and counted against its sender (reject).
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
  /** Tries relays and peers again now, for instance when the browser says that it is online again. */
  reconnect(): void;
  /** A stated misdeed of a peer; enough of them and it is dropped. */
  report(peer: NodeKey, code: string): void;

  /** Kademlia provider records, keyed by a 32-byte hash. */
  provide(key: Hash, options?: { signal?: AbortSignal }): Promise<void>;
  findProviders(key: Hash, options?: { signal?: AbortSignal; limit?: number }): AsyncIterable<NodeKey>;

  on<K extends keyof MeshEvents>(event: K, listener: (detail: MeshEvents[K]) => void): () => void;
}
