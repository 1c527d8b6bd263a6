import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import {
  decodeSlice,
  encodeSlice,
  GROUP_BYTES,
  groupCount,
  initHash,
  NODE_BYTES,
  outboardOf,
} from "../../src/hash/index.ts";
import type { GroupRange, HashErrorCode, Outboard, VerifiedGroup } from "../../src/hash/index.ts";
import { flipBit, seededBytes } from "./material.ts";

beforeAll(initHash);

const failsWith = (code: HashErrorCode) => expect.objectContaining({ name: "HashError", code });

const bytes = seededBytes(6 * GROUP_BYTES + 5000, 41);
const object = outboardOf(bytes);

function join(pieces: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(pieces));
}

async function encode(outboard: Outboard, content: Uint8Array, range?: GroupRange): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  const options = range ? { range } : {};
  for await (const piece of encodeSlice(outboard, (start, end) => content.subarray(start, end), options)) {
    pieces.push(piece);
  }
  return join(pieces);
}

/** Everything that came out, and the error that ended it. */
async function decode(
  source: Iterable<Uint8Array>,
  range?: GroupRange,
): Promise<{ groups: VerifiedGroup[]; error: unknown }> {
  const groups: VerifiedGroup[] = [];
  try {
    for await (const group of decodeSlice(source, object, range ? { range } : {})) groups.push(group);
  } catch (error) {
    return { groups, error };
  }
  return { groups, error: null };
}

function cut(slice: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const length of lengths) {
    pieces.push(slice.subarray(at, at + length));
    at += length;
  }
  return [...pieces, slice.subarray(at)];
}

const rangeOfObject = fc
  .nat(groupCount(bytes.length) - 1)
  .chain((first) =>
    fc.record({ first: fc.constant(first), count: fc.integer({ min: 1, max: groupCount(bytes.length) - first }) }),
  );

describe("a slice", () => {
  test("of everything interleaves the outboard with the bytes", async () => {
    const slice = await encode(object, bytes);
    expect(slice).toHaveLength(bytes.length + object.nodes.length);
    expect(slice.subarray(0, NODE_BYTES)).toEqual(object.nodes.subarray(0, NODE_BYTES));
    const { groups, error } = await decode([slice]);
    expect(error).toBeNull();
    expect(groups.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(join(groups.map((group) => group.bytes))).toEqual(bytes);
  });

  test("of any range arrives however the stream is cut", async () => {
    const lengths = fc.array(fc.oneof(fc.nat(100), fc.nat(40_000)), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(rangeOfObject, lengths, async (range, pieces) => {
        const slice = await encode(object, bytes, range);
        const { groups, error } = await decode(cut(slice, pieces), range);
        expect(error).toBeNull();
        const start = range.first * GROUP_BYTES;
        const expected = bytes.subarray(start, start + range.count * GROUP_BYTES);
        expect(Buffer.compare(join(groups.map((group) => group.bytes)), expected)).toBe(0);
      }),
      { seed: 6, numRuns: 60 },
    );
  });

  test("with any bit flipped ends in an error, and nothing false came out before", async () => {
    await fc.assert(
      fc.asyncProperty(rangeOfObject, fc.nat(), async (range, position) => {
        const slice = await encode(object, bytes, range);
        const { groups, error } = await decode([flipBit(slice, position % (slice.length * 8))], range);
        expect(error).toMatchObject({ code: expect.stringMatching(/^(NODE|GROUP)_MISMATCH$/) });
        for (const group of groups) {
          const start = group.index * GROUP_BYTES;
          expect(Buffer.compare(group.bytes, bytes.subarray(start, start + group.bytes.length))).toBe(0);
        }
      }),
      { seed: 7, numRuns: 100 },
    );
  });

  test.each([0, 1, NODE_BYTES, 3 * NODE_BYTES + 1, 40_000])(
    "cut off after %i bytes ends in an error",
    async (length) => {
      const slice = await encode(object, bytes);
      const { error } = await decode([slice.subarray(0, length)]);
      expect(error).toEqual(failsWith("BAD_LENGTH"));
    },
  );

  test("cut off in its last byte gives all other groups", async () => {
    const slice = await encode(object, bytes);
    const { groups, error } = await decode([slice.subarray(0, -1)]);
    expect(groups).toHaveLength(6);
    expect(error).toEqual(failsWith("BAD_LENGTH"));
  });

  test("with something behind its end is an error", async () => {
    const slice = await encode(object, bytes);
    const { error } = await decode([join([slice, new Uint8Array(1)])]);
    expect(error).toEqual(failsWith("BAD_LENGTH"));
  });

  test.each([0, 1, GROUP_BYTES])("of an object of %i bytes is the object", async (size) => {
    const content = bytes.subarray(0, size);
    const outboard = outboardOf(content);
    const slice = await encode(outboard, content);
    expect(slice).toEqual(content);
    const out: Uint8Array[] = [];
    for await (const group of decodeSlice([slice], outboard)) out.push(group.bytes);
    expect(out).toHaveLength(1);
    expect(join(out)).toEqual(content);
  });

  test("of an object that claims to be empty must hash like one", async () => {
    const groups = decodeSlice([], { root: object.root, size: 0 });
    await expect(groups.next()).rejects.toEqual(failsWith("GROUP_MISMATCH"));
  });
});

describe("the stream around a slice", () => {
  test("is closed when the range is complete, and when the reader leaves early", async () => {
    const slice = await encode(object, bytes);
    let closed = 0;
    const source = async function* () {
      try {
        yield slice;
        throw new Error("read beyond the end");
      } finally {
        closed++;
      }
    };
    for await (const group of decodeSlice(source(), object)) expect(group.index).toBeLessThan(7);
    expect(closed).toBe(1);
    const first = decodeSlice(source(), object);
    await first.next();
    await first.return();
    expect(closed).toBe(2);
  });

  test("passes its own error on", async () => {
    const broken = new Error("reset");
    const source = async function* () {
      yield (await encode(object, bytes)).subarray(0, 20_000);
      throw broken;
    };
    const run = async () => {
      for await (const group of decodeSlice(source(), object)) expect(group.index).toBe(0);
    };
    await expect(run()).rejects.toBe(broken);
  });

  test("ends with the signal's reason on both sides", async () => {
    const reason = new Error("no longer wanted");
    const abort = new AbortController();
    const { signal } = abort;
    const encoded = encodeSlice(object, (start, end) => bytes.subarray(start, end), { signal });
    await encoded.next();
    const slice = await encode(object, bytes);
    const decoded = decodeSlice(
      cut(
        slice,
        Array.from({ length: 50 }, () => 1000),
      ),
      object,
      { signal },
    );
    await decoded.next();
    abort.abort(reason);
    await expect(encoded.next()).rejects.toBe(reason);
    await expect(decoded.next()).rejects.toBe(reason);
  });
});

describe("a provider", () => {
  test("with broken storage fails itself and sends nothing false", async () => {
    const rotten = flipBit(bytes, 2 * GROUP_BYTES * 8 + 5);
    await expect(encode(object, rotten)).rejects.toEqual(failsWith("GROUP_MISMATCH"));
    const rottenNodes = { ...object, nodes: flipBit(object.nodes, 600) };
    await expect(encode(rottenNodes, bytes)).rejects.toEqual(failsWith("NODE_MISMATCH"));
    await expect(encode(object, bytes.subarray(0, -1))).rejects.toEqual(failsWith("BAD_LENGTH"));
  });
});
