/** axe finds nothing to complain about, on any page, in either theme, in either direction. */
import { AxeBuilder } from "@axe-core/playwright";
import { expect } from "./fixtures.ts";
import { open, test } from "./pages.ts";

const LANGUAGES = [
  ["English", "en", ["light", "dark"]],
  ["Persian", "fa", ["dark", "light"]],
] as const;

for (const [name, language, themes] of LANGUAGES) {
  test(`axe finds no violation on any page, light and dark, in ${name}`, async ({ site }) => {
    test.setTimeout(240_000);
    const { page } = site;
    // A colour on its way from one theme to the other has the contrast of neither.
    await page.emulateMedia({ reducedMotion: "reduce" });
    const found: string[] = [];
    for (const [what, address] of site.addresses) {
      await open(site, address);
      for (const theme of themes) {
        await page.evaluate((settings) => window.mehr.updateSettings(settings), { language, theme });
        await expect(page.locator(`html[lang="${language}"][data-theme="${theme}"]`)).toBeAttached();
        const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
        for (const { id, nodes } of violations) {
          found.push(`${what} (${theme}): ${id}: ${nodes.map(({ html }) => html).join(" ")}`);
        }
      }
    }
    expect(found).toEqual([]);
  });
}
