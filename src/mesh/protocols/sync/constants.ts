import { LIMITS } from "../../../wire/index.ts";
import { MAX_FRAME, MAX_HASHES } from "../pub/constants.ts";
import type { Rate } from "../token-bucket.ts";

export const SYNC_PROTOCOL = "/mehr/sync/1";

export { MAX_FRAME };

/** Two words: the key of HalfSipHash, by which ids are made of hashes. */
export const SALT_BYTES = 8;

/** An id, 64 bits: two of 100,000 envelopes share one once in 4 thousand million reconciliations. */
export const ID_BYTES = 8;

/** An id and 32 bits to tell a single one from a sum of several by: a sum passes for an id once in 2^32 cells. */
export const CELL_BYTES = ID_BYTES + 4;

/**
 * Envelopes of one window. Cells are the cheaper for each difference the more of them there are (1.5 for one of 200
 * differences, 1.4 for 1,000, 2 for 10; measured), and a window is what the server keeps: about 200 bytes for each row.
 */
export const MAX_WINDOW = 2_048;

/** The first windows are small: a screen of the newest after three round trips, and then they double. */
export const FIRST_WINDOW = 256;

/** Windows that a client may have open: enough to hide the round trips of the next ones behind the envelopes of one. */
export const OPEN_WINDOWS = 4;

/** Envelopes of one want: two wants under way are 2 MiB at most, half of the unread bytes at which a stream is reset. */
export const MAX_WANTED = 256;
export const OPEN_WANTS = 2;

/**
 * Envelopes that have come and are being checked and stored while the next ones come: a transaction then takes several
 * hundred of them, and neither the link nor the checks wait for the disk. Signature checks under way stay below the 1,024
 * from which on channels would not be heard (social/intake.ts).
 */
export const MAX_TAKEN = 3 * MAX_WANTED;

/** Frames that a client may have unanswered: a question for each open window, its wants, and the next window. */
export const OPEN_QUESTIONS = OPEN_WINDOWS + OPEN_WANTS + 2;

/** What is held besides that some target may have (`Audience.besides`): evidence lives for a day, what was heard for a week. */
export const MAX_BESIDES = 4 * MAX_WINDOW;

/** Envelopes and promoted messages that one answer may hold; the smallest envelope has over 100 bytes. */
export const MAX_ITEM_BYTES = Math.max(LIMITS.envelopeBytes, LIMITS.promotedBytes);
export const MAX_ITEMS = 1_024;

/**
 * Held envelopes from which on a peer reconciles with a neighbour whose cursors it does not have. With fewer, one frame of
 * hashes (17 KiB) tells everything, a round trip earlier. Reconciling 6,000 that both hold takes less than 1 kB
 * (tests/mesh/sync.test.ts), where cursors would take 200.
 */
export const LEAST_HELD = MAX_HASHES;

export interface SyncServerLimits {
  /** Rows of the index that are looked at for one peer. */
  readonly rows: Rate;
  /** The same for all peers together. */
  readonly allRows: Rate;
  /** Bytes sent to one peer. */
  readonly bytes: Rate;
  readonly streams: number;
  /** A client that does not take a frame, or says nothing, for so long is cut off, in ms. */
  readonly stalled: number;
}

export const SYNC_SERVER_LIMITS: SyncServerLimits = {
  // A row costs a few microseconds (index, id, cells): a store of a million once, and then some hundredths of the time.
  rows: { perSecond: 5_000, burst: 1_000_000 },
  // Some tenths of the time, whoever asks.
  allRows: { perSecond: 30_000, burst: 1_000_000 },
  // As in /mehr/pub/1: a third of what data channels carry.
  bytes: { perSecond: 4_194_304, burst: 16_777_216 },
  // Each keeps its open windows: 1.6 MiB.
  streams: 16,
  stalled: 30_000,
};

/** An answer of which nothing comes for so long, in ms: the server is given up. */
export const ANSWER_TIMEOUT = 20_000;

/** The first answer, in ms. Until it is here nothing else is asked of this neighbour. */
export const WELCOME_TIMEOUT = 5_000;

/**
 * Two peers that meet both reconcile. Whoever holds more lets the other go first: then both hold the same, and the second
 * time costs next to nothing, where at the same time each would pay for the same differences. It waits so long for the other
 * to begin, in ms, and so long for it to end: less than the server waits for a question.
 */
export const BEGIN_PATIENCE = 1_000;
export const END_PATIENCE = 15_000;

/** What others are fetching is left to them for so long, in ms, as in /mehr/pub/1. */
export { CLAIM_TIMEOUT } from "../pub/constants.ts";

/** Wants in a row that bring nothing: the server tells of what does not exist. */
export const MAX_BARREN = 8;

/** Frames that a server may send; the client reads no faster. */
export const FRAME_RATE: Rate = { perSecond: 256, burst: 1_024 };

/** How often progress is written, in ms: a crash costs what was reconciled in that time, looked at again. */
export const PROGRESS_DELAY = 1_000;

/** Attempts in a row that get no further before a neighbour is asked by cursors after all. */
export const MAX_FRUITLESS = 3;
