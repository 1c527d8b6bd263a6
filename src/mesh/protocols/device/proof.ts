import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, type NodeKey } from "../../../wire/index.ts";

export const NONCE_BYTES = 16;
const NUMBER_DIGITS = 6;

const DOMAIN = "mehr/1/device";
const utf8 = new TextEncoder();

/** The two ends of the link, whose keys it has proved. */
export interface Ends {
  readonly giver: NodeKey;
  readonly taker: NodeKey;
}

/** What both know once each has shown that it knows the secret. */
export interface Agreement {
  /** Seals the one file that follows, 32 bytes. */
  readonly key: Uint8Array;
  /** Six digits. Both show them, so that a person sees which two devices it is. */
  readonly number: string;
}

/** That whoever is at this end of this link knows the secret. @param nonces the taker's, and in the giver's proof its own, too */
export function proofOf(
  secret: Uint8Array,
  by: keyof Ends,
  { giver, taker }: Ends,
  nonces: readonly Uint8Array[],
): Uint8Array {
  return hmac(sha256, secret, concatBytes(utf8.encode(`${DOMAIN}/${by}\0`), giver, taker, ...nonces));
}

/** Compares without telling by the time it takes how much was right. */
export function isProof(given: Uint8Array, expected: Uint8Array): boolean {
  if (given.length !== expected.length) return false;
  let difference = 0;
  for (const [at, byte] of expected.entries()) difference |= byte ^ (given[at] ?? 0);
  return difference === 0;
}

export function agreementOf(secret: Uint8Array, { giver, taker }: Ends, nonces: readonly Uint8Array[]): Agreement {
  const salt = concatBytes(...nonces);
  const made = (what: string, length: number): Uint8Array =>
    hkdf(sha256, secret, salt, concatBytes(utf8.encode(`${DOMAIN}/${what}\0`), giver, taker), length);
  const { buffer, byteOffset } = made("number", 4);
  const number = new DataView(buffer, byteOffset).getUint32(0) % 10 ** NUMBER_DIGITS;
  return { key: made("key", 32), number: String(number).padStart(NUMBER_DIGITS, "0") };
}
