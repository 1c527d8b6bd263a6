/**
 * Writes the one function of the BLAKE3 core that cannot be written by hand and read: the four-lane
 * compression, seven unrolled rounds over sixteen state vectors. Everything else of the core is
 * `src/hash/core/blake3.ts`, which imports what is made here as "./four".
 *
 * Why unrolled text: AssemblyScript has neither macros nor functions that return several vectors, and a
 * loop over the rounds would index the message through memory. The unrolled form keeps all state in locals,
 * which is what lets the engine hold it in registers.
 *
 * Layout: lane i of every vector belongs to input i, so the four compressions never exchange data between
 * the transposition of the message on entry and that of the chaining values on exit.
 */

/** BLAKE3 specification, table 1 (the first eight words of the fractional part of sqrt(primes), as in SHA-256). */
const IV = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

/** BLAKE3 specification, table 2: how the message words move from one round to the next. */
const PERMUTATION = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8];

const ROUNDS = 7;

/** The four columns, then the four diagonals, of the 4x4 state: the operands of G in one round. */
const COLUMNS = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
];
const DIAGONALS = [
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
];

const range = (count) => Array.from({ length: count }, (_, index) => index);
const hex = (word) => `0x${word.toString(16)}`;

/**
 * Rotations by whole bytes are one byte permutation; `swizzle` with a literal mask compiles to a single
 * pshufb/tbl and measured 1.12-1.15 times faster than the `shuffle` of the same lanes.
 */
const rotate16 = (x) => `i8x16.swizzle(${x}, i8x16(2,3,0,1,6,7,4,5,10,11,8,9,14,15,12,13))`;
const rotate8 = (x) => `i8x16.swizzle(${x}, i8x16(1,2,3,0,5,6,7,4,9,10,11,8,13,14,15,12))`;

/** A rotation that is not by whole bytes takes two shifts; Wasm SIMD has no rotate. */
const xorRotate = (target, other, bits) =>
  `x = v128.xor(${target}, ${other}); ${target} = v128.or(i32x4.shr_u(x, ${bits}), i32x4.shl(x, ${32 - bits}));`;

const addTo = (target, other) => `${target} = i32x4.add(${target}, ${other});`;

/**
 * G on four independent columns at once. The steps of the four are interleaved, not one G after the other,
 * so that four dependency chains are in flight in program order.
 */
function quarterRounds(groups, words) {
  const operands = groups.map((group) => group.map((index) => `v${index}`));
  const step = (write) => `    ${operands.map(write).join(" ")}`;
  const half = (word, rotateD, bitsB) => [
    step(([a], index) => addTo(a, `m${words[2 * index + word]}`)),
    step(([a, b]) => addTo(a, b)),
    step(([a, , , d]) => `${d} = ${rotateD(`v128.xor(${d}, ${a})`)};`),
    step(([, , c, d]) => addTo(c, d)),
    step(([, b, c]) => xorRotate(b, c, bitsB)),
  ];
  return [half(0, rotate16, 12), half(1, rotate8, 7)].flat().join("\n");
}

/** Message order of every round: each is the permutation of the one before. */
function schedule() {
  const rounds = [range(16)];
  while (rounds.length < ROUNDS) rounds.push(PERMUTATION.map((index) => rounds.at(-1)[index]));
  return rounds;
}

/** Transposes the four vectors a, b, c, d; `names` are the vectors that receive the columns. */
function transpose(names, declare) {
  const columns = ["p, r, 0, 2", "p, r, 1, 3", "q, s, 0, 2", "q, s, 1, 3"];
  const receive = names.map((name, i) => `    ${declare}${name} = v128.shuffle<i64>(${columns[i]});`);
  return `    p = v128.shuffle<i32>(a, b, 0, 4, 1, 5); q = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
    r = v128.shuffle<i32>(c, d, 0, 4, 1, 5); s = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
${receive.join("\n")}`;
}

function loadMessage() {
  const quarters = range(4).map((quarter) => {
    const words = range(4).map((i) => `m${4 * quarter + i}`);
    return `    a = v128.load(at0 + offset, ${16 * quarter}); b = v128.load(at1 + offset, ${16 * quarter});
    c = v128.load(at2 + offset, ${16 * quarter}); d = v128.load(at3 + offset, ${16 * quarter});
${transpose(words, "const ")}`;
  });
  return quarters.join("\n");
}

function storeChainingValues() {
  const lanes = ["a", "b", "c", "d"];
  const halves = [0, 4].map((first) => {
    const stores = lanes.map((name, lane) => `    v128.store(out, ${name}, ${32 * lane + 4 * first});`);
    return `    a = h${first}; b = h${first + 1}; c = h${first + 2}; d = h${first + 3};
${transpose(lanes, "")}
${stores.join("\n")}`;
  });
  return halves.join("\n");
}

function round(words) {
  return `${quarterRounds(COLUMNS, words.slice(0, 8))}\n${quarterRounds(DIAGONALS, words.slice(8))}`;
}

/** AssemblyScript source of `hashFour`. */
export function fourLaneSource() {
  const chainingWords = range(8);
  return `
/**
 * Four chaining values at once: input i starts at \`input + i * stride\`, has \`blocks\` blocks of 64 bytes and the
 * counter \`counter + i * counterStep\`. \`startFlag\` goes to the first block, \`endFlag\` to the last, \`flags\` to all.
 * Writes 4 x 32 bytes at \`out\`, which may overlap the input of a single-block call.
 */
export function hashFour(
  input: usize, stride: usize, blocks: i32, counter: u64, counterStep: u64,
  flags: u32, startFlag: u32, endFlag: u32, out: usize,
): void {
  const at0 = input, at1 = at0 + stride, at2 = at1 + stride, at3 = at2 + stride;
  const counter1 = counter + counterStep, counter2 = counter1 + counterStep, counter3 = counter2 + counterStep;
  let counterLow = i32x4.splat(<i32>counter), counterHigh = i32x4.splat(<i32>(counter >> 32));
${[1, 2, 3]
  .map(
    (lane) =>
      `  counterLow = i32x4.replace_lane(counterLow, ${lane}, <i32>counter${lane});
  counterHigh = i32x4.replace_lane(counterHigh, ${lane}, <i32>(counter${lane} >> 32));`,
  )
  .join("\n")}
${chainingWords.map((i) => `  let h${i}: v128 = i32x4.splat(<i32>${hex(IV[i])});`).join("\n")}
  let a: v128, b: v128, c: v128, d: v128, p: v128, q: v128, r: v128, s: v128, x: v128;
  let blockFlags: u32 = flags | startFlag;
  for (let block: i32 = 0; block < blocks; block++) {
    if (block + 1 == blocks) blockFlags |= endFlag;
    const offset = <usize>block << 6;
${loadMessage()}
${chainingWords.map((i) => `    let v${i}: v128 = h${i};`).join("\n")}
${[0, 1, 2, 3].map((i) => `    let v${8 + i}: v128 = i32x4.splat(<i32>${hex(IV[i])});`).join("\n")}
    let v12: v128 = counterLow, v13: v128 = counterHigh;
    let v14: v128 = i32x4.splat(64), v15: v128 = i32x4.splat(<i32>blockFlags);
${schedule().map(round).join("\n")}
${chainingWords.map((i) => `    h${i} = v128.xor(v${i}, v${i + 8});`).join("\n")}
    blockFlags = flags;
  }
${storeChainingValues()}
}
`;
}
