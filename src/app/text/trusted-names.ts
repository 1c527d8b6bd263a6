/** Trusted people who boosted a post, as a sentence has room for them. Pure. */
import { isolatedName, type Named } from "./people.ts";

/** Names that are read at a glance; of the others there is a number. */
const NAMED = 3;

/** @param count how many there are; not all of them may be told by name */
export function trustedNames(
  people: readonly Named[],
  count: number,
): { readonly names: readonly string[]; readonly more: number } {
  const names = people.slice(0, NAMED).map(isolatedName);
  return { names, more: Math.max(0, count - names.length) };
}
