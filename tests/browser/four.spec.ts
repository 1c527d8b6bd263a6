/**
 * Four people as they would use it: somebody writes in Utrecht, a neighbour there boosts it, a reader in Tokyo hears of it for
 * that reason alone, and somebody on a slow link is told of it and fetches what is opened. What is for trusted people stays with them.
 */
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { card, compose, goTo, linked, liveIn, meets, nodeIdOf, publish, valueOf } from "./people.ts";
import { heard, hexOf, recordingApp } from "./recorder.ts";
import { removeApps } from "./versions.ts";

const UTRECHT = "g:europe/nl/utrecht";
const TOKYO = "g:asia/jp/tokyo";
const ROTTERDAM = "g:europe/nl/rotterdam";
const HEADLINE = "Jam session on Friday";
const TEXT = "Bring an instrument, or two ears. The bar opens at eight and the first set begins at nine. "
  .repeat(4)
  .trim();
const GREETING = "Greetings to Tokyo, from the other side";
const FAREWELL = "Good night to Tokyo, from the other side";
const SECRET = "The key lies under the third flower pot";
/** A digest comes each minute. */
const A_MINUTE_AND_MORE = 90_000;

const folders: string[] = [];
test.afterEach(() => removeApps(folders.splice(0)));

const open = (page: Page, address: string) => page.goto(new URL(address, page.url()).href);

test("what a town endorses reaches a distant reader, and what is for trusted people reaches nobody else", async ({
  serve,
  visit,
}) => {
  test.setTimeout(300_000);
  const folder = await recordingApp();
  folders.push(folder);
  const server = await serve({ root: folder });
  const [author, neighbour, reader, slow] = (await Promise.all(
    Array.from({ length: 4 }, () => visit("/", { server })),
  )) as [Page, Page, Page, Page];
  const all = [author, neighbour, reader, slow];
  // In the commons, where everybody is at first, all become neighbours, and stay so.
  await Promise.all(all.map((page) => linked(page, 3)));
  const [authorId, neighbourId] = [await nodeIdOf(author), await nodeIdOf(neighbour)];

  await test.step("each lives somewhere, and reads something", async () => {
    await Promise.all([liveIn(author, UTRECHT), liveIn(neighbour, UTRECHT), liveIn(reader, TOKYO)]);
    await liveIn(slow, ROTTERDAM);
    await open(slow, "/settings");
    await slow.locator("#low-data").getByRole("radio", { name: "Always" }).check();
    // A page that is left at once takes its peer with it.
    await expect.poll(async () => (await valueOf(slow, "settings")).lowData).toBe("on");
    await open(slow, `/u/${authorId}`);
    await slow.getByRole("button", { name: "Follow", exact: true }).click();
    await expect(slow.getByRole("button", { name: "Following", exact: true })).toBeVisible();
    await Promise.all([meets(author, UTRECHT), meets(neighbour, UTRECHT)]);
    await open(reader, "/s/topic/music/jazz");
    await reader.getByRole("button", { name: "Follow music / jazz", exact: true }).click();
    await expect(reader.getByRole("button", { name: "Stop following music / jazz" })).toBeVisible();
  });

  await test.step("the author writes, and the town sees it", async () => {
    await open(author, "/write?scope=place/europe/nl/utrecht&scope=topic/music/jazz");
    await compose(author, { headline: HEADLINE, text: TEXT });
    await goTo(neighbour, "Home");
    await expect(card(neighbour, HEADLINE)).toBeVisible();
  });

  await test.step("far away it is not heard", async () => {
    // Said after it, and for Tokyo: when this has come, whatever was to come before it has come as well.
    await publish(author, { text: GREETING }, [TOKYO]);
    await goTo(reader, "Home");
    await expect(reader.getByText(GREETING)).toBeVisible();
    expect(await heard(reader, [hexOf(GREETING), hexOf(HEADLINE)])).toEqual([true, false]);
    await open(reader, "/s/topic/music/jazz");
    await expect(reader.getByRole("heading", { level: 1 })).toContainText("jazz");
    await expect(card(reader, HEADLINE)).toHaveCount(0);
  });

  await test.step("a neighbour boosts it, and the reader sees it, and why", async () => {
    await card(neighbour, HEADLINE).getByRole("link", { name: HEADLINE }).click();
    await neighbour.getByRole("button", { name: "Boost" }).click();
    await neighbour.getByRole("dialog").getByRole("button", { name: "Boost it" }).click();
    await expect(card(reader, HEADLINE)).toBeVisible({ timeout: 120_000 });
    // Whoever keeps a feed of a place hears it, wherever they live: kept any sooner, it would have told of the post.
    await open(reader, "/feeds/new?kind=intersection");
    for (const [label, scope] of [
      ["Places: any of these", "Europe/NL/Utrecht"],
      ["Topics: any of these", "music/jazz"],
    ] as const) {
      const field = reader.getByRole("combobox", { name: label });
      await field.fill(scope);
      await field.press("Enter");
    }
    await reader.getByLabel("Name").fill("Jazz over there");
    await reader.getByRole("button", { name: "Save feed" }).click();
    await expect(reader.getByRole("heading", { level: 1, name: "Jazz over there" })).toBeVisible();
    // The boost is a card of its own, above what it boosts.
    await expect(card(reader, HEADLINE)).toHaveCount(2);
    await card(reader, HEADLINE).last().getByRole("link", { name: HEADLINE }).click();
    await reader.waitForURL(/\/p\//u);
    // What boosted it is shown below it, with how far that was heard.
    await reader
      .getByRole("article")
      .first()
      .getByRole("button", { name: /heard across its topic/u })
      .click();
    await expect(reader.getByRole("dialog")).toContainText("boosted it");
    await expect(reader.getByRole("dialog")).toContainText("Your device has checked each of these itself.");
    await reader.keyboard.press("Escape");
  });

  await test.step("on the slow link there is a headline, and the post when it is opened", async () => {
    await goTo(slow, "Home");
    const row = slow.getByRole("button", { name: HEADLINE });
    await expect(row).toBeVisible({ timeout: A_MINUTE_AND_MORE });
    await expect(card(slow, HEADLINE)).toHaveCount(0);
    await row.click();
    await expect(slow.getByRole("heading", { name: HEADLINE })).toBeVisible();
    await expect(slow.getByRole("article").first()).toContainText("The bar opens at eight");
  });

  await test.step("what is for trusted people is on the screen of the one who is, and on no other", async () => {
    for (const [page, id] of [
      [author, neighbourId],
      [neighbour, authorId],
    ] as const) {
      await open(page, `/u/${id}`);
      await page.getByRole("button", { name: "Trust", exact: true }).click();
      await expect(page.getByRole("button", { name: "Stop trusting" })).toBeVisible();
    }
    await open(author, "/write?for=trusted");
    await expect(author.getByText("Only for the 1 person you trust")).toBeVisible();
    await compose(author, { headline: SECRET, text: SECRET });
    await open(neighbour, "/trust");
    await expect(card(neighbour, SECRET)).toBeVisible();
    await publish(author, { text: FAREWELL }, [TOKYO]);
    await goTo(reader, "Home");
    await expect(reader.getByText(FAREWELL)).toBeVisible();
    expect(await heard(reader, [hexOf(FAREWELL), hexOf(SECRET)])).toEqual([true, false]);
    expect(await heard(slow, [hexOf(HEADLINE), hexOf(SECRET)])).toEqual([true, false]);
    for (const page of [reader, slow]) await expect(page.getByText(SECRET)).toHaveCount(0);
  });
});
