/**
 * What @libp2p/webrtc uses once its own signalling is over, and does not export: its muxer over data channels, a connection
 * of libp2p from one of the browser, and its streams. The version is pinned; `tests/browser/invite.spec.ts` and
 * `mesh.spec.ts` cover them.
 */
// oxlint-disable-next-line rooms/direction -- the package has no export for it
export { DataChannelMuxerFactory } from "../../node_modules/@libp2p/webrtc/dist/src/muxer.js";
// oxlint-disable-next-line rooms/direction -- as above
export { toMultiaddrConnection } from "../../node_modules/@libp2p/webrtc/dist/src/rtcpeerconnection-to-conn.js";
// oxlint-disable-next-line rooms/direction -- as above
export { WebRTCStream } from "../../node_modules/@libp2p/webrtc/dist/src/stream.js";
