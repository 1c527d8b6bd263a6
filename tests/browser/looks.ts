/** What is wrong with a page: what axe says of it, and whether it fits screens of four widths. A file for each language, so that two workers share the pages. */
import type { Page } from "@playwright/test";
import { CONTRAST, violationsOf, type Scope } from "./axe.ts";
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

/** What a page has to fit: a small phone, a phone, a tablet, which has the rail without its words, and a desk, with all three columns. */
const SCREENS = [NARROW, { width: 390, height: 844 }, { width: 768, height: 1024 }, { width: 1280, height: 720 }];

/** A line for each rule that a page breaks, and for each width that it does not fit; empty when all is well. */
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
    const look = async (colours: Theme, scope?: Scope): Promise<void> => {
      await page.evaluate((settings) => window.mehr.updateSettings(settings), { language, theme: colours });
      await expect(page.locator(`html[lang="${language}"][data-theme="${colours}"]`)).toBeAttached();
      found.push(...(await violationsOf(page, scope)).map((violation) => `${what} (${colours}): ${violation}`));
    };
    await look(theme);
    if (contrastIn !== undefined) await look(contrastIn, CONTRAST);
    found.push(...(await misfitsOf(page)).map((misfit) => `${what}, ${misfit}`));
  }
  return found;
}

/** A line for each width of {@link SCREENS} at which something of the open page has no room; leaves it as wide as it was. */
export async function misfitsOf(page: Page): Promise<readonly string[]> {
  const before = page.viewportSize();
  const found: string[] = [];
  for (const screen of SCREENS) {
    await page.setViewportSize(screen);
    found.push(...(await page.evaluate(misfits)).map((misfit) => `${screen.width} px: ${misfit}`));
  }
  if (before !== null) await page.setViewportSize(before);
  return found;
}

/** Runs in the page: what is wider than it may be, and what of the frame lies on each other. */
async function misfits(): Promise<string[]> {
  const frames = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
  // What observes its size has its turn after the first one.
  await frames();
  await frames();
  const root = document.documentElement;
  const found: string[] = [];
  const tagOf = (element: Element): string => (element.cloneNode(false) as Element).outerHTML.slice(0, 120);
  const shown = (selector: string): HTMLElement[] =>
    [...document.querySelectorAll<HTMLElement>(selector)].filter(
      (element) => element.checkVisibility() && element.getBoundingClientRect().width > 0,
    );
  const width = root.clientWidth;
  if (root.scrollWidth > width) {
    const outside = shown("#app *").filter((element) => {
      const { left, right } = element.getBoundingClientRect();
      return left < -1 || right > width + 1;
    });
    found.push(`${root.scrollWidth} wide: ${outside.slice(0, 3).map(tagOf).join(" ")}`);
  }
  for (const box of shown("dialog, [role=dialog], .bar a, .rail a, .rail button, .topbar a, .topbar button")) {
    // An inline element has no width of its own.
    if (box.clientWidth > 0 && box.scrollWidth > box.clientWidth + 1) found.push(`wider within: ${tagOf(box)}`);
  }
  // At the end of a page nothing of it is left below the bar.
  const { scrollX, scrollY } = window;
  window.scrollTo(0, root.scrollHeight);
  const parts = [
    shown(".rail, .centre, .aside, .bar"),
    ...[".rail", ".bar", ".topbar", ".aside"].map((part) => shown(`${part} :is(a, button)`)),
  ];
  for (const alike of parts) {
    const boxes = alike.map((element) => element.getBoundingClientRect());
    for (const [at, one] of boxes.entries()) {
      for (const [other, two] of boxes.entries()) {
        if (other <= at) continue;
        const across = Math.min(one.right, two.right) - Math.max(one.left, two.left);
        const down = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top);
        if (across > 1 && down > 1) found.push(`on each other: ${tagOf(alike[at]!)} ${tagOf(alike[other]!)}`);
      }
    }
  }
  window.scrollTo(scrollX, scrollY);
  return found;
}
