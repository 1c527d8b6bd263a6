/**
 * The mesh: a peer's links to others over WebRTC, gossip channels, streams of frames and the DHT of providers.
 *
 * To be imported in the peer worker (dynamically, after `installRtc`) and in Node; windows take `mesh/rtc/host.ts`
 * alone, or they would load libp2p a second time.
 */
export * from "./port.ts";
export { MeshError, type MeshErrorCode } from "./errors.ts";
export { isMetered } from "./metered.ts";
export { createMesh } from "./node.ts";
export { FRAME_LIMITS, frameStream, type FrameLimits, type FrameStreamOptions } from "./frames.ts";
export { refuseRelay, type GaterPolicy, type RelayRefusal } from "./gater.ts";
export {
  MESH_LIMITS,
  type DirectNetwork,
  type MeshLimits,
  type MeshLog,
  type MeshOptions,
  type PeerMemory,
} from "./options.ts";
