import type { Rate } from "../token-bucket.ts";
import { MAX_CODE_BYTES } from "../../invite/index.ts";

export const SIGNAL_PROTOCOL = "/mehr/signal/1";

/** An offer or an answer is the largest: its code and 5 bytes of CBOR. */
export const MAX_SIGNAL_FRAME = MAX_CODE_BYTES + 8;

/** From a question to the neighbour until the peer beyond has said that it is ready: opening one stream, two round trips. */
export const READY_TIMEOUT = 8_000;
/** From "ready" to the offer, or from the offer to the answer: candidates are gathered in between (rtc-endpoints.ts). */
export const DESCRIBE_TIMEOUT = 8_000;
/** Both sides have all they need; on one network ICE takes 50 ms, through NATs some seconds. */
export const CONNECT_TIMEOUT = 12_000;
/** An offer is used within seconds. Its time is checked with the tolerance that dates of envelopes have (protocol 12). */
export const OFFER_LIFETIME = 60_000;
export const CLOCK_TOLERANCE = 600_000;
/** How long whoever was told that the other side is dialling believes it. */
export const DIALLING_GRACE = 5_000;

export interface SignalLimits {
  /** Introductions that one neighbour may ask for: a newcomer that wants a dozen links, and comes back. */
  readonly asks: Rate;
  /** Introductions of all neighbours together: 1.5 kB each, both ways. */
  readonly asksOfAll: Rate;
  /** Introductions under way, for one neighbour and for all. */
  readonly passingOfOne: number;
  readonly passing: number;
  /** Offers that one neighbour may bring, from whomever: each costs an RTCPeerConnection, of which a tab has 500. */
  readonly offers: Rate;
  /** Offers being answered at once. */
  readonly answering: number;
  /** Calls through one neighbour that came to nothing although it said that they would not. */
  readonly broken: Rate;
}

export const SIGNAL_LIMITS: SignalLimits = {
  asks: { perSecond: 0.5, burst: 24 },
  asksOfAll: { perSecond: 4, burst: 96 },
  passingOfOne: 6,
  passing: 24,
  offers: { perSecond: 0.1, burst: 16 },
  answering: 6,
  broken: { perSecond: 1 / 30, burst: 3 },
};
