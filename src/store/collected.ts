import type { Collected } from "./port.ts";

export const NOTHING_COLLECTED: Collected = { objects: 0, blobs: 0, envelopes: 0, bytes: 0 };

export function plusCollected(a: Collected, b: Partial<Collected>): Collected {
  return {
    objects: a.objects + (b.objects ?? 0),
    blobs: a.blobs + (b.blobs ?? 0),
    envelopes: a.envelopes + (b.envelopes ?? 0),
    bytes: a.bytes + (b.bytes ?? 0),
  };
}

/** What came between two sums. */
export function collectedSince(before: Collected, now: Collected): Collected {
  return {
    objects: now.objects - before.objects,
    blobs: now.blobs - before.blobs,
    envelopes: now.envelopes - before.envelopes,
    bytes: now.bytes - before.bytes,
  };
}
