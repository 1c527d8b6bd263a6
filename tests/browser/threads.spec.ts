/** Threads, answers in place, what posts refer to, and the graph that can be walked. */
import type { Page } from "@playwright/test";
import type { Draft, Published } from "../../src/peer/api.ts";
import { expect, test } from "./fixtures.ts";
import { publish, publishChain, valueOf } from "./people.ts";

const PLACE = "g:cyberspace/commons";

function say(page: Page, text: string, more: Partial<Draft> = {}): Promise<Published> {
  return page.evaluate(
    ([words, scope, fields]) => {
      const draft = { headline: "", summary: "", text: words, scopes: [scope], replyTo: null, updated: 0 };
      return window.mehr.publish({ ...draft, ...fields, id: crypto.randomUUID() });
    },
    [text, PLACE, more] as const,
  );
}

async function openPost(page: Page, hash: string): Promise<void> {
  await page.goto(new URL(`/p/${hash}`, page.url()).href);
  await expect(page.getByRole("heading", { name: "Replies" })).toBeVisible();
}

const answers = (page: Page) => page.getByRole("list", { name: "Replies" }).getByRole("article");

test("an answer is written where it belongs, kept while it is typed, and sent without leaving the thread", async ({
  visit,
}) => {
  const page = await visit("/");
  await valueOf(page, "status");
  const root = await publish(page, { headline: "Who has a ladder?", text: "Four metres would do." }, [PLACE]);
  const first = await say(page, "I do, come by after six.", { replyTo: root.postHash });
  await openPost(page, root.hash);

  const reply = page.locator(`[data-reply="${first.hash}"]`);
  await reply.click();
  const field = page.getByRole("textbox", { name: /^Reply to/ });
  await expect(field).toBeFocused();
  await expect(page.getByText(/^Starts in .*Commons/)).toBeVisible();
  await page.keyboard.type("Six is late, but ");
  // The page goes away in the midst of a sentence.
  await page.reload();
  await reply.click();
  await expect(field).toHaveValue("Six is late, but ");
  await page.keyboard.press("End");
  await page.keyboard.type("thank you!");
  await page.keyboard.press("Escape");
  await expect(field).toBeHidden();
  await expect(reply).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(field).toHaveValue("Six is late, but thank you!");
  // The composer goes on with the same draft.
  await page.getByRole("link", { name: "Write it with more room" }).click();
  await expect(page.getByRole("textbox", { name: "Text", exact: true })).toHaveValue("Six is late, but thank you!");
  await page.goBack();
  await reply.click();
  await field.press("Control+Enter");
  await expect(page.getByText("Reply sent")).toBeVisible();
  await expect(answers(page)).toHaveText([/I do, come by after six/, /Six is late, but thank you!/]);
  await expect(answers(page).nth(1)).toContainText("Level 2, in answer to");
  await expect(field).toBeHidden();
  await reply.click();
  await expect(field).toHaveValue("");
});

test("branches fold, lead to what they answer, and go on where they were cut", async ({ visit }) => {
  const page = await visit("/");
  await valueOf(page, "status");
  const root = await publish(page, { headline: "A long argument", text: "Begin." }, [PLACE]);
  await say(page, "Something short.", { replyTo: root.postHash });
  const chain = await publishChain(page, root, PLACE, 70);
  await openPost(page, root.hash);
  await expect(answers(page).nth(3)).toContainText("Level 3.");
  await expect(page.locator(`[data-hash="${chain[0]}"]`)).toContainText("Level 1.");

  const row = page.locator(".thread-row", { has: page.locator(`[data-hash="${chain[1]}"]`) });
  await row.getByRole("button", { name: "Hide 63 replies" }).click();
  await expect(answers(page)).toHaveText([/Something short/, /Level 1\./, /Level 2\./]);
  await row.getByRole("button", { name: "Show 63 replies" }).click();
  await row.getByRole("button", { name: "To what it answers" }).click();
  await expect(page.locator(`[data-hash="${chain[0]}"]`)).toBeFocused();
  await page
    .locator(".thread-row", { has: page.locator(`[data-hash="${chain[0]}"]`) })
    .getByRole("button", { name: "To what it answers" })
    .click();
  await expect(page.locator('article[data-mode="page"]')).toBeFocused();

  const deeper = page.getByRole("button", { name: "Load more of this branch" });
  await expect
    .poll(async () => {
      await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
      return await deeper.isVisible();
    })
    .toBe(true);
  await deeper.click();
  await expect
    .poll(async () => {
      await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
      return await page.getByText("Level 70.").isVisible();
    })
    .toBe(true);

  // From below the whole line is there, the nearest first.
  await openPost(page, chain[69]!);
  const above = page.getByRole("region", { name: "What this answers" });
  await expect(above.getByRole("link")).toHaveCount(3);
  await above.getByRole("button", { name: "Show 61 earlier posts" }).click();
  await expect(above.getByRole("link")).toHaveCount(64);
  await expect(above.getByText("It goes on further up.")).toBeVisible();

  const orphan = await say(page, "I disagree.", { replyTo: "8".repeat(64) });
  await openPost(page, orphan.hash);
  await expect(above).toContainText("What this answers has not reached this device.");
});

test("a post refers to others, they lead back to it, and the graph is walked by list and by picture", async ({
  visit,
}) => {
  const page = await visit("/");
  await valueOf(page, "status");
  const bridge = await publish(page, { headline: "The bridge", text: "It is closed." }, [PLACE]);
  const ferry = await publish(page, { headline: "The ferry", text: "It sails every hour." }, [PLACE]);
  await openPost(page, bridge.hash);
  await page.getByRole("link", { name: "Refer to this" }).click();
  const chosen = page.getByRole("list", { name: "Posts that this refers to" });
  await expect(chosen).toContainText("The bridge");
  await expect(page).toHaveURL(/\/write\?draft=/);
  await page.getByRole("button", { name: "Refer to a post" }).click();
  await page.getByRole("searchbox", { name: "Words of the post, its author, or its link" }).fill("sails");
  const found = page.getByRole("dialog").getByRole("button", { name: /The ferry/ });
  await found.click();
  await expect(found).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("Escape");
  await expect(chosen.getByRole("listitem")).toHaveCount(2);
  await page.getByRole("textbox", { name: "Text", exact: true }).fill("How to get across this week.");
  // A draft keeps what it refers to.
  await page.reload();
  await expect(chosen.getByRole("listitem")).toHaveCount(2);
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(page.getByText("Published", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Open it" }).click();

  const refers = page.getByRole("region", { name: "What this refers to" });
  await expect(refers.getByRole("link")).toHaveText([/The bridge/, /The ferry/]);
  await refers.getByRole("link", { name: /The ferry/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: "The ferry" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Referred to by 1 post" })).toContainText(
    "How to get across this week.",
  );

  await page.getByRole("link", { name: "See what hangs together" }).click();
  await expect(page.getByText(/Around “.?The ferry/)).toBeVisible();
  const picture = page.getByRole("img", { name: "A picture of 3 posts and how they hang together" });
  await expect(page.locator('canvas[data-state="rests"]')).toBeVisible();
  await page.getByRole("link", { name: /How to get across this week\./ }).click();
  await expect(page.getByText(/Around “.?How to get across/)).toBeVisible();
  await page.getByRole("link", { name: /The bridge/ }).click();
  await expect(page.getByText(/Around “.?The bridge/)).toBeVisible();
  await expect(page.locator('canvas[data-state="rests"]')).toBeVisible();

  // One's own dots have the colour of the sun; the one in the middle has another.
  const dot = await picture.evaluate((canvas: HTMLCanvasElement) => {
    const sun = getComputedStyle(document.querySelector('.graph-palette [data-colour="sun"]')!).color;
    const wanted = sun.match(/\d+/g)!.map(Number);
    const { data, height, width } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
    for (let at = 0; at < width * height; at += 1) {
      // Inside of a dot, not on the edge of one: four pixels further down it is the same.
      const inside = [at, at + 4 * width].every((pixel) =>
        wanted.every((value, channel) => Math.abs(data[pixel * 4 + channel]! - value) < 3),
      );
      const scale = canvas.clientWidth / width;
      if (inside) return { x: (at % width) * scale, y: (Math.floor(at / width) + 4) * scale };
    }
    return null;
  });
  await picture.click({ position: dot! });
  await expect(page.getByText(/Around “.?(How to get across|The ferry)/)).toBeVisible();
  await page.getByRole("link", { name: "Open this post" }).click();
  await expect(page.getByRole("heading", { name: "Replies" })).toBeVisible();

  const missing = ["1", "2", "3", "4", "5", "6"].map((digit) => digit.repeat(64));
  const nowhere = await say(page, "About nothing.", { references: missing });
  await openPost(page, nowhere.hash);
  await expect(refers.getByText("This post has not reached this device.")).toHaveCount(6);
  // No more than four are looked for unless somebody asks.
  await expect(refers.getByRole("button", { name: "Look for it" })).toHaveCount(2);
  await refers.getByRole("button", { name: "Look for it" }).first().click();
  await expect(refers.getByRole("button", { name: "Look for it" })).toHaveCount(1);
  await openPost(page, ferry.hash);
});
