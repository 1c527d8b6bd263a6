import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareBytes, concatBytes, equalBytes, fromHex, toHex } from "../../src/wire/index.ts";

const anyBytes = fc.uint8Array({ maxLength: 40 });

describe("hex", () => {
  it("agrees with Node's, both ways", () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(toHex(bytes)).toBe(Buffer.from(bytes).toString("hex"));
        expect(fromHex(toHex(bytes))).toEqual(bytes);
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it("is spelled by the platform where that can", () => {
    const asked: number[] = [];
    const spelling = Object.assign(Uint8Array.of(0x0a, 0xff), { toHex: () => `${asked.push(2)}` });
    expect(toHex(spelling)).toBe("1");
    expect(asked).toEqual([2]);
  });

  it.each(["0", "0G", "AB", " 00", "00\n", "0x00"])("refuses %j", (text) => {
    expect(() => fromHex(text)).toThrow(expect.objectContaining({ code: "HEX_INVALID" }) as Error);
  });
});

describe("comparing", () => {
  it("agrees with Node's", () => {
    fc.assert(
      fc.property(anyBytes, anyBytes, (a, b) => {
        expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(a, b));
        expect(equalBytes(a, b)).toBe(Buffer.compare(a, b) === 0);
        expect(equalBytes(a, a.slice())).toBe(true);
      }),
      { seed: 4, numRuns: 500 },
    );
  });

  it("knows a prefix from the whole", () => {
    expect(equalBytes(Uint8Array.of(1), Uint8Array.of(1, 2))).toBe(false);
    expect(compareBytes(Uint8Array.of(1), Uint8Array.of(1, 2))).toBeLessThan(0);
    expect(compareBytes(Uint8Array.of(2), Uint8Array.of(1, 2))).toBeGreaterThan(0);
  });
});

describe("concatBytes", () => {
  it("joins", () => {
    expect(concatBytes()).toEqual(new Uint8Array(0));
    expect(concatBytes(Uint8Array.of(1), new Uint8Array(0), Uint8Array.of(2, 3))).toEqual(Uint8Array.of(1, 2, 3));
  });
});
