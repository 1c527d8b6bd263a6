import { scopeFromKey, WireError, type Scope } from "../wire/index.ts";
import { defaultRates } from "./rate.ts";
import { audienceOf } from "./start.ts";

const HOUR = 3_600_000;
/** The other half of what others take from one author is for what the person writes meanwhile. */
const SHARE = 0.5;
/** What is for trusted people only starts nowhere; those who catch up with it count it as the narrowest places. */
const UNPLACED: Scope = { kind: "geo", segments: ["a", "b", "c", "d"] };

/**
 * Milliseconds between two posts of one author that are published one after the other without being asked for, such as those
 * brought from elsewhere: half of what others take in an hour where they start.
 * @param scopes keys of the post's scopes; what is none counts for nothing
 * @param home key of the author's home place
 */
export function unhurriedInterval(scopes: readonly string[], home: string): number {
  const { startsAt } = audienceOf(scopes.flatMap(knownScope), scopeFromKey(home));
  const place = startsAt === null ? UNPLACED : scopeFromKey(startsAt);
  return Math.ceil(HOUR / Math.max(1, Math.floor(defaultRates(place) * SHARE)));
}

function knownScope(key: string): Scope[] {
  try {
    return [scopeFromKey(key)];
  } catch (error) {
    if (error instanceof WireError) return [];
    throw error;
  }
}
