import { blake3 as oracle } from "@noble/hashes/blake3.js";
import * as fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { hex, seededBytes } from "./material.ts";

const MIB = 1024 * 1024;

/** The room as it is before anybody has called `initHash`. */
function freshRoom() {
  vi.resetModules();
  return import("../../src/hash/index.ts");
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("initHash", () => {
  test("hashing works before it, and changes engine in the middle of a stream", async () => {
    const { blake3, Blake3Hasher, hashStatus, initHash } = await freshRoom();
    const bytes = seededBytes(300_000, 1);
    expect(hashStatus().engine).toBe("portable");
    expect(hex(blake3(bytes))).toBe(hex(oracle(bytes)));
    const hasher = new Blake3Hasher().update(bytes.subarray(0, 150_001));
    await initHash();
    expect(hashStatus()).toEqual({ engine: "wasm-simd", reason: null });
    expect(hex(hasher.update(bytes.subarray(150_001)).digest())).toBe(hex(oracle(bytes)));
    expect(hex(blake3(bytes))).toBe(hex(oracle(bytes)));
  });

  test("compiles once however often it is called", async () => {
    const { initHash } = await freshRoom();
    const instantiate = vi.spyOn(WebAssembly, "instantiate");
    await Promise.all([initHash(), initHash()]);
    await initHash();
    expect(instantiate).toHaveBeenCalledTimes(1);
  });

  test("stays portable without SIMD and says why", async () => {
    const { blake3, hashStatus, initHash } = await freshRoom();
    vi.spyOn(WebAssembly, "validate").mockReturnValue(false);
    await initHash();
    expect(hashStatus()).toEqual({ engine: "portable", reason: expect.stringContaining("SIMD") });
    expect(hex(blake3(new Uint8Array(5)))).toBe(hex(oracle(new Uint8Array(5))));
  });

  test("stays portable where a policy forbids WebAssembly and says why", async () => {
    const { hashStatus, initHash } = await freshRoom();
    vi.spyOn(WebAssembly, "instantiate").mockRejectedValue(new WebAssembly.CompileError("blocked by CSP"));
    await initHash();
    expect(hashStatus()).toEqual({ engine: "portable", reason: expect.stringContaining("blocked by CSP") });
  });
});

describe("large and incremental input", async () => {
  const { blake3, Blake3Hasher, initHash } = await freshRoom();
  await initHash();

  test.each([131_071, 131_072, 131_073, 262_144, 393_217, MIB - 1, MIB, MIB + 1, 3 * MIB + 12_345, 5 * MIB])(
    "hashes %i bytes like the oracle",
    (length) => {
      const bytes = seededBytes(length, length);
      expect(hex(blake3(bytes))).toBe(hex(oracle(bytes)));
    },
  );

  test("hashes a view that starts at an odd place of its buffer", () => {
    const bytes = seededBytes(10_000, 2).subarray(3, 9_001);
    expect(hex(blake3(bytes))).toBe(hex(oracle(bytes.slice())));
  });

  test("gives the same hash however the input is cut", () => {
    const bytes = seededBytes(600_000, 3);
    const piece = fc.oneof(fc.nat(200), fc.nat(40_000), fc.nat(300_000), fc.constant(16_384), fc.constant(131_072));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const hasher = new Blake3Hasher();
        let at = 0;
        for (const length of pieces) {
          hasher.update(bytes.subarray(at, at + length));
          at = Math.min(at + length, bytes.length);
        }
        expect(hex(hasher.digest())).toBe(hex(blake3(bytes.subarray(0, at))));
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  test("a digest in between disturbs nothing", () => {
    const bytes = seededBytes(70_000, 4);
    const hasher = new Blake3Hasher();
    for (let at = 0; at < bytes.length; at += 3_500) {
      expect(hex(hasher.digest())).toBe(hex(oracle(bytes.subarray(0, at))));
      hasher.update(bytes.subarray(at, at + 3_500));
    }
    expect(hex(hasher.digest())).toBe(hex(oracle(bytes)));
  });

  test("does not keep the caller's buffer", () => {
    const buffer = seededBytes(20_000, 5);
    const expected = hex(oracle(buffer));
    const hasher = new Blake3Hasher().update(buffer);
    buffer.fill(0);
    expect(hex(hasher.digest())).toBe(expected);
  });
});
