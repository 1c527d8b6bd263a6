/** Words of both directions on one page, and fields that the browser would draw in a language of its own. */
import type { Locator } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { card, liveIn, publish } from "./people.ts";

const COMMONS = "g:cyberspace/commons";
const SHORT = "Fresh bread";
const LONG = "The bridge on the north side stays closed until the new railing is in its place. ".repeat(4).trim();

/** Where a box begins in a page that is read from the right, and whether a line in it begins on the left. */
async function standing(words: Locator): Promise<{ readonly begins: number; readonly reads: string }> {
  return await words.evaluate((element) => ({
    begins: Math.round(element.getBoundingClientRect().right),
    reads: getComputedStyle(element).direction,
  }));
}

test("words in Latin letters stand where a Persian page begins, and are read from where they do", async ({ visit }) => {
  const page = await visit("/");
  await liveIn(page, COMMONS);
  await publish(page, { headline: SHORT, text: "At six." }, [COMMONS]);
  const long = await publish(page, { headline: LONG.slice(0, 90), text: LONG }, [COMMONS]);
  await page.evaluate(() => window.mehr.updateSettings({ language: "fa" }));
  await expect(page.locator('html[dir="rtl"]')).toBeAttached();

  const body = card(page, SHORT).locator(".envelope-body");
  const { begins } = await standing(body);
  expect(await standing(card(page, SHORT).locator(".envelope-headline"))).toEqual({ begins, reads: "ltr" });
  // As wide as its words: a box that fills the column would put them at its far end.
  const [words, column] = [
    await card(page, SHORT).locator(".envelope-summary").boundingBox(),
    await body.boundingBox(),
  ];
  expect(words!.width).toBeLessThan(column!.width / 2);
  expect(Math.round(words!.x + words!.width)).toBe(begins);

  await page.goto(new URL(`/p/${long.hash}`, page.url()).href);
  const [heading, text] = [page.getByRole("heading", { level: 1 }), page.locator(".envelope-summary, .paragraphs > p")];
  await expect(text.first()).toBeVisible();
  expect((await standing(heading)).begins).toBe((await standing(text.first())).begins);
  expect(await text.first().evaluate((element) => getComputedStyle(element).textAlign)).toBe("start");
  expect((await standing(text.first())).reads).toBe("ltr");
});

test("the field for a file is in the language of the page, and is pressed by pointer and by key", async ({ visit }) => {
  const page = await visit("/restore");
  await page.evaluate(() => window.mehr.updateSettings({ language: "fa" }));
  const field = page.getByLabel("پروندهٔ پشتیبان");
  await expect(field).toHaveAccessibleName("پروندهٔ پشتیبان گزینش پرونده");
  await expect(page.getByText("پرونده‌ای برگزیده نشده")).toBeVisible();

  // Also beside the button: all of the row is one field.
  const row = page.locator(".file-field");
  const { height } = (await row.boundingBox())!;
  const pressed = page.waitForEvent("filechooser");
  await row.click({ position: { x: 12, y: height / 2 } });
  await (
    await pressed
  ).setFiles({ name: "November.mehr", mimeType: "application/octet-stream", buffer: Buffer.from("no") });
  await expect(page.getByText("November.mehr")).toBeVisible();

  await field.focus();
  // Chromium opens no second dialog while it thinks that the first is still open, and hears late that it was answered for it.
  await expect(async () => {
    const opened = page.waitForEvent("filechooser", { timeout: 2_000 });
    await page.keyboard.press("Enter");
    expect((await opened).isMultiple()).toBe(false);
  }).toPass();
});
