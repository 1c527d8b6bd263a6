/** Whom a sentence about boosts names. */
import { expect, it } from "vitest";
import { trustedNames } from "../../src/app/text/trusted-names.ts";

const of = (...names: (string | null)[]) =>
  names.map((name, at) => ({ id: `mehr1${String(at).repeat(58)}`, name, alike: null }));

it("names the first three, and tells how many more there are, whether they are known here or not", () => {
  expect(trustedNames(of("Ada"), 1)).toEqual({ names: ["\u2068Ada\u2069"], more: 0 });
  const { more, names } = trustedNames(of("Ada", "Ben", "Cem", "Dora"), 20);
  expect(names).toEqual(["\u2068Ada\u2069", "\u2068Ben\u2069", "\u2068Cem\u2069"]);
  expect(more).toBe(17);
});

it("has the short address of somebody without a name", () => {
  const [name] = trustedNames(of(null), 1).names;
  expect(name).toMatch(/^\u2068mehr1.+\u2069$/u);
});
