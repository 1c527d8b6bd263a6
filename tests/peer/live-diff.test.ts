import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffRows, LiveError, sameData } from "../../src/peer/live/index.ts";
import { applyOps } from "../../src/rpc/apply.ts";

interface Row {
  readonly id: string;
  readonly text: number;
}

const keyOf = (row: Row): string => row.id;
const RUNS = { seed: 20_261_121, numRuns: 2_000 };

const list = fc.uniqueArray(
  fc.record({ id: fc.integer({ min: 0, max: 40 }).map(String), text: fc.integer({ min: 0, max: 2 }) }),
  {
    selector: keyOf,
    maxLength: 30,
  },
);

type Edit =
  | { readonly kind: "insert"; readonly at: number; readonly text: number }
  | { readonly kind: "remove"; readonly at: number }
  | { readonly kind: "change"; readonly at: number }
  | { readonly kind: "move"; readonly at: number; readonly to: number };

const place = fc.nat({ max: 1_000 });
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ kind: fc.constant("insert" as const), at: place, text: fc.nat({ max: 2 }) }),
  fc.record({ kind: fc.constant("remove" as const), at: place }),
  fc.record({ kind: fc.constant("change" as const), at: place }),
  fc.record({ kind: fc.constant("move" as const), at: place, to: place }),
);

function edited(rows: readonly Row[], edits: readonly Edit[]): Row[] {
  const next = [...rows];
  edits.forEach((change, index) => {
    if (change.kind === "insert") {
      next.splice(change.at % (next.length + 1), 0, { id: `new${index}`, text: change.text });
      return;
    }
    if (next.length === 0) return;
    const at = change.at % next.length;
    const row = next[at]!;
    if (change.kind === "change") next[at] = { ...row, text: row.text + 1 };
    else next.splice(at, 1);
    if (change.kind === "move") next.splice(change.to % (next.length + 1), 0, row);
  });
  return next;
}

describe("the difference of two lists", () => {
  it("leads from the one to the other", () => {
    fc.assert(
      fc.property(list, list, (previous, next) => {
        const before = structuredClone(previous);
        expect(applyOps(previous, diffRows(previous, next, keyOf, sameData))).toEqual(next);
        expect(previous).toEqual(before);
      }),
      RUNS,
    );
  });

  it("has at most two operations for each row that was touched", () => {
    fc.assert(
      fc.property(list, fc.array(edit, { maxLength: 8 }), (previous, edits) => {
        const next = edited(previous, edits);
        const ops = diffRows(previous, next, keyOf, sameData);
        expect(applyOps(previous, ops)).toEqual(next);
        expect(ops.length).toBeLessThanOrEqual(2 * edits.length);
      }),
      RUNS,
    );
  });

  it("carries only rows that are new, changed or moved", () => {
    fc.assert(
      fc.property(list, fc.array(edit, { maxLength: 8 }), (previous, edits) => {
        const ops = diffRows(previous, edited(previous, edits), keyOf, sameData);
        const carried = ops.reduce(
          (sum, op) => sum + (op.op === "insert" ? op.rows.length : op.op === "replace" ? 1 : 0),
          0,
        );
        // A change of a row that is moved as well is one carried row, so the number of edits bounds them.
        expect(carried).toBeLessThanOrEqual(edits.filter((change) => change.kind !== "remove").length);
      }),
      RUNS,
    );
  });

  it("keeps the very objects of the rows that stayed", () => {
    const previous = ["a", "b", "c", "d"].map((id): Row => ({ id, text: 0 }));
    const next: Row[] = [
      { id: "n", text: 0 },
      { id: "a", text: 0 },
      { id: "c", text: 1 },
      { id: "d", text: 0 },
    ];
    const ops = diffRows(previous, next, keyOf, sameData);
    expect(ops).toEqual([
      { op: "insert", at: 0, rows: [next[0]] },
      { op: "remove", at: 2, count: 1 },
      { op: "replace", at: 2, row: next[2] },
    ]);
    const applied = applyOps(previous, ops);
    expect(applied[1]).toBe(previous[0]);
    expect(applied[3]).toBe(previous[3]);
    expect(applyOps(previous, [])).toBe(previous);
  });

  it("joins neighbours into one operation", () => {
    const row = (id: number): Row => ({ id: String(id), text: 0 });
    const previous = Array.from({ length: 100 }, (_, index) => row(index));
    const arrived = Array.from({ length: 50 }, (_, index) => row(1_000 + index));
    expect(diffRows(previous, [...arrived, ...previous], keyOf, sameData)).toEqual([
      { op: "insert", at: 0, rows: arrived },
    ]);
    expect(diffRows(previous, previous.slice(30, 60), keyOf, sameData)).toEqual([
      { op: "remove", at: 0, count: 30 },
      { op: "remove", at: 30, count: 40 },
    ]);
    expect(diffRows(previous, [], keyOf, sameData)).toEqual([{ op: "remove", at: 0, count: 100 }]);
  });

  it("refuses two rows with one key", () => {
    const one: Row = { id: "a", text: 0 };
    expect(() => diffRows([], [one, { ...one, text: 1 }], keyOf, sameData)).toThrow(LiveError);
    expect(() => diffRows([one, one], [], keyOf, sameData)).toThrow(LiveError);
  });
});

describe("applying a difference", () => {
  it("refuses changes of another list", () => {
    expect(() => applyOps([1, 2], [{ op: "remove", at: 1, count: 2 }])).toThrow(RangeError);
    expect(() => applyOps([1, 2], [{ op: "replace", at: 2, row: 3 }])).toThrow(RangeError);
    expect(() => applyOps([1, 2], [{ op: "insert", at: 3, rows: [3] }])).toThrow(RangeError);
  });
});

describe("sameness of plain data", () => {
  it("is that of its parts", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(sameData(value, structuredClone(value))).toBe(true);
        expect(sameData({ value }, { value: [value] })).toBe(false);
      }),
      RUNS,
    );
  });

  it.each([
    [{ a: undefined }, {}],
    [{ a: undefined }, { b: undefined }],
    [[], {}],
    [null, {}],
    [[1, 2], [1]],
    [{ a: { b: 1 } }, { a: { b: 2 } }],
  ])("tells %j from %j", (a, b) => {
    expect(sameData(a, b)).toBe(false);
    expect(sameData(b, a)).toBe(false);
  });
});
