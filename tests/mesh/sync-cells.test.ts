import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CellReader, Cells, cellsFor, CellWriter } from "../../src/mesh/protocols/sync/cells.ts";
import { CELL_BYTES } from "../../src/mesh/protocols/sync/constants.ts";
import { IdList, ShortIds } from "../../src/mesh/protocols/sync/ids.ts";
import { SeededRandom } from "../sim/random.ts";

function idsOf(numbers: readonly number[], random = 0): IdList {
  const ids = new ShortIds(new Uint8Array(8).fill(random));
  return ids.list(
    numbers.map((number) => {
      const hash = new Uint8Array(32);
      new DataView(hash.buffer).setUint32(0, number);
      return hash;
    }),
  ).ids;
}

const names = (ids: IdList): string[] => Array.from({ length: ids.length }, (_, at) => ids.name(at)).toSorted();

/** Reads cells until the difference is known; the number of cells it took. */
function reconcile(own: IdList, theirs: IdList, step = 8): { missing: string[]; extra: string[]; cells: number } {
  const writer = new CellWriter(theirs);
  const reader = new CellReader(own);
  for (;;) {
    reader.take(Cells.read(writer.write(step).bytes()));
    const difference = reader.read();
    if (difference === null) continue;
    return { missing: names(difference.missing), extra: names(difference.extra), cells: reader.length };
  }
}

describe("cells", () => {
  it("tell any two sets apart", () => {
    const numbers = fc.uniqueArray(fc.nat(500), { maxLength: 200 });
    fc.assert(
      fc.property(numbers, numbers, fc.integer({ min: 1, max: 40 }), fc.nat(255), (own, theirs, step, salt) => {
        const found = reconcile(idsOf(own, salt), idsOf(theirs, salt), step);
        const lacking = theirs.filter((number) => !own.includes(number));
        const surplus = own.filter((number) => !theirs.includes(number));
        expect(found.missing).toEqual(names(idsOf(lacking, salt)));
        expect(found.extra).toEqual(names(idsOf(surplus, salt)));
      }),
      { seed: 20, numRuns: 300 },
    );
  });

  it("take some 1.5 for each difference, however large the sets are", () => {
    const all = Array.from({ length: 20_000 }, (_, number) => number);
    const found = reconcile(idsOf(all.filter((number) => number % 20 !== 0)), idsOf(all), 50);
    expect(found.missing.length).toBe(1_000);
    expect(found.cells).toBeLessThan(1_500);
  });

  it("are mostly enough as many as were reckoned", () => {
    let enough = 0;
    const runs = 100;
    for (let run = 0; run < runs; run++) {
      const differences = 1 + run * 3;
      const numbers = Array.from({ length: differences }, (_, number) => number);
      const reader = new CellReader(idsOf([], run));
      reader.take(new CellWriter(idsOf(numbers, run)).write(cellsFor(differences)));
      if (reader.read() !== null) enough++;
    }
    expect(enough).toBeGreaterThan(runs * 0.7);
  });

  it("are the same in every run of them", () => {
    const ids = idsOf([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const whole = new CellWriter(ids).write(60).bytes();
    const writer = new CellWriter(ids);
    const parts = [1, 9, 50].map((count) => writer.write(count));
    expect(Cells.joined(parts).bytes()).toEqual(whole);
  });

  it("that hold anything at all are read in bounded time, and give nothing that was not there", () => {
    const random = new SeededRandom(3);
    const own = idsOf(Array.from({ length: 500 }, (_, number) => number));
    for (let run = 0; run < 200; run++) {
      const reader = new CellReader(own);
      const cells = 1 + random.below(2_000);
      // Half of them honest cells with damage, half noise.
      const honest = new CellWriter(idsOf([...Array(500).keys()].map((number) => number * 3))).write(cells).bytes();
      const bytes = run % 2 === 0 ? random.bytes(cells * CELL_BYTES) : honest;
      for (let flips = random.below(5); flips >= 0; flips--)
        bytes[random.below(bytes.length)]! ^= 1 + random.below(255);
      reader.take(Cells.read(bytes));
      expect(reader.read()).toBeNull();
    }
  });

  it("in which one id goes round in circles end", () => {
    // Two cells that each look like the only one of an id which the other one brings back.
    const ids = idsOf([1]);
    const cells = new CellWriter(ids).write(40);
    const twice = new Cells(40);
    for (let at = 0; at < 40; at++) if (at % 2 === 0) twice.add(at, cells.high[0]!, cells.low[0]!, cells.check[0]!);
    const reader = new CellReader(idsOf([]));
    reader.take(twice);
    expect(reader.read()).toBeNull();
  });
});

describe("ids", () => {
  it("are read as they were written", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(10_000), { maxLength: 100 }), (numbers) => {
        const ids = idsOf(numbers);
        const read = IdList.read(ids.bytes());
        expect(read).toEqual(ids);
      }),
      { seed: 21 },
    );
  });

  it("out of order or twice are refused", () => {
    const bytes = idsOf([1, 2, 3]).bytes();
    const turned = Uint8Array.from([...bytes.subarray(8, 16), ...bytes.subarray(0, 8)]);
    expect(IdList.read(turned)).toBeNull();
    expect(IdList.read(Uint8Array.from([...bytes.subarray(0, 8), ...bytes.subarray(0, 8)]))).toBeNull();
  });

  it("of another salt are others", () => {
    expect(names(idsOf([1, 2, 3], 1))).not.toEqual(names(idsOf([1, 2, 3], 2)));
  });
});
