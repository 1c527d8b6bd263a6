/** How much each budget holds, and why. All of it is local policy: another peer may be more generous or less. */
import type { Rate } from "../protocols/token-bucket.ts";

export interface GossipBudget {
  /** Messages of one peer; those beyond are dropped before they are decoded. */
  readonly messages: Rate;
  /** Bytes of one peer's gossip stream; beyond them it is not read for a while. */
  readonly bytes: Rate;
  /** Bytes that may gather while the stream is not read; with more it is reset. */
  readonly maxUnread: number;
  /** Messages and bytes of one peer that wait for their turn. */
  readonly maxPending: number;
  readonly maxPendingBytes: number;
  /** Milliseconds of checking that one peer may waste with what is wrong or unwanted. */
  readonly waste: Rate;
  /** New messages of all peers together: what this peer passes on, and so what its neighbours must stand. */
  readonly accepted: Rate;
  /** Dropped messages that make one misdeed. */
  readonly droppedPerMisdeed: number;
  /** Checks under way at once, and those of one peer. */
  readonly parallel: number;
  readonly parallelOfOne: number;
  /** Milliseconds of work after which the queue lets other tasks of the thread run. */
  readonly slice: number;
}

export interface StreamBudget {
  /** Streams that one peer may have open with us, over all its connections and protocols. */
  readonly open: number;
  /** The same for a relay of the settings: each introduction under way is one. */
  readonly openOfRelay: number;
  /** Streams that one peer may open. */
  readonly opened: Rate;
  /** Milliseconds until the first frame of a stream has to be there. */
  readonly silence: number;
}

export interface KnockBudget {
  /** Signalling begun by one peer. */
  readonly ofOne: Rate;
  /** Signalling begun by strangers, all together. */
  readonly ofAll: Rate;
}

export const BUDGETS: {
  readonly gossip: GossipBudget;
  readonly streams: StreamBudget;
  readonly knocks: KnockBudget;
} = {
  gossip: {
    // More than a neighbour of the same kind ever passes on, which is `accepted` and the little that it writes itself;
    // 10,000 messages a minute are 167 a second.
    messages: { perSecond: 120, burst: 600 },
    // 120 envelopes of 600 bytes are 72 kB; announcements of message ids come on top. The burst is a full history.
    bytes: { perSecond: 262_144, burst: 1_048_576 },
    maxUnread: 1_048_576,
    // A burst of a whole channel that comes together again; at the usual 600 bytes that is 300 KiB.
    maxPending: 512,
    maxPendingBytes: 524_288,
    // A check takes 0.1 ms (measured, WebCrypto): 200 useless ones a second take 2 % of the thread.
    waste: { perSecond: 20, burst: 500 },
    // A channel of a thousand people who write a post in ten seconds. At twelve neighbours 60 kB/s each way.
    accepted: { perSecond: 100, burst: 500 },
    droppedPerMisdeed: 100,
    // WebCrypto has its own threads: enough to keep those of a phone busy, few enough that nobody waits long.
    parallel: 32,
    parallelOfOne: 16,
    // Half of a frame of a screen. Tasks over 50 ms are felt (RAIL).
    slice: 8,
  },
  streams: {
    // A neighbour has open: gossip 2, store 4, pub 1, identify 1, ping 1, DHT up to 16 requests; twice that is room.
    open: 48,
    openOfRelay: 256,
    // A post that is announced opens two streams to a close contact (DHT); a newcomer's first minute, some hundred.
    opened: { perSecond: 10, burst: 200 },
    silence: 15_000,
  },
  knocks: {
    // A dial that fails is tried again with growing waits, three in the first ten seconds, and so is each reload of a page.
    ofOne: { perSecond: 0.2, burst: 20 },
    // A process may have 500 RTCPeerConnections that are not collected yet; the page sees to that (rtc/make.ts).
    ofAll: { perSecond: 1, burst: 96 },
  },
};
