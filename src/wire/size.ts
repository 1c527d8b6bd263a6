/** Sizes that a composer or a reader wants to know before anything is signed or fetched. */
import { encodeObject } from "./codec.ts";
import { LIMITS } from "./limits.ts";
import type { PostEnvelope, UnsignedOf } from "./types.ts";

const KEY = new Uint8Array(32);
const SIGNATURE = new Uint8Array(64);

/**
 * Bytes of an envelope once signed: every signature takes the same room.
 * @throws WireError when the envelope breaks a limit or a rule
 */
export function envelopeSize(envelope: { type: "PostEnvelope" } & UnsignedOf<"PostEnvelope">): number {
  return encodeObject({ ...envelope, signature: SIGNATURE }).length;
}

/** Bytes that still fit one radio frame; negative when the envelope takes more. */
export function radioRoom(size: number): number {
  return LIMITS.radioFrameBytes - size;
}

/**
 * Bytes of a SocialPost once signed.
 * @param mediaCount number of media; their own bytes are not counted
 * @throws WireError when the post breaks a limit
 */
export function postSize(text: string | null, links: readonly string[] = [], mediaCount = 0): number {
  return encodeObject({
    type: "SocialPost",
    author: KEY,
    text,
    media: Array.from({ length: mediaCount }, () => KEY),
    links: [...links],
    signature: SIGNATURE,
  }).length;
}

/**
 * Whether there is nothing more to fetch than the envelope shows: its content is exactly as large as a post that
 * has the summary as its text, and neither links nor media. A boost is not whole: what it boosts stands elsewhere.
 */
export function isWhole(envelope: PostEnvelope): boolean {
  return (
    envelope.boostOf === null && envelope.mediaHints.length === 0 && envelope.contentSize === postSize(envelope.summary)
  );
}
