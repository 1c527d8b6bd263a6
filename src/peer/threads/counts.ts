import type { EnvelopeFilter, Store } from "../../store/port.ts";
import type { Hash, NodeKey } from "../../wire/index.ts";

/**
 * How many held envelopes answer something, or refer to it. It is asked for each card of a list, so what nobody has named
 * (most posts) costs two look-ups and no more.
 * @param names of an envelope: its own hash, and that of its post
 * @param hidden whose envelopes do not count
 */
export function countNaming(
  { envelopes }: Pick<Store, "envelopes">,
  relation: "reply" | "reference",
  names: readonly Hash[],
  hidden: () => readonly NodeKey[],
): number {
  const of: EnvelopeFilter[] = names
    .map((target): EnvelopeFilter => ({ kind: "relation", relation, target }))
    .filter((filter) => envelopes.count(filter) > 0);
  const [only] = of;
  if (only === undefined) return 0;
  const all: EnvelopeFilter = of.length === 1 ? only : { kind: "any", of };
  const authors = hidden();
  return envelopes.count(authors.length === 0 ? all : { kind: "without", of: all, authors });
}
