/**
 * Each feature by keyboard alone on a phone-sized screen: what by-keyboard.spec.ts and by-keyboard-others.spec.ts leave. Nothing
 * here points (keys.ts).
 */
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { given } from "./files.ts";
import { expect, test } from "./fixtures.ts";
import { Keys, PHONE } from "./keys.ts";
import { card, linked, meets, nodeIdOf, publish, valueOf } from "./people.ts";

const PLACE = "g:cyberspace/commons";

const open = (page: Page, address: string) => page.goto(new URL(address, page.url()).href);
const dialog = (page: Page) => page.getByRole("dialog");
const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name });
const muted = (page: Page) => page.locator("[data-part=muted]").getByRole("listitem");

test("what one finds and passes on: by whom, when and of others; a boost; a collection; a feed of feeds", async ({
  visit,
}) => {
  const [anna, ben] = await Promise.all([visit("/", PHONE), visit("/")]);
  const keys = new Keys(anna);
  await Promise.all([meets(anna, PLACE), meets(ben, PLACE)]);
  await ben.evaluate(() => window.mehr.saveProfile({ displayName: "Ben", bio: "", scopes: [] }));
  const bridge = await publish(ben, { headline: "The bridge", text: "It is open." }, [PLACE, "t:streets"]);
  await ben.evaluate(async (post) => {
    await window.mehr.saveCurated({ name: "Ways" });
    await window.mehr.curate({ feed: "Ways", post, note: "At last" });
  }, bridge.hash);
  const benId = await nodeIdOf(ben);
  await expect.poll(async () => (await valueOf(anna, "profile", { id: benId })).displayName).toBe("Ben");
  await expect(card(anna, "The bridge")).toBeVisible();

  await test.step("a search by person, place and time, and others are asked", async () => {
    await anna.keyboard.press("/");
    const results = anna.getByRole("feed", { name: "Results" }).getByRole("article");
    await keys.press("button", "Person");
    await keys.write("Written by", "be", { role: "combobox" });
    await expect(anna.getByRole("option", { name: /Ben/ })).toBeVisible();
    await anna.keyboard.press("ArrowDown");
    await anna.keyboard.press("Enter");
    await expect(results).toHaveCount(1);
    await keys.press("button", "Place");
    await keys.write("Written in", "cyberspace", { role: "combobox" });
    await anna.keyboard.press("Enter");
    await expect(anna.getByRole("button", { name: /^Remove .*Cyberspace/i })).toBeVisible();
    await keys.press("button", "Time");
    await keys.press("button", "Last 7 days");
    await expect(results).toHaveCount(1);
    await keys.to("textbox", "To");
    await anna.keyboard.type("01022020");
    await expect(anna.getByText("Nothing found")).toBeVisible();
    await expect(anna.getByLabel("To", { exact: true })).toHaveValue("2020-01-02");
    await keys.press("button", /^Remove .*2020/);
    await expect(results).toHaveCount(1);
    await keys.seen();
    await linked(anna);
    const asking = await keys.press("button", /^Ask others for posts by .*Ben/);
    await expect(anna.getByText("They have nothing that is not here already.")).toBeVisible();
    await expect(asking).toBeFocused();
    await keys.press("link", "The bridge");
    await expect(heading(anna, "The bridge")).toBeVisible();
  });

  await test.step("a post is boosted", async () => {
    const boosting = await keys.open("button", "Boost", "Let others hear this?");
    await keys.press("button", "Boost it", { within: boosting.element });
    await expect(anna.getByRole("button", { name: "Boosted" })).toBeVisible();
    await expect(dialog(anna)).toBeHidden();
    await keys.seen();
  });

  await test.step("a collection says something of a post, and what share of what is paid for it is its author's", async () => {
    await keys.press("link", "Refer to this");
    await expect(anna.getByRole("list", { name: "Posts that this refers to" })).toContainText("The bridge");
    const kind = await keys.to("combobox", "What is it?");
    await anna.keyboard.press("End");
    await expect(kind).toHaveValue("collection");
    await keys.write("Title", "Ways across");
    await keys.write(/^What you say about post 1/, "The short one");
    await anna.keyboard.press("Tab");
    const share = anna.locator("details.kickback");
    for (let stops = 0; !(await share.evaluate((box) => box.contains(document.activeElement))); stops += 1) {
      expect(stops).toBeLessThan(20);
      await anna.keyboard.press("Tab");
    }
    await keys.seen();
    await anna.keyboard.press("Enter");
    await keys.to("radio", "75%");
    await anna.keyboard.press("Space");
    await expect(anna.getByText("Your share of what readers pay: 75%")).toBeVisible();
    await keys.press("button", "Publish");
    await expect(anna.getByText("Published", { exact: true })).toBeVisible();
    await expect(card(anna, "Ways across")).toContainText("[1] The short one");
  });

  await test.step("a feed of feeds, about a topic, with a share for its curator", async () => {
    await open(anna, "/curate");
    await keys.press("button", "A new feed");
    await keys.write("Name of the feed", "Engineers");
    await keys.to("radio", "Topic");
    await anna.keyboard.press("Space");
    await keys.write("Topic", "streets", { role: "combobox" });
    await anna.keyboard.press("Enter");
    await keys.to("slider", "Your share");
    for (let step = 0; step < 4; step += 1) await anna.keyboard.press("ArrowRight");
    await keys.press("button", "Make the feed");
    await expect(heading(anna, "Engineers")).toBeVisible();
    await expect(anna.getByText("20% of retrieval fees go to the curator")).toBeVisible();
    await open(anna, `/curated?by=${benId}&feed=Ways`);
    await expect(card(anna, "The bridge")).toBeVisible();
    const adding = await keys.open("button", "Add to a feed", "Add this feed to a feed of yours");
    await keys.write("Your note", "He knows them all", { within: adding.element });
    await keys.press("button", "Add", { within: adding.element });
    await expect(anna.getByText("It is in \u2068Engineers\u2069 now")).toBeVisible();
    await keys.back(adding);
    await open(anna, "/curate/feed?name=Engineers");
    await keys.press("link", "As others see it");
    await keys.press("link", "Ways", { within: anna.getByRole("region", { name: "Feeds in this feed" }) });
    await expect(heading(anna, "Ways")).toBeVisible();
    await expect(card(anna, "The bridge")).toBeVisible();
  });

  await test.step("a feed goes on under another name, and the old one is closed", async () => {
    await open(anna, "/curate/feed?name=Engineers");
    await keys.press("button", "Move to another name");
    await keys.write("Name of the feed", "Builders");
    await keys.press("button", "Move all entries");
    await expect(heading(anna, "Builders")).toBeVisible();
    await open(anna, "/curate/feed?name=Engineers");
    await keys.press("button", "Close this feed");
    await keys.press("button", /^Close .*Engineers.* for good$/);
    await expect(heading(anna, "Feeds you curate")).toBeVisible();
    await expect(anna.getByRole("link", { name: "Builders" })).toBeVisible();
  });

  await test.step("what is referred to and not here is looked for", async () => {
    const missing = ["1", "2", "3", "4", "5"].map((digit) => digit.repeat(64));
    const { hash } = await anna.evaluate(
      ([scope, references]) => {
        const words = { headline: "", summary: "", text: "About nothing." };
        return window.mehr.publish({ ...words, id: "none", scopes: [scope], replyTo: null, references, updated: 0 });
      },
      [PLACE, missing] as const,
    );
    await open(anna, `/p/${hash}`);
    await keys.press("button", "Look for it");
    await expect(anna.getByRole("button", { name: "Look for it" })).toHaveCount(0);
  });
});

test("what one does not want to see: a place, a kind for a while, parts of words, covered media, many at once, a file", async ({
  visit,
}) => {
  const [anna, ben] = await Promise.all([visit("/", PHONE), visit("/")]);
  const keys = new Keys(anna);
  await Promise.all([meets(anna, PLACE), meets(ben, PLACE)]);
  await publish(ben, { headline: "A quiz", text: "Who knows?" }, [PLACE, "t:games/quiz"]);
  await ben.evaluate(async (place) => {
    const canvas = new OffscreenCanvas(64, 64);
    canvas.getContext("2d")!.fillRect(8, 8, 40, 40);
    const blob = await canvas.convertToBlob({ type: "image/webp" });
    const file = await window.mehr.attach({
      bytes: new Uint8Array(await blob.arrayBuffer()),
      contentType: "image/webp",
    });
    const attachments = [{ ...file, blurhash: "LKO2?U%2Tw=w]~RBVZRi};RPxuwH", altText: "How it ends", duration: null }];
    const words = { headline: "The last page", summary: "", text: "Do not look." };
    const scopes = [place, "t:books/spoiler"];
    await window.mehr.publish({ ...words, id: "end", scopes, replyTo: null, kind: "photos", attachments, updated: 0 });
  }, PLACE);
  const quiz = card(anna, "A quiz");
  const last = card(anna, "The last page");
  await expect(quiz).toBeVisible();
  await expect(last).toBeVisible();

  await test.step("media that are not for everybody lie under a cover, which a key lifts", async () => {
    await expect(last.getByRole("img", { name: "How it ends" })).toHaveCount(0);
    await keys.press("button", "Show", { within: last });
    await expect(last.getByRole("img", { name: "How it ends" })).toBeVisible();
    await expect(last.getByRole("button", { name: "Cover again" })).toBeFocused();
    await anna.keyboard.press("Enter");
    await expect(last.getByRole("img", { name: "How it ends" })).toHaveCount(0);
  });

  await test.step("a topic is muted for a day", async () => {
    const menu = await keys.open("button", /^More about this post/, "This post", { within: quiz });
    await keys.press("button", /^Mute .*games \/ quiz/, { within: menu.element });
    await keys.has(dialog(anna));
    await keys.press("button", "For a day", { within: dialog(anna) });
    await expect(quiz).toBeHidden();
    await keys.seen();
  });

  await test.step("a kind is muted for a month, and parts of words", async () => {
    await open(anna, "/settings/mutes");
    const length = anna.getByRole("group", { name: "How long, for what is chosen next" });
    await keys.to("radio", "For 30 days", { within: length });
    await anna.keyboard.press("Space");
    const pictures = await keys.press("checkbox", "Pictures", { by: "Space" });
    await expect(pictures).toBeChecked();
    await expect(muted(anna).filter({ hasText: "Kind of post" })).toContainText("until");
    await keys.write("Words or phrases, one in each line", "lott\ncasin");
    await keys.press("checkbox", "Only as a whole word", { by: "Space" });
    await keys.press("button", "Mute these");
    await expect(muted(anna).filter({ hasText: "Part of words" })).toHaveCount(2);
    await open(anna, "/");
    await expect(anna.getByText("Welcome to Mehr")).toBeVisible();
    await expect(last).toHaveCount(0);
  });

  const saved = await test.step("all of it is saved as a file", async () => {
    await open(anna, "/settings/mutes");
    await expect(muted(anna)).toHaveCount(4);
    const [file] = await Promise.all([anna.waitForEvent("download"), keys.press("button", "Save as a file")]);
    return await readFile(await file.path(), "utf8");
  });

  await test.step("many are lifted at once, and what happens by itself is changed", async () => {
    await keys.press("checkbox", "Choose all", { by: "Space" });
    await keys.press("button", "Unmute", { within: anna.locator(".mute-bar") });
    await expect(anna.getByText("Nothing is muted.")).toBeVisible();
    await keys.seen();
    const never = anna.getByRole("group", { name: "Cover pictures and files" });
    await keys.to("radio", "Never", { within: never });
    await anna.keyboard.press("Space");
    await expect.poll(async () => (await valueOf(anna, "defence")).policy.media).toBe("show");
  });

  await test.step("the file is read, looked at, added, and taken back", async () => {
    await keys.to("button", "Read a file");
    await anna.locator('input[type="file"]').setInputFiles(given("mutes.json", "application/json", saved));
    const preview = anna.locator("[data-part=preview]");
    await expect(preview).toContainText("4 mutes");
    await keys.press("button", "Add all of it", { within: preview });
    await expect(muted(anna)).toHaveCount(4);
    await keys.seen();
    await anna.keyboard.press("u");
    await expect(anna.getByText("Nothing is muted.")).toBeVisible();
  });
});

test.describe("where the app is kept", () => {
  test.use({ keepsApp: true });

  test("coming and going: what the system tells, a pack that is opened, a backup that is added, a second device", async ({
    visit,
  }) => {
    const anna = await visit("/", { ...PHONE, permissions: ["notifications"] });
    const keys = new Keys(anna);
    const id = await nodeIdOf(anna);
    const backup = await anna.evaluate(async () => {
      const draft = { headline: "Half a letter", summary: "", text: "Dear", scopes: [], replyTo: null, updated: 1 };
      await window.mehr.saveProfile({ displayName: "Anna", bio: "", scopes: [] });
      await window.mehr.saveDraft({ ...draft, id: "letter" });
      const file = await window.mehr.exportBackup();
      await window.mehr.dropDraft("letter");
      return [...new Uint8Array(await file.arrayBuffer())];
    });

    await test.step("what is told while nobody looks, and when it is quiet", async () => {
      await open(anna, "/inbox/settings");
      const told = await keys.press("checkbox", "Tell me while Mehr is not in front", { by: "Space" });
      await expect(told).toBeChecked();
      await expect(told).toBeFocused();
      const quiet = await keys.press("checkbox", "Do not call me at certain hours", { by: "Space" });
      await expect(quiet).toBeChecked();
      await keys.to("textbox", "Until");
      await anna.keyboard.type("0630AM");
      await expect(anna.getByLabel("Until")).toHaveValue("06:30");
    });

    await test.step("a starter pack is looked at, and taken along in part", async () => {
      await open(anna, "/packs#pack=Of%20our%20town&place=europe/nl&topic=bread&topic=streets");
      await keys.press("checkbox", /streets/, { by: "Space" });
      await keys.press("button", "Take 2 along");
      await expect(anna.getByText("2 were taken along.")).toBeVisible();
      await keys.seen();
    });

    await test.step("a backup is looked at, and adds what is missing", async () => {
      await open(anna, "/restore");
      await keys.to("button", /^Backup file/);
      const buffer = Buffer.from(backup);
      const file = { name: "backup.mehr", mimeType: "application/octet-stream", buffer };
      await anna.getByLabel("Backup file").setInputFiles(file);
      await keys.press("button", "Restore from this file");
      await expect(anna.locator("[data-merge] li")).toHaveText(["1 draft"]);
      await keys.press("button", "Add it");
      await anna.waitForURL(/\/$/u);
      await open(anna, "/write");
      await expect(anna.getByText("Half a letter")).toBeVisible();
    });

    await test.step("a second device becomes the same person", async () => {
      await open(anna, "/devices");
      await keys.press("link", "Show the code");
      const link = anna.getByLabel("The link as text");
      await expect(link).toBeVisible();
      const second = await visit("/devices", PHONE);
      const there = new Keys(second);
      await there.write("Link or code of the other device", await link.inputValue());
      await there.press("button", "Bring it here");
      await expect(second.getByRole("heading", { name: "Become the person on the other device?" })).toBeVisible();
      await there.press("button", "Bring it here");
      await expect(anna.getByRole("heading", { name: "Is this your other device?" })).toBeVisible({ timeout: 60_000 });
      await keys.press("button", "Yes, the numbers are the same");
      await expect(anna.getByRole("heading", { name: "Your other device has everything" })).toBeVisible({
        timeout: 30_000,
      });
      await expect.poll(async () => await nodeIdOf(second).catch(() => null), { timeout: 30_000 }).toBe(id);
    });
  });
});
