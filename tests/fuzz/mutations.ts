/**
 * What goes wrong on a wire, or is made to: mutations of bytes, of CBOR as a tree, of text and of plain values. Every one
 * draws from the random source it is given and from nothing else, so that an input follows from its seed.
 */
import { decode, encode } from "cborg";
import { concatBytes } from "../../src/wire/index.ts";
import type { SeededRandom } from "../sim/random.ts";

/** Heads and values where decoders go wrong: every major type, every length of argument, breaks and reserved ones. */
export const TELLING = [
  0x00, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1f, 0x20, 0x3b, 0x40, 0x58, 0x59, 0x5a, 0x5b, 0x5f, 0x60, 0x78, 0x7f,
  0x80, 0x98, 0x9b, 0x9f, 0xa0, 0xbf, 0xc0, 0xd8, 0xf4, 0xf6, 0xf7, 0xf8, 0xf9, 0xfb, 0xff,
] as const;

export function oneOf<Item>(random: SeededRandom, items: readonly Item[]): Item {
  const item = items[random.below(items.length)];
  if (item === undefined && items.length === 0) throw new RangeError("Nothing to choose from.");
  return item as Item;
}

type ByteMutation = (bytes: Uint8Array, random: SeededRandom, other: Uint8Array) => Uint8Array;

/** Heads stand near the beginning: half of the damage goes there. */
function place(bytes: Uint8Array, random: SeededRandom): number {
  if (bytes.length === 0) return 0;
  return random.below(random.next() < 0.5 ? Math.min(16, bytes.length) : bytes.length);
}

function insert(bytes: Uint8Array, at: number, part: Uint8Array): Uint8Array {
  return concatBytes(bytes.subarray(0, at), part, bytes.subarray(at));
}

function changed(bytes: Uint8Array, at: number, change: (byte: number) => number): Uint8Array {
  const copy = bytes.slice();
  if (copy.length > 0) copy[at] = change(copy[at] ?? 0);
  return copy;
}

const BYTE_MUTATIONS: readonly ByteMutation[] = [
  (bytes, random) => changed(bytes, place(bytes, random), (byte) => byte ^ (1 << random.below(8))),
  (bytes, random) => changed(bytes, place(bytes, random), () => oneOf(random, TELLING)),
  (bytes, random) => changed(bytes, place(bytes, random), () => random.below(256)),
  (bytes, random) => insert(bytes, place(bytes, random), Uint8Array.of(oneOf(random, TELLING))),
  (bytes, random) => insert(bytes, place(bytes, random), random.bytes(1 + random.below(8))),
  (bytes, random) => {
    const at = place(bytes, random);
    return concatBytes(bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(8)));
  },
  // Cut off.
  (bytes, random) => bytes.slice(0, random.below(bytes.length + 1)),
  // A piece of it twice, or of another one in it, or the end of another one.
  (bytes, random) => {
    const from = place(bytes, random);
    return insert(bytes, place(bytes, random), bytes.slice(from, from + 1 + random.below(80)));
  },
  (bytes, random, other) => {
    const from = place(other, random);
    return insert(bytes, place(bytes, random), other.subarray(from, from + 1 + random.below(80)));
  },
  (bytes, random, other) => concatBytes(bytes.subarray(0, place(bytes, random)), other.subarray(place(other, random))),
  // The whole of it twice.
  (bytes) => (bytes.length > 4_096 ? bytes : concatBytes(bytes, bytes)),
  // A length that lies: heads of byte strings, texts and arrays, one up, one down, or far away.
  (bytes, random) => {
    const at = place(bytes, random);
    return changed(bytes, at, (byte) => (byte & 0xe0) | ((byte + oneOf(random, [1, -1, 7, 16])) & 0x1f));
  },
  // A head written longer than needed: the value stays, the form is wrong.
  (bytes, random) => {
    const at = place(bytes, random);
    const byte = bytes[at] ?? 0;
    if ((byte & 31) >= 24 || bytes.length === 0) return bytes;
    return concatBytes(bytes.subarray(0, at), Uint8Array.of((byte & 0xe0) | 24, byte & 31), bytes.subarray(at + 1));
  },
  // A huge argument: nothing of that size may be allocated before it is there.
  (bytes, random) => {
    const at = place(bytes, random);
    const major = (bytes[at] ?? 0) & 0xe0;
    const huge = Uint8Array.of(major | 27, ...random.bytes(8).map((byte) => (random.next() < 0.5 ? 0xff : byte)));
    return concatBytes(bytes.subarray(0, at), huge, bytes.subarray(at + 1));
  },
];

/** One to three mutations of bytes. */
export function mutatedBytes(bytes: Uint8Array, random: SeededRandom, other: Uint8Array): Uint8Array {
  let result = bytes;
  for (let times = 1 + random.below(3); times > 0; times--)
    result = oneOf(random, BYTE_MUTATIONS)(result, random, other);
  return result;
}

const HUGE = [
  0,
  1,
  23,
  24,
  255,
  256,
  65_535,
  65_536,
  2 ** 32 - 1,
  2 ** 32,
  Number.MAX_SAFE_INTEGER,
  2n ** 53n,
  2n ** 64n - 1n,
  -1,
  -(2 ** 31),
  1.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
] as const;

/** A value that does not belong where it is put. */
function foreignValue(random: SeededRandom): unknown {
  switch (random.below(9)) {
    case 0:
      return oneOf(random, HUGE);
    case 1:
      return random.bytes(oneOf(random, [0, 1, 31, 32, 33, 64, 300]));
    case 2:
      return textOf(random);
    case 3:
      return null;
    case 4:
      return random.next() < 0.5;
    case 5:
      return nested(1 + random.below(60));
    case 6:
      return { a: 1, [textOf(random)]: null };
    case 7:
      return undefined;
    default:
      return Array.from({ length: random.below(40) }, () => random.below(300));
  }
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let left = depth; left > 0; left--) value = [value];
  return value;
}

/** A value with one to three changes somewhere in its tree: another kind of item, one too many, one too few, two swapped. */
export function mutatedValue(value: unknown, random: SeededRandom): unknown {
  let result = value;
  for (let times = 1 + random.below(3); times > 0; times--) result = changedTree(result, random);
  return result;
}

function changedTree(value: unknown, random: SeededRandom): unknown {
  if (Array.isArray(value) && value.length > 0 && random.next() < 0.85) {
    const items: unknown[] = [...value];
    const at = random.below(items.length);
    const way = random.below(8);
    if (way < 4) items[at] = changedTree(items[at], random);
    else if (way === 4) items.splice(at, 1);
    else if (way === 5) items.splice(at, 0, items[random.below(items.length)]);
    else if (way === 6) [items[at], items[0]] = [items[0], items[at]];
    else items.push(foreignValue(random));
    return items;
  }
  if (isRecord(value) && random.next() < 0.9) {
    const names = Object.keys(value);
    const name = names.length === 0 ? "x" : oneOf(random, names);
    const way = random.below(8);
    if (way < 5) return { ...value, [name]: changedTree(value[name], random) };
    if (way === 5) return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));
    if (way === 6)
      return { ...value, [oneOf(random, ["__proto__x", "extra", "id", "kind", name])]: foreignValue(random) };
    return { ...value, [name]: foreignValue(random) };
  }
  if (value instanceof Uint8Array && random.next() < 0.7) return mutatedBytes(value, random, random.bytes(8));
  if (typeof value === "string" && random.next() < 0.7) return mutatedText(value, random);
  return foreignValue(random);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

/** The CBOR of a changed tree: well-formed where the change left it so, and then wrong in meaning only. */
export function mutatedCbor(bytes: Uint8Array, random: SeededRandom): Uint8Array {
  const tree: unknown = decode(bytes, { useMaps: false });
  const copy = encode(mutatedValue(tree, random));
  // In Node a Buffer, whose slices share memory.
  return new Uint8Array(copy);
}

/** Characters where texts go wrong: normal forms, directions, joiners, unpaired surrogates, separators, ends. */
const LETTERS = [
  "a",
  "Z",
  "9",
  " ",
  "\t",
  "\n",
  "/",
  "\\",
  ":",
  "#",
  "-",
  "_",
  ".",
  "..",
  "%2f",
  "%",
  "%00",
  "\0",
  "'",
  "\u2019",
  "é",
  "e\u0301",
  "İ",
  "ß",
  "ﬁ",
  "\u200b",
  "\u200c",
  "\u200d",
  "\u202e",
  "\u2066",
  "\u2044",
  "\uff0f",
  "\u0301",
  "🚲",
  "\ud800",
  "\udfff",
  "علی",
  "می‌",
  "g:",
  "t:",
  "mehr1",
  "mehr/1/g/",
  "https://",
  "\u0000",
] as const;

export function textOf(random: SeededRandom): string {
  return Array.from({ length: random.below(24) }, () => oneOf(random, LETTERS)).join("");
}

/** A text with one to three changes: characters changed, cut out, put in, twice, in the other case, or cut off. */
export function mutatedText(text: string, random: SeededRandom): string {
  let result = text;
  for (let times = 1 + random.below(3); times > 0; times--) {
    const at = random.below(result.length + 1);
    const way = random.below(7);
    if (way === 0) result = result.slice(0, at) + oneOf(random, LETTERS) + result.slice(at + 1);
    else if (way === 1) result = result.slice(0, at) + oneOf(random, LETTERS) + result.slice(at);
    else if (way === 2) result = result.slice(0, at) + result.slice(at + 1 + random.below(6));
    else if (way === 3) result = result.slice(0, at);
    else if (way === 4) result = result.length > 10_000 ? result : result + result.slice(at);
    else if (way === 5) result = result.slice(0, at) + result.slice(at).toUpperCase();
    else result = result.slice(0, at) + textOf(random) + result.slice(at);
  }
  return result;
}
