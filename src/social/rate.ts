import { type Scope, scopeKey } from "../wire/index.ts";
import { BoundedMap } from "./bounded.ts";

const HOUR = 3_600_000;
/** Twelve slots make an hour; one more, so that the hour before any moment is counted whole. */
const SLOTS = 13;
const SLOT = HOUR / (SLOTS - 1);
/** Authors heard within an hour. At some 150 bytes each this takes 1.5 MB, whoever comes. */
const REMEMBERED = 10_000;

/** Envelopes of one author that may start at a place in an hour, by how broad the place is (protocol section 4). */
export type RatePolicy = (place: Scope) => number;

/** By number of segments: the narrower a place, the fewer it reaches. */
const BY_SEGMENTS = [2, 6, 20, 60] as const;

/**
 * Where everyone is who has not chosen a place. By its two segments it would be a country, and six envelopes an hour;
 * but it is the one room of a young network, and the limit is local policy of the receiver. Ten a minute stop a flood.
 */
const COMMONS = "g:cyberspace/commons";
const COMMONS_RATE = 600;

export const defaultRates: RatePolicy = (place) => {
  if (scopeKey(place) === COMMONS) return COMMONS_RATE;
  return BY_SEGMENTS[Math.min(place.segments.length, BY_SEGMENTS.length) - 1] as number;
};

interface Window {
  readonly counts: Uint16Array;
  /** The latest slot counted. */
  slot: number;
}

/**
 * Counts by key over the last hour. Never lets more than the limit through in any hour; a slot that is partly older
 * counts whole, so that a window may last up to 65 minutes.
 */
export class HourlyRate {
  readonly #windows = new BoundedMap<string, Window>(REMEMBERED);

  /** @param now milliseconds since 1970 UTC. Whether one more is allowed; if so it is counted. */
  take(key: string, limit: number, now: number): boolean {
    const window = this.#windows.get(key) ?? { counts: new Uint16Array(SLOTS), slot: 0 };
    this.#windows.set(key, window);
    if (usedOf(window, now) >= limit) return false;
    const at = window.slot % SLOTS;
    window.counts[at] = (window.counts[at] ?? 0) + 1;
    return true;
  }

  /** Whether `take` would refuse. Remembers nothing, so whoever only claims to be somebody changes nothing. */
  isFull(key: string, limit: number, now: number): boolean {
    const window = this.#windows.get(key);
    return window !== undefined && usedOf(window, now) >= limit;
  }
}

function usedOf(window: Window, now: number): number {
  advance(window, Math.floor(now / SLOT));
  return window.counts.reduce((sum, count) => sum + count, 0);
}

/** A clock that was set back keeps counting in the latest slot. */
function advance(window: Window, slot: number): void {
  if (slot <= window.slot) return;
  if (slot - window.slot >= SLOTS) window.counts.fill(0);
  else for (let at = window.slot + 1; at <= slot; at++) window.counts[at % SLOTS] = 0;
  window.slot = slot;
}
