/** Nothing moves for those who do not want it. */
import { expect } from "./fixtures.ts";
import { open, test } from "./pages.ts";

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
