/**
 * The relay: a small server (Node) beside the app. It serves the built app, carries the signalling by which two browsers
 * reach each other, and introduces peers of a channel. It holds no post and reads none.
 */
import "./node-shims.ts";

export { RelayError, type RelayErrorCode } from "./errors.ts";
export { createIdentity, loadIdentity } from "./identity.ts";
export { DEFAULT_LIMITS, type RelayLimits } from "./limits.ts";
export type { RelayNodeStatus } from "./node.ts";
export { startRelay, type Relay, type RelayOptions } from "./server.ts";
