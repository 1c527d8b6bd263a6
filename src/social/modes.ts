/**
 * How much of a subscription is sent (docs/protocol.md, section 11): envelopes at once, hash and headline each minute, or
 * hashes alone. By how good the links are and how broad the subscription is, unless the person has chosen.
 */
import type { Scope } from "../wire/index.ts";

export type Mode = "push" | "digest" | "pullhint";
export type ModeWish = Mode | "auto";
export type LinkQuality = "good" | "fair" | "poor";
export type LowData = "auto" | "on" | "off";

/** What is subscribed to, as far as it says how much will come. */
export type Breadth =
  | { readonly kind: "node" }
  | { readonly kind: "key" }
  | { readonly kind: "trusted" }
  | { readonly kind: "scope"; readonly scope: Scope; readonly match: "exact" | "prefix" };

export interface Circumstances {
  readonly quality: LinkQuality;
  /** The browser says that data is to be saved, or that the connection is slow. */
  readonly metered: boolean;
  readonly lowData: LowData;
}

const MODES: readonly Mode[] = ["push", "digest", "pullhint"];

/**
 * Beyond this a neighbour is felt to be slow: the browser's own line between 3g and 4g lies at 270 ms to a server, and a
 * neighbour has such a way on both sides.
 */
const FAIR_ROUND_TRIP = 300;
/** The same as for introducing others (docs/protocol.md, section 16). */
const POOR_ROUND_TRIP = 600;
/** Fewer say little: one neighbour may be far away. */
export const ENOUGH_LINKS = 2;

/** By the middle one of the measured round trips, in ms. What is not known is taken as good. */
export function qualityOf(roundTrips: readonly number[]): LinkQuality {
  if (roundTrips.length < ENOUGH_LINKS) return "good";
  const middle = roundTrips.toSorted((a, b) => a - b)[Math.floor(roundTrips.length / 2)] as number;
  if (middle > POOR_ROUND_TRIP) return "poor";
  return middle > FAIR_ROUND_TRIP ? "fair" : "good";
}

/** Whether bytes are being saved, and why. */
export function thrift({ lowData, metered, quality }: Circumstances): LinkQuality {
  if (lowData === "on") return "poor";
  if (lowData === "off") return "good";
  return metered ? "poor" : quality;
}

export function modeFor(breadth: Breadth, wish: ModeWish, circumstances: Circumstances): Mode {
  // There is little of it, and it may be told to nobody but in full.
  if (breadth.kind === "key" || breadth.kind === "trusted") return "push";
  if (wish !== "auto") return wish;
  const quality = thrift(circumstances);
  if (breadth.kind === "node") return quality === "poor" ? "digest" : "push";
  return MODES[Math.min(2, Math.max(0, stepOf(breadth) + STEPS[quality]))] as Mode;
}

/** From what the seed's examples say of a fair link: how many steps towards hashes alone. */
const STEPS: Readonly<Record<LinkQuality, number>> = { good: -2, fair: 0, poor: 1 };

/**
 * The seed's examples, which are those of a fair link: a neighbourhood or a narrow topic is pushed (0), a city with everything
 * in it or a topic of two segments comes as a digest (1), a region or a whole field as hints (2). A country or more than that
 * lies beyond (3): even a good link gets a digest of it.
 */
function stepOf({ match, scope }: Extract<Breadth, { kind: "scope" }>): number {
  if (match === "exact") return 0;
  const { kind, segments } = scope;
  const narrow = kind === "topic" ? 3 : 5;
  return Math.min(kind === "topic" ? 2 : 3, Math.max(0, narrow - segments.length));
}

/** The one that sends least. */
export function thriftiest(modes: Iterable<Mode>): Mode {
  let most = 0;
  for (const mode of modes) most = Math.max(most, MODES.indexOf(mode));
  return MODES[most] as Mode;
}
