/** The icon of the installed app and the number on it, in a browser that has neither. */
import type { Page } from "@playwright/test";

declare global {
  interface Window {
    /** What the icon was told. */
    badges?: (number | "none")[];
  }
}

/** From its next load on the page is the installed app, whose icon can bear a number. */
export async function giveIcon(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.badges = [];
    Object.assign(Navigator.prototype, {
      setAppBadge: (count: number) => Promise.resolve(void window.badges?.push(count)),
      clearAppBadge: () => Promise.resolve(void window.badges?.push("none")),
    });
    const media = window.matchMedia.bind(window);
    window.matchMedia = (query) =>
      query === "(display-mode: standalone)"
        ? Object.assign(new EventTarget(), { matches: true } as MediaQueryList)
        : media(query);
  });
}

/** What the icon was told last. */
export const badge = (page: Page): Promise<unknown> => page.evaluate(() => window.badges?.at(-1));

/** Whether the page is out of sight, as its visibility says it. */
export function look(page: Page, hidden: boolean): Promise<void> {
  return page.evaluate((away) => {
    Object.defineProperty(document, "hidden", { value: away, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
}
