/**
 * /mehr/store/1: objects by their hash and mutable objects by their key, asked of one peer at a time. The server side
 * answers from a store within a budget per peer; the client side believes nothing that it cannot check by hash.
 */
export { STORE_PROTOCOL, MAX_INLINE, STORE_SERVER_LIMITS, type StoreServerLimits } from "./constants.ts";
export type { HeadKey } from "./messages.ts";
export { serveStore, type StoreServer, type StoreServerOptions } from "./server.ts";
export { createStoreClient, type CallOptions, type StoreClient, type StoreClientOptions } from "./client.ts";
export type { Fetched, FetchOptions } from "./fetch.ts";
