/** One identity in two browsers at once, and a neighbour of both: told in both, and in the end both hold the same. */
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { card, meets, network, nodeIdOf, publish } from "./people.ts";

const PLACE = "g:cyberspace/commons";
/** Both take turns at the neighbour, with rests in between that grow to some 45 seconds. */
const TURNS = 240_000;

async function restored(page: Page, words: string): Promise<void> {
  const id = await nodeIdOf(page);
  await page.evaluate((phrase) => window.mehr.restore(phrase).then(() => undefined), words);
  await expect.poll(() => nodeIdOf(page).catch(() => id), { timeout: TURNS }).not.toBe(id);
}

test("two browsers with one identity are told of each other, and come to hold the same", async ({ visit }) => {
  test.setTimeout(600_000);
  const neighbour = await visit("/");
  const phone = await visit("/");
  await meets(phone, PLACE);
  const words = await phone.evaluate(() => window.mehr.words());
  const laptop = await visit("/");
  await restored(laptop, words.join(" "));
  expect(await nodeIdOf(laptop)).toBe(await nodeIdOf(phone));

  for (const page of [phone, laptop]) {
    await expect(page.getByText("You are open on another device, too")).toBeVisible({ timeout: TURNS });
  }
  await publish(phone, { headline: "From the phone", text: "Written on the phone" }, [PLACE]);
  await publish(laptop, { headline: "From the laptop", text: "Written on the laptop" }, [PLACE]);
  for (const page of [phone, laptop, neighbour]) {
    for (const headline of ["From the phone", "From the laptop"]) {
      await expect(card(page, headline)).toBeVisible({ timeout: TURNS });
    }
  }
  const { misdeeds, shutOut } = await network(neighbour);
  expect({ misdeeds, shutOut }).toEqual({ misdeeds: [], shutOut: [] });
});
