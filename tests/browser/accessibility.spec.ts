/** axe finds nothing to complain about, on any page, in either theme, in either direction. */
import { AxeBuilder } from "@axe-core/playwright";
import { expect } from "./fixtures.ts";
import { open, test } from "./pages.ts";

const LOOKS = [
  { language: "en", theme: "light" },
  { language: "en", theme: "dark" },
  { language: "fa", theme: "dark" },
  { language: "fa", theme: "light" },
] as const;

test("axe finds no violation on any page, light and dark, English and Persian", async ({ site }) => {
  test.setTimeout(240_000);
  const { page } = site;
  // A colour on its way from one theme to the other has the contrast of neither.
  await page.emulateMedia({ reducedMotion: "reduce" });
  const found: string[] = [];
  for (const [name, address] of site.addresses) {
    await open(site, address);
    for (const look of LOOKS) {
      await page.evaluate((settings) => window.mehr.updateSettings(settings), look);
      await expect(page.locator(`html[lang="${look.language}"][data-theme="${look.theme}"]`)).toBeAttached();
      const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
      for (const { id, nodes } of violations) {
        found.push(`${name} (${look.language}, ${look.theme}): ${id}: ${nodes.map(({ html }) => html).join(" ")}`);
      }
    }
  }
  expect(found).toEqual([]);
});
