/**
 * The peers of a channel in the order of their keys, the first after the last. If everybody keeps a link to the next one, the
 * channel is one piece, whoever else is linked to whom: three who have each other, and so as many neighbours as they want, are
 * not left alone with what they say.
 */
import { compareBytes, type NodeKey } from "../wire/index.ts";

/** Of others than `self`, the one that comes next; `null` where there is nobody. */
export function nextByKey<Of extends { readonly peer: NodeKey }>(self: NodeKey, others: Iterable<Of>): Of | null {
  return nearest(self, others, compareBytes);
}

/** The next one and the one before; one where there is one other, none where there is none. */
export function besideByKey<Of extends { readonly peer: NodeKey }>(self: NodeKey, others: readonly Of[]): Of[] {
  const next = nearest(self, others, compareBytes);
  const last = nearest(self, others, (a, b) => compareBytes(b, a));
  if (next === null || last === null) return [];
  return next === last ? [next] : [next, last];
}

function nearest<Of extends { readonly peer: NodeKey }>(
  self: NodeKey,
  others: Iterable<Of>,
  compare: (a: NodeKey, b: NodeKey) => number,
): Of | null {
  let after: Of | null = null;
  let first: Of | null = null;
  for (const other of others) {
    const side = compare(other.peer, self);
    if (side > 0 && (after === null || compare(other.peer, after.peer) < 0)) after = other;
    if (side < 0 && (first === null || compare(other.peer, first.peer) < 0)) first = other;
  }
  return after ?? first;
}
