/** What axe says of every page in one language, in either theme; a file for each language, so that two workers share the pages. */
import { AxeBuilder } from "@axe-core/playwright";
import { expect } from "./fixtures.ts";
import { open, type Site } from "./pages.ts";

export interface Looks {
  readonly language: "en" | "fa";
  /** The second is changed to with the page open. */
  readonly themes: readonly ["light" | "dark", "light" | "dark"];
}

/** A line for each rule that a page breaks; empty when all is well. */
export async function violationsOf(site: Site, { language, themes }: Looks): Promise<readonly string[]> {
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
  return found;
}
