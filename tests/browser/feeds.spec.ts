/** Five kinds of feeds, as a person makes, reads, orders and shares them. */
import type { Page } from "@playwright/test";
import type { FeedView } from "../../src/peer/api.ts";
import { encodeNodeId } from "../../src/wire/index.ts";
import { expect, test } from "./fixtures.ts";
import { card, liveIn, meets, nodeIdOf, publish } from "./people.ts";

const UTRECHT = "g:europe/nl/utrecht";
/** The feeds that the peer keeps. */
function keptFeeds(page: Page): Promise<readonly FeedView[]> {
  return page.evaluate(async () => {
    let rows: readonly FeedView[] = [];
    const subscription = await window.mehr.watch("feeds", {}, (update) => {
      if (update.kind === "rows") ({ rows } = update);
    });
    await subscription.close();
    return rows;
  });
}

const PHONE = { width: 390, height: 844 };

test("a person follows a place, a topic, a mix, somebody and a curator, and each says what it shows", async ({
  visit,
}) => {
  const page = await visit("/", { viewport: PHONE });
  await page.waitForFunction(() => "mehr" in window);
  await publish(page, { headline: "Jazz on the bridge", text: "Tonight." }, [`${UTRECHT}/oost`, "t:music/jazz"]);
  await publish(page, { headline: "Market", text: "On Saturday." }, [UTRECHT]);
  await publish(page, { headline: "A new record", text: "Listen." }, ["t:music/jazz"]);
  const tabs = page.getByRole("navigation", { name: "Feeds", exact: true });

  await test.step("a place, out of the tree of those that were seen", async () => {
    await page.goto(new URL("/explore", page.url()).href);
    await expect(page.getByRole("link", { name: "Europe 2 posts" })).toBeVisible();
    await page.getByRole("button", { name: "Show what is in Europe" }).click();
    await page.getByRole("button", { name: "Show what is in NL" }).click();
    const follow = page.getByRole("button", { name: "Follow Europe / NL / Utrecht", exact: true });
    await follow.click();
    await expect(page.getByText(/Utrecht.? is among your feeds now/)).toBeVisible();
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(follow).toBeVisible();
    await follow.click();
    await expect(page.getByRole("button", { name: "Stop following Europe / NL / Utrecht" })).toBeVisible();
  });

  await test.step("a topic, on its own page, alone or with all below it", async () => {
    await page.getByRole("link", { name: "music 2 posts" }).click();
    await expect(card(page, "A new record")).toBeVisible();
    await page.getByRole("radio", { name: "Here only" }).check();
    await expect(page.getByText("Nothing about this yet")).toBeVisible();
    await page.getByRole("radio", { name: "With everything below" }).check();
    await page.getByRole("button", { name: "Follow music", exact: true }).click();
  });

  await test.step("a mix, named", async () => {
    await page.goto(new URL("/feeds", page.url()).href);
    await page.getByRole("link", { name: "A mix: places and topics" }).click();
    await page.getByRole("button", { name: "Save feed" }).click();
    await expect(page.getByText("Say first what the feed is to show.")).toBeVisible();
    const places = page.getByRole("combobox", { name: "Places: any of these" });
    await places.fill("Europe/NL/UTRECHT");
    await expect(page.getByText("Sent as \u2068europe/nl/utrecht\u2069")).toBeVisible();
    await expect(page.getByText(/5 parts, 25 characters in this part/)).toBeVisible();
    await places.press("Enter");
    const topics = page.getByRole("combobox", { name: "Topics: any of these" });
    await topics.fill(`music/${"j".repeat(40)}`);
    await expect(page.getByText("This part is 8 characters too long.")).toBeVisible();
    await topics.fill("music/jazz");
    await topics.press("Enter");
    await page.getByLabel("Name").fill("Jazz in town");
    await page.getByRole("button", { name: "Save feed" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Jazz in town" })).toBeVisible();
    await expect(card(page, "Jazz on the bridge")).toBeVisible();
    await expect(page.getByRole("article")).toHaveCount(1);
  });

  await test.step("somebody, by address, and what a curator chooses", async () => {
    const stranger = encodeNodeId(new Uint8Array(32).fill(9));
    await page.goto(new URL("/feeds/new?kind=people", page.url()).href);
    await page.getByLabel("Address of the person").fill(`${stranger.slice(0, -1)}x`);
    await page.getByRole("button", { name: "Save feed" }).click();
    await expect(page.getByText("This is not an address.")).toBeVisible();
    await page.getByLabel("Address of the person").fill(stranger);
    await page.getByRole("button", { name: "Save feed" }).click();
    await expect(page.getByText("Nothing from this person yet")).toBeVisible();
    await page.goto(new URL("/feeds/new?kind=curated", page.url()).href);
    await page.getByLabel("Address of the curator").fill(stranger);
    await page.getByLabel("Name of the feed").fill("Best of town");
    await page.getByRole("button", { name: "Save feed" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Best of town" })).toBeVisible();
    await expect(page.getByText("This feed is being looked for")).toBeVisible();
  });

  await expect(tabs.getByRole("link")).toHaveText([
    "Home",
    "People",
    "Utrecht",
    "music",
    "Jazz in town",
    /mehr1/,
    "Best of town",
    "",
  ]);
  await page.setViewportSize({ width: 1280, height: 800 });
  await expect(page.locator(".aside").getByRole("link", { name: "Jazz in town" })).toBeVisible();
});

test("what is typed as a place counts in the moment in which the form is sent", async ({ visit }) => {
  const page = await visit("/feeds/new?kind=place");
  const place = page.getByRole("combobox", { name: "Place" });
  await place.fill("Europe/NL/Utrecht");
  // With no time in between for anybody to be asked.
  await place.evaluate((field: HTMLInputElement) => {
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    field.form?.requestSubmit();
  });
  await expect(page.getByRole("heading", { level: 1, name: "Utrecht" })).toBeVisible();
  expect((await keptFeeds(page)).at(-1)?.spec).toEqual({ kind: "scope", scope: UTRECHT, match: "prefix" });
});

test("new posts are counted and wait, each feed stands where it was left, and a removal can be undone", async ({
  visit,
}) => {
  const [anna, ben] = await Promise.all([visit("/", { viewport: PHONE }), visit("/")]);
  await Promise.all([liveIn(anna, UTRECHT), liveIn(ben, UTRECHT)]);
  await Promise.all([meets(anna, UTRECHT), meets(ben, UTRECHT)]);
  for (let at = 0; at < 30; at += 1) {
    await publish(anna, { headline: `Number ${at}`, text: "Many words. ".repeat(20) }, [UTRECHT, "t:numbers"]);
  }
  await anna.evaluate(() => window.mehr.saveFeed({ spec: { kind: "scope", scope: "t:numbers", match: "prefix" } }));
  const tabs = anna.getByRole("navigation", { name: "Feeds", exact: true });
  await tabs.getByRole("link", { name: "numbers", exact: true }).click();
  // The page before shows the same posts.
  await expect(anna.getByRole("heading", { level: 1, name: "numbers" })).toBeVisible();
  await expect(card(anna, "Number 29")).toBeVisible();
  const top = (): Promise<number> => anna.evaluate(() => window.scrollY);
  // Rows take their heights one after the other; until then the page is too short to be scrolled so far.
  await expect(async () => {
    await anna.evaluate(() => window.scrollTo(0, 2_000));
    await expect(card(anna, "Number 29")).toBeHidden({ timeout: 1_000 });
    expect(await top()).toBe(2_000);
  }).toPass();
  const place = await top();

  await tabs.getByRole("link", { name: "Home", exact: true }).click();
  await expect(card(anna, "Number 29")).toBeVisible();
  await publish(ben, { headline: "From Ben", text: "Hello." }, [UTRECHT, "t:numbers"]);
  await expect(tabs.getByRole("link", { name: "numbers, 1 new" })).toBeVisible();
  await expect(anna.getByRole("heading", { level: 1, name: "numbers" })).toHaveCount(0);
  await tabs.getByRole("link", { name: "numbers, 1 new" }).click();
  await expect.poll(top).toBe(place);
  const pill = anna.getByRole("button", { name: "1 new post" });
  await expect(pill).toBeVisible();
  await pill.click();
  await expect(card(anna, "From Ben")).toBeVisible();
  await expect(tabs.getByRole("link", { name: "numbers", exact: true })).toBeVisible();

  await anna.getByRole("link", { name: "Change" }).click();
  await anna.getByRole("button", { name: "Remove feed" }).click();
  await expect(anna.getByRole("heading", { level: 1, name: "Feeds" })).toBeVisible();
  await expect(anna.getByRole("link", { name: "numbers" })).toHaveCount(0);
  await anna.getByRole("button", { name: "Undo" }).click();
  await expect(anna.getByRole("link", { name: "numbers", exact: true })).toBeVisible();
});

test("feeds change places by keys and by a drag, and stay where they were put", async ({ visit }) => {
  const page = await visit("/feeds", { viewport: { width: 800, height: 900 } });
  await page.waitForFunction(() => "mehr" in window);
  await page.evaluate(async () => {
    for (const name of ["one", "two", "three"]) {
      await window.mehr.saveFeed({ spec: { kind: "scope", scope: `t:${name}`, match: "prefix" } });
    }
  });
  const names = page.locator(".feed-row-name");
  await expect(names).toHaveText(["Home", "People", "one", "two", "three"]);
  const up = page.getByRole("button", { name: "Move three up" });
  await up.focus();
  await page.keyboard.press("Enter");
  await expect(names).toHaveText(["Home", "People", "one", "three", "two"]);
  await expect(up).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(names).toHaveText(["Home", "People", "three", "one", "two"]);
  await expect(page.getByText("three is number 2 of 4")).toBeAttached();

  const handle = page.locator(".feed-row").nth(4).locator(".row-handle");
  const [from, to] = [await handle.boundingBox(), await page.locator(".feed-row").nth(1).boundingBox()];
  await page.mouse.move(from!.x + 10, from!.y + 20);
  await page.mouse.down();
  await page.mouse.move(from!.x + 10, to!.y + 40, { steps: 12 });
  await page.mouse.move(from!.x + 10, to!.y + 4, { steps: 4 });
  await page.mouse.up();
  await expect(names).toHaveText(["Home", "two", "People", "three", "one"]);
  const scopes = ({ spec }: FeedView): string => (spec.kind === "scope" ? spec.scope : spec.kind);
  // A page that is loaded anew at once would not have told the peer yet.
  await expect
    .poll(async () => (await keptFeeds(page)).map(scopes))
    .toEqual(["home", "t:two", "people", "t:three", "t:one"]);
  await page.reload();
  await expect(names).toHaveText(["Home", "two", "People", "three", "one"]);
});

test("what is left out of a feed stays out, and the home place is changed from Home", async ({ visit }) => {
  const page = await visit("/");
  await page.waitForFunction(() => "mehr" in window);
  await liveIn(page, UTRECHT);
  const { postHash } = await publish(page, { headline: "A question", text: "Who knows?" }, [UTRECHT]);
  await page.evaluate(
    async ([replyTo, scope]) => {
      const words = { headline: "An answer", summary: "", text: "I do.", scopes: [scope], updated: 0 };
      await window.mehr.publish({ ...words, id: crypto.randomUUID(), replyTo });
    },
    [postHash, UTRECHT] as const,
  );
  await expect(card(page, "An answer")).toBeVisible();
  await page.goto(new URL("/feeds/home", page.url()).href);
  await page.getByRole("checkbox", { name: "Replies" }).uncheck();
  await page.getByRole("button", { name: "Save feed" }).click();
  await expect(card(page, "A question")).toBeVisible();
  await expect(card(page, "An answer")).toHaveCount(0);

  await page.getByRole("button", { name: "Change home place" }).click();
  const dialog = page.getByRole("dialog", { name: "Change home place" });
  await dialog.getByRole("combobox").fill("Asia/IR/Tehran");
  await dialog.getByRole("combobox").press("Enter");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Tehran" })).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Utrecht" })).toBeVisible();
});

test("a link to a feed says what it is and keeps it only when somebody says so", async ({ visit }) => {
  const page = await visit(
    "/open#web%2Bmehr%3Afeed%2F%3Fname%3DJazz%2520here%26place%3DEurope%2FNL%26topic-only%3Dmusic%2Fjazz",
  );
  await expect(page.getByRole("heading", { level: 1, name: "A shared feed" })).toBeVisible();
  await expect(page.getByRole("heading", { level: 2, name: "Jazz here" })).toBeVisible();
  await expect(page.getByText(/At .*Europe \/ NL.*, about .*music \/ jazz.* alone/)).toBeVisible();
  const kept = async (): Promise<number> => (await keptFeeds(page)).length;
  const before = await kept();
  await page.getByRole("button", { name: "Save this feed" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Jazz here" })).toBeVisible();
  expect(await kept()).toBe(before + 1);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Copy link to this feed" }).click();
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toBe("web+mehr:feed/?name=Jazz%20here&place=europe/nl&topic-only=music/jazz");

  const own = await nodeIdOf(page);
  const garbage = [
    "web+mehr:feed/?name=x",
    "web+mehr:feed/?place=%E2%81%84",
    `web+mehr:feed/?author=${own.slice(0, -1)}`,
    `web+mehr:feed/?author=${own}&place=europe`,
    "web+mehr:feed/",
  ];
  for (const address of garbage) {
    await page.goto(new URL(`/open#${encodeURIComponent(address)}`, page.url()).href);
    await expect(page.getByRole("heading", { level: 1, name: "Open an address" })).toBeVisible();
    await page.goto(new URL("/feeds", page.url()).href);
  }
  expect(await kept()).toBe(before + 1);
});
