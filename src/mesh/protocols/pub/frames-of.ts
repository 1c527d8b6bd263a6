import { MAX_ENVELOPE_BYTES } from "./constants.ts";

/** Envelopes cut into frames; one empty frame where there are none, so that an answer always has a last one. */
export function framesOf(
  envelopes: readonly Uint8Array[],
): { readonly items: readonly Uint8Array[]; readonly last: boolean }[] {
  const frames: Uint8Array[][] = [[]];
  let size = 0;
  for (const bytes of envelopes) {
    if (size + bytes.length > MAX_ENVELOPE_BYTES) {
      frames.push([]);
      size = 0;
    }
    frames.at(-1)?.push(bytes);
    // Its own head: up to 3 bytes.
    size += bytes.length + 3;
  }
  return frames.map((items, at) => ({ items, last: at === frames.length - 1 }));
}
