const PRIME_1 = 0x9e37_79b1;
const PRIME_2 = 0x85eb_ca77;
const PRIME_3 = 0xc2b2_ae3d;
const PRIME_4 = 0x27d4_eb2f;
const PRIME_5 = 0x1656_67b1;

/**
 * xxHash32 (Collet, xxHash specification), against accidents on disk, not against people: some 1 GB/s in plain
 * JavaScript, so checking the snapshot of 100,000 envelopes costs about 15 ms of a cold start.
 */
export function xxHash32(bytes: Uint8Array, seed = 0): number {
  const { length } = bytes;
  const stripes = length >>> 4;
  const words = wordsOf(bytes, length >>> 2);
  let hash: number;
  if (stripes > 0) {
    let a = (seed + PRIME_1 + PRIME_2) | 0;
    let b = (seed + PRIME_2) | 0;
    let c = seed | 0;
    let d = (seed - PRIME_1) | 0;
    for (let at = 0; at < stripes * 4; at += 4) {
      a = round(a, words[at]!);
      b = round(b, words[at + 1]!);
      c = round(c, words[at + 2]!);
      d = round(d, words[at + 3]!);
    }
    hash = (rotated(a, 1) + rotated(b, 7) + rotated(c, 12) + rotated(d, 18)) | 0;
  } else {
    hash = (seed + PRIME_5) | 0;
  }
  hash = (hash + length) | 0;
  for (let at = stripes * 4; at < words.length; at += 1) {
    hash = Math.imul(rotated((hash + Math.imul(words[at]!, PRIME_3)) | 0, 17), PRIME_4);
  }
  for (let at = words.length * 4; at < length; at += 1) {
    hash = Math.imul(rotated((hash + Math.imul(bytes[at]!, PRIME_5)) | 0, 11), PRIME_1);
  }
  hash = Math.imul(hash ^ (hash >>> 15), PRIME_2);
  hash = Math.imul(hash ^ (hash >>> 13), PRIME_3);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function round(lane: number, word: number): number {
  return Math.imul(rotated((lane + Math.imul(word, PRIME_2)) | 0, 13), PRIME_1);
}

function rotated(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

/** The whole words of `bytes`, in the byte order of the machine: little-endian wherever browsers run. */
function wordsOf(bytes: Uint8Array, count: number): Uint32Array {
  if (bytes.byteOffset % 4 === 0) return new Uint32Array(bytes.buffer, bytes.byteOffset, count);
  return new Uint32Array(bytes.slice().buffer, 0, count);
}
