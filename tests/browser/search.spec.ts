/** The search as people use it: by the slash key, as they type, narrowed down, offline, and asked of others. */
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { card, linked, liveIn, meets, nodeIdOf, publish, valueOf } from "./people.ts";

const COMMONS = "g:cyberspace/commons";
const UTRECHT = "g:europe/nl/utrecht";
const PHONE = { width: 390, height: 844 };

/** The words that the browser paints as found. */
function marked(page: Page): Promise<string[]> {
  return page.evaluate(() => [...(CSS.highlights.get("found") ?? [])].map((range) => (range as Range).toString()));
}

test("whoever types finds what is held, with its words marked, and the address says what was sought", async ({
  visit,
}) => {
  const page = await visit("/", { viewport: PHONE });
  await page.waitForFunction(() => "mehr" in window);
  await publish(page, { headline: "The bridge is closed", text: "Until May." }, [UTRECHT, "t:streets"]);
  await publish(page, { headline: "A bridge of cards", text: "Hearts." }, ["t:games/cards"]);
  await publish(page, { headline: "نان تازه", text: "امروز می‌پزیم." }, [UTRECHT]);
  await publish(page, { headline: "東京都庁", text: "前で会いましょう" }, [COMMONS]);
  const field = page.getByRole("searchbox", { name: "Words to look for" });

  await test.step("by the slash key, with nothing but the keyboard", async () => {
    await page.keyboard.press("/");
    await expect(field).toBeFocused();
    await expect(page.getByText("What are you looking for?")).toBeVisible();
    await page.keyboard.type("bri");
    await expect(card(page, "The bridge is closed")).toBeVisible();
    await expect(page.getByRole("feed").getByRole("article")).toHaveCount(2);
    await page.keyboard.type("dge clo");
    await expect(page.getByRole("feed").getByRole("article")).toHaveCount(1);
    await expect.poll(() => marked(page)).toEqual(["bridge", "closed"]);
    await expect(page.getByText("1 post found")).toBeAttached();
    await expect(page).toHaveURL(/\/search\?q=bridge\+clo$/);
  });

  await test.step("in Persian with an Arabic keyboard, and where words have no spaces between them", async () => {
    await field.fill("ميپزيم");
    await expect(card(page, "نان تازه")).toBeVisible();
    await field.fill("都庁");
    await expect(card(page, "東京都庁")).toBeVisible();
    await expect.poll(() => marked(page)).toEqual(["都庁"]);
  });

  await test.step("narrowed down by a topic, a kind and a time; each chip can be taken away again", async () => {
    await field.fill("bridge");
    await expect(page.getByRole("feed").getByRole("article")).toHaveCount(2);
    await page.getByRole("button", { name: "Topic", exact: true }).click();
    const topic = page.getByRole("combobox", { name: "About" });
    await topic.fill("games");
    await topic.press("Enter");
    await expect(page.getByRole("feed").getByRole("article")).toHaveCount(1);
    await expect(card(page, "A bridge of cards")).toBeVisible();
    await page.getByRole("button", { name: "Kind", exact: true }).click();
    await page.getByRole("button", { name: "Paper", exact: true }).click();
    await expect(page.getByText("Nothing found")).toBeVisible();
    await page.getByRole("button", { name: /^Remove .*Paper/ }).click();
    await expect(card(page, "A bridge of cards")).toBeVisible();
    await page.getByRole("button", { name: "Time", exact: true }).click();
    await page.getByLabel("To", { exact: true }).fill("2020-01-01");
    await expect(page.getByText("Nothing found")).toBeVisible();
    await expect(page).toHaveURL(/q=bridge&in=t%3Agames&to=2020-01-01$/);
    await page.reload();
    await expect(field).toHaveValue("bridge");
    await page.getByRole("button", { name: "Search without filters" }).click();
    await expect(page.getByRole("feed").getByRole("article")).toHaveCount(2);
  });

  await test.step("a result is opened, and the way back leads to the same results", async () => {
    await card(page, "A bridge of cards").getByRole("link", { name: "A bridge of cards" }).click();
    // The card has a heading of that name, too: until the post is open there is no way back from it.
    await expect(page).toHaveURL(/\/p\/[0-9a-f]{64}$/);
    await expect(page.getByRole("heading", { level: 1, name: "A bridge of cards" })).toBeVisible();
    await page.goBack();
    await expect(field).toHaveValue("bridge");
    await expect(page.getByRole("feed").getByRole("article")).toHaveCount(2);
  });

  await test.step("from Explore, and by a link to a search", async () => {
    await page.goto(new URL("/explore", page.url()).href);
    await page.getByRole("link", { name: "Search what is held here" }).click();
    await expect(field).toBeFocused();
    await page.goto(new URL("/search?q=closed&in=g:europe", page.url()).href);
    await expect(card(page, "The bridge is closed")).toBeVisible();
  });
});

test("what is found is there offline, and after a start", async ({ visit }) => {
  const page = await visit("/");
  await page.waitForFunction(() => "mehr" in window);
  await publish(page, { headline: "Kept for later", text: "A word of its own: quokka." }, [COMMONS]);
  await page.goto(new URL("/search?q=quokka", page.url()).href);
  await expect(card(page, "Kept for later")).toBeVisible();
  await page.context().setOffline(true);
  await page.getByRole("searchbox").fill("later quok");
  await expect(card(page, "Kept for later")).toBeVisible();
  await page.context().setOffline(false);
  await page.reload();
  await expect(card(page, "Kept for later")).toBeVisible();
});

test("others are asked for posts by a person, when somebody presses, and what comes appears", async ({ visit }) => {
  const [anna, ben] = await Promise.all([visit("/"), visit("/")]);
  await Promise.all([meets(anna, COMMONS), meets(ben, COMMONS)]);
  await Promise.all([linked(anna), linked(ben)]);
  await ben.evaluate(() => window.mehr.saveProfile({ displayName: "Ben Ösker", bio: "", scopes: [] }));
  // Of a topic that Anna does not follow and no evidence has opened.
  await ben.evaluate(() => window.mehr.updateSettings({ home: "g:asia/ir/tehran" }));
  await publish(ben, { headline: "Of far away", text: "A bazaar." }, ["g:asia/ir/tehran"]);
  const id = await nodeIdOf(ben);
  await expect.poll(async () => (await valueOf(anna, "profile", { id })).displayName).toBe("Ben Ösker");
  await linked(anna);
  await anna.keyboard.press("/");
  await anna.getByRole("button", { name: "Person", exact: true }).click();
  const person = anna.getByRole("combobox", { name: "Written by" });
  await person.fill("osk");
  await anna.getByRole("option", { name: /Ben Ösker/ }).click();
  await expect(anna.getByRole("button", { name: /^Remove .*Ben Ösker/ })).toBeVisible();
  await anna.getByRole("button", { name: /Ask others for posts by .*Ben Ösker/ }).click();
  await expect(card(anna, "Of far away")).toBeVisible();
  await expect(anna.getByText("1 post came.")).toBeVisible();
  await anna.getByRole("button", { name: /Ask others for posts by .*Ben Ösker/ }).click();
  await expect(anna.getByText("They have nothing that is not here already.")).toBeVisible();
});

test("others are asked for posts of a place, when somebody presses, and what comes appears", async ({ visit }) => {
  const [anna, ben] = await Promise.all([visit("/"), visit("/")]);
  await Promise.all([linked(anna), linked(ben)]);
  await liveIn(ben, UTRECHT);
  await publish(ben, { headline: "The bridge is closed", text: "Until May." }, [UTRECHT]);
  await anna.keyboard.press("/");
  await anna.getByRole("button", { name: "Place", exact: true }).click();
  const place = anna.getByRole("combobox", { name: "Written in" });
  await place.fill("europe/nl/utrecht");
  await place.press("Enter");
  const ask = anna.getByRole("button", { name: /^Ask others for posts from .*Utrecht/ });
  await expect(ask).toBeVisible();
  // Whoever lives elsewhere has not got it unasked.
  await expect(anna.getByText("Nothing found")).toBeVisible();
  await ask.click();
  await expect(card(anna, "The bridge is closed")).toBeVisible();
  await expect(anna.getByText("1 post came.")).toBeVisible();
});

test("names lead to people, feeds and places, also where they are spelt differently, and a slip finds what was meant", async ({
  visit,
}) => {
  const page = await visit("/", { viewport: PHONE });
  await page.waitForFunction(() => "mehr" in window);
  await page.evaluate(async () => {
    await window.mehr.saveProfile({ displayName: "Ben Ösker", bio: "", scopes: [] });
    await window.mehr.saveCurated({ name: "Canal walks", description: "Along the water" });
  });
  await publish(page, { headline: "The bridge is closed", text: "Until May, the boats go round." }, [UTRECHT]);
  await publish(page, { headline: "A bridge of boats", text: "It is closed in winter." }, ["t:water/canals"]);
  const field = page.getByRole("searchbox", { name: "Words to look for" });
  const named = page.getByRole("region", { name: "Of this name" });

  await test.step("a person, a feed and places, above the posts", async () => {
    // All that is typed behind the slash is for the field, however long its page takes.
    await page.keyboard.type("/osker");
    await expect(field).toBeFocused();
    await expect(field).toHaveValue("osker");
    await expect(named.getByRole("link", { name: "Ben Ösker" })).toBeVisible();
    await field.fill("utrehct");
    await expect(named.getByRole("link", { name: "Europe / NL / Utrecht" })).toBeVisible();
    await expect(named.getByText("Place · 1 post here")).toBeVisible();
    await field.fill("canal");
    await expect(named.getByRole("link", { name: "water / canals" })).toBeVisible();
    await named.getByRole("link", { name: "Canal walks" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Canal walks" })).toBeVisible();
    await page.goBack();
    await expect(field).toHaveValue("canal");
    await expect(named.getByRole("link", { name: "Canal walks" })).toBeVisible();
  });

  await test.step("words that stand nowhere are one press away from those that do", async () => {
    await field.fill("osker brigde");
    await expect(page.getByText("Nothing found")).toBeVisible();
    await field.fill("osker");
    await expect(page.getByText("No post has this")).toBeVisible();
    await field.fill("brigde of baots");
    await expect(page.getByText("Nothing found")).toBeVisible();
    await page.getByRole("button", { name: /^Did you mean .*bridge of boats.*\?$/ }).click();
    await expect(field).toHaveValue("bridge of boats");
    await expect(field).toBeFocused();
    await expect(card(page, "A bridge of boats")).toBeVisible();
    await expect(page).toHaveURL(/\/search\?q=bridge\+of\+boats$/);
    await expect(page.getByRole("button", { name: /^Did you mean/ })).toHaveCount(0);
  });
});
