/** In Persian axe finds nothing to complain about on any page on a small screen, and every page fits screens from 320 to 1280 px. */
import { expect } from "./fixtures.ts";
import { complaintsOf, NARROW } from "./looks.ts";
import { ALL_PAGES, follow, test } from "./pages.ts";

test("axe finds no violation on any page, and all of them fit screens from 320 to 1280 px, in Persian", async ({
  site,
}) => {
  test.setTimeout(ALL_PAGES);
  expect(await complaintsOf(site, { language: "fa", theme: "dark", reach: follow, screen: NARROW })).toEqual([]);
});
