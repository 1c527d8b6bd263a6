/** The key: kept by the browser if it agrees, gone when one says so, and back with the 24 words. */
import { expect, test } from "./fixtures.ts";
import { card, nodeIdOf, presentId, publish, valueOf } from "./people.ts";

const PLACE = "g:cyberspace/commons";

declare global {
  interface Window {
    asked?: number;
  }
}

test("the browser is asked once to keep what is stored", async ({ visit, browser, server, guard }) => {
  // The page of `visit` loads before a script could be added to it.
  const context = await browser.newContext();
  guard.watch(context);
  await context.addInitScript(() => {
    window.asked = 0;
    // The empty page before the first has no storage.
    if (!("StorageManager" in window)) return;
    StorageManager.prototype.persisted = () => Promise.resolve(false);
    StorageManager.prototype.persist = () => {
      window.asked = (window.asked ?? 0) + 1;
      return Promise.resolve(false);
    };
  });
  const page = await context.newPage();
  await page.goto(server.url);
  await expect.poll(() => page.evaluate(() => window.asked)).toBe(1);
  await page.goto(`${server.url}settings`);
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
  await nodeIdOf(page);
  expect(await page.evaluate(() => window.asked)).toBe(0);
  await context.close();
  // Where it is granted, the network page says so.
  const other = await visit("/network");
  await expect(other.getByText("Safe from clean-up")).toBeVisible();
});

test("the words bring back the same person, beside the one that is here", async ({ visit }) => {
  const page = await visit("/settings");
  const id = await nodeIdOf(page);
  await page.getByRole("button", { name: "Show my words" }).click();
  const items = page.getByRole("list", { name: "Your 24 words, in order" }).getByRole("listitem");
  await expect(items).toHaveCount(24);
  const words = (await items.allInnerTexts()).map((text) => text.replace(/^\d+\s*/, "").trim());
  await publish(page, { headline: "Before the end", text: "Still here." }, [PLACE]);
  await page.evaluate(() => window.mehr.saveProfile({ displayName: "Anna", bio: "", scopes: [] }));

  await page.getByLabel("Type “delete” to confirm").fill("delete");
  await page.getByRole("button", { name: "Delete everything" }).click();
  await page.getByRole("button", { name: "Start anew" }).click();
  await expect(page.getByRole("heading", { level: 2, name: "Welcome to Mehr" })).toBeVisible();
  const newcomer = await nodeIdOf(page);
  expect(newcomer).not.toBe(id);
  await expect(card(page, "Before the end")).toHaveCount(0);
  expect((await valueOf(page, "network")).storage).toMatchObject({ envelopes: 0, objects: 0 });
  await publish(page, { headline: "By the newcomer", text: "Stays." }, [PLACE]);
  await expect(card(page, "By the newcomer")).toBeVisible();

  await page.goto(new URL("/restore", page.url()).href);
  await page.getByLabel("The 24 words").fill(words.toSpliced(3, 1, "zebra").join(" "));
  await page.getByRole("button", { name: "Restore", exact: true }).click();
  await expect(page.getByText(/do not belong together/)).toBeVisible();
  expect(await nodeIdOf(page)).toBe(newcomer);

  // As people type: capitals, line breaks, spaces at the ends.
  await page
    .getByLabel("The 24 words")
    .fill(` ${words.slice(0, 12).join(" ").toUpperCase()}\n${words.slice(12).join("  ")} `);
  await page.getByRole("button", { name: "Restore", exact: true }).click();
  await expect.poll(() => presentId(page)).toBe(id);
  await expect(page.getByRole("heading", { name: "Nothing here yet" })).toBeVisible();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Profile" }).click();
  await expect(page.getByText(id, { exact: true })).toBeVisible();
  await page.reload();
  expect(await nodeIdOf(page)).toBe(id);
  await page.goto(new URL("/me?identities=1", page.url()).href);
  // The page loads anew for the other identity; to go elsewhere meanwhile would cross that.
  const anew = page.waitForEvent("load");
  await page.getByRole("button", { name: /^Switch to/u }).click();
  await anew;
  await expect.poll(() => presentId(page)).toBe(newcomer);
  await page.goto(new URL("/", page.url()).href);
  await expect(card(page, "By the newcomer")).toBeVisible();
});
