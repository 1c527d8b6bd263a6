/** In Persian axe finds nothing to complain about on any page, on a small screen, which every page fits. */
import { expect } from "./fixtures.ts";
import { complaintsOf, NARROW } from "./looks.ts";
import { ALL_PAGES, follow, test } from "./pages.ts";

test("axe finds no violation on any page, and none is wider than a screen of 320 px, in Persian", async ({ site }) => {
  test.setTimeout(ALL_PAGES);
  expect(await complaintsOf(site, { language: "fa", theme: "dark", reach: follow, screen: NARROW })).toEqual([]);
});
