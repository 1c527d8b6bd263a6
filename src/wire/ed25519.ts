/**
 * Checks on the bytes of a signature and a key that need no arithmetic on the curve. Implementations of Ed25519
 * differ in what they accept beyond honest signatures; these checks take the differences away (docs/protocol.md,
 * "Signatures").
 */

/** The order of the base point, 2^252 + 27742317777372353535851937790883648493, little-endian (RFC 8032 section 5.1). */
const ORDER = bytesOf("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");

/**
 * The y coordinates of the eight points of small order, without the sign of x: identity, order 2, order 4 and the
 * two of order 8. Taken with either sign, so the non-canonical "negative zero" spellings are refused as well.
 */
const SMALL_ORDER_Y = [
  "0100000000000000000000000000000000000000000000000000000000000000",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "0000000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
].map(bytesOf);

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Whether the 32 bytes at `at` are y < 2^255 - 19 with any sign bit. */
function isCanonicalPoint(bytes: Uint8Array, at: number): boolean {
  if (((bytes[at + 31] as number) & 0x7f) !== 0x7f) return true;
  for (let offset = 30; offset > 0; offset--) if (bytes[at + offset] !== 0xff) return true;
  return (bytes[at] as number) < 0xed;
}

function isSmallOrder(bytes: Uint8Array, at: number): boolean {
  return SMALL_ORDER_Y.some((y) => {
    for (let offset = 0; offset < 31; offset++) if (bytes[at + offset] !== y[offset]) return false;
    return ((bytes[at + 31] as number) & 0x7f) === y[31];
  });
}

/** Whether the 32 little-endian bytes at `at` are below the order of the base point. */
function isScalar(bytes: Uint8Array, at: number): boolean {
  for (let offset = 31; offset >= 0; offset--) {
    const difference = (bytes[at + offset] as number) - (ORDER[offset] as number);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** Whether key A and signature R, S have the right lengths and S < L, and neither A nor R is non-canonical or of small order. */
export function passesByteChecks(key: Uint8Array, signature: Uint8Array): boolean {
  return (
    key.length === 32 &&
    signature.length === 64 &&
    isScalar(signature, 32) &&
    isCanonicalPoint(key, 0) &&
    isCanonicalPoint(signature, 0) &&
    !isSmallOrder(key, 0) &&
    !isSmallOrder(signature, 0)
  );
}
