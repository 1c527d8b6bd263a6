import { LIMITS } from "../../../wire/index.ts";
import type { Rate } from "../token-bucket.ts";

export const STORE_PROTOCOL = "/mehr/store/1";

/** docs/protocol.md, "Serving bytes": larger objects stream as a tree, where every 16 KiB are checked on arrival. */
export const MAX_INLINE = LIMITS.objectBytes;

/** An inline object and the few bytes around it; nothing else that the protocol says is longer. */
export const MAX_FRAME = MAX_INLINE + 64;

/** 256 hashes make a question of 8.5 KiB and an answer of 32 bytes; more in a frame saves next to nothing. */
export const MAX_HAS = 256;

/** 64 profiles are one screen of unknown authors; at their usual 300 bytes the answer is 20 KiB. */
export const MAX_HEADS = 64;

/** The longest name of a mutable object is a curated feed's, and a character takes up to 4 bytes of UTF-8. */
export const MAX_NAME_BYTES = LIMITS.feedNameCharacters * 4;

/** Ids only tell answers apart on one stream; 32 bits outlast any stream. */
export const MAX_REQUEST_ID = 0xffff_ffff;

export interface StoreServerLimits {
  /** Cost units: a `get` is 1; `has` and `head` cost by what they ask, see `costOf` in conversation.ts. */
  readonly requests: Rate;
  /** Bytes of answers. */
  readonly bytes: Rate;
  readonly streamsPerPeer: number;
  readonly streams: number;
  /** A budget that is short for longer than this is answered with BUSY instead of a wait, in ms. */
  readonly patience: number;
  /** A stream without requests for this long is closed, in ms. */
  readonly idle: number;
  /** A peer that does not take its answer for this long is cut off, in ms. */
  readonly stalled: number;
}

export const STORE_SERVER_LIMITS: StoreServerLimits = {
  // A reader opens a post every second or two; a newcomer's first minute asks for some 200 profiles and posts.
  requests: { perSecond: 50, burst: 400 },
  // A browser's data channels carry 12-14 MB/s (measured); one peer gets at most a sixth of that for long.
  bytes: { perSecond: 2_097_152, burst: 8_388_608 },
  // One for the ordinary questions, one spare that a reload may have left behind, two for bursts.
  streamsPerPeer: 4,
  // The mesh maintainer keeps some ten links; the rest is room for those who come for one object.
  streams: 64,
  patience: 1_000,
  idle: 60_000,
  stalled: 30_000,
};

/** An answer to one question; a peer on a slow link needs about 5 s for the largest. */
export const REQUEST_TIMEOUT = 15_000;

/** Shorter than the server's `idle`, so that the client closes first and no request runs into a closed stream. */
export const CLIENT_IDLE = 30_000;
