import { blake3 as oracle } from "@noble/hashes/blake3.js";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { portableEngine } from "../../src/hash/portable.ts";
import { loadWasmEngine, simdSupported } from "../../src/hash/wasm.ts";
import { hex, patternBytes, seededBytes, VECTORS } from "./material.ts";

const KIB = 1024;
const wasmEngine = await loadWasmEngine();

test("this environment has the SIMD that the core needs", () => {
  expect(simdSupported()).toBe(true);
  expect(wasmEngine.name).toBe("wasm-simd");
});

describe.each([portableEngine, wasmEngine])("the $name engine", (engine) => {
  test.each(VECTORS)("hashes the official vector of %i bytes", (length, digest) => {
    expect(hex(engine.subtree(patternBytes(length), 0, true))).toBe(digest);
  });

  test("hashes every length around a block, a chunk and a level of the tree like the oracle", () => {
    const edges = [KIB, 2 * KIB, 3 * KIB, 4 * KIB, 7 * KIB, 8 * KIB, 9 * KIB, 16 * KIB, 17 * KIB, 31 * KIB, 64 * KIB];
    const lengths = edges.flatMap((edge) => [-65, -64, -63, -1, 0, 1, 63, 64, 65].map((offset) => edge + offset));
    const bytes = seededBytes(engine.maxSubtree, 7);
    for (const length of [...lengths, engine.maxSubtree - 1, engine.maxSubtree]) {
      const input = bytes.subarray(0, length);
      expect(hex(engine.subtree(input, 0, true)), `${length} bytes`).toBe(hex(oracle(input)));
    }
  });

  test("leaves nothing of a longer input behind", () => {
    engine.subtree(seededBytes(engine.maxSubtree, 3), 0, true);
    for (const length of [0, 1, 65, 1025, 2049, 3073]) {
      const input = seededBytes(length, 5);
      expect(hex(engine.subtree(input, 0, true)), `${length} bytes`).toBe(hex(oracle(input)));
    }
  });

  test("joins subtrees to the root hash of the whole", () => {
    const bytes = seededBytes(48 * KIB + 100, 11);
    const values = engine.groups(bytes, 0);
    expect(values).toHaveLength(4 * 32);
    const left = engine.parent(values.subarray(0, 64), false);
    const right = engine.parent(values.subarray(64), false);
    expect(hex(engine.parent(new Uint8Array([...left, ...right]), true))).toBe(hex(oracle(bytes)));
    expect(hex(engine.subtree(bytes.subarray(0, 32 * KIB), 0, false))).toBe(hex(left));
    expect(hex(engine.subtree(bytes.subarray(32 * KIB), 32, false))).toBe(hex(right));
  });

  test("keeps a chaining value, a root hash and another place in the tree apart", () => {
    const bytes = seededBytes(5000, 13);
    const values = [engine.subtree(bytes, 0, false), engine.subtree(bytes, 0, true), engine.subtree(bytes, 8, false)];
    expect(new Set(values.map(hex)).size).toBe(3);
    const node = seededBytes(64, 17);
    expect(hex(engine.parent(node, false))).not.toBe(hex(engine.parent(node, true)));
  });

  test("gives out results that later calls do not overwrite", () => {
    const first = engine.subtree(patternBytes(1), 0, true);
    engine.subtree(patternBytes(2), 0, true);
    expect(hex(first)).toBe(VECTORS[1]?.[1]);
  });
});

test("both engines agree on any subtree at any place, past 2^32 chunks too", () => {
  const bytes = seededBytes(wasmEngine.maxSubtree, 19);
  const chunkIndex = fc.oneof(
    fc.integer({ min: 0, max: 1000 }),
    fc.integer({ min: 2 ** 32 - 200, max: 2 ** 32 + 200 }),
    fc.maxSafeInteger().map((index) => Math.floor(Math.abs(index) / KIB)),
  );
  fc.assert(
    fc.property(fc.nat(bytes.length), fc.nat(40 * KIB), chunkIndex, fc.boolean(), (start, length, chunk, root) => {
      const input = bytes.subarray(start, start + length);
      expect(hex(wasmEngine.subtree(input, chunk, root))).toBe(hex(portableEngine.subtree(input, chunk, root)));
      expect(hex(wasmEngine.groups(input, chunk))).toBe(hex(portableEngine.groups(input, chunk)));
    }),
    { seed: 1, numRuns: 150 },
  );
});

test("both engines agree on any parent", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), fc.boolean(), (node, root) => {
      expect(hex(wasmEngine.parent(node, root))).toBe(hex(portableEngine.parent(node, root)));
    }),
    { seed: 2, numRuns: 200 },
  );
});
