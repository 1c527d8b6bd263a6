/**
 * /mehr/sync/1: what a peer lacks of what a neighbour holds, for neighbours of which it has no cursor. Windows of time,
 * newest first; of each the two sides find out by coded cells in which envelopes they differ, so that what both hold costs
 * next to nothing. The client's and the server's sides are loaded when they are first needed.
 */
export { CatchUp, type CatchingUp, type CatchUpOptions, type CatchUpRequest } from "./catch-up.ts";
export { SALT_BYTES, SYNC_PROTOCOL, SYNC_SERVER_LIMITS, type SyncServerLimits } from "./constants.ts";
export { settingsProgress, type Progress, type ProgressStore } from "./progress.ts";
export { serveSync, type SyncServer, type SyncServerOptions } from "./server.ts";
