/**
 * Each feature by keyboard alone on a phone-sized screen: what somebody does alone. Nothing here points: what is pressed was reached
 * by keys (keys.ts). by-keyboard-others.spec.ts has what two people do.
 */
import type { Page } from "@playwright/test";
import { given, picture } from "./files.ts";
import { expect, test } from "./fixtures.ts";
import { Keys, PHONE } from "./keys.ts";
import { card, publish, publishChain, valueOf } from "./people.ts";

const PLACE = "g:cyberspace/commons";

const open = (page: Page, address: string) => page.goto(new URL(address, page.url()).href);
const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name });
const answers = (page: Page) => page.getByRole("list", { name: "Replies" }).getByRole("article");

test("what one writes: its kind, its files, and the posts that it refers to, which lead on", async ({ visit }) => {
  const page = await visit("/", PHONE);
  const keys = new Keys(page);
  await valueOf(page, "status");
  await publish(page, { headline: "The bridge", text: "It is closed." }, [PLACE]);
  await publish(page, { headline: "The ferry", text: "It sails every hour." }, [PLACE]);

  await test.step("a kind, its fields and its files", async () => {
    await page.keyboard.press("n");
    await expect(page.getByRole("textbox", { name: "Text", exact: true })).toBeFocused();
    const kind = await keys.to("combobox", "What is it?");
    await page.keyboard.press("ArrowDown");
    await expect(kind).toHaveValue("photos");
    await keys.write("Title", "Across the river");
    await keys.to("button", "Add files");
    const files = [await picture(page, "one.png", [320, 200], 200), await picture(page, "two.png", [200, 320], 20)];
    await page.locator('input[type="file"]').setInputFiles([...files, given("three.png", "image/png", "none at all")]);
    await expect(page.locator("[data-file]")).toHaveCount(2);
    await keys.write(/^What it shows/, "The quay");
    await keys.write(/^What it shows/, "The far side", { nth: 1 });
    await keys.press("button", /^Move .*far side.* up$/);
    await expect(page.getByLabel("What it shows").first()).toHaveValue("The far side");
    await keys.has(page.locator("[data-file]").first());
    await keys.press("button", /^Remove .*quay/);
    await expect(page.locator("[data-file]")).toHaveCount(1);
    await keys.has(page.getByRole("group", { name: "Files" }));
    await keys.press("button", "Undo");
    await expect(page.locator("[data-file]")).toHaveCount(2);
    await keys.seen();
  });

  await test.step("posts that it refers to", async () => {
    const picker = await keys.open("button", "Refer to a post", "Which post?");
    for (const words of ["bridge", "ferry"]) {
      await keys.write(/^Words of the post/, words, { role: "searchbox" });
      await expect(picker.element.getByRole("listitem")).toHaveCount(1);
      const found = picker.element.getByRole("button", { name: new RegExp(words) });
      await keys.press("button", new RegExp(words), { within: picker.element });
      await expect(found).toHaveAttribute("aria-pressed", "true");
    }
    await page.keyboard.press("Escape");
    await keys.back(picker);
    const chosen = page.getByRole("list", { name: "Posts that this refers to" });
    await expect(chosen.getByRole("listitem")).toHaveCount(2);
    await keys.press("button", /^Do not refer to .*bridge/);
    await expect(chosen.getByRole("listitem")).toHaveCount(1);
    await keys.seen();
    await keys.press("button", "Publish");
    await expect(page.getByText("Published", { exact: true })).toBeVisible();
    await expect(card(page, "Across the river")).toBeVisible();
  });

  await test.step("from post to post along what they refer to, and by the list of the graph", async () => {
    await keys.press("button", "Open it");
    await expect(heading(page, "Across the river")).toBeVisible();
    const refers = page.getByRole("region", { name: "What this refers to" });
    await keys.press("link", /The ferry/, { within: refers });
    await expect(heading(page, "The ferry")).toBeVisible();
    await keys.press("link", "See what hangs together");
    await expect(page.getByText(/Around “.?The ferry/)).toBeVisible();
    await keys.press("link", /Across the river/);
    await expect(page.getByText(/Around “.?Across the river/)).toBeVisible();
    await keys.seen();
    const drawn = page.locator(".graph-canvas");
    const looks = () => drawn.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    await expect(drawn).toHaveAttribute("data-state", "rests");
    const whole = await looks();
    for (const [name, isWhole] of [
      ["Closer", false],
      ["All of it", true],
      ["Further away", false],
    ] as const) {
      const tool = await keys.press("button", name);
      await expect.poll(async () => (await looks()) === whole, { message: name }).toBe(isWhole);
      await expect(tool).toBeFocused();
    }
    await keys.press("link", "Open this post");
    await expect(heading(page, "Across the river")).toBeVisible();
  });
});

test("what one reads: branches fold and are answered, and a search leads to a post", async ({ visit }) => {
  const page = await visit("/", PHONE);
  const keys = new Keys(page);
  await valueOf(page, "status");
  const root = await publish(page, { headline: "A long argument", text: "Begin." }, [PLACE]);
  const chain = await publishChain(page, root, PLACE, 66);
  const row = (level: number) =>
    page.locator(".thread-row", { has: page.locator(`[data-hash="${chain[level - 1]}"]`) });

  await test.step("a branch is folded, unfolded, and left for what it answers", async () => {
    await open(page, `/p/${root.hash}`);
    await expect(answers(page).nth(2)).toContainText("Level 3.");
    const fold = await keys.press("button", /^Hide 6\d replies/, { within: row(2) });
    await expect(answers(page)).toHaveText([/Level 1\./, /Level 2\./]);
    await keys.has(row(2));
    await page.keyboard.press("Enter");
    await expect(answers(page).nth(2)).toContainText("Level 3.");
    await expect(fold).toBeFocused();
    await keys.press("button", "To what it answers", { within: row(2) });
    await expect(row(1).getByRole("article")).toBeFocused();
    await keys.press("button", "To what it answers", { within: row(1) });
    await expect(page.locator('article[data-mode="page"]')).toBeFocused();
  });

  await test.step("an answer is written where it belongs", async () => {
    await keys.press("button", "Reply", { within: row(1) });
    await expect(page.getByRole("textbox", { name: /^Reply to/ })).toBeFocused();
    await page.keyboard.type("One more.");
    await keys.seen();
    await page.keyboard.press("Escape");
    await expect(row(1).getByRole("button", { name: "Reply", exact: true })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("textbox", { name: /^Reply to/ })).toHaveValue("One more.");
    await keys.press("button", "Send reply");
    await expect(page.getByText("Reply sent")).toBeVisible();
    await expect(row(1).getByRole("button", { name: "Reply", exact: true })).toBeFocused();
  });

  await test.step("a cut branch goes on", async () => {
    await open(page, `/p/${chain[0]}`);
    await expect(answers(page).first()).toContainText("Level 2.");
    const last = page.locator(".thread-row", { has: page.getByText("Level 65.", { exact: true }) });
    // Further answers come as one gets to the end of those that are there.
    await expect
      .poll(async () => {
        await page.keyboard.press("End");
        return await last.evaluateAll((rows) => rows.some((row) => row.getBoundingClientRect().bottom < innerHeight));
      })
      .toBe(true);
    // From what is on screen, not from the top of the page.
    await page.keyboard.press("j");
    await keys.press("button", "Load more of this branch");
    await expect(page.getByText("Level 66.", { exact: true })).toBeVisible();
    await keys.has(last);
  });

  await test.step("a search is typed, narrowed, and left for what it found", async () => {
    await page.keyboard.press("/");
    await expect(page.getByRole("searchbox", { name: "Words to look for" })).toBeFocused();
    await page.keyboard.type("argument begin");
    const results = page.getByRole("feed", { name: "Results" });
    await expect(results.getByRole("article")).toHaveCount(1);
    await keys.press("button", "Kind");
    await keys.press("button", "Album");
    await expect(page.getByText("Nothing found")).toBeVisible();
    await expect(page.getByRole("button", { name: "Kind", exact: true })).toBeFocused();
    await keys.press("button", /^Remove .*Album/);
    await expect(results.getByRole("article")).toHaveCount(1);
    await keys.seen();
    await keys.press("button", "Topic");
    await keys.write("About", "nothing/of/it", { role: "combobox" });
    await page.keyboard.press("Enter");
    await expect(page.getByText("Nothing found")).toBeVisible();
    await keys.press("button", "Search without filters");
    await expect(results.getByRole("article")).toHaveCount(1);
    await keys.seen();
    await keys.press("link", "A long argument");
    await expect(heading(page, "A long argument")).toBeVisible();
    await keys.press("button", "Back");
    const field = page.getByRole("searchbox", { name: "Words to look for" });
    await expect(field).toHaveValue("argument begin");
    await keys.write("Words to look for", "levle", { role: "searchbox" });
    await expect(page.getByText("Nothing found")).toBeVisible();
    await keys.press("button", /^Did you mean .*level.*\?$/i);
    await expect(field).toHaveValue(/^level$/i);
    await expect(field).toBeFocused();
    await expect(results.getByRole("article").first()).toContainText("Level");
  });
});

test("coming and going: a backup, the file of a feed, a starter pack", async ({ visit }) => {
  const page = await visit("/settings", PHONE);
  const keys = new Keys(page);

  await test.step("everything is saved to a file", async () => {
    await keys.press("checkbox", "Put it under a passphrase", { by: "Space" });
    const [saved] = await Promise.all([page.waitForEvent("download"), keys.press("button", "Save a backup")]);
    expect(saved.suggestedFilename()).toMatch(/\.mehr$/);
    await expect(page.getByText("The backup is in your downloads.")).toBeVisible();
    await keys.seen();
  });

  await test.step("the file of a feed is looked through, and a post of it becomes a draft", async () => {
    await keys.press("link", /^Bring posts from elsewhere/);
    await keys.to("button", /^File/);
    const items = [1, 2].map((at) => ({ id: String(at), title: `Post ${at}`, content_text: `Words of ${at}.` }));
    const feed = JSON.stringify({ version: "https://jsonfeed.org/version/1.1", title: "A blog", items });
    await page.locator('input[type="file"]').setInputFiles(given("feed.json", "application/feed+json", feed));
    await expect(page.getByRole("heading", { name: "2 posts in this file" })).toBeVisible();
    await keys.press("checkbox", /Post 2/, { by: "Space" });
    await expect(page.getByText("1 chosen")).toBeVisible();
    const sure = await keys.open("button", "Publish", "Publish 1 post?");
    await keys.press("button", "Not now", { within: sure.element });
    await keys.back(sure);
    await keys.press("button", "Make a draft of it");
    await expect(page.getByText("1 draft was made.")).toBeVisible();
    await keys.seen();
    const publishing = await keys.open("button", "Publish", "Publish 1 post?");
    await keys.press("button", "Publish them", { within: publishing.element });
    await expect(page.getByRole("heading", { name: "On their way" })).toBeVisible();
    await expect(publishing.element).toBeHidden();
    await keys.seen();
    await keys.press("button", "Publish no more of them");
    await expect(page.getByText("What waited is not published.")).toBeVisible();
    await keys.seen();
  });

  await test.step("a starter pack is put together, and shown as others will see it", async () => {
    await open(page, "/packs");
    await keys.write("Name of the pack", "Of our town");
    await keys.press("checkbox", /Yourself/, { by: "Space" });
    await keys.to("button", "Copy link");
    await keys.press("link", "See what others will see");
    await expect(heading(page, "A starter pack")).toBeVisible();
    await expect(page.getByText("Of our town")).toBeVisible();
  });
});
