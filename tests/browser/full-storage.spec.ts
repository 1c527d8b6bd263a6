/** A disk that is full, as a person meets it in the composer. */
import type { BrowserContext, CDPSession, Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { SeededRandom } from "../sim/random.ts";
import { goTo, publish } from "./people.ts";

/** Room for the app and some posts; Chromium says that it is full at about this much. */
const QUOTA = 12_000_000;
/** Far more posts than there is room for. */
const MOST = 600;
const random = new SeededRandom(3);

/** As long as a post may be, and of a kind that the browser's storage cannot make shorter. */
function long(): string {
  return Buffer.from(random.bytes(45_000)).toString("base64");
}

async function roomFor(context: BrowserContext, page: Page, url: string): Promise<CDPSession> {
  const devtools = await context.newCDPSession(page);
  await devtools.send("Storage.overrideQuotaForOrigin", { origin: new URL(url).origin, quotaSize: QUOTA });
  return devtools;
}

/** Publishes until the peer refuses, and says why. */
async function fill(page: Page): Promise<string> {
  for (let post = 0; post < MOST; post += 1) {
    const refusal = await publish(page, { headline: `Day ${post}`, text: long() }, ["g:cyberspace/commons"]).then(
      () => null,
      (error: unknown) => String(error),
    );
    if (refusal !== null) return refusal;
  }
  return "it never was full";
}

test("a person whose disk is full is told so, loses no word, and goes on once there is room", async ({
  ownProcess,
  server,
}) => {
  const { context } = await ownProcess();
  const page = context.pages()[0] ?? (await context.newPage());
  // Before the first write: Chromium keeps what it knows of the room that is left for a while.
  const devtools = await roomFor(context, page, server.url);
  await page.goto(server.url);
  expect(await fill(page)).toContain("no room left");

  await goTo(page, "Write");
  await page.getByLabel("Headline").fill("Not lost");
  const text = page.getByRole("textbox", { name: "Text", exact: true });
  const words = long();
  await text.fill(words);
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(page.getByRole("status").filter({ hasText: /no room|full/i })).toBeVisible();
  await expect(text).toHaveValue(words);

  await devtools.send("Storage.overrideQuotaForOrigin", {
    origin: new URL(server.url).origin,
    quotaSize: QUOTA * 10,
  });
  await expect(async () => {
    await page.getByRole("button", { name: "Publish", exact: true }).click();
    await expect(page.getByText("Published", { exact: true })).toBeVisible({ timeout: 2_000 });
  }).toPass();
});
