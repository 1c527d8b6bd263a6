/** Each feature by keyboard alone on a phone-sized screen, where it takes somebody else who writes. Nothing here points (keys.ts). */
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { Keys, PHONE } from "./keys.ts";
import { card, meets, nodeIdOf, publish, valueOf } from "./people.ts";

const PLACE = "g:cyberspace/commons";

const open = (page: Page, address: string) => page.goto(new URL(address, page.url()).href);
const dialog = (page: Page) => page.getByRole("dialog");
const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name });

/** Somebody at a phone without a pointer, and a neighbour who writes. */
async function neighbours(visit: (address?: string, options?: object) => Promise<Page>): Promise<[Page, Page, Keys]> {
  const [anna, ben] = await Promise.all([visit("/", PHONE), visit("/")]);
  await Promise.all([meets(anna, PLACE), meets(ben, PLACE)]);
  await ben.evaluate(() => window.mehr.saveProfile({ displayName: "Ben", bio: "", scopes: [] }));
  return [anna, ben, new Keys(anna)];
}

test("what one makes of what others write: a feed with notes, how far a post is heard, the inbox, trust", async ({
  visit,
}) => {
  const [anna, ben, keys] = await neighbours(visit);
  const bridge = await publish(ben, { headline: "The bridge", text: "It is open." }, [PLACE]);
  await publish(ben, { headline: "The ferry", text: "It sails." }, [PLACE]);
  await ben.evaluate(async (post) => {
    await window.mehr.saveCurated({ name: "Ways" });
    await window.mehr.curate({ feed: "Ways", post, note: "At last" });
  }, bridge.hash);
  const benId = await nodeIdOf(ben);
  const entries = anna.locator(".curate-entries .row-name");

  await test.step("a feed is made, and filled from the menus of cards", async () => {
    await open(anna, "/curate");
    await keys.press("button", "A new feed");
    await keys.seen();
    await keys.write("Name of the feed", "Crossings");
    await keys.press("button", "Make the feed");
    await expect(heading(anna, "Crossings")).toBeVisible();
    await open(anna, "/");
    for (const headline of ["The bridge", "The ferry"]) {
      const menu = await keys.open("button", /^More about this post/, "This post", { within: card(anna, headline) });
      await keys.press("button", "Add to a feed", { within: menu.element });
      await expect(dialog(anna).getByRole("radio", { name: "Crossings" })).toBeChecked();
      await keys.has(dialog(anna));
      await keys.write("Your note", `${headline}, worth the way`, { within: dialog(anna) });
      await keys.press("button", "Add", { within: dialog(anna) });
      await expect(anna.getByText("It is in \u2068Crossings\u2069 now")).toBeVisible();
      await expect(dialog(anna)).toBeHidden();
      await expect(menu.opener).toBeFocused();
    }
  });

  await test.step("its entries change places and go", async () => {
    await open(anna, "/curate/feed?name=Crossings");
    await expect(entries).toHaveText(["The ferry", "The bridge"]);
    const up = await keys.press("button", "Move The bridge up");
    await expect(entries).toHaveText(["The bridge", "The ferry"]);
    await expect(up).toBeFocused();
    const note = await keys.press("button", "Change the note to The bridge");
    await expect(anna.getByRole("textbox", { name: "Your note" })).toBeFocused();
    await keys.write("Your note", "Mind the gap");
    await keys.press("button", "Save note");
    await expect(anna.getByText("Mind the gap")).toBeVisible();
    await expect(note).toBeFocused();
    await keys.press("button", "Take The bridge out");
    await expect(entries).toHaveText(["The ferry"]);
    await keys.has(anna.locator(".curate-entries"));
    await anna.keyboard.press("u");
    await expect(entries).toHaveText(["The bridge", "The ferry"]);
    await keys.seen();
    await keys.press("button", "Change description");
    await keys.has(anna.locator("header.masthead"));
    await keys.write("What is in it?", "What spans water");
    await keys.press("button", "Save");
    await expect(anna.getByText("What spans water")).toBeVisible();
    await expect(anna.getByRole("button", { name: "Change description" })).toBeFocused();
  });

  await test.step("somebody else's feed is followed, and a post says how far it is heard and why", async () => {
    await open(anna, `/curated?by=${benId}&feed=Ways`);
    await expect(card(anna, "The bridge")).toBeVisible();
    await keys.press("button", "Follow");
    await expect(anna.getByText("\u2068Ways\u2069 is among your feeds now")).toBeVisible();
    await expect(anna.getByRole("button", { name: "Following" })).toBeFocused();
    const reach = await keys.open("button", /curator/, /./u, { within: card(anna, "The bridge") });
    await expect(reach.element).toContainText("At last");
    await keys.to("link", /Ways/, { within: reach.element });
    await anna.keyboard.press("Escape");
    await keys.back(reach);
  });

  await test.step("what has come is read and led to, and what one is told of is chosen", async () => {
    const mine = await publish(anna, { headline: "Who rows?", text: "On Sunday." }, [PLACE]);
    await expect(card(ben, "Who rows?")).toBeVisible();
    await ben.evaluate(
      ([replyTo, scope]) => {
        const draft = { headline: "", summary: "", text: "I do.", scopes: [scope], replyTo, updated: 0 };
        return window.mehr.publish({ ...draft, id: crypto.randomUUID() });
      },
      [mine.postHash, PLACE] as const,
    );
    const inbox = anna.getByRole("navigation", { name: "Main" }).getByRole("link", { name: /^Inbox/ });
    await expect(inbox).toHaveAccessibleName(/new$/);
    await keys.press("link", /^Inbox/, { within: anna.getByRole("navigation", { name: "Main" }) });
    await expect(inbox).toHaveAccessibleName("Inbox");
    await keys.press("link", /answered you/, { within: anna.getByRole("list", { name: "What has come" }) });
    await expect(anna.getByRole("region", { name: "What this answers" })).toContainText("Who rows?");
    await open(anna, "/inbox");
    await keys.press("link", "What I am told of");
    const boosts = await keys.press("checkbox", "Boosts of my posts", { by: "Space" });
    await expect(boosts).not.toBeChecked();
    await expect(boosts).toBeFocused();
  });

  await test.step("somebody is trusted, and no longer", async () => {
    await open(anna, "/trust?add=1");
    await keys.write("Link or address", new URL(`trust/${benId}`, anna.url()).href);
    await keys.press("button", "Go on");
    await keys.press("button", /^Trust .*Ben/);
    await expect(heading(anna, "Neighbourhood")).toBeVisible();
    await keys.seen();
    await keys.press("button", "Stop trusting");
    await expect(anna.getByText("You trust nobody yet")).toBeVisible();
    await keys.seen();
    expect((await valueOf(anna, "profile", { id: benId })).trusted).toBe(false);
  });
});

test("what one does not want to see: judged, muted for a while, covered, and all of it taken back", async ({
  visit,
}) => {
  const [anna, ben, keys] = await neighbours(visit);
  await publish(ben, { headline: "The end of the film", text: "Spoiler: they all live." }, [PLACE]);
  await publish(ben, { headline: "Before the film", text: "Popcorn." }, [PLACE, "t:films/old"]);
  const before = card(anna, "Before the film");
  const film = card(anna, "The end of the film");
  const menu = () => keys.open("button", /^More about this post/, "This post", { within: film });

  await test.step("a post is judged, and the judgement taken back", async () => {
    const looking = await menu();
    await anna.keyboard.press("Escape");
    await keys.back(looking);
    const judging = await menu();
    await keys.press("button", /^Not worth it/, { within: judging.element });
    await expect(film.getByText("You found a post of theirs not worth it")).toBeVisible();
    await keys.back(judging);
    await keys.press("link", "The end of the film");
    await keys.press("button", "Worth it after all");
    await expect(anna.getByText("You found a post of theirs not worth it")).toBeHidden();
    await expect(anna.getByRole("button", { name: "Not worth it" })).toBeFocused();
    await open(anna, "/");
  });

  for (const [entry, what] of [
    [/^Mute .*Ben/, "a person"],
    ["Mute this conversation", "a conversation"],
  ] as const) {
    await test.step(`${what} is muted for a week, and no longer`, async () => {
      const muting = await menu();
      await keys.press("button", entry, { within: muting.element });
      await expect(dialog(anna)).toHaveAccessibleName("For how long?");
      await keys.has(dialog(anna));
      await keys.press("button", "For a week", { within: dialog(anna) });
      await expect(film).toBeHidden();
      await keys.seen();
      await anna.keyboard.press("u");
      await expect(film).toBeVisible();
      await keys.seen();
    });
  }

  await test.step("its author is muted on their own page, to which the name on a card leads, and no longer", async () => {
    await keys.press("link", "Ben", { within: film });
    await expect(heading(anna, "Ben")).toBeVisible();
    await keys.press("button", "Mute");
    await expect(anna.getByText("Muted: \u2068Ben\u2069")).toBeVisible();
    await expect(anna.getByRole("button", { name: "Unmute" })).toBeFocused();
    await expect(anna.getByText("You have muted this person")).toBeVisible();
    await keys.press("button", "Unmute");
    await expect(anna.getByRole("button", { name: "Mute", exact: true })).toBeFocused();
    await keys.seen();
  });

  await test.step("a topic is muted on its own page, and no longer", async () => {
    await open(anna, "/s/topic/films/old");
    const menu = await keys.open("button", /^More about this post/, "This post", { within: before });
    await keys.press("button", /^Mute .*films \/ old/, { within: menu.element });
    await keys.has(dialog(anna));
    await keys.press("button", "For good", { within: dialog(anna) });
    await expect(anna.getByText(/^Muted: .*films \/ old/)).toBeVisible();
    await expect(dialog(anna)).toBeHidden();
    await keys.seen();
    await anna.keyboard.press("u");
    await expect.poll(async () => (await valueOf(anna, "defence")).mutes).toBe(0);
    await expect(before).toBeVisible();
    await keys.seen();
  });

  await test.step("a word is covered, uncovered, and lifted on the page of mutes", async () => {
    await open(anna, "/settings/mutes");
    await keys.write("Words or phrases, one in each line", "spoiler");
    const cover = await keys.to("radio", "Cover posts", { within: anna.locator("#words") });
    await anna.keyboard.press("Space");
    await expect(cover).toBeChecked();
    await keys.press("button", "Mute these");
    await expect(anna.getByText("1 word muted")).toBeVisible();
    await open(anna, "/");
    const covered = anna.getByRole("feed").getByRole("article").filter({ hasText: "which you have muted" });
    await keys.press("button", "Show", { within: covered });
    await expect(anna.getByText("Spoiler: they all live.")).toBeVisible();
    await expect(anna.getByRole("button", { name: "Cover again" })).toBeFocused();
    await open(anna, "/settings/mutes");
    await keys.press("button", "Unmute", { within: anna.getByRole("listitem").filter({ hasText: "spoiler" }) });
    await expect(anna.getByText("Nothing is muted.")).toBeVisible();
    await keys.seen();
  });
});
