/** Waiting for what a peer in a page says, from outside of it: Playwright's own waiting does not wait for what a page promises. */
import { setTimeout as wait } from "node:timers/promises";

/** @typedef {import("@playwright/test").Page} Page */

/** Browsers find each other one after the other, on a busy machine; a circuit is closed after two minutes at the latest. */
const PATIENCE = 150_000;
const INTERVAL = 250;

/** The present value of a live query. @param {Page} page @param {string} name */
export function valueOf(page, name) {
  return page.evaluate(async (query) => {
    let value;
    const watching = await globalThis.mehr.watch(query, {}, (update) => {
      value = update.value;
    });
    await watching.close();
    return value;
  }, name);
}

/** @param {string} what @param {() => Promise<boolean>} condition */
export async function until(what, condition) {
  for (const end = Date.now() + PATIENCE; !(await condition()); await wait(INTERVAL)) {
    if (Date.now() > end) throw new Error(`Waited in vain for ${what}.`);
  }
}
