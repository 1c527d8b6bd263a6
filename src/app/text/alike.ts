/** Names that are not in the book of this peer, such as those in a link, beside those of people whom this person knows. Pure. */
import type { AlikeView } from "../../peer/api.ts";
import { nameSkeleton } from "../../social/defence/names.ts";

export interface KnownName {
  readonly id: string;
  readonly name: string | null;
}

/**
 * @param known this person itself, and whom it trusts or follows
 * @returns for a name of somebody else, who is known by one that looks the same
 */
export function lookAlikes(known: readonly KnownName[]): (person: KnownName) => AlikeView | null {
  const ids = new Set(known.map(({ id }) => id));
  const bySkeleton = new Map<string, AlikeView>();
  for (const { id, name } of known) {
    const skeleton = name === null ? "" : nameSkeleton(name);
    // Of two with one name the first is told, as everywhere else.
    if (name !== null && skeleton !== "" && !bySkeleton.has(skeleton)) bySkeleton.set(skeleton, { id, name });
  }
  return ({ id, name }) =>
    name === null || ids.has(id) || bySkeleton.size === 0 ? null : (bySkeleton.get(nameSkeleton(name)) ?? null);
}
