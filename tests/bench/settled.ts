import type { Page } from "@playwright/test";

/** Milliseconds without a long task: what was begun is done. */
const QUIET = 1_000;

/** Resolves when nothing has kept the page busy for a second. */
export function settled(page: Page): Promise<void> {
  return page.evaluate(
    (quiet) =>
      new Promise<void>((resolve) => {
        let busy = performance.now();
        const observer = new PerformanceObserver(() => (busy = performance.now()));
        observer.observe({ type: "longtask" });
        const look = (now: number): void => {
          if (now - busy < quiet) return void requestAnimationFrame(look);
          observer.disconnect();
          resolve();
        };
        requestAnimationFrame(look);
      }),
    QUIET,
  );
}
