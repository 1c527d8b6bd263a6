/** axe finds nothing to complain about in Persian, on any page, in either theme. */
import { violationsOf } from "./axe.ts";
import { expect } from "./fixtures.ts";
import { ALL_PAGES, test } from "./pages.ts";

test("axe finds no violation on any page, light and dark, in Persian", async ({ site }) => {
  test.setTimeout(ALL_PAGES);
  expect(await violationsOf(site, { language: "fa", themes: ["dark", "light"] })).toEqual([]);
});
