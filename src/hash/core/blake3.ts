/**
 * The BLAKE3 tree in WebAssembly SIMD. AssemblyScript, not TypeScript: `scripts/build-wasm.mjs` compiles it.
 *
 * The host writes bytes at INPUT, calls one of the three exports and reads chaining values at OUTPUT.
 * `hashFour` (four chunks or four parents side by side) is unrolled text made by `scripts/blake3-core.mjs`;
 * this file holds what is left: the compression of a single block and the shape of the tree.
 * Names and constants are those of the BLAKE3 specification, section 2.
 */
import { hashFour } from "./four";

const CHUNK_START: u32 = 1;
const CHUNK_END: u32 = 2;
const PARENT: u32 = 4;
const ROOT: u32 = 8;

const BLOCK: i32 = 64;
const CHUNK: i32 = 1024;
/** A group has 2^4 chunks. */
const GROUP_LEVELS: i32 = 4;
const VALUE: i32 = 32;

/** The largest subtree of one call, a power of two. Small enough to stay in the second-level cache. */
const INPUT_CAPACITY: i32 = 128 * 1024;

/** Two or three chunks go through the four lanes too; the idle lanes read up to two chunks past the end. */
export const INPUT: usize = memory.data(131072 + 4096, 64);
export const OUTPUT: usize = memory.data(256, 64);
/** Chaining values of the chunks of a subtree; the idle lanes write up to two values past the end. */
const VALUES: usize = memory.data(128 * 32 + 128, 16);
const LAST_BLOCK: usize = memory.data(64, 16);

/** How many bytes the host may write at INPUT for one call. */
export function capacity(): i32 {
  return INPUT_CAPACITY;
}

function rotate16(x: v128): v128 {
  return i8x16.swizzle(x, i8x16(2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
}

function rotate12(x: v128): v128 {
  return v128.or(i32x4.shr_u(x, 12), i32x4.shl(x, 20));
}

function rotate8(x: v128): v128 {
  return i8x16.swizzle(x, i8x16(1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12));
}

function rotate7(x: v128): v128 {
  return v128.or(i32x4.shr_u(x, 7), i32x4.shl(x, 25));
}

function initialise(value: usize): void {
  v128.store(value, i32x4(0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a));
  v128.store(value, i32x4(0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19), 16);
}

/**
 * Compresses one block into the chaining value at `value`. One vector is one row of the 4x4 state, so a vector
 * operation does the four columns at once; the diagonals are columns once the rows are rotated against each other.
 * `even1`/`odd1` hold the message words of the column step, `even2`/`odd2` those of the diagonal step. The diagonal
 * step rotates row 0 instead of row 1 (row 1 is on the critical path), hence the words of that step start with
 * the last column. The lane numbers below are the message permutation in this arrangement.
 */
function compress(value: usize, block: usize, length: u32, counter: u64, flags: u32): void {
  let row0 = v128.load(value);
  let row1 = v128.load(value, 16);
  let row2 = i32x4(0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a);
  let row3 = i32x4.splat(<i32>counter);
  row3 = i32x4.replace_lane(row3, 1, <i32>(counter >> 32));
  row3 = i32x4.replace_lane(row3, 2, length);
  row3 = i32x4.replace_lane(row3, 3, flags);

  const words0 = v128.load(block);
  const words4 = v128.load(block, 16);
  const words8 = v128.load(block, 32);
  const words12 = v128.load(block, 48);
  let even1 = v128.shuffle<i32>(words0, words4, 0, 2, 4, 6);
  let odd1 = v128.shuffle<i32>(words0, words4, 1, 3, 5, 7);
  let even2 = v128.shuffle<i32>(words8, words12, 6, 0, 2, 4);
  let odd2 = v128.shuffle<i32>(words8, words12, 7, 1, 3, 5);

  for (let round = 1; ; round++) {
    row0 = i32x4.add(i32x4.add(row0, row1), even1);
    row3 = rotate16(v128.xor(row3, row0));
    row2 = i32x4.add(row2, row3);
    row1 = rotate12(v128.xor(row1, row2));
    row0 = i32x4.add(i32x4.add(row0, row1), odd1);
    row3 = rotate8(v128.xor(row3, row0));
    row2 = i32x4.add(row2, row3);
    row1 = rotate7(v128.xor(row1, row2));

    row0 = v128.shuffle<i32>(row0, row0, 3, 0, 1, 2);
    row3 = v128.shuffle<i32>(row3, row3, 2, 3, 0, 1);
    row2 = v128.shuffle<i32>(row2, row2, 1, 2, 3, 0);

    row0 = i32x4.add(i32x4.add(row0, row1), even2);
    row3 = rotate16(v128.xor(row3, row0));
    row2 = i32x4.add(row2, row3);
    row1 = rotate12(v128.xor(row1, row2));
    row0 = i32x4.add(i32x4.add(row0, row1), odd2);
    row3 = rotate8(v128.xor(row3, row0));
    row2 = i32x4.add(row2, row3);
    row1 = rotate7(v128.xor(row1, row2));

    row0 = v128.shuffle<i32>(row0, row0, 1, 2, 3, 0);
    row3 = v128.shuffle<i32>(row3, row3, 2, 3, 0, 1);
    row2 = v128.shuffle<i32>(row2, row2, 3, 0, 1, 2);

    if (round == 7) break;

    const nextEven1 = v128.shuffle<i32>(even1, odd1, 1, 5, 7, 2);
    const nextOdd1 = v128.shuffle<i32>(
      v128.shuffle<i32>(even1, even1, 3, 3, 0, 0),
      v128.shuffle<i32>(even2, odd2, 2, 2, 7, 7),
      0,
      5,
      2,
      7,
    );
    const nextEven2 = v128.shuffle<i32>(v128.shuffle<i32>(odd2, odd1, 0, 1, 4, 5), even2, 0, 2, 7, 1);
    odd2 = v128.shuffle<i32>(even2, v128.shuffle<i32>(odd1, odd2, 2, 6, 3, 7), 1, 5, 4, 0);
    even1 = nextEven1;
    odd1 = nextOdd1;
    even2 = nextEven2;
  }
  v128.store(value, v128.xor(row0, row2));
  v128.store(value, v128.xor(row1, row3), 16);
}

function hashChunk(input: usize, length: i32, counter: u64, rootFlag: u32, out: usize): void {
  initialise(out);
  let flags = CHUNK_START;
  while (length > BLOCK) {
    compress(out, input, BLOCK, counter, flags);
    flags = 0;
    input += BLOCK;
    length -= BLOCK;
  }
  flags |= CHUNK_END | rootFlag;
  if (length == BLOCK) {
    compress(out, input, BLOCK, counter, flags);
    return;
  }
  memory.fill(LAST_BLOCK, 0, BLOCK);
  memory.copy(LAST_BLOCK, input, length);
  compress(out, LAST_BLOCK, length, counter, flags);
}

/** `out` must not overlap the two values at `children`. */
function hashParentAt(children: usize, rootFlag: u32, out: usize): void {
  initialise(out);
  compress(out, children, BLOCK, 0, PARENT | rootFlag);
}

/** Chaining values of all chunks of the input, in order, at VALUES. Returns how many. */
function hashChunks(input: usize, length: i32, counter: u64): i32 {
  let count = 0;
  while (length >= 2 * CHUNK) {
    const whole = min(length / CHUNK, 4);
    hashFour(input, CHUNK, CHUNK / BLOCK, counter, 1, 0, CHUNK_START, CHUNK_END, VALUES + VALUE * count);
    count += whole;
    input += CHUNK * whole;
    length -= CHUNK * whole;
    counter += whole;
  }
  while (length > 0) {
    const size = min(length, CHUNK);
    hashChunk(input, size, counter, 0, VALUES + VALUE * count);
    count++;
    input += size;
    length -= size;
    counter++;
  }
  return count;
}

/** Replaces `count` values at VALUES by their parents, in place. An odd last value moves up unchanged. */
function hashLevel(count: i32): i32 {
  const pairs = count >> 1;
  let pair = 0;
  while (pair + 4 <= pairs) {
    hashFour(VALUES + 2 * VALUE * pair, 2 * VALUE, 1, 0, 0, PARENT, 0, 0, VALUES + VALUE * pair);
    pair += 4;
  }
  while (pair < pairs) {
    hashParentAt(VALUES + 2 * VALUE * pair, 0, LAST_BLOCK);
    memory.copy(VALUES + VALUE * pair, LAST_BLOCK, VALUE);
    pair++;
  }
  if (count & 1) {
    memory.copy(VALUES + VALUE * pair, VALUES + VALUE * (count - 1), VALUE);
    pair++;
  }
  return pair;
}

function hashTree(input: usize, length: i32, counter: u64, rootFlag: u32, out: usize): void {
  if (length <= CHUNK) {
    hashChunk(input, length, counter, rootFlag, out);
    return;
  }
  let count = hashChunks(input, length, counter);
  while (count > 2) count = hashLevel(count);
  hashParentAt(VALUES, rootFlag, out);
}

/**
 * Chaining value (or, with `root`, root hash) of `length` bytes at INPUT as one subtree whose first chunk has the
 * given absolute index. The index comes in two halves: an i64 parameter would cost a BigInt for each call.
 */
export function hashSubtree(length: i32, counterLow: u32, counterHigh: u32, root: bool): void {
  hashTree(INPUT, length, ((<u64>counterHigh) << 32) | counterLow, root ? ROOT : 0, OUTPUT);
}

/**
 * Chaining values of the 16 KiB groups of `length` bytes at INPUT, in order, at OUTPUT. The groups are the nodes four
 * levels above the chunks, so all groups climb together and the lanes stay full.
 */
export function hashGroups(length: i32, counterLow: u32, counterHigh: u32): void {
  let count = hashChunks(INPUT, length, ((<u64>counterHigh) << 32) | counterLow);
  for (let level = 0; level < GROUP_LEVELS; level++) count = hashLevel(count);
  memory.copy(OUTPUT, VALUES, VALUE * count);
}

/** Chaining value (or root hash) of the parent whose two children are the 64 bytes at INPUT. */
export function hashParent(root: bool): void {
  hashParentAt(INPUT, root ? ROOT : 0, OUTPUT);
}
