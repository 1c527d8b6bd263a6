/**
 * BLAKE3 in plain TypeScript: used before `initHash` resolves and where WebAssembly SIMD is missing.
 * Names and constants are those of the BLAKE3 specification, section 2.
 */
import type { TreeEngine } from "./engine.ts";
import { CHUNK_BYTES, DIGEST_BYTES, GROUP_BYTES, NODE_BYTES } from "./tree.ts";

const CHUNK_START = 1;
const CHUNK_END = 2;
const PARENT = 4;
const ROOT = 8;

const BLOCK_BYTES = 64;

/** The same as in the Wasm core, so that both are driven alike. */
const MAX_SUBTREE = 128 * 1024;

const IV = Uint32Array.of(
  0x6a09e667,
  0xbb67ae85,
  0x3c6ef372,
  0xa54ff53a,
  0x510e527f,
  0x9b05688c,
  0x1f83d9ab,
  0x5be0cd19,
);

const PERMUTATION = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8];
const ROUNDS = 7;

/** Message order of all rounds, one after the other: each round permutes the order of the one before. */
const SCHEDULE = (() => {
  const order = PERMUTATION.map((_, index) => index);
  const all: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    all.push(...order);
    order.splice(0, 16, ...PERMUTATION.map((index) => order[index] as number));
  }
  return Uint8Array.from(all);
})();

/** Scratch of `compress`, which never runs twice at a time: JavaScript is single-threaded and it calls nothing. */
const state = new Uint32Array(16);
const words = new Uint32Array(16);

function mix(a: number, b: number, c: number, d: number, x: number, y: number): void {
  let va = state[a] as number;
  let vb = state[b] as number;
  let vc = state[c] as number;
  let vd = state[d] as number;
  va = (va + vb + x) | 0;
  vd ^= va;
  vd = (vd >>> 16) | (vd << 16);
  vc = (vc + vd) | 0;
  vb ^= vc;
  vb = (vb >>> 12) | (vb << 20);
  va = (va + vb + y) | 0;
  vd ^= va;
  vd = (vd >>> 8) | (vd << 24);
  vc = (vc + vd) | 0;
  vb ^= vc;
  vb = (vb >>> 7) | (vb << 25);
  state[a] = va;
  state[b] = vb;
  state[c] = vc;
  state[d] = vd;
}

/** The message word that round position `at` uses. */
function word(at: number): number {
  return words[SCHEDULE[at] as number] as number;
}

/** Compresses `length` bytes at `offset` (at most one block) into the chaining value `value`. */
function compress(
  value: Uint32Array,
  bytes: Uint8Array,
  offset: number,
  length: number,
  counter: number,
  flags: number,
): void {
  words.fill(0);
  for (let i = 0; i < length; i++) {
    const index = i >> 2;
    words[index] = (words[index] as number) | ((bytes[offset + i] as number) << ((i & 3) * 8));
  }
  state.set(value);
  state.set(IV.subarray(0, 4), 8);
  state[12] = counter;
  state[13] = Math.floor(counter / 0x1_0000_0000);
  state[14] = length;
  state[15] = flags;
  for (let at = 0; at < SCHEDULE.length; at += 16) {
    mix(0, 4, 8, 12, word(at), word(at + 1));
    mix(1, 5, 9, 13, word(at + 2), word(at + 3));
    mix(2, 6, 10, 14, word(at + 4), word(at + 5));
    mix(3, 7, 11, 15, word(at + 6), word(at + 7));
    mix(0, 5, 10, 15, word(at + 8), word(at + 9));
    mix(1, 6, 11, 12, word(at + 10), word(at + 11));
    mix(2, 7, 8, 13, word(at + 12), word(at + 13));
    mix(3, 4, 9, 14, word(at + 14), word(at + 15));
  }
  for (let i = 0; i < 8; i++) value[i] = (state[i] as number) ^ (state[i + 8] as number);
}

/** Writes a chaining value as little-endian bytes. */
function writeValue(value: Uint32Array, out: Uint8Array): Uint8Array {
  for (let i = 0; i < DIGEST_BYTES; i++) out[i] = (value[i >> 2] as number) >>> ((i & 3) * 8);
  return out;
}

function chunk(bytes: Uint8Array, counter: number, rootFlag: number, out: Uint8Array): Uint8Array {
  const value = IV.slice();
  const blocks = Math.max(1, Math.ceil(bytes.length / BLOCK_BYTES));
  for (let block = 0; block < blocks; block++) {
    const offset = block * BLOCK_BYTES;
    let flags = block === 0 ? CHUNK_START : 0;
    if (block + 1 === blocks) flags |= CHUNK_END | rootFlag;
    compress(value, bytes, offset, Math.min(BLOCK_BYTES, bytes.length - offset), counter, flags);
  }
  return writeValue(value, out);
}

function parent(node: Uint8Array, root: boolean, out: Uint8Array = new Uint8Array(DIGEST_BYTES)): Uint8Array {
  const value = IV.slice();
  compress(value, node, 0, NODE_BYTES, 0, PARENT | (root ? ROOT : 0));
  return writeValue(value, out);
}

function subtree(
  bytes: Uint8Array,
  firstChunk: number,
  root: boolean,
  out: Uint8Array = new Uint8Array(DIGEST_BYTES),
): Uint8Array {
  if (bytes.length <= CHUNK_BYTES) return chunk(bytes, firstChunk, root ? ROOT : 0, out);
  let left = CHUNK_BYTES;
  while (left * 2 < bytes.length) left *= 2;
  const node = new Uint8Array(NODE_BYTES);
  subtree(bytes.subarray(0, left), firstChunk, false, node.subarray(0, DIGEST_BYTES));
  subtree(bytes.subarray(left), firstChunk + left / CHUNK_BYTES, false, node.subarray(DIGEST_BYTES));
  return parent(node, root, out);
}

function groups(bytes: Uint8Array, firstChunk: number): Uint8Array {
  const values = new Uint8Array(Math.ceil(bytes.length / GROUP_BYTES) * DIGEST_BYTES);
  for (let start = 0, at = 0; start < bytes.length; start += GROUP_BYTES, at += DIGEST_BYTES) {
    const group = bytes.subarray(start, start + GROUP_BYTES);
    subtree(group, firstChunk + start / CHUNK_BYTES, false, values.subarray(at, at + DIGEST_BYTES));
  }
  return values;
}

export const portableEngine: TreeEngine = {
  name: "portable",
  maxSubtree: MAX_SUBTREE,
  subtree,
  groups,
  parent,
};
