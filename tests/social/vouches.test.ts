/** Who belongs to people turned away by whom they vouch for, and who does not, whatever others do. */
import { describe, expect, it } from "vitest";
import { Vouches } from "../../src/social/index.ts";
import { toHex, type NodeKey } from "../../src/wire/index.ts";

const key = (number: number): NodeKey => {
  const bytes = new Uint8Array(32);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
};
const id = (number: number): string => toHex(key(number));
const keys = (...numbers: readonly number[]): NodeKey[] => numbers.map(key);
const NOBODY = (): boolean => false;

/** Each row: who has vouched, and for whom. */
function vouches(...rows: readonly (readonly [voucher: number, others: readonly number[]])[]): Vouches {
  const made = new Vouches();
  for (const [voucher, others] of rows) made.note(key(voucher), keys(...others), true);
  return made;
}

function implicated(made: Vouches, suspects: readonly number[], spared: readonly number[] = []): number[] {
  const sparedIds = new Set(spared.map(id));
  const found = made.implicated(new Set(suspects.map(id)), (one) => sparedIds.has(one));
  return [...found.keys()].map((hex) => Number.parseInt(hex.slice(0, 8), 16)).toSorted((a, b) => a - b);
}

describe("who vouches for suspects", () => {
  it("belongs to them from the second one on, if it vouches for hardly anybody else", () => {
    const made = vouches([10, [1]], [11, [1, 2]], [12, [1, 2, 3, 4]], [13, [1, 2, 3, 4, 5]]);
    expect(implicated(made, [1, 2])).toEqual([11, 12]);
    expect(made.implicated(new Set([id(1), id(2)]), NOBODY).get(id(11))).toEqual([id(1), id(2)]);
  });

  it("is not cleared by vouching for keys of which nothing was believed", () => {
    const made = vouches([10, [1, 2]]);
    made.note(key(10), keys(3, 4, 5), false);
    expect(implicated(made, [1, 2])).toEqual([10]);
    made.note(key(10), keys(3, 4, 5), true);
    expect(implicated(made, [1, 2])).toEqual([]);
    // What was believed once is not taken back by what is refused later.
    expect(made.note(key(10), keys(3), false)).toBe(false);
  });

  it("and so do those who vouch for them, three steps far", () => {
    const rows = [1, 2, 3, 4].flatMap((step): [number, number[]][] => {
      const below = [10 * (step - 1), 10 * (step - 1) + 1];
      return [
        [10 * step, below],
        [10 * step + 1, below],
      ];
    });
    expect(implicated(vouches(...rows), [0, 1])).toEqual([10, 11, 20, 21, 30, 31]);
  });

  it("is cleared with those it vouched for", () => {
    const made = vouches([10, [1, 2]], [20, [10, 1]]);
    expect(implicated(made, [1, 2])).toEqual([10, 20]);
    expect(implicated(made, [1])).toEqual([]);
    expect(implicated(made, [])).toEqual([]);
  });

  it("is not looked at while it is known well, and nobody is suspected for going by its word", () => {
    const made = vouches([10, [1, 2]], [20, [10, 1]]);
    expect(implicated(made, [1, 2], [10])).toEqual([]);
    expect(implicated(made, [1, 2], [2])).toEqual([]);
  });
});

describe("honest people", () => {
  /** Twenty of a town, each of whom has boosted the next three. */
  const town = Array.from({ length: 20 }, (_, at): [number, number[]] => [
    100 + at,
    [1, 2, 3].map((step) => 100 + ((at + step) % 20)),
  ]);

  it("cannot be framed by those who vouch for them", () => {
    const attackers = Array.from({ length: 50 }, (_, at): [number, number[]] => [
      500 + at,
      [500 + ((at + 1) % 50), 500 + ((at + 2) % 50), ...town.slice(0, 2).map(([one]) => one)],
    ]);
    const found = implicated(vouches(...town, ...attackers), [500, 501, 502, 503]);
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter((one) => one < 500)).toEqual([]);
  });

  it("are not all doubted because one of them was taken in", () => {
    const taken = town.map(([one, others]): [number, number[]] => [one, one === 105 ? [...others, 500] : others]);
    // 105 is doubted for it itself, because of 500; those who have boosted 105 are not.
    expect(implicated(vouches(...taken), [500, 105])).toEqual([]);
  });
});

describe("the record", () => {
  it("knows nobody twice, nobody for themselves, and forgets", () => {
    const made = new Vouches();
    expect(made.note(key(10), keys(1, 1, 10), true)).toBe(true);
    expect(made.note(key(10), keys(1, 10), false)).toBe(false);
    expect(made.note(key(10), keys(2), true)).toBe(true);
    expect(implicated(made, [1, 2])).toEqual([10]);
    expect([made.forget(key(10)), made.forget(key(10))]).toEqual([true, false]);
    expect(implicated(made, [1, 2])).toEqual([]);
  });

  it("is bounded: who was heard longest ago goes first, and of one voucher the latest are kept", () => {
    const made = new Vouches();
    for (let at = 0; at < 1_030; at++) made.note(key(1_000 + at), keys(1, 2), true);
    expect(implicated(made, [1, 2])).toEqual(Array.from({ length: 1_024 }, (_, at) => 1_006 + at));
    for (let at = 0; at < 20; at++) made.note(key(5_000), keys(at), true);
    expect(made.implicated(new Set([0, 1, 2, 3].map(id)), NOBODY).has(id(5_000))).toBe(false);
    expect(made.packed().length).toBeLessThan(580_000);
  });

  it("comes back as it was kept, up to where it is damaged", () => {
    const made = vouches([10, [1, 2]], [11, [2, 1, 3]]);
    const packed = made.packed();
    expect(new Vouches(packed).packed()).toEqual(packed);
    expect(implicated(new Vouches(packed.subarray(0, packed.length - 1)), [1, 2])).toEqual([10]);
    expect(new Vouches(new Uint8Array([0, 1, 2])).packed().length).toBe(0);
    expect(new Vouches(new Uint8Array(4_000).fill(255)).packed().length).toBe(0);
  });
});
