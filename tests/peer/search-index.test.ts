/** Blocks of the index: the packed form against the growing one, and bytes that are none. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  BLOCK,
  blockOf,
  eachBit,
  firstOf,
  matching,
  noBits,
  placeIn,
  setBit,
  type TermIndex,
} from "../../src/peer/search/blocks.ts";
import { FrozenIndex } from "../../src/peer/search/frozen.ts";
import { GrowingIndex } from "../../src/peer/search/growing.ts";

const SALT = new Uint8Array(16).fill(7);
const SPREAD = { seed: 0x1234_5678, factor: 0x9e37_79b1 };
const atOnce = (): Promise<void> => Promise.resolve();
const found = (index: TermIndex, ...terms: (string | { term: string; prefix: boolean })[]): number[] => {
  const places: number[] = [];
  const asked = terms.map((term) => (typeof term === "string" ? { term, prefix: false } : term));
  eachBit(matching(index, asked), (place) => places.push(place));
  return places;
};

/** An index of what is given. */
function grown(places: Readonly<Record<string, readonly number[]>>): GrowingIndex {
  const index = new GrowingIndex(SPREAD);
  for (const [term, own] of Object.entries(places)) for (const place of own) index.add(place, term);
  return index;
}

function wordsOf(index: GrowingIndex, order: Iterable<number>): string[] {
  return Array.from(order, (term) => String.fromCharCode(...index.unitsOf(term)));
}

const word = fc.oneof(
  fc.constantFrom("a", "ab", "abc", "abd", "b", "ب", "با", "東京", "𠮷野", "\u0001text"),
  fc.string({ minLength: 1 }),
);
const documents = fc.array(fc.uniqueArray(word, { maxLength: 8 }), { maxLength: 60 });

describe("a block of the index", () => {
  it("finds the same while it grows, when it is packed, and when it was read again, as looking at each document does", async () => {
    await fc.assert(
      fc.asyncProperty(
        documents,
        fc.array(fc.record({ term: word, prefix: fc.boolean() }), { minLength: 1, maxLength: 3 }),
        async (all, terms) => {
          const growing = new GrowingIndex(SPREAD);
          for (const [number, words] of all.entries()) {
            for (const own of words) expect(growing.add(number * 60, own)).toBe(true);
            for (const own of words.slice(-1)) expect(growing.add(number * 60, own)).toBe(false);
            // Somebody looks while it grows: what comes later is found as well.
            if (number === 20) found(growing, { term: "a", prefix: true });
          }
          const packed = await FrozenIndex.of(growing, noBits(), all.length, SALT, atOnce);
          const again = FrozenIndex.read(packed.bytes);
          if (again === null) throw new Error("no block");
          const expected = all.flatMap((words, number) =>
            terms.every(({ prefix, term }) => words.some((own) => (prefix ? own.startsWith(term) : own === term)))
              ? [number * 60]
              : [],
          );
          for (const index of [growing, packed, again]) {
            expect(found(index, ...terms)).toEqual(expected);
          }
        },
      ),
    );
  });

  it("grows over thousands of terms, and has them in order", async () => {
    const index = new GrowingIndex(SPREAD);
    const terms = Array.from({ length: 5_000 }, (_, at) => `w${(at * 7_919) % 5_000}`);
    for (const [at, term] of terms.entries()) {
      expect(index.add(at % BLOCK, ` ${term} `, 1, term.length + 1)).toBe(true);
      expect(index.add(at % BLOCK, term)).toBe(false);
    }
    expect([index.terms, index.postings, index.characters]).toEqual([5_000, 5_000, terms.join("").length]);
    expect(wordsOf(index, await index.inOrder(atOnce))).toEqual([...terms].sort());
    const packed = await FrozenIndex.of(index, noBits(), BLOCK, SALT, atOnce);
    for (const at of [0, 1, 4_095]) {
      const term = terms[at] as string;
      expect(found(index, term)).toContain(at);
      expect(found(packed, term)).toEqual(found(index, term));
    }
    expect(found(packed, { term: "w49", prefix: true })).toEqual(found(index, { term: "w49", prefix: true }));
    expect(found(index, "w5000")).toEqual([]);
  });

  it("puts terms in order however much of them is alike, and lets others have their turn in between", async () => {
    const index = new GrowingIndex(SPREAD);
    const alike = "donaudampfschiff";
    const terms = Array.from({ length: 6_000 }, (_, at) => alike + ((at * 7_919) % 6_000).toString(36));
    for (let length = 1; length <= alike.length; length += 1) terms.push(alike.slice(0, length));
    for (const [at, term] of terms.entries()) index.add(at % BLOCK, term);
    let turns = 0;
    const order = await index.inOrder(() => Promise.resolve(void turns++));
    expect(wordsOf(index, order)).toEqual([...terms].sort());
    expect(turns).toBeGreaterThanOrEqual(alike.length / 2);
  });

  it("knows which documents it was given with their texts, and how many there were", async () => {
    const texts = noBits();
    for (const place of [0, 31, 32, BLOCK - 1]) setBit(texts, place);
    const { bytes } = await FrozenIndex.of(grown({ x: [5] }), texts, 17, SALT, atOnce);
    const block = FrozenIndex.read(bytes);
    expect(block?.documents).toBe(17);
    expect([0, 1, 31, 32, 33, BLOCK - 1].map((place) => block?.hasText(place))).toEqual([
      true,
      false,
      true,
      true,
      false,
      true,
    ]);
  });

  it("has another hash with another salt, whatever is in it", async () => {
    const of = async (salt: Uint8Array): Promise<Uint8Array> =>
      (await FrozenIndex.of(grown({ x: [5] }), noBits(), 1, salt, atOnce)).bytes;
    expect(await of(SALT)).not.toEqual(await of(new Uint8Array(16).fill(8)));
  });

  it("is not read from bytes that are cut, longer, of another form, or that point outside", async () => {
    const { bytes } = await FrozenIndex.of(grown({ one: [1, 2], two: [3] }), noBits(), 3, SALT, atOnce);
    expect(FrozenIndex.read(bytes.subarray(0, bytes.length - 2))).toBeNull();
    expect(FrozenIndex.read(new Uint8Array([...bytes, 0, 0]))).toBeNull();
    expect(FrozenIndex.read(new Uint8Array(0))).toBeNull();
    const changed = (at: number, value: number): Uint8Array => {
      const copy = bytes.slice();
      copy[at] = value;
      return copy;
    };
    expect(FrozenIndex.read(changed(0, 99))).toBeNull();
    // A posting of the last bytes that no block has a document for.
    expect(FrozenIndex.read(changed(bytes.length - 1, 0xff))).toBeNull();
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        const read = FrozenIndex.read(changed(at, value));
        // What is read can be searched, however wrong it is: every number in it points into it.
        if (read !== null) for (const term of ["one", "two", ""]) found(read, { term, prefix: true });
      }),
    );
  });

  it("has each arrival number in one place", () => {
    for (const seq of [1, BLOCK, BLOCK + 1, 2 * BLOCK, 123_456]) expect(firstOf(blockOf(seq)) + placeIn(seq)).toBe(seq);
    expect(blockOf(BLOCK)).toBe(0);
    expect(blockOf(BLOCK + 1)).toBe(1);
  });
});
