/**
 * What the worker's shim and the window's host say to each other over one MessagePort. Names of calls and events are
 * those of the WebRTC specification; ids are chosen by the side that creates the thing (channels that the remote peer
 * opened have negative ids, so the two sides cannot collide).
 */

/** How data channels reach the worker: as objects (`transfer`), or byte by byte over the port (`messages`). */
export type RtcMode = "transfer" | "messages";

/** The part of an RTCPeerConnection's state that the shim mirrors. */
export interface RtcState {
  readonly connectionState: RTCPeerConnectionState;
  readonly iceConnectionState: RTCIceConnectionState;
  readonly iceGatheringState: RTCIceGatheringState;
  readonly signalingState: RTCSignalingState;
}

/** Methods that are forwarded as they are. */
export interface RtcCalls {
  createOffer: [];
  createAnswer: [];
  setLocalDescription: [RTCSessionDescriptionInit?];
  setRemoteDescription: [RTCSessionDescriptionInit];
  addIceCandidate: [RTCIceCandidateInit?];
}
export type RtcCallName = keyof RtcCalls;

export interface RtcChannelInit {
  readonly label: string;
  readonly protocol: string;
  readonly ordered: boolean;
  readonly negotiated: boolean;
  readonly id: number | null;
}

/** Figures of one connection, reduced from `RTCPeerConnection.getStats()`. */
export interface RtcStats {
  readonly connection: number;
  /** Bytes of the transport, headers of DTLS and SCTP included. */
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** `host`, `srflx`, `prflx` or `relay`; null while no pair is selected. */
  readonly localCandidate: string | null;
  readonly remoteCandidate: string | null;
}

/** A binary message or a text message of a data channel. */
export type RtcPayload = ArrayBuffer | string;

export type ToWindow =
  | { readonly type: "hello"; readonly mode: RtcMode }
  /** The worker holds the Web Lock of this name for as long as it lives. */
  | { readonly type: "alive"; readonly lock: string }
  | { readonly type: "create"; readonly connection: number; readonly configuration: RTCConfiguration }
  | {
      readonly type: "call";
      readonly connection: number;
      readonly call: number;
      readonly method: RtcCallName;
      readonly args: readonly unknown[];
    }
  | { readonly type: "stats"; readonly call: number }
  | {
      readonly type: "openChannel";
      readonly connection: number;
      readonly channel: number;
      readonly label: string;
      readonly init: RTCDataChannelInit;
    }
  | { readonly type: "send"; readonly channel: number; readonly payloads: readonly RtcPayload[] }
  | { readonly type: "lowThreshold"; readonly channel: number; readonly bytes: number }
  | { readonly type: "closeChannel"; readonly channel: number }
  | { readonly type: "close"; readonly connection: number };

export type ToWorker =
  | {
      readonly type: "result";
      readonly connection: number;
      readonly call: number;
      readonly value: RTCSessionDescriptionInit | readonly RtcStats[] | null;
      readonly state: RtcState | null;
    }
  | {
      readonly type: "error";
      readonly connection: number;
      readonly call: number;
      readonly name: string;
      readonly message: string;
    }
  | { readonly type: "state"; readonly connection: number; readonly event: string; readonly state: RtcState }
  | { readonly type: "candidate"; readonly connection: number; readonly candidate: RTCIceCandidateInit | null }
  /** The remote peer opened a channel; `transferred` is null when its bytes will come as messages. */
  | {
      readonly type: "incoming";
      readonly connection: number;
      readonly channel: number;
      readonly init: RtcChannelInit;
      readonly readyState: RTCDataChannelState;
      readonly transferred: RTCDataChannel | null;
    }
  /** The real channel behind one that the worker opened. */
  | { readonly type: "outgoing"; readonly channel: number; readonly transferred: RTCDataChannel | null }
  | { readonly type: "open"; readonly channel: number; readonly id: number | null }
  | { readonly type: "data"; readonly channel: number; readonly payloads: readonly RtcPayload[] }
  /** `sent`: bytes handed to the real channel so far; `buffered`: its `bufferedAmount` now. */
  | { readonly type: "buffered"; readonly channel: number; readonly sent: number; readonly buffered: number }
  | { readonly type: "closed"; readonly channel: number }
  | { readonly type: "channelError"; readonly channel: number; readonly message: string };

export function payloadSize(payload: RtcPayload): number {
  return typeof payload === "string" ? payload.length : payload.byteLength;
}
