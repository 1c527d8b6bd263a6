import { LIMITS } from "../../../wire/index.ts";
import type { Rate } from "../token-bucket.ts";

export const PUB_PROTOCOL = "/mehr/pub/1";

/** Content of one `envelopes` frame: a quarter of the 256 KiB that a data channel takes in one message. */
export const MAX_ENVELOPE_BYTES = 65_536;

/** Content and the few bytes around it. */
export const MAX_FRAME = MAX_ENVELOPE_BYTES + 1_024;

/** Following a thousand people fits one `subscribe` of 40 KiB; whoever follows more spreads them over neighbours. */
export const MAX_SUBSCRIPTIONS = 1_024;

/** Eight segments of 32 characters of up to 4 bytes, their slashes, and the kind in front. */
export const MAX_SCOPE_KEY_BYTES = LIMITS.scopeSegments * (LIMITS.segmentCharacters * 4 + 1) + 2;

/** The name of a curated feed: 64 characters of up to 4 bytes. */
export const MAX_NAME_BYTES = LIMITS.feedNameCharacters * 4;

/**
 * Hashes of one `have`: 17 KiB. What a client may have asked for and not received is then at most
 * 512 x 4,096 bytes = 2 MiB, half of the 4 MiB unread at which a WebRTC stream is reset (measured).
 */
export const MAX_HASHES = 512;

/** `have` frames that the client has not answered: enough to hide a round trip, 68 KiB at most. */
export const HAVE_WINDOW = 4;

/** Pushed envelopes that the client has not granted again: 256 KiB at most. */
export const PUSH_CREDIT = 64;
/** The client grants so many at once: a tenth of the frames that granting each would take. */
export const CREDIT_STEP = 16;

/**
 * Cursors of one client differ when it was away or subscribed later. Each different one costs a look into the index,
 * so they are rounded down to so many; what that announces a second time costs 32 bytes an envelope.
 */
export const MAX_CURSOR_GROUPS = 16;

/** Enough that what is pushed, answered and gossiped within the last minutes is not announced again: 180 KiB a peer. */
export const REMEMBERED_HASHES = 2_048;

/**
 * What a subscriber should have heard on a channel is announced after so long, in ms, by hash only. Gossip reaches the
 * whole mesh in a few heartbeats of a second; whoever got it answers with an empty want.
 */
export const LAZY_DELAY = 3_000;
/**
 * Whom gossip was to bring it from here, at once and over a stream that loses nothing, is told so many times later, with all that
 * came meanwhile: a quarter of an hour. It lacks only what it had no room for, and its other neighbours tell it sooner.
 */
export const PASSED_ON = 300;

/**
 * Two devices with one identity take turns at a neighbour. For so long after one has followed the other, in ms, what comes from
 * their key may come from either: longer than anything is on its way, and checked.
 */
export const TAKEOVER = 60_000;

/** Peers of which it is remembered when they were last served: more than there are links. */
export const REMEMBERED_PEERS = 64;

/** What may wait beside the walk; more is looked for again when it is out. Half a frame leaves room for what arrives. */
export const MAX_BESIDE = MAX_HASHES / 2;

/**
 * A cursor that has moved without an announcement, because the subscriber told of everything first, is told after so long,
 * in ms: ten bytes, instead of 34 for each envelope of that time when the subscriber comes back.
 */
export const CURSOR_TOLD = 600_000;

/** How often digests and hints are told, in ms (docs/protocol.md, section 3: "batched each minute"). */
export const TOLD_INTERVAL = 60_000;

/**
 * Envelopes that one digest or one frame of hints tells of, the newest: some 30 kB with headlines of usual length, 19 kB
 * without. More in a minute, or more missed while away, nobody reads who saves bytes.
 */
export const MAX_TOLD = 512;

/** Content of a digest in bytes: one frame, whatever the headlines. */
export const MAX_TOLD_BYTES = MAX_ENVELOPE_BYTES;

/** Subscriptions named for one told envelope: its author, its place and its three topics, with room for prefixes. */
export const MAX_MATCHES = 8;

/** Envelopes of one `fetch`: those of a feed's page and more, 256 KiB at the most for plain ones. */
export const MAX_FETCHED = 64;

/** Versions of objects that one subscriber may wait for; each is a look at the disk. */
export const MAX_KEYS = 64;

/** Digests and hints that a server may send: two for each change of the set, and two a minute. */
export const TOLD_RATE: Rate = { perSecond: 0.5, burst: 32 };

/** Neighbours asked, one after the other, for what a person opens. */
export const MAX_ASKED = 4;

/** Neighbours that digests, hints and versions are asked of: one may hold nothing, and one may say nothing. */
export const TOLD_NEIGHBOURS = 3;

export interface PubServerLimits {
  /** `subscribe` frames. Each may start a look through the index. */
  readonly subscribes: Rate;
  /** Bytes sent. */
  readonly bytes: Rate;
  readonly streams: number;
  /** A subscriber that does not take a frame for this long is cut off, in ms. */
  readonly stalled: number;
}

export const PUB_SERVER_LIMITS: PubServerLimits = {
  // Following, unfollowing and moving house change the set by hand; ten at once cover a first run.
  subscribes: { perSecond: 0.2, burst: 10 },
  // A browser's data channels carry 12-14 MB/s (measured): a newcomer may fill a third of that, and 16 MiB at once.
  bytes: { perSecond: 4_194_304, burst: 16_777_216 },
  // One a peer; the mesh maintainer keeps some ten links.
  streams: 64,
  stalled: 30_000,
};

/** Wanted envelopes of which nothing arrives for this long, in ms: the server is given up. */
export const DELIVERY_TIMEOUT = 20_000;

/** How long the client leaves an envelope to the server that it asked first, in ms. */
export const CLAIM_TIMEOUT = 3_000;

/** Batches in a row of which nothing could be delivered: the server announces what does not exist. */
export const MAX_BARREN = 8;

/** Frames that a server may send; the client reads no faster. Bulk transfer needs some 20 a second. */
export const FRAME_RATE: Rate = { perSecond: 256, burst: 1_024 };

/**
 * Waits before a neighbour whose stream ended is asked again: a quarter of a second, doubled up to a minute. Two peers that
 * dial each other at once have two links for a tenth of a second, and one is closed with what was opened on it.
 */
export const FIRST_RETRY = 250;
export const LAST_RETRY = 60_000;

/**
 * Cursors are written this often, in ms, those of all neighbours together: a crash costs the hashes of that time, a kilobyte
 * at most, asked again, and each write wakes a disk.
 */
export const CURSOR_PERIOD = 300_000;
