/**
 * HalfSipHash-2-4 with 64-bit output (Aumasson and Bernstein, reference code in veorq/SipHash), of a 32-byte key
 * followed by one byte that separates uses.
 *
 * Keyed, because peers choose what is hashed: reply targets freely, envelope hashes by grinding. Without the key they
 * can neither pile entries into one place of a hash table nor make two targets share a 64-bit fingerprint.
 */
export const HASH_BYTES = 32;

export class HalfSip {
  /** First and second half of the last digest, as unsigned 32-bit words. */
  low = 0;
  high = 0;
  readonly seed: Uint32Array;

  /** @param seed two secret random words */
  constructor(seed: Uint32Array) {
    if (seed.length !== 2) throw new RangeError(`a HalfSipHash key is two words, not ${seed.length}`);
    this.seed = seed;
  }

  /** Digest of `bytes[offset, offset + 32)` and `domain` (0-255) into `low` and `high`. */
  digest(bytes: Uint8Array, offset: number, domain: number): void {
    const k0 = this.seed[0]!;
    const k1 = this.seed[1]!;
    let v0 = k0;
    let v1 = k1 ^ 0xee;
    let v2 = 0x6c79_6765 ^ k0;
    let v3 = 0x7465_6462 ^ k1;
    // Eight words of the key, a last word of domain and length, then the two finalisations, whose word is 0.
    for (let step = 0; step < 11; step += 1) {
      let word = 0;
      let rounds = 2;
      if (step < 8) {
        const at = offset + step * 4;
        word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
      } else if (step === 8) {
        word = ((HASH_BYTES + 1) << 24) | domain;
      } else if (step === 9) {
        v2 ^= 0xee;
        rounds = 4;
      } else {
        this.low = (v1 ^ v3) >>> 0;
        v1 ^= 0xdd;
        rounds = 4;
      }
      v3 ^= word;
      for (let round = 0; round < rounds; round += 1) {
        v0 = (v0 + v1) | 0;
        v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
        v0 = (v0 << 16) | (v0 >>> 16);
        v2 = (v2 + v3) | 0;
        v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
        v0 = (v0 + v3) | 0;
        v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
        v2 = (v2 + v1) | 0;
        v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
        v2 = (v2 << 16) | (v2 >>> 16);
      }
      v0 ^= word;
    }
    this.high = (v1 ^ v3) >>> 0;
  }
}
