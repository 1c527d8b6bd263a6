/**
 * /mehr/pub/1: envelopes that a peer asked its neighbours for. One long-lived stream for each subscriber carries what
 * it missed while it was away (by a cursor into the server's order of arrival) and then what arrives.
 */
export { PUB_PROTOCOL, MAX_SUBSCRIPTIONS, PUB_SERVER_LIMITS, type PubServerLimits } from "./constants.ts";
export { Matcher, targetKey, type KeyTarget, type Mode, type Subscription, type Target } from "./subscription.ts";
export { servePub, type PubServer, type PubServerOptions } from "./server.ts";
export type { Delivered } from "../delivered.ts";
export type { Arrival, Opened } from "./fresh.ts";
export {
  createPubClient,
  type Delivery,
  type FoundVersion,
  type Heard,
  type PubClient,
  type PubClientOptions,
} from "./client.ts";
export type { Started } from "./starts.ts";
export type { VersionKey } from "./versions.ts";
export { settingsCursors, type Cursors, type CursorStore } from "./cursors.ts";
