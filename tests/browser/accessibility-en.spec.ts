/** In English axe finds nothing to complain about on any page, in either theme, and every page fits screens from 320 to 1280 px. */
import { expect } from "./fixtures.ts";
import { complaintsOf } from "./looks.ts";
import { ALL_PAGES, open, test } from "./pages.ts";

test("axe finds no violation on any page, light and dark, and all of them fit screens from 320 to 1280 px, in English", async ({
  site,
}) => {
  test.setTimeout(ALL_PAGES);
  const screen = { width: 1280, height: 720 };
  expect(await complaintsOf(site, { language: "en", theme: "light", contrastIn: "dark", reach: open, screen })).toEqual(
    [],
  );
});
