import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import {
  GROUP_BYTES,
  groupCount,
  HashError,
  initHash,
  NODE_BYTES,
  outboardOf,
  proofOf,
  RangeVerifier,
  rangeLength,
  verifyGroups,
} from "../../src/hash/index.ts";
import type { GroupRange, HashErrorCode } from "../../src/hash/index.ts";
import { flipBit, seededBytes } from "./material.ts";

beforeAll(initHash);

const failsWith = (code: HashErrorCode) => expect.objectContaining({ name: "HashError", code });

/** Eleven whole groups and a short one: complete and incomplete subtrees at several depths. */
const bytes = seededBytes(11 * GROUP_BYTES + 777, 31);
const object = outboardOf(bytes);
const groups = groupCount(bytes.length);

function bytesOf(range: GroupRange): Uint8Array {
  const start = range.first * GROUP_BYTES;
  return bytes.subarray(start, start + rangeLength(bytes.length, range));
}

describe("verifyGroups accepts", () => {
  test("every single group", () => {
    for (let first = 0; first < groups; first++) {
      const range = { first, count: 1 };
      verifyGroups(object, range, proofOf(object, range), bytesOf(range));
    }
  });

  test("every range", () => {
    for (let first = 0; first < groups; first++) {
      for (let count = 1; first + count <= groups; count++) {
        const range = { first, count };
        verifyGroups(object, range, proofOf(object, range), bytesOf(range));
      }
    }
  });

  test.each([0, 1, 1024, 1025, 16_383, 16_384, 16_385, 32_768, 32_769, 1_000_003])("an object of %i bytes", (size) => {
    const content = seededBytes(size, 32);
    const outboard = outboardOf(content);
    const range = { first: 0, count: groupCount(size) };
    verifyGroups(outboard, range, proofOf(outboard, range), content);
  });
});

describe("verifyGroups refuses a flipped bit", () => {
  const range = { first: 3, count: 6 };
  const proof = proofOf(object, range);
  const content = bytesOf(range);

  const lastGroup = { first: groups - 1, count: 1 };

  test.each([
    ["first bit of the root node", 0],
    ["left value of the root node, last bit", 32 * 8 - 1],
    ["right value of the root node", 32 * 8],
    ["an inner node", 2 * NODE_BYTES * 8 + 100],
    ["the last node", (proof.length - 1) * 8],
    ["last bit of the proof", proof.length * 8 - 1],
  ])("in the proof: %s", (_, bit) => {
    expect(() => verifyGroups(object, range, flipBit(proof, bit), content)).toThrow(failsWith("NODE_MISMATCH"));
  });

  test.each([
    ["first bit", 0],
    ["last bit of the first block", 511],
    ["first bit of the second chunk", 1024 * 8],
    ["last bit of the first group", GROUP_BYTES * 8 - 1],
    ["first bit of the second group", GROUP_BYTES * 8],
    ["middle", Math.floor(content.length / 2) * 8 + 3],
    ["last bit", content.length * 8 - 1],
  ])("in the bytes: %s", (_, bit) => {
    expect(() => verifyGroups(object, range, proof, flipBit(content, bit))).toThrow(failsWith("GROUP_MISMATCH"));
  });

  test.each([0, 6200, 777 * 8 - 1])("in the short last group: bit %i", (bit) => {
    const flipped = flipBit(bytesOf(lastGroup), bit);
    expect(() => verifyGroups(object, lastGroup, proofOf(object, lastGroup), flipped)).toThrow(
      failsWith("GROUP_MISMATCH"),
    );
  });

  test("in the root hash", () => {
    for (const bit of [0, 128, 255]) {
      const lied = { root: flipBit(object.root, bit), size: object.size };
      expect(() => verifyGroups(lied, range, proof, content)).toThrow(failsWith("NODE_MISMATCH"));
    }
    const small = outboardOf(seededBytes(99, 33));
    const lied = { root: flipBit(small.root, 9), size: 99 };
    const whole = { first: 0, count: 1 };
    expect(() => verifyGroups(lied, whole, new Uint8Array(0), seededBytes(99, 33))).toThrow(
      failsWith("GROUP_MISMATCH"),
    );
  });

  test("anywhere (property)", () => {
    fc.assert(
      fc.property(
        fc
          .nat(groups - 1)
          .chain((first) =>
            fc.record({ first: fc.constant(first), count: fc.integer({ min: 1, max: groups - first }) }),
          ),
        fc.boolean(),
        fc.nat(),
        (range, inProof, position) => {
          const proof = proofOf(object, range);
          const content = bytesOf(range);
          const flip = (target: Uint8Array) => flipBit(target, position % (target.length * 8));
          const call = () =>
            verifyGroups(object, range, inProof ? flip(proof) : proof, inProof ? content : flip(content));
          expect(call).toThrow(failsWith(inProof ? "NODE_MISMATCH" : "GROUP_MISMATCH"));
        },
      ),
      { seed: 5, numRuns: 300 },
    );
  });
});

describe("verifyGroups refuses", () => {
  const range = { first: 2, count: 3 };
  const proof = proofOf(object, range);
  const content = bytesOf(range);

  test("bytes or a proof that is cut short, or has something behind its end", () => {
    const wrong: [Uint8Array, Uint8Array][] = [
      [proof, content.subarray(0, -1)],
      [proof, content.subarray(0, GROUP_BYTES)],
      [proof, new Uint8Array(0)],
      [proof, new Uint8Array([...content, 0])],
      [proof.subarray(0, -1), content],
      [proof.subarray(0, -NODE_BYTES), content],
      [new Uint8Array(0), content],
      [new Uint8Array([...proof, ...proof.subarray(0, NODE_BYTES)]), content],
    ];
    for (const [someProof, someBytes] of wrong) {
      expect(() => verifyGroups(object, range, someProof, someBytes)).toThrow(failsWith("BAD_LENGTH"));
    }
  });

  test("the right bytes at another place", () => {
    const moved = { first: 3, count: 3 };
    expect(() => verifyGroups(object, moved, proofOf(object, moved), content)).toThrow(failsWith("GROUP_MISMATCH"));
    expect(() => verifyGroups(object, { first: 8, count: 3 }, proof, content)).toThrow(HashError);
  });

  test("a group of equal content in the place of another: the place is part of the hash", () => {
    const zeros = outboardOf(new Uint8Array(4 * GROUP_BYTES));
    const one = { first: 1, count: 1 };
    const wrongPath = proofOf(zeros, { first: 2, count: 1 });
    expect(() => verifyGroups(zeros, one, wrongPath, new Uint8Array(GROUP_BYTES))).toThrow(failsWith("NODE_MISMATCH"));
  });

  test("children that are swapped", () => {
    const swapped = proof.slice();
    swapped.copyWithin(0, 32, 64);
    swapped.set(proof.subarray(0, 32), 32);
    expect(() => verifyGroups(object, range, swapped, content)).toThrow(failsWith("NODE_MISMATCH"));
  });

  test("a node passed off as the bytes of an object of 64 bytes", () => {
    const two = outboardOf(seededBytes(2 * GROUP_BYTES, 34));
    const lied = { root: two.root, size: NODE_BYTES };
    expect(() => verifyGroups(lied, { first: 0, count: 1 }, new Uint8Array(0), two.nodes)).toThrow(
      failsWith("GROUP_MISMATCH"),
    );
  });

  test("a false size, at the latest at the last group", () => {
    const truths = [1, 1025, GROUP_BYTES, 3 * GROUP_BYTES, bytes.length];
    for (const size of truths) {
      const outboard = outboardOf(bytes.subarray(0, size));
      const lies = [size - 1, size + 1, size - GROUP_BYTES, size + GROUP_BYTES, size * 2, Math.floor(size / 2)];
      for (const lie of lies.filter((lie) => lie >= 0 && lie !== size)) {
        const verifier = new RangeVerifier({ root: outboard.root, size: lie });
        // An attacker answers every need as well as the truth allows: true nodes in order, then true bytes.
        const attack = () => {
          let nodeAt = 0;
          for (let need = verifier.need; need; need = verifier.need) {
            if (need.kind === "node") {
              verifier.node(outboard.nodes.subarray(nodeAt, nodeAt + NODE_BYTES));
              nodeAt += NODE_BYTES;
            } else {
              const padded = new Uint8Array(need.length);
              const start = need.index * GROUP_BYTES;
              padded.set(bytes.subarray(start, Math.min(start + need.length, size)));
              verifier.group(padded);
            }
          }
        };
        expect(attack, `${lie} for ${size}`).toThrow(HashError);
      }
    }
  });

  test.each([
    { first: groups, count: 1 },
    { first: 0, count: groups + 1 },
    { first: 0, count: 0 },
    { first: -1, count: 2 },
    { first: Number.NaN, count: 1 },
  ])("the range $first + $count", (wrong) => {
    expect(() => verifyGroups(object, wrong, proof, content)).toThrow(failsWith("BAD_RANGE"));
  });

  test("a root hash that is not 32 bytes, and a size that is no size", () => {
    expect(() => new RangeVerifier({ root: object.root.subarray(1), size: 5 })).toThrow(failsWith("BAD_LENGTH"));
    for (const size of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60]) {
      expect(() => new RangeVerifier({ root: object.root, size })).toThrow(failsWith("BAD_RANGE"));
    }
  });
});

describe("RangeVerifier", () => {
  const range = { first: 5, count: 2 };
  const proof = proofOf(object, range);

  /** A verifier of `range` that has all its nodes down to the first group. */
  function atFirstGroup(): { verifier: RangeVerifier; proofAt: number } {
    const verifier = new RangeVerifier(object, range);
    let proofAt = 0;
    while (verifier.need?.kind === "node") {
      verifier.node(proof.subarray(proofAt, proofAt + NODE_BYTES));
      proofAt += NODE_BYTES;
    }
    return { verifier, proofAt };
  }

  test("says what it needs, in order, and when it is done", () => {
    const { verifier, proofAt } = atFirstGroup();
    expect(verifier.need).toEqual({ kind: "group", index: 5, length: GROUP_BYTES });
    verifier.group(bytesOf({ first: 5, count: 1 }));
    expect(verifier.need).toEqual({ kind: "node" });
    verifier.node(proof.subarray(proofAt));
    expect(verifier.need).toEqual({ kind: "group", index: 6, length: GROUP_BYTES });
    verifier.group(bytesOf({ first: 6, count: 1 }));
    expect(verifier.need).toBeNull();
  });

  test("goes on with right bytes after wrong ones", () => {
    const verifier = new RangeVerifier(object, range);
    const node = proof.subarray(0, NODE_BYTES);
    expect(() => verifier.node(flipBit(node, 77))).toThrow(failsWith("NODE_MISMATCH"));
    expect(() => verifier.node(node.subarray(1))).toThrow(failsWith("BAD_LENGTH"));
    expect(() => verifier.group(bytesOf(range))).toThrow(failsWith("OUT_OF_ORDER"));
    verifier.node(node);

    const { verifier: second } = atFirstGroup();
    const group = bytesOf({ first: 5, count: 1 });
    expect(() => second.group(flipBit(group, 77))).toThrow(failsWith("GROUP_MISMATCH"));
    expect(() => second.group(group.subarray(1))).toThrow(failsWith("BAD_LENGTH"));
    expect(() => second.node(node)).toThrow(failsWith("OUT_OF_ORDER"));
    second.group(group);
    expect(second.need).toEqual({ kind: "node" });
  });

  test("takes nothing after the end", () => {
    const content = seededBytes(10, 35);
    const verifier = new RangeVerifier(outboardOf(content));
    verifier.group(content);
    expect(() => verifier.group(content)).toThrow(failsWith("OUT_OF_ORDER"));
    expect(() => verifier.node(proof.subarray(0, NODE_BYTES))).toThrow(failsWith("OUT_OF_ORDER"));
  });

  test("does not depend on the caller keeping a node or the root hash", () => {
    const root = object.root.slice();
    const verifier = new RangeVerifier({ root, size: object.size }, range);
    root.fill(0);
    const node = new Uint8Array(NODE_BYTES);
    let proofAt = 0;
    for (let need = verifier.need; need; need = verifier.need) {
      if (need.kind === "group") {
        verifier.group(bytesOf({ first: need.index, count: 1 }));
        continue;
      }
      node.set(proof.subarray(proofAt, proofAt + NODE_BYTES));
      proofAt += NODE_BYTES;
      verifier.node(node);
      node.fill(0);
    }
    expect(proofAt).toBe(proof.length);
  });
});
