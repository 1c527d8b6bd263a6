/** Every page fits a screen of 320 px, and nothing moves for those who do not want it. */
import { expect } from "./fixtures.ts";
import { ALL_PAGES, open, test } from "./pages.ts";

test("no page is wider than a screen of 320 px, in either direction", async ({ site }) => {
  test.setTimeout(ALL_PAGES);
  const { page } = site;
  await page.setViewportSize({ width: 320, height: 640 });
  const wide: string[] = [];
  for (const [name, address] of site.addresses) {
    await open(site, address);
    for (const language of ["en", "fa"] as const) {
      await page.evaluate((settings) => window.mehr.updateSettings(settings), { language });
      await expect(page.locator(`html[lang="${language}"]`)).toBeAttached();
      const beyond = await page.evaluate(() => {
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
      if (beyond !== null) wide.push(`${name} (${language}): ${beyond}`);
    }
  }
  expect(wide).toEqual([]);
});

test("nothing moves for those who asked for less motion", async ({ site }) => {
  const { page } = site;
  const moving = (): Promise<number> =>
    page.evaluate(
      () =>
        document.getAnimations().length +
        [...document.querySelectorAll("#app *")].filter((element) => {
          const { animationName, transitionDuration } = getComputedStyle(element);
          return animationName !== "none" || transitionDuration.split(",").some((each) => Number.parseFloat(each) > 0);
        }).length,
    );
  // There is something that would move.
  expect(await moving()).toBeGreaterThan(0);
  await page.emulateMedia({ reducedMotion: "reduce" });
  for (const address of ["/", "/write", "/network", "/settings"]) {
    await open(site, address);
    expect(await moving()).toBe(0);
  }
});
