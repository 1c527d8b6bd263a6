/** One person on two devices: a code is shown on one and used on the other, over a relay and without any. */
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { card, nodeIdOf, publish, valueOf } from "./people.ts";
import { pictureOf, read } from "./qr-codes.ts";
import { startStaticSite } from "./static-site.ts";

const PLACE = "g:cyberspace/commons";
const PHONE = { viewport: { width: 390, height: 844 } } as const;

const shownLink = (page: Page): Locator => page.getByLabel("The link as text");
const numberOf = (page: Page): Promise<string | null> => page.locator("[data-number]").getAttribute("data-number");
const problem = (page: Page, code: string): Locator => page.locator(`[role="alert"][data-code="${code}"]`);

/** Somebody with a name, a post and a draft. */
async function somebody(page: Page): Promise<string> {
  await page.evaluate(() => window.mehr.saveProfile({ displayName: "Anna", bio: "Bread.", scopes: [] }));
  await publish(page, { headline: "Written on the first", text: "Hello." }, [PLACE]);
  await page.evaluate(() =>
    window.mehr.saveDraft({
      id: "half",
      headline: "",
      summary: "",
      text: "not yet",
      scopes: [],
      replyTo: null,
      updated: 1,
    }),
  );
  await page.evaluate(() => window.mehr.welcome("yes"));
  return await nodeIdOf(page);
}

/** Shows the code, the way a person gets there. */
async function give(page: Page): Promise<string> {
  await page.getByRole("link", { name: "Show the code" }).click();
  await expect(shownLink(page)).toBeVisible();
  return shownLink(page).inputValue();
}

async function isAnna(page: Page, id: string): Promise<void> {
  // The page starts anew as somebody else: asked any sooner, it might be gone before it has answered.
  await expect(card(page, "Written on the first")).toBeVisible();
  expect(await nodeIdOf(page)).toBe(id);
  expect(await page.evaluate(() => window.mehr.words())).toHaveLength(24);
  await expect.poll(() => valueOf(page, "history", {}).then(({ envelopes }) => envelopes)).toBe(1);
}

test("a second device becomes the same person over the network that both have, after a yes on the first", async ({
  visit,
}) => {
  const first = await visit("/devices", PHONE);
  const id = await somebody(first);
  const words = await first.evaluate(() => window.mehr.words());
  const link = await give(first);
  expect(await read(first, await pictureOf(first))).toBe(link);
  for (const word of words) expect(link.toLowerCase().split(/[^a-z]+/u)).not.toContain(word);

  const second = await visit("/", PHONE);
  const before = await nodeIdOf(second);
  await second.goto(link);
  await expect(second.getByRole("heading", { name: "Become the person on the other device?" })).toBeVisible();
  // Looking at it uses nothing.
  await expect(shownLink(first)).toBeVisible();
  await second.getByRole("button", { name: "Bring it here" }).click();

  await expect(first.getByRole("heading", { name: "Is this your other device?" })).toBeVisible({ timeout: 60_000 });
  await expect(second.getByRole("heading", { name: "Compare this number" })).toBeVisible();
  expect(await numberOf(first)).toBe(await numberOf(second));
  expect(await nodeIdOf(second)).toBe(before);
  await first.getByRole("button", { name: "Yes, the numbers are the same" }).click();

  await expect(first.getByRole("heading", { name: "Your other device has everything" })).toBeVisible({
    timeout: 30_000,
  });
  await isAnna(second, id);
  expect(await second.evaluate(() => window.mehr.words())).toEqual(words);

  // The code is worth nothing any more.
  const third = await visit("/", PHONE);
  await third.goto(link);
  await third.getByRole("button", { name: "Bring it here" }).click();
  await expect(problem(third, "DEVICE_SPENT")).toBeVisible({ timeout: 60_000 });
});

test("a no gives nothing, and another code can be shown", async ({ visit }) => {
  const first = await visit("/devices", PHONE);
  await somebody(first);
  const link = await give(first);
  const second = await visit("/", PHONE);
  const before = await nodeIdOf(second);
  await second.goto(link);
  await second.getByRole("button", { name: "Bring it here" }).click();
  await first.getByRole("button", { name: "No", exact: true }).click({ timeout: 60_000 });
  await expect(problem(first, "DEVICE_REFUSED")).toBeVisible();
  await expect(problem(second, "DEVICE_REFUSED")).toContainText("Nothing was given.");
  expect(await nodeIdOf(second)).toBe(before);
  await first.getByRole("button", { name: "Show another code" }).click();
  await expect(shownLink(first)).toBeVisible();
  expect(await shownLink(first).inputValue()).not.toBe(link);
});

test("without any network between them the answer goes back by hand", async ({ browser, guard }) => {
  const site = await startStaticSite([]);
  guard.allow(site.url);
  const open = async (address: string): Promise<Page> => {
    const context = await browser.newContext(PHONE);
    guard.watch(context);
    const page = await context.newPage();
    await page.goto(`${site.url}${address}`);
    return page;
  };
  const first = await open("devices");
  const id = await somebody(first);
  const link = await give(first);
  const second = await open("");
  await second.goto(link);
  await second.getByRole("button", { name: "Bring it here" }).click();
  await expect(second.getByText("Looking for the other device")).toBeVisible();
  const answer = await shownLink(second).inputValue();
  await first.getByLabel("Answer of the other device").fill(answer);
  await first.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(first.getByRole("heading", { name: "Is this your other device?" })).toBeVisible({ timeout: 60_000 });
  await expect(second.getByRole("heading", { name: "Compare this number" })).toBeVisible();
  expect(await numberOf(first)).toBe(await numberOf(second));
  await first.getByRole("button", { name: "Yes, the numbers are the same" }).click();
  await isAnna(second, id);
  await Promise.all([first, second].map((page) => page.context().close()));
  await site.stop();
});

test("a code whose time is over says so, and one that is no code as well", async ({ visit }) => {
  const first = await visit("/devices", PHONE);
  await first.getByLabel("Link or code of the other device").fill("nonsense");
  await first.getByRole("button", { name: "Bring it here" }).click();
  await expect(problem(first, "INVITE_MALFORMED")).toBeVisible();
  const link = await give(first);
  await first.goto(link);
  await first.getByRole("button", { name: "Bring it here" }).click();
  // The page that had shown it is gone, and so is the code; it is still this person's own.
  await expect(problem(first, "INVITE_OWN")).toBeVisible();
});
