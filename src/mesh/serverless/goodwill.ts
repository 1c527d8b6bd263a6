import type { IntroduceMode } from "../port.ts";

/** What is known of this peer's own way to the others. */
export interface LinkQuality {
  /** The browser says that bytes are dear or few here. */
  readonly metered: boolean;
  /** Of the direct links, in milliseconds, as far as they are measured. */
  readonly roundTrips: readonly number[];
}

/** Two such links in a row make the two who are introduced wait for two seconds and more, which is worse than another way. */
const BAD_ROUND_TRIP = 600;
/** One bad link says more about the other side than about this one. */
const MIN_MEASURED = 3;

/**
 * Whether this peer introduces its neighbours to each other. By default it does, unless its bytes are dear or half of its
 * links are slow.
 */
export function introduces(mode: IntroduceMode, { metered, roundTrips }: LinkQuality): boolean {
  if (mode !== "auto") return mode === "on";
  if (metered) return false;
  const sorted = roundTrips.toSorted((a, b) => a - b);
  const median = sorted[sorted.length >> 1];
  return sorted.length < MIN_MEASURED || median === undefined || median <= BAD_ROUND_TRIP;
}
