/** Names in a link that look like those of people one knows. */
import { expect, it } from "vitest";
import { lookAlikes } from "../../src/app/text/alike.ts";

const ADA = { id: "mehr1ada", name: "Ada Lane" };
const OTHER_ADA = { id: "mehr1other", name: "ada lane" };
const SILENT = { id: "mehr1silent", name: null };

it("finds who is known by a name that looks the same, and nobody for people who are known themselves", () => {
  const alikeOf = lookAlikes([SILENT, ADA, OTHER_ADA]);
  // With a Cyrillic a.
  expect(alikeOf({ id: "mehr1fake", name: "Аda Lane" })).toEqual(ADA);
  expect(alikeOf(OTHER_ADA)).toBeNull();
  expect(alikeOf({ id: "mehr1ben", name: "Ben" })).toBeNull();
  expect(alikeOf({ id: "mehr1ben", name: null })).toBeNull();
  expect(lookAlikes([SILENT])({ id: "mehr1fake", name: "Ada Lane" })).toBeNull();
});
