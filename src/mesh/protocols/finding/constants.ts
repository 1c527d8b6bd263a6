import { LIMITS } from "../../../wire/index.ts";
import type { Rate } from "../token-bucket.ts";

export const INDEX_PROTOCOL = "/mehr/index/1";

/** Objects of one page: as much as one `envelopes` frame of /mehr/pub/1, and room for the largest object alone. */
export const MAX_PAGE_BYTES = LIMITS.objectBytes;

/** Objects, the heads of 5 bytes before each of them, and the few bytes around. */
export const MAX_FRAME = MAX_PAGE_BYTES + 2_048;

/** A screen shows ten replies; 64 KiB hold about 130 of the usual size. */
export const MAX_ITEMS = 128;

/** Answers, boosts and references of one post in one question. */
export const MAX_RELATIONS = 4;
/** A post is named by the hash of its envelope and by its own. */
export const MAX_TARGETS = 4;

/** Bytes of a scope's key: eight segments of 32 characters, of four bytes at most, what parts them, and what says the kind. */
export const MAX_SCOPE_KEY = LIMITS.scopeSegments * (LIMITS.segmentCharacters * 4 + 1) + 1;

/** Envelopes that the asker holds already, by the first bytes of their hashes: 2.3 KiB save 128 KiB. */
export const MAX_HELD = 256;
/** Two of a million envelopes begin alike with a probability of one in 37 million; then one of them is not found. */
export const SHORT_HASH = 8;

/** A place in the server's order. Only the server knows what it means; ours take 40 bytes. */
export const MAX_CURSOR = 64;

/** Rows that one question may make a server look at: those that the asker holds already cost a look, too. */
export const MAX_EXAMINED = 1_024;

/** The same with what is for trusted people, which does not count: by it the asker would see that there is some. */
export const MAX_LOOKED = 8_192;

export interface IndexServerLimits {
  readonly questions: Rate;
  /** Bytes of answers. */
  readonly bytes: Rate;
  readonly streamsPerPeer: number;
  readonly streams: number;
  /** A budget that is short for longer than this is answered with BUSY instead of a wait, in ms. */
  readonly patience: number;
  /** A stream without questions for this long is closed, in ms. */
  readonly idle: number;
  /** A peer that does not take its answer for this long is cut off, in ms. */
  readonly stalled: number;
}

export const INDEX_SERVER_LIMITS: IndexServerLimits = {
  // Opening a post asks once or twice, and again each half minute; a curated feed of 256 entries asks for each.
  questions: { perSecond: 4, burst: 300 },
  // A long thread is some 200 KiB; three of them at once, then one in a second or two.
  bytes: { perSecond: 131_072, burst: 1_048_576 },
  // Each question is a stream of its own, and a page asks for a few posts at once.
  streamsPerPeer: 8,
  streams: 64,
  patience: 1_000,
  idle: 15_000,
  stalled: 15_000,
};

/** Until the answer to a question is there: it is a look into an index in memory, and at most 64 KiB on a slow link. */
export const ANSWER_TIMEOUT = 8_000;
