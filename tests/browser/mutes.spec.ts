/** What a person does not want to see: muted from the menu of a card, by keyboard alone, and kept on a page of its own. */
import type { Page } from "@playwright/test";
import { encodeNodeId } from "../../src/wire/index.ts";
import { violationsOf } from "./axe.ts";
import { expect, test } from "./fixtures.ts";
import { Keys } from "./keys.ts";
import { card, goTo, meets, nodeIdOf, publish, valueOf } from "./people.ts";

const PLACE = "g:cyberspace/commons";
const PHONE = { viewport: { width: 390, height: 844 } };

/** Goes on with the keyboard until this is where it stands. */
async function tabTo(page: Page, name: string): Promise<void> {
  await expect(async () => {
    const focused = page.locator(":focus");
    if ((await focused.count()) === 0 || !(await focused.innerText()).includes(name)) await page.keyboard.press("Tab");
    await expect(focused).toContainText(name, { timeout: 100 });
  }).toPass({ timeout: 15_000, intervals: [0] });
}

async function openMutes(page: Page): Promise<void> {
  await page.goto(new URL("/settings/mutes", page.url()).href);
}

test("a word is muted by keyboard on a phone, undone, muted again, and lifted on the page of mutes", async ({
  visit,
}) => {
  const anna = await visit("/", PHONE);
  const ben = await visit("/");
  await Promise.all([meets(anna, PLACE), meets(ben, PLACE)]);
  await ben.evaluate(() => window.mehr.saveProfile({ displayName: "Ben", bio: "", scopes: [] }));
  await publish(ben, { headline: "A spider in the bath", text: "It was large." }, [PLACE]);
  await publish(ben, { headline: "The bridge is open", text: "At last." }, [PLACE]);
  const spider = card(anna, "A spider in the bath");
  await expect(spider).toBeVisible();
  await expect(card(anna, "The bridge is open")).toBeVisible();

  const mute = async (): Promise<void> => {
    await spider.getByRole("button", { name: /More about this post/ }).focus();
    await anna.keyboard.press("Enter");
    await expect(anna.getByRole("dialog", { name: "This post" })).toBeVisible();
    await tabTo(anna, "Mute a word");
    await anna.keyboard.press("Enter");
    await anna.getByLabel("Word or phrase").focus();
    await anna.keyboard.type("Spider");
    await anna.keyboard.press("Enter");
    await expect(anna.getByRole("dialog", { name: "For how long?" })).toBeVisible();
    await tabTo(anna, "For a week");
    await anna.keyboard.press("Enter");
    await expect(spider).toBeHidden();
  };
  await mute();
  await anna.getByRole("button", { name: "Undo" }).click();
  await expect(spider).toBeVisible();
  await mute();
  await expect(card(anna, "The bridge is open")).toBeVisible();

  await openMutes(anna);
  const row = anna.getByRole("listitem").filter({ hasText: "Spider" });
  await expect(row).toContainText("until");
  expect(await violationsOf(anna)).toEqual([]);
  await row.getByRole("button", { name: "Unmute" }).click();
  await expect(anna.getByText("Nothing is muted.")).toBeVisible();
  await goTo(anna, "Home");
  await expect(spider).toBeVisible();
});

test("covers, judgements and names that look alike say why, and are taken back", async ({ visit }) => {
  const anna = await visit("/");
  const ben = await visit("/");
  await Promise.all([meets(anna, PLACE), meets(ben, PLACE)]);
  // A Cyrillic letter, and an override that would turn the line around.
  await ben.evaluate(() => window.mehr.saveProfile({ displayName: "\u202eАnna\u2069 (friend)", bio: "", scopes: [] }));
  await anna.evaluate(() => window.mehr.saveProfile({ displayName: "Anna, friend", bio: "", scopes: [] }));
  await publish(ben, { headline: "The end of the film", text: "Spoiler: they all live." }, [PLACE]);
  const film = card(anna, "The end of the film");
  await expect(film).toBeVisible();
  await expect(film.getByText("Has a name that looks like yours")).toBeVisible();
  expect(await film.locator(".envelope-author").innerText()).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/u);

  // Where harm is done: before anybody is trusted, in the inbox that leads there, and in a pack under a name of its maker's.
  const benId = await nodeIdOf(ben);
  await ben.evaluate((id) => window.mehr.trust(id), await nodeIdOf(anna));
  const trusts = anna.locator('[data-notice="trust"]');
  await anna.goto(new URL("/inbox", anna.url()).href);
  await expect(trusts.getByText("Has a name that looks like yours")).toBeVisible();
  expect(await violationsOf(anna)).toEqual([]);
  await trusts.getByRole("link").click();
  const warning = anna.getByRole("alert").filter({ hasText: "Has a name that looks like yours" });
  await expect(anna).toHaveURL(new RegExp(`/trust/${benId}$`, "u"));
  await expect(warning).toContainText("they told you this address themselves");
  expect(await violationsOf(anna)).toEqual([]);
  await anna.goto(new URL(`/packs#pack=Film&person=${benId}/${encodeURIComponent("Аnna friend")}`, anna.url()).href);
  const picked = anna.locator(`[data-pick="person ${benId}"]`);
  await expect(picked.getByText("Has a name that looks like yours")).toBeVisible();
  expect(await violationsOf(anna)).toEqual([]);
  await goTo(anna, "Home");

  await film.getByRole("link", { name: "The end of the film" }).click();
  await anna.getByRole("button", { name: "Not worth it" }).click();
  await expect(anna.getByText("You found a post of theirs not worth it")).toBeVisible();
  await goTo(anna, "Home");
  await expect(film.getByText("You found a post of theirs not worth it")).toBeVisible();

  await openMutes(anna);
  await anna.getByRole("radio", { name: "Cover them" }).check();
  await anna.getByLabel("Words or phrases, one in each line").fill("spoiler\nlottery\n  SPOILER ");
  await anna.locator("#words").getByRole("radio", { name: "Cover posts" }).check();
  await anna.getByRole("button", { name: "Mute these" }).click();
  await expect(anna.getByText("2 words muted")).toBeVisible();
  await goTo(anna, "Home");
  const covered = anna.getByRole("feed").getByRole("article").filter({ hasText: "By somebody whose posts" });
  await expect(covered).toBeVisible();
  await expect(anna.getByText("Spoiler: they all live.")).toBeHidden();
  await covered.getByRole("button", { name: "Show", exact: true }).click();
  await expect(anna.getByText("Spoiler: they all live.")).toBeVisible();
  expect(await violationsOf(anna)).toEqual([]);

  await openMutes(anna);
  const judged = anna.locator("#judged");
  await judged.getByRole("button", { name: "Worth it after all" }).click();
  await expect(judged.getByText("You have judged nobody.")).toBeVisible();
  await goTo(anna, "Home");
  await expect(anna.getByText(/Contains .*spoiler.*, which you have muted/i)).toBeVisible();
});

test("a list goes to somebody else as a file, who sees beforehand what it adds, and can take it back", async ({
  visit,
}) => {
  const anna = await visit("/settings/mutes");
  await anna.getByLabel("Words or phrases, one in each line").fill("lottery\ncasino");
  await anna.getByRole("button", { name: "Mute these" }).click();
  await expect(anna.getByText("2 words muted")).toBeVisible();
  await anna.getByRole("radio", { name: "Of strangers, too" }).check();
  const [saved] = await Promise.all([
    anna.waitForEvent("download"),
    anna.getByRole("button", { name: "Save as a file" }).click(),
  ]);
  const path = await saved.path();

  const ben = await visit("/settings/mutes");
  await ben.getByLabel("Read a file").setInputFiles({
    name: "list.json",
    mimeType: "application/json",
    buffer: Buffer.from("{}"),
  });
  await expect(ben.getByRole("alert").filter({ hasText: "This is no such file." })).toBeVisible();
  await ben.getByLabel("Read a file").setInputFiles(path);
  const preview = ben.locator("[data-part=preview]");
  await expect(preview).toContainText("2 mutes");
  await expect(preview).toContainText("lottery");
  await expect(preview).toContainText("What happens by itself changes, too.");
  await expect(ben.getByText("Nothing is muted.")).toBeVisible();
  await preview.getByRole("button", { name: "Add all of it" }).click();
  const row = ben.locator("[data-part=muted]").getByRole("listitem");
  await expect(row).toHaveCount(2);
  await expect(ben.getByRole("radio", { name: "Of strangers, too" })).toBeChecked();
  await ben.getByRole("button", { name: "Undo" }).click();
  await expect(ben.getByText("Nothing is muted.")).toBeVisible();
  await expect(ben.getByRole("radio", { name: "Where the author says so" })).toBeChecked();

  await ben.getByLabel("Read a file").setInputFiles(path);
  await preview.getByRole("button", { name: "Add all of it" }).click();
  await expect(row).toHaveCount(2);
  await ben.getByLabel("Choose all").check();
  await ben.getByRole("button", { name: "Unmute" }).first().click();
  await expect(ben.getByText("Nothing is muted.")).toBeVisible();
});

test("people, places, topics and conversations are muted by the line and by keyboard, and all that is muted is lifted, not only what is drawn", async ({
  visit,
}) => {
  const anna = await visit("/", PHONE);
  const keys = new Keys(anna);
  const [ben, cleo] = [7, 8].map((byte) => encodeNodeId(new Uint8Array(32).fill(byte))) as [string, string];
  await valueOf(anna, "status");
  const { hash } = await publish(anna, { headline: "Who rows?", text: "On Sunday." }, [PLACE]);
  await anna.evaluate(() =>
    window.mehr.mute(
      Array.from({ length: 150 }, (_, at) => ({ target: { kind: "word", word: `word ${at}`, whole: true } })),
    ),
  );
  const count = async () => (await valueOf(anna, "defence")).mutes;
  const field = anna.getByRole("textbox", { name: "People, places, topics and conversations, one in each line" });
  const rows = anna.locator("[data-part=muted]").getByRole("listitem");
  const lines = [ben, new URL(`u/${cleo}`, anna.url()).href, "#gaming/pokemon", "Europe / NL / Utrecht", `/p/${hash}`];
  const bad = ["Somebody", `${ben.slice(0, -1)}b`];

  await test.step("what is not understood stays, and says why", async () => {
    await openMutes(anna);
    await expect(rows).toHaveCount(50);
    await keys.to("textbox", /^People, places/);
    await anna.keyboard.insertText([bad[0], ...lines, bad[1]].join("\n"));
    const many = anna.locator("#many");
    await keys.to("radio", "For a week", { within: many });
    await anna.keyboard.press("Space");
    await keys.press("button", "Mute all of these");
    await expect(anna.getByText("5 mutes added")).toBeVisible();
    await expect(field).toHaveValue(bad.join("\n"));
    await expect(field).toBeFocused();
    await keys.seen();
    const told = many.getByRole("alert").getByRole("listitem");
    await expect(told).toHaveText([/Somebody.*a name alone/, /this address is not whole/]);
    for (const named of ["gaming / pokemon", "Europe / NL / Utrecht", "Who rows?"]) {
      await expect(rows.filter({ hasText: named })).toContainText("until");
    }
    await expect(rows.filter({ hasText: "Person" })).toHaveCount(2);
    expect(await count()).toBe(155);
    await keys.press("button", "Undo");
    await expect(rows.filter({ hasText: "until" })).toHaveCount(0);
    expect(await count()).toBe(150);
    expect(await violationsOf(anna)).toEqual([]);
  });

  await test.step("nothing but what is not understood leads back to it", async () => {
    await keys.press("button", "Mute all of these");
    await expect(field).toBeFocused();
    await expect(field).toHaveValue(bad.join("\n"));
    expect(await count()).toBe(150);
  });

  await test.step("all are chosen, lifted, and muted again", async () => {
    await keys.press("checkbox", "Choose all", { by: "Space" });
    await expect(anna.getByText("150 chosen")).toBeVisible();
    await expect(rows).toHaveCount(50);
    await keys.press("button", "Unmute", { within: anna.locator(".mute-bar") });
    await expect(anna.getByText("150 mutes lifted")).toBeVisible();
    await expect(anna.getByText("Nothing is muted.")).toBeVisible();
    await keys.seen();
    await keys.press("button", "Undo");
    await expect(rows).toHaveCount(50);
    await expect(rows.first()).toContainText("word 149");
    await keys.press("button", "Load more");
    await expect(rows).toHaveCount(100);
    await keys.seen();
  });
});
