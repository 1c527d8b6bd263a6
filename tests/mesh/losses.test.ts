import { expect, test } from "vitest";
import { Losses } from "../../src/mesh/losses.ts";

const MINUTE = 60_000;

test.each([
  ["three of six", 3, 6, true],
  ["two of two", 2, 2, false],
  ["three of twelve", 3, 12, false],
  ["four of twelve", 4, 12, true],
  ["all", 12, 12, true],
])("%s at once", (_, lost, links, isSplit) => {
  const losses = new Losses();
  const told = Array.from({ length: lost }, (_each, at) => losses.note(1_000 + at, links - at - 1));
  // Said once.
  expect(told.filter(Boolean)).toHaveLength(isSplit ? 1 : 0);
  expect(losses.suspected(2_000)).toBe(isSplit);
});

test("counts a minute, and is over after three hours", () => {
  const losses = new Losses();
  for (const second of [0, 45, 90, 135]) expect(losses.note(second * 1_000, 4)).toBe(false);
  expect(losses.note(136_000, 9)).toBe(false);
  expect(losses.note(137_000, 5)).toBe(true);
  expect(losses.suspected(137_000 + 180 * MINUTE - 1)).toBe(true);
  expect(losses.suspected(137_000 + 180 * MINUTE)).toBe(false);
});
