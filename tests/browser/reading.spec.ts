/** The reader's place: going back finds the same pixel, and nothing that arrives moves what is being read. */
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { compose, goTo, publish } from "./people.ts";

const PLACE = "g:cyberspace/commons";
const POSTS = 60;

/** A reader with a feed of many screens, every card of another height. */
async function wellReadPage(visit: (address: string) => Promise<Page>): Promise<Page> {
  const page = await visit("/");
  await page.waitForFunction(() => "mehr" in window);
  await page.evaluate(
    async ({ place, posts }) => {
      for (let at = 0; at < posts; at++) {
        const text = "The council met and talked for a while. ".repeat(1 + ((at * 7) % 12));
        const draft = { id: crypto.randomUUID(), headline: `Report ${at}`, summary: "", text, scopes: [place] };
        await window.mehr.publish({ ...draft, replyTo: null, updated: 0 });
      }
    },
    { place: PLACE, posts: POSTS },
  );
  await expect(page.getByRole("article", { name: `Report ${POSTS - 1}`, exact: true })).toBeVisible();
  return page;
}

interface Place {
  readonly y: number;
  readonly card: string;
  /** Pixels from the upper edge of the screen to the card. */
  readonly top: number;
}

/** Where the reader stands, by the first card that begins on screen. */
function placeOf(page: Page): Promise<Place> {
  return page.evaluate(() => {
    const cards = [...document.querySelectorAll<HTMLElement>('[role="feed"] article')];
    const first = cards
      .map((card) => ({ card, top: card.getBoundingClientRect().top }))
      .filter(({ top }) => top >= 0)
      .toSorted((a, b) => a.top - b.top)[0];
    return { y: window.scrollY, card: first?.card.dataset["hash"] ?? "", top: first?.top ?? Number.NaN };
  });
}

/** Scrolls with the wheel, as a person does, until the page has come to rest far down. */
async function scrollDown(page: Page, pixels: number): Promise<Place> {
  await page.mouse.move(400, 400);
  await expect
    .poll(async () => {
      await page.mouse.wheel(0, 500);
      return (await placeOf(page)).y;
    })
    .toBeGreaterThan(pixels);
  return await settled(page);
}

/** The place once two looks at it, a frame apart, say the same. */
async function settled(page: Page): Promise<Place> {
  let before = await placeOf(page);
  await expect
    .poll(async () => {
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
      const now = await placeOf(page);
      const same = now.y === before.y && now.top === before.top;
      before = now;
      return same;
    })
    .toBe(true);
  return before;
}

test("going back from a post finds the same pixel, also when posts have arrived meanwhile", async ({ visit }) => {
  const page = await wellReadPage(visit);
  const left = await scrollDown(page, 3_000);
  await page
    .locator(`[data-hash="${left.card}"]`)
    .getByRole("link", { name: /^Report/ })
    .click();
  await expect(page.getByRole("region", { name: "Replies" })).toBeVisible();
  await publish(page, { headline: "Arrived meanwhile", text: "Hello." }, [PLACE]);
  await page.getByRole("button", { name: "Back" }).click();
  await expect(page.getByRole("feed")).toBeVisible();
  expect(await settled(page)).toEqual(left);
  await expect(page.getByRole("button", { name: "1 new post" })).toBeVisible();

  // The browser's own button does the same, and so does a reload.
  await page
    .locator(`[data-hash="${left.card}"]`)
    .getByRole("link", { name: /^Report/ })
    .click();
  await expect(page.getByRole("region", { name: "Replies" })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("feed")).toBeVisible();
  expect(await settled(page)).toEqual(left);
});

test("what arrives while one reads waits behind a button and moves nothing", async ({ visit }) => {
  const page = await wellReadPage(visit);
  const here = await scrollDown(page, 2_000);
  await publish(page, { headline: "First news", text: "Hello." }, [PLACE]);
  await publish(page, { headline: "Second news", text: "Hello again." }, [PLACE]);
  const pill = page.getByRole("button", { name: "2 new posts" });
  await expect(pill).toBeVisible();
  expect(await settled(page)).toEqual(here);
  await pill.click();
  await expect(page.getByRole("article", { name: "Second news" })).toBeInViewport();
  expect((await settled(page)).y).toBe(0);
  await expect(pill).toBeHidden();

  // Whoever goes to the feed anew, as after writing, is at its top and sees the newest.
  await scrollDown(page, 2_000);
  await goTo(page, "Write");
  await compose(page, { headline: "Third news", text: "And again." });
  await expect(page.getByRole("article", { name: "Third news" })).toBeInViewport();
  await expect(page.getByRole("button", { name: /new post/ })).toBeHidden();
});

test("when a phone is turned, every card is measured anew and covers no other", async ({ visit }) => {
  const page = await wellReadPage(visit);
  const covered = (): Promise<number> =>
    page.evaluate(() => {
      const rows = [...document.querySelectorAll(".virtual-row")].map((row) => row.getBoundingClientRect());
      rows.sort((a, b) => a.top - b.top);
      // Places are fractions of a pixel.
      return rows.filter(({ top }, index) => Math.abs(top - (rows[index - 1]?.bottom ?? top)) > 1).length;
    });
  for (const [width, height] of [
    [390, 844],
    [844, 390],
    [390, 844],
  ] as const) {
    await page.setViewportSize({ width, height });
    await expect.poll(covered).toBe(0);
  }
});

test("a reload finds the place again", async ({ visit }) => {
  const page = await wellReadPage(visit);
  const left = await scrollDown(page, 3_000);
  await page.reload();
  await expect(page.getByRole("feed")).toBeVisible();
  await expect.poll(() => placeOf(page)).toEqual(left);
});
