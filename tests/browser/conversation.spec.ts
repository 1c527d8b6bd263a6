/**
 * Four people as they would use it: a post is chosen by a curator, read in the curator's feed and answered; its author hears of the
 * answer, finds who refers to it and walks the graph; the reader turns a word and a thread away; another curator passes the feed on.
 */
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { card, compose, liveIn, meets, nodeIdOf } from "./people.ts";

const PLACE = "g:europe/nl/utrecht";
const HEADLINE = "The arch at Narni";
const NOTE = "Worth the walk, and the second reading";
const ANSWER = "I stood under it last year, and it hums";
const REFERRER = "Arches that are left";

const open = (page: Page, address: string) => page.goto(new URL(address, page.url()).href);
const dialog = (page: Page) => page.getByRole("dialog");
const write = "/write?scope=place/europe/nl/utrecht";

test("a post is chosen, read, answered, referred to and passed on by four people", async ({ visit }) => {
  test.setTimeout(300_000);
  const [author, curator, reader, fourth] = (await Promise.all(Array.from({ length: 4 }, () => visit("/")))) as [
    Page,
    Page,
    Page,
    Page,
  ];
  const all = [author, curator, reader, fourth];
  await Promise.all(all.map((page) => liveIn(page, PLACE)));
  await Promise.all(all.map((page) => meets(page, PLACE, 2)));
  for (const [page, displayName] of [
    [author, "Anna"],
    [curator, "Behrouz"],
    [reader, "Chiara"],
    [fourth, "Dana"],
  ] as const) {
    await page.evaluate((name) => window.mehr.saveProfile({ displayName: name, bio: "", scopes: [] }), displayName);
  }
  const curatorId = await nodeIdOf(curator);

  await test.step("the author writes, and the curator chooses it with a note", async () => {
    await open(author, write);
    const text = `One of four is left, and it is enough to see how high the road once was. ${"Stone on stone. ".repeat(25)}`;
    await compose(author, { headline: HEADLINE, text });
    await card(curator, HEADLINE).getByRole("link", { name: HEADLINE }).click();
    await curator.getByRole("button", { name: "Add to a feed" }).click();
    await dialog(curator).getByLabel("Name of the feed").fill("Bridges");
    await dialog(curator).getByLabel("Your note").fill(NOTE);
    await dialog(curator).getByRole("button", { name: "Add", exact: true }).click();
    await expect(curator.getByText("It is in \u2068Bridges\u2069 now")).toBeVisible();
  });

  await test.step("a reader follows that feed, sees note and envelope, opens the post and answers", async () => {
    await open(reader, `/curated?by=${curatorId}&feed=Bridges`);
    await expect(card(reader, HEADLINE)).toBeVisible();
    await expect(reader.getByText(NOTE)).toBeVisible();
    await reader.getByRole("button", { name: "Follow", exact: true }).click();
    await expect(reader.getByText("\u2068Bridges\u2069 is among your feeds now")).toBeVisible();
    await card(reader, HEADLINE).getByRole("link", { name: HEADLINE }).click();
    await reader.getByRole("button", { name: /^Read, / }).click();
    await expect(reader.locator('[data-part="text"]')).toContainText("Stone on stone.");
    await reader.getByRole("button", { name: "Reply", exact: true }).first().click();
    await reader.getByRole("textbox", { name: /^Reply to/ }).fill(ANSWER);
    await reader.keyboard.press("Control+Enter");
    await expect(reader.getByText("Reply sent")).toBeVisible();
  });

  await test.step("the author sees the answer in the inbox and in the thread", async () => {
    const inbox = author.getByRole("navigation", { name: "Main" }).getByRole("link", { name: /^Inbox/ });
    await expect(inbox).toHaveAccessibleName(/new$/);
    await inbox.click();
    const line = author.getByRole("list", { name: "What has come" }).getByRole("listitem").filter({ hasText: ANSWER });
    await expect(line).toContainText("answered you");
    await line.getByRole("link").first().click();
    await author
      .getByRole("region", { name: "What this answers" })
      .getByRole("link", { name: new RegExp(HEADLINE) })
      .click();
    await expect(author.getByRole("list", { name: "Replies" }).getByText(ANSWER)).toBeVisible();
  });

  await test.step("somebody else refers to the post, and the author finds it and walks the graph", async () => {
    await card(fourth, HEADLINE).getByRole("link", { name: HEADLINE }).click();
    await fourth.getByRole("link", { name: "Refer to this" }).click();
    await expect(fourth.getByRole("list", { name: "Posts that this refers to" })).toContainText(HEADLINE);
    await compose(fourth, { headline: REFERRER, text: "Narni, Rimini, and a lottery of others." });
    await open(author, "/");
    await card(author, HEADLINE).getByRole("link", { name: HEADLINE }).click();
    await expect(author.getByRole("region", { name: "Referred to by 1 post" })).toContainText(REFERRER);
    await author.getByRole("link", { name: "See what hangs together" }).click();
    await expect(author.getByText(/Around “.?The arch at Narni/)).toBeVisible();
    await expect(author.locator('canvas[data-state="rests"]')).toBeVisible();
    await author.getByRole("link", { name: new RegExp(REFERRER) }).click();
    await expect(author.getByText(/Around “.?Arches that are left/)).toBeVisible();
  });

  await test.step("the reader turns a word and a thread away", async () => {
    await open(reader, "/");
    await expect(card(reader, REFERRER)).toBeVisible();
    await card(reader, REFERRER)
      .getByRole("button", { name: /More about this post/ })
      .click();
    await dialog(reader).getByRole("button", { name: "Mute a word" }).click();
    await reader.getByLabel("Word or phrase").fill("lottery");
    await reader.getByLabel("Word or phrase").press("Enter");
    await dialog(reader).getByRole("button", { name: "For a week" }).click();
    await expect(card(reader, REFERRER)).toBeHidden();
    await card(reader, HEADLINE)
      .getByRole("button", { name: /More about this post/ })
      .click();
    await dialog(reader).getByRole("button", { name: "Mute this conversation" }).click();
    await dialog(reader).getByRole("button", { name: "For a week" }).click();
    await expect(card(reader, HEADLINE)).toBeHidden();
  });

  await test.step("a curator of curators shows the curator's feed", async () => {
    await open(fourth, `/curated?by=${curatorId}&feed=Bridges`);
    await fourth.getByRole("button", { name: "Add to a feed" }).click();
    await dialog(fourth).getByLabel("Name of the feed").fill("People who look up");
    await dialog(fourth).getByRole("button", { name: "Add", exact: true }).click();
    await expect(fourth.getByText("It is in \u2068People who look up\u2069 now")).toBeVisible();
    await open(author, `/curated?by=${await nodeIdOf(fourth)}&feed=${encodeURIComponent("People who look up")}`);
    const held = author.getByRole("region", { name: "Feeds in this feed" });
    await held.getByRole("link", { name: "Bridges" }).click();
    await expect(card(author, HEADLINE)).toBeVisible();
    await expect(author.getByText(NOTE)).toBeVisible();
  });
});
