import { blake3 as oracle } from "@noble/hashes/blake3.js";
import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import {
  GROUP_BYTES,
  groupCount,
  groupLength,
  groupsOfBytes,
  initHash,
  OutboardBuilder,
  outboardLength,
  outboardOf,
  outboardOfBlob,
  proofOf,
  rangeLength,
} from "../../src/hash/index.ts";
import { portableEngine } from "../../src/hash/portable.ts";
import { hex, seededBytes } from "./material.ts";

beforeAll(initHash);

describe("the shape of the tree", () => {
  test("counts groups and their lengths", () => {
    expect([0, 1, GROUP_BYTES, GROUP_BYTES + 1, 10 * GROUP_BYTES].map(groupCount)).toEqual([1, 1, 1, 2, 10]);
    expect(groupLength(0, 0)).toBe(0);
    expect(groupLength(GROUP_BYTES + 5, 0)).toBe(GROUP_BYTES);
    expect(groupLength(GROUP_BYTES + 5, 1)).toBe(5);
    expect(rangeLength(GROUP_BYTES + 5, { first: 0, count: 2 })).toBe(GROUP_BYTES + 5);
    expect(rangeLength(GROUP_BYTES + 5, { first: 0, count: 1 })).toBe(GROUP_BYTES);
  });

  test("an outboard is about 0.4% of the object", () => {
    expect(outboardLength(0)).toBe(0);
    expect(outboardLength(GROUP_BYTES)).toBe(0);
    expect(outboardLength(1024 ** 3) / 1024 ** 3).toBeCloseTo(0.0039, 4);
  });

  test.each([
    [0, 0, { first: 0, count: 1 }],
    [0, 1, { first: 0, count: 1 }],
    [GROUP_BYTES - 1, GROUP_BYTES, { first: 0, count: 1 }],
    [GROUP_BYTES - 1, GROUP_BYTES + 1, { first: 0, count: 2 }],
    [GROUP_BYTES, GROUP_BYTES, { first: 1, count: 1 }],
    [0, 50_000, { first: 0, count: 4 }],
    [50_000, 50_000, { first: 3, count: 1 }],
  ])("covers bytes %i to %i of 50,000 with groups", (start, end, range) => {
    expect(groupsOfBytes(50_000, start, end)).toEqual(range);
  });

  test("covers the end of an object of whole groups", () => {
    const size = 2 * GROUP_BYTES;
    expect(groupsOfBytes(size, size, size)).toEqual({ first: 1, count: 1 });
  });

  test.each([
    [100, -1, 5],
    [100, 6, 5],
    [100, 0, 101],
    [100, 0.5, 1],
    [Number.NaN, 0, 0],
    [-1, 0, 0],
  ])("refuses bytes of %d from %d to %d", (size, start, end) => {
    expect(() => groupsOfBytes(size, start, end)).toThrow(expect.objectContaining({ code: "BAD_RANGE" }));
  });
});

/** The tree written down a second time, top down and naively, over the portable implementation. */
function expectedOutboard(bytes: Uint8Array, firstGroup = 0, root = true): { value: Uint8Array; nodes: Uint8Array[] } {
  if (bytes.length <= GROUP_BYTES) return { value: portableEngine.subtree(bytes, firstGroup * 16, root), nodes: [] };
  const groups = Math.ceil(bytes.length / GROUP_BYTES);
  const split = 2 ** Math.ceil(Math.log2(groups) - 1);
  const left = expectedOutboard(bytes.subarray(0, split * GROUP_BYTES), firstGroup, false);
  const right = expectedOutboard(bytes.subarray(split * GROUP_BYTES), firstGroup + split, false);
  const node = new Uint8Array([...left.value, ...right.value]);
  return { value: portableEngine.parent(node, root), nodes: [node, ...left.nodes, ...right.nodes] };
}

const SIZES = [0, 1, 16_383, 16_384, 16_385, 32_768, 32_769, 49_152, 65_536, 81_920, 131_073, 500_000];

describe("computing an outboard", () => {
  test.each(SIZES)("of %i bytes gives the root hash and the nodes in pre-order", (size) => {
    const bytes = seededBytes(size, size + 1);
    const outboard = outboardOf(bytes);
    const expected = expectedOutboard(bytes);
    expect(outboard.size).toBe(size);
    expect(hex(outboard.root)).toBe(hex(oracle(bytes)));
    expect(hex(outboard.nodes)).toBe(expected.nodes.map(hex).join(""));
    expect(outboard.nodes).toHaveLength(outboardLength(size));
  });

  test("gives the same however the input is cut", () => {
    const bytes = seededBytes(400_000, 21);
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(500), fc.nat(100_000)), { maxLength: 10 }), (pieces) => {
        const builder = new OutboardBuilder();
        let at = 0;
        for (const length of pieces) {
          builder.update(bytes.subarray(at, at + length));
          at = Math.min(at + length, bytes.length);
        }
        expect(builder.finish()).toEqual(outboardOf(bytes.subarray(0, at)));
      }),
      { seed: 4, numRuns: 100 },
    );
  });

  test("finishing in between disturbs nothing", () => {
    const bytes = seededBytes(120_000, 22);
    const builder = new OutboardBuilder();
    for (let at = 0; at < bytes.length; at += 30_000) {
      expect(builder.finish()).toEqual(outboardOf(bytes.subarray(0, at)));
      builder.update(bytes.subarray(at, at + 30_000));
    }
    expect(builder.finish()).toEqual(outboardOf(bytes));
  });

  test("of a file reads it in slices and tells how far it is", async () => {
    const bytes = seededBytes(9 * 1024 * 1024 + 17, 23);
    const progress: number[] = [];
    const outboard = await outboardOfBlob(new Blob([bytes.slice()]), { onProgress: (done) => progress.push(done) });
    expect(outboard).toEqual(outboardOf(bytes));
    expect(progress).toEqual([4 * 1024 * 1024, 8 * 1024 * 1024, bytes.length]);
  });

  test("of an empty file is that of no bytes", async () => {
    expect(await outboardOfBlob(new Blob([]))).toEqual(outboardOf(new Uint8Array(0)));
  });

  test("of a file ends with the signal's reason", async () => {
    const abort = new AbortController();
    const reason = new Error("no longer wanted");
    const blob = new Blob([seededBytes(9 * 1024 * 1024, 24).slice()]);
    const result = outboardOfBlob(blob, { signal: abort.signal, onProgress: () => abort.abort(reason) });
    await expect(result).rejects.toBe(reason);
  });
});

describe("the proof of a range", () => {
  const outboard = outboardOf(seededBytes(11 * GROUP_BYTES + 1, 25));

  test("of everything is the outboard", () => {
    expect(proofOf(outboard, { first: 0, count: 12 })).toEqual(outboard.nodes);
  });

  test("of one group is the path to it from the root", () => {
    // Twelve groups: 8 + 4; a group under the left child has four nodes above it, one under the right three.
    expect(proofOf(outboard, { first: 0, count: 1 })).toEqual(outboard.nodes.subarray(0, 4 * 64));
    expect(proofOf(outboard, { first: 7, count: 1 })).toHaveLength(4 * 64);
    expect(proofOf(outboard, { first: 11, count: 1 })).toHaveLength(3 * 64);
  });

  test("of a single-group object is empty", () => {
    expect(proofOf(outboardOf(seededBytes(100, 26)), { first: 0, count: 1 })).toHaveLength(0);
  });

  test.each([
    { first: -1, count: 1 },
    { first: 0, count: 0 },
    { first: 0, count: 13 },
    { first: 12, count: 1 },
    { first: 0.5, count: 1 },
    { first: 0, count: Number.POSITIVE_INFINITY },
  ])("refuses $first + $count", (range) => {
    expect(() => proofOf(outboard, range)).toThrow(expect.objectContaining({ code: "BAD_RANGE" }));
  });

  test("refuses an outboard that does not fit its size", () => {
    const cut = { size: outboard.size, nodes: outboard.nodes.subarray(64) };
    expect(() => proofOf(cut, { first: 0, count: 1 })).toThrow(expect.objectContaining({ code: "BAD_LENGTH" }));
  });
});
