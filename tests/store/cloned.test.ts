import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cloned } from "../../src/store/memory/cloned.ts";

const stored = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(undefined, null, true, false, Number.NaN, Infinity),
    fc.integer(),
    fc.string(),
    fc.bigInt(),
    fc.uint8Array({ maxLength: 8 }),
    fc.date(),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie("value"), { maxKeys: 4 }),
    fc.array(fc.tuple(fc.string(), tie("value")), { maxLength: 3 }).map((entries) => new Map(entries)),
    fc.array(fc.string(), { maxLength: 3 }).map((items) => new Set(items)),
  ),
})).value;

describe("a copy of what is stored", () => {
  it("is what structuredClone makes of it", () => {
    fc.assert(
      fc.property(stored, (value) => {
        expect(cloned(value)).toStrictEqual(structuredClone(value));
      }),
      { seed: 11, numRuns: 1_000 },
    );
  });

  it("shares nothing that could change", () => {
    const bytes = Uint8Array.of(1, 2, 3, 4);
    const value = { list: [{ count: 1 }], bytes: bytes.subarray(1, 3), map: new Map([["a", { count: 1 }]]) };
    const copy = cloned(value);
    value.list[0] = { count: 2 };
    value.bytes[0] = 9;
    value.map.get("a")!.count = 2;
    expect(copy).toEqual({ list: [{ count: 1 }], bytes: Uint8Array.of(2, 3), map: new Map([["a", { count: 1 }]]) });
    expect(copy.bytes.buffer.byteLength).toBe(2);
  });

  it("shares what is frozen through and through, and nothing that is so on the outside alone", () => {
    const fixed = Object.freeze({ at: 1, fields: Object.freeze({ code: "A" }) });
    expect(cloned([fixed])[0]).toBe(fixed);
    const inner = { code: "A" };
    const loose = Object.freeze({ fields: inner });
    const copy = cloned(loose);
    inner.code = "B";
    expect(copy).toEqual({ fields: { code: "A" } });
  });

  it("goes in circles, and deep, where structuredClone does", () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    let round: { self?: unknown } = cloned(circle);
    for (let turn = 0; turn < 50; turn++) round = round.self as typeof round;
    expect(round).not.toBe(circle);
    expect(Object.keys(round)).toEqual(["self"]);
    let deep: unknown = "bottom";
    for (let level = 0; level < 1_000; level++) deep = [deep];
    expect(cloned(deep)).toEqual(structuredClone(deep));
  });

  it.each([
    ["a function", () => 1],
    ["a symbol", Symbol("none")],
    ["a function inside", { run: () => 1 }],
    ["a function in what is frozen", Object.freeze({ run: () => 1 })],
    ["a promise", [Promise.resolve()]],
  ])("refuses %s, as a database does", (_name, value) => {
    expect(() => cloned(value)).toThrow(expect.objectContaining({ name: "DataCloneError" }) as Error);
  });
});
