/**
 * Ed25519 where WebCrypto lacks it (Chromium before 137, for one). Loaded only there: about eight times slower.
 * `@noble/curves` verifies by the cofactored equation even in its strict mode, so the cofactorless one is computed here.
 */
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { concatBytes, equalBytes } from "./bytes.ts";
import type { Signer } from "./signing.ts";

const { Point } = ed25519;

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let at = bytes.length - 1; at >= 0; at--) value = (value << 8n) | BigInt(bytes[at] as number);
  return value;
}

/**
 * Whether R equals the encoding of SB - kA with k = SHA-512(R, A, message) mod L. The caller has checked the bytes
 * with `passesByteChecks`.
 */
export function satisfiesEquation(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  let point: InstanceType<typeof Point>;
  try {
    point = Point.fromBytes(key);
  } catch (cause) {
    if (cause instanceof Error) return false; // not a point of the curve
    throw cause;
  }
  const r = signature.subarray(0, 32);
  const s = littleEndian(signature.subarray(32));
  const k = littleEndian(sha512(concatBytes(r, key, message))) % Point.Fn.ORDER;
  const expected = Point.BASE.multiplyUnsafe(s).subtract(point.multiplyUnsafe(k));
  return equalBytes(expected.toBytes(), r);
}

export function createPortableSigner(seed: Uint8Array): Signer {
  const secret = seed.slice();
  return {
    publicKey: ed25519.getPublicKey(secret),
    sign: (message) => Promise.resolve(ed25519.sign(message, secret)),
  };
}
