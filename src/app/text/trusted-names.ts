/** Trusted people who boosted a post, as a sentence has room for them. Pure. */
import type { VoucherView } from "../../peer/api.ts";
import { nameOf } from "./notices.ts";

/** Names that are read at a glance; of the others there is a number. */
const NAMED = 3;

/** @param count how many there are; not all of them may be told by name */
export function trustedNames(
  people: readonly Pick<VoucherView, "id" | "name">[],
  count: number,
): { readonly names: readonly string[]; readonly more: number } {
  // Isolated, so that a name in another direction does not turn the sentence.
  const names = people.slice(0, NAMED).map(nameOf);
  return { names, more: Math.max(0, count - names.length) };
}
