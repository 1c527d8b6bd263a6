import { expect, test } from "vitest";
import { xxHash32 } from "../../src/store/idb/xxhash32.ts";

const utf8 = new TextEncoder();

test("xxHash32 agrees with the published values", () => {
  expect(xxHash32(new Uint8Array(0))).toBe(0x02_cc_5d_05);
  expect(xxHash32(utf8.encode("a"))).toBe(0x55_0d_74_56);
  expect(xxHash32(utf8.encode("abc"))).toBe(0x32_d1_53_ff);
  // Longer than a stripe of 16, and not a multiple of a word.
  expect(xxHash32(utf8.encode("Nobody inspects the spammish repetition"))).toBe(0xe2_29_3b_2f);
});

test("xxHash32 does not depend on where the bytes lie, and tells every flipped bit", () => {
  const bytes = Uint8Array.from({ length: 77 }, (_, at) => at * 31);
  const moved = new Uint8Array(80);
  for (let offset = 0; offset < 4; offset += 1) {
    moved.set(bytes, offset);
    expect(xxHash32(moved.subarray(offset, offset + 77))).toBe(xxHash32(bytes));
  }
  const seen = new Set([xxHash32(bytes)]);
  for (let bit = 0; bit < 77 * 8; bit += 1) {
    const flipped = bytes.slice();
    flipped[bit >>> 3] = flipped[bit >>> 3]! ^ (1 << (bit & 7));
    seen.add(xxHash32(flipped));
  }
  expect(seen.size).toBe(77 * 8 + 1);
});
