/** What a test may ask of a peer in the harness. Keys and hashes are hexadecimal, payloads text: all survives JSON. */

export interface PeerConfig {
  readonly seed: string;
  readonly relays: readonly string[];
  readonly mode: "auto" | "messages";
  readonly channels: readonly string[];
  readonly iceServers?: readonly RTCIceServer[];
  readonly allowLocal?: boolean;
  /** Default: on, since rounds of a loaded machine may be slow. */
  readonly introduce?: "auto" | "on" | "off";
}

export interface LinkFigures {
  readonly peer: string;
  readonly transport: string;
  readonly direct: boolean;
  readonly direction: string;
  readonly roundTrip: number | null;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly protocols: Record<string, { in: number; out: number }>;
}

export interface Received {
  readonly channel: string;
  readonly text: string;
  readonly from: string;
  readonly at: number;
}

export interface RtcFigures {
  readonly mode: string;
  readonly created: number;
  readonly open: number;
  readonly stats: readonly { bytesSent: number; bytesReceived: number; localCandidate: string | null }[];
}

export interface PeerCalls {
  self(): string;
  start(): void;
  stop(): void;
  /** Keys of peers with a direct link. */
  peers(): readonly string[];
  links(): readonly LinkFigures[];
  relays(): readonly { url: string; state: string; error: string | null }[];
  reconnect(): void;
  join(channel: string): void;
  channelPeers(channel: string): readonly string[];
  /** Milliseconds since 1970 just before publishing, and to how many peers it went. */
  publish(channel: string, text: string): { at: number; peers: number };
  received(): readonly Received[];
  /** The verdict on every message from now on. */
  judge(verdict: "accept" | "ignore" | "reject"): void;
  /** Milliseconds that it took. */
  connect(peer: string): number;
  /** Sends frames and waits for each of them to come back: the echo's bytes. */
  echo(peer: string, frames: number, bytes: number): number;
  /** Pushes frames to a peer that reads one each `pause` milliseconds; the most bytes that ever waited here. */
  flood(peer: string, frames: number, bytes: number): { milliseconds: number; received: number };
  /** Opens a stream of a protocol, and tells the code of the failure if it fails. */
  tryProtocol(peer: string, protocol: string): string;
  createInvite(): string;
  /** The answer's code. */
  answerInvite(code: string): string;
  /** The peer's key, and the milliseconds until the direct link stood. */
  acceptAnswer(code: string): { peer: string; milliseconds: number };
  setIntroduce(mode: "auto" | "on" | "off"): void;
  /** Breaks the link, as a network does. */
  drop(peer: string): void;
  report(peer: string, code: string): void;
  provide(hash: string): string;
  findProviders(hash: string, limit: number): readonly string[];
  rtc(): RtcFigures;
}

export type PeerCall = {
  [Name in keyof PeerCalls]: { name: Name; args: Parameters<PeerCalls[Name]> };
}[keyof PeerCalls];
