/**
 * Keeps what this peer holds within bounds: which envelopes of others are kept longest, when caches are collected
 * unasked, and what a person frees by hand. The store does the work (docs/storage.md).
 */
export { keepingOf, STALE, type KeepingPorts } from "./keeping.ts";
export { RoomKeeper, type RoomKeeperOptions } from "./room-keeper.ts";
