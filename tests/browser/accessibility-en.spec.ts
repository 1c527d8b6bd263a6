/** axe finds nothing to complain about in English, on any page, in either theme. */
import { violationsOf } from "./axe.ts";
import { expect } from "./fixtures.ts";
import { ALL_PAGES, test } from "./pages.ts";

test("axe finds no violation on any page, light and dark, in English", async ({ site }) => {
  test.setTimeout(ALL_PAGES);
  expect(await violationsOf(site, { language: "en", themes: ["light", "dark"] })).toEqual([]);
});
