/** What is wrong with a page: what axe says of it, and whether it fits a small screen. A file for each language, so that two workers share the pages. */
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect } from "./fixtures.ts";
import type { follow, open, Site } from "./pages.ts";

type Theme = "light" | "dark";

export interface Looks {
  readonly language: "en" | "fa";
  readonly theme: Theme;
  /** Changed to with the page open: colours are all that differs, so contrast is all that is looked at. */
  readonly contrastIn?: Theme;
  /** How each page is reached: `open` loads it anew, when its peer has yet to find the others; `follow` keeps that running. */
  readonly reach: typeof open | typeof follow;
  /** What axe looks at: on a narrow one other parts of a page are shown. */
  readonly screen: { readonly width: number; readonly height: number };
}

/** The narrowest that has to do. */
export const NARROW = { width: 320, height: 640 };

/** Axe describes what breaks a rule, and not every element that keeps it. */
const axeOf = (page: Page): AxeBuilder =>
  new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ["violations"] });

/** A line for each rule that a page breaks, and for each page that is wider than {@link NARROW}; empty when all is well. */
export async function complaintsOf(
  site: Site,
  { language, theme, contrastIn, reach, screen }: Looks,
): Promise<readonly string[]> {
  const { page } = site;
  // A colour on its way from one theme to the other has the contrast of neither.
  await page.emulateMedia({ reducedMotion: "reduce" });
  const found: string[] = [];
  for (const [what, address] of site.addresses) {
    await page.setViewportSize(screen);
    await reach(site, address);
    const look = async (colours: Theme, axe: AxeBuilder): Promise<void> => {
      await page.evaluate((settings) => window.mehr.updateSettings(settings), { language, theme: colours });
      await expect(page.locator(`html[lang="${language}"][data-theme="${colours}"]`)).toBeAttached();
      const { violations } = await axe.analyze();
      for (const { id, nodes } of violations) {
        found.push(`${what} (${colours}): ${id}: ${nodes.map(({ html }) => html).join(" ")}`);
      }
    };
    await look(theme, axeOf(page));
    if (contrastIn !== undefined) await look(contrastIn, axeOf(page).withRules("color-contrast"));
    await page.setViewportSize(NARROW);
    const beyond = await widerThanScreen(site);
    if (beyond !== null) found.push(`${what} is ${beyond}`);
  }
  return found;
}

/** How wide the page is and what sticks out, or `null` for one that fits. */
async function widerThanScreen({ page }: Site): Promise<string | null> {
  return await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return null;
    const outside = [...document.querySelectorAll("#app *")].filter((element) => {
      const { left, right } = element.getBoundingClientRect();
      return left < -1 || right > clientWidth + 1;
    });
    return `${scrollWidth} px: ${outside
      .slice(0, 3)
      .map((element) => element.outerHTML.slice(0, 120))
      .join(" | ")}`;
  });
}
