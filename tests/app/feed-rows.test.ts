import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RowHeights } from "../../src/app/components/virtual-rows/heights.ts";
import { splitArrivals } from "../../src/app/state/rows.ts";

const keyOf = (row: string) => row;
const split = (shown: string[], latest: string[], atTop: boolean) => splitArrivals(shown, latest, keyOf, atTop);

describe("what arrives while somebody reads", () => {
  it("goes in at once at the top, and into an empty list", () => {
    expect(split(["b"], ["a", "b"], true)).toEqual({ shown: ["a", "b"], waiting: [] });
    expect(split([], ["a", "b"], false)).toEqual({ shown: ["a", "b"], waiting: [] });
  });

  it("waits above and between what is shown, and goes in below it", () => {
    expect(split(["b", "d"], ["a", "b", "c", "d", "e"], false)).toEqual({
      shown: ["b", "d", "e"],
      waiting: ["a", "c"],
    });
  });

  it("leaves out what is gone", () => {
    expect(split(["a", "b", "c"], ["a", "c"], false)).toEqual({ shown: ["a", "c"], waiting: [] });
  });

  it("never loses or doubles a row, and never reorders", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { maxLength: 30 }), fc.func(fc.boolean()), (latest, pick) => {
        const { shown, waiting } = split(latest.filter(pick), latest, false);
        expect([...shown, ...waiting].sort()).toEqual([...latest].sort());
        expect(shown).toEqual(latest.filter((row) => shown.includes(row)));
      }),
      { seed: 7 },
    );
  });
});

describe("heights of rows", () => {
  function measured(...heights: number[]): RowHeights {
    const rows = new RowHeights(heights.map((height, index) => [`r${index}`, height]));
    rows.setKeys(heights.map((_, index) => `r${index}`));
    return rows;
  }

  it("adds up to the places of rows", () => {
    const rows = measured(100, 50, 200);
    expect([0, 1, 2, 3].map((index) => rows.top(index))).toEqual([0, 100, 150, 350]);
    expect(rows.total).toBe(350);
  });

  it("finds the row at a place, the nearest outside", () => {
    const rows = measured(100, 50, 200);
    expect([-5, 0, 99, 100, 149, 150, 9_999].map((place) => rows.indexAt(place))).toEqual([0, 0, 0, 1, 1, 2, 2]);
    expect(new RowHeights().indexAt(10)).toBe(0);
  });

  it("takes the mean of the measured for the others", () => {
    const rows = measured(100, 200);
    rows.setKeys(["r0", "r1", "new"]);
    expect(rows.total).toBe(450);
  });

  it("keeps heights with their rows when others come in before", () => {
    const rows = measured(100, 50);
    rows.setKeys(["new", "r0", "r1"]);
    expect(rows.top(2) - rows.top(1)).toBe(100);
    expect(rows.indexOf("r1")).toBe(2);
    expect(rows.indexOf("gone")).toBe(-1);
  });

  it("says whether a height has changed", () => {
    const rows = measured(100);
    expect(rows.set("r0", 100)).toBe(false);
    expect(rows.set("r0", 120)).toBe(true);
    expect(rows.total).toBe(120);
    rows.clear();
    expect(rows.entries(5)).toEqual([]);
  });

  it("gives back what a reload needs", () => {
    expect(measured(100, 50, 200).entries(2)).toEqual([
      ["r0", 100],
      ["r1", 50],
    ]);
  });
});
