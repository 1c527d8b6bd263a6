import type { BrowserContext } from "@playwright/test";

/** Pages of this person have a browser that lacks these. */
export async function without(context: BrowserContext, ...names: ("SharedWorker" | "serviceWorker")[]): Promise<void> {
  await context.addInitScript((missing) => {
    if (missing.includes("SharedWorker")) Reflect.deleteProperty(window, "SharedWorker");
    if (missing.includes("serviceWorker")) Reflect.deleteProperty(Navigator.prototype, "serviceWorker");
  }, names);
}
