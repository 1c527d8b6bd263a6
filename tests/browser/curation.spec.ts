/** What a person curates, as its curator makes it, as a follower reads it, and as a curator of curators passes it on. */
import type { Page } from "@playwright/test";
import { violationsOf } from "./axe.ts";
import { expect, test } from "./fixtures.ts";
import { card, liveIn, meets, nodeIdOf, publish } from "./people.ts";

const UTRECHT = "g:europe/nl/utrecht";
const PHONE = { width: 390, height: 844 };

const at = (page: Page, path: string): string => new URL(path, page.url()).href;
const dialog = (page: Page) => page.getByRole("dialog");
/** What axe finds wrong with the page as it is. */
const entries = (page: Page) => page.locator(".curate-entries .row-name");

test("a curator puts posts into a feed with notes, a reader follows it, and another curator passes it on", async ({
  visit,
}) => {
  const [anna, ben, carol] = await Promise.all([visit("/"), visit("/", { viewport: PHONE }), visit("/")]);
  await Promise.all([anna, ben, carol].map((page) => liveIn(page, UTRECHT)));
  await Promise.all([anna, ben, carol].map((page) => meets(page, UTRECHT)));
  const first = await publish(anna, { headline: "The arch at Narni", text: "One of four is left." }, [UTRECHT]);
  await publish(anna, { headline: "A bridge of chains", text: "It swings." }, [UTRECHT]);

  await test.step("the curator makes a feed from the page of a post, on a phone, by keyboard", async () => {
    await expect(card(ben, "The arch at Narni")).toBeVisible();
    await ben.goto(at(ben, `/p/${first.hash}`));
    await ben.getByRole("button", { name: "Add to a feed" }).press("Enter");
    await dialog(ben).getByLabel("Name of the feed").fill("Bridges");
    await dialog(ben).getByLabel("Your note").fill("Worth the walk");
    await dialog(ben).getByLabel("Your note").press("Tab");
    await ben.keyboard.press("Enter");
    await expect(ben.getByText("It is in \u2068Bridges\u2069 now")).toBeVisible();
    // It stands beside the post from now on.
    await expect(ben.getByRole("button", { name: /1 curator/ })).toBeVisible();
    await ben.goto(at(ben, "/"));
    await card(ben, "A bridge of chains").getByRole("link", { name: "A bridge of chains" }).click();
    await ben.getByRole("button", { name: "Add to a feed" }).click();
    await expect(dialog(ben).getByRole("radio", { name: /Bridges/ })).toBeChecked();
    await dialog(ben).getByRole("button", { name: "Add", exact: true }).click();
    await expect(ben.getByText("It is in \u2068Bridges\u2069 now")).toBeVisible();
  });

  await test.step("and changes what it says, its order and its notes", async () => {
    await ben.goto(at(ben, "/me"));
    await ben.getByRole("link", { name: "Feeds you curate" }).click();
    // The profile has a link of this name, too.
    await expect(ben).toHaveURL(/\/curate$/);
    await ben.getByRole("link", { name: "Bridges" }).click();
    await expect(entries(ben)).toHaveText(["A bridge of chains", "The arch at Narni"]);
    const up = ben.getByRole("button", { name: "Move The arch at Narni up" });
    await up.focus();
    await up.press("Enter");
    await expect(entries(ben)).toHaveText(["The arch at Narni", "A bridge of chains"]);
    await expect(ben.getByText("It is number 1 of 2 now")).toBeAttached();
    await expect(up).toBeFocused();
    await ben.getByRole("button", { name: "Change the note to A bridge of chains" }).click();
    await ben.getByRole("textbox", { name: "Your note" }).fill("It swings");
    await ben.getByRole("button", { name: "Save note" }).click();
    await expect(ben.getByText("It swings")).toBeVisible();
    await ben.getByRole("button", { name: "Take A bridge of chains out" }).click();
    await expect(entries(ben)).toHaveText(["The arch at Narni"]);
    await ben.getByRole("button", { name: "Undo" }).click();
    await expect(entries(ben)).toHaveText(["The arch at Narni", "A bridge of chains"]);
    await expect(ben.getByText("It swings")).toBeVisible();
    await ben.getByRole("button", { name: "Change description" }).click();
    await ben.getByLabel("What is in it?").fill("What spans water");
    await ben.getByRole("button", { name: "Save", exact: true }).click();
    await expect(ben.getByText("What spans water")).toBeVisible();
    expect(await violationsOf(ben)).toEqual([]);
  });

  await test.step("and is told of an entry that lists leave out that it is muted, not that it is gone", async () => {
    const muted = "A post that you have muted";
    const author = await nodeIdOf(anna);
    const [mute] = await ben.evaluate((id) => window.mehr.mute([{ target: { kind: "person", id } }]), author);
    await expect(entries(ben)).toHaveText([muted, muted]);
    await expect(ben.getByText("Not on this device now")).toHaveCount(0);
    await ben.evaluate((id) => window.mehr.unmute([id]), mute!.id);
    await expect(entries(ben)).toHaveText(["The arch at Narni", "A bridge of chains"]);
  });

  const curator = await nodeIdOf(ben);
  await test.step("a reader finds the feed on the curator's profile and follows it", async () => {
    await carol.goto(at(carol, `/u/${curator}`));
    await carol.getByRole("link", { name: "Bridges" }).click();
    await expect(carol.getByText("What spans water")).toBeVisible();
    await expect(card(carol, "The arch at Narni")).toBeVisible();
    await expect(carol.locator(".curator-note")).toHaveText([/Worth the walk$/, /It swings$/]);
    await carol.getByRole("button", { name: "Follow", exact: true }).click();
    await expect(carol.getByText("\u2068Bridges\u2069 is among your feeds now")).toBeVisible();
    expect(await violationsOf(carol)).toEqual([]);
    await carol
      .getByRole("button", { name: /1 curator/ })
      .first()
      .click();
    await expect(dialog(carol).getByText("1 curator has chosen it, among the feeds you keep.")).toBeVisible();
    await expect(dialog(carol).getByText("Worth the walk")).toBeVisible();
    await carol.keyboard.press("Escape");
  });

  await test.step("a change comes by itself", async () => {
    await publish(ben, { headline: "A ford", text: "Wet feet." }, [UTRECHT]);
    await ben.goto(at(ben, "/"));
    await card(ben, "A ford").getByRole("link", { name: "A ford" }).click();
    await ben.getByRole("button", { name: "Add to a feed" }).click();
    await dialog(ben).getByLabel("Your note").fill("Not a bridge at all");
    await dialog(ben).getByRole("button", { name: "Add", exact: true }).click();
    await expect(card(carol, "A ford")).toBeVisible();
    await expect(carol.getByText("Not a bridge at all")).toBeVisible();
  });

  await test.step("a curator of curators shows the curator's feed", async () => {
    await anna.goto(at(anna, `/curated?by=${curator}&feed=Bridges`));
    await anna.getByRole("button", { name: "Add to a feed" }).click();
    await dialog(anna).getByLabel("Name of the feed").fill("Engineers");
    await dialog(anna).getByLabel("Your note").fill("He knows them all");
    await dialog(anna).getByRole("button", { name: "Add", exact: true }).click();
    await expect(anna.getByText("It is in \u2068Engineers\u2069 now")).toBeVisible();
    await carol.goto(at(carol, `/curated?by=${await nodeIdOf(anna)}&feed=Engineers`));
    const held = carol.getByRole("region", { name: "Feeds in this feed" });
    await expect(held.getByText("He knows them all")).toBeVisible();
    await held.getByRole("link", { name: "Bridges" }).click();
    await expect(card(carol, "The arch at Narni")).toBeVisible();
    await expect(carol.getByRole("button", { name: "Following" })).toBeVisible();
  });
});

test("entries change places by a drag, with a mouse and with a finger, and a feed goes on under another name", async ({
  visit,
}) => {
  // So high that nothing is near its edges, where the page would move along.
  const page = await visit("/", { viewport: { width: 390, height: 1_200 }, hasTouch: true });
  await page.waitForFunction(() => "mehr" in window);
  await liveIn(page, UTRECHT);
  const titles = ["The arch at Narni", "A bridge of chains", "A ford", "A ferry"];
  await page.evaluate(() => window.mehr.saveCurated({ name: "Brigdes", description: "What spans water" }));
  for (const headline of titles.toReversed()) {
    const { hash } = await publish(page, { headline, text: `${headline} spans water.` }, [UTRECHT]);
    await page.evaluate((post) => window.mehr.curate({ feed: "Brigdes", post }), hash);
  }
  await page.goto(at(page, "/curate/feed?name=Brigdes"));
  await expect(entries(page)).toHaveText(titles);
  const sequence = () => sequenceOf(page, "Brigdes");
  const before = await sequence();
  /** Where the handle of this entry is, and how high the entry. */
  const handleOf = async (place: number) => {
    const box = (await page.locator(".curate-entry").nth(place).locator(".row-handle").boundingBox())!;
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  };

  await test.step("with a mouse: one version of the feed for one drop, told to whoever listens", async () => {
    await page.locator(".curate-entry").nth(0).scrollIntoViewIfNeeded();
    const [from, to] = [await handleOf(0), await page.locator(".curate-entry").nth(2).boundingBox()];
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(from.x, to!.y + to!.height - 4, { steps: 20 });
    await expect(entries(page)).toHaveText([titles[1]!, titles[2]!, titles[0]!, titles[3]!]);
    expect(await sequence()).toBe(before);
    await page.mouse.up();
    await expect(page.getByText("It is number 3 of 4 now")).toBeAttached();
    await expect.poll(sequence).toBe(before + 1);
    await expect(entries(page)).toHaveText([titles[1]!, titles[2]!, titles[0]!, titles[3]!]);
  });

  await test.step("what is given up with Escape, or let go where it was, changes nothing", async () => {
    const from = await handleOf(0);
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(from.x, from.y + 12, { steps: 4 });
    await page.mouse.up();
    await page.mouse.down();
    await page.mouse.move(from.x, from.y + 200, { steps: 10 });
    await expect(entries(page).nth(0)).not.toHaveText(titles[1]!);
    await page.keyboard.press("Escape");
    await page.mouse.up();
    await expect(entries(page)).toHaveText([titles[1]!, titles[2]!, titles[0]!, titles[3]!]);
    expect(await sequence()).toBe(before + 1);
  });

  await test.step("with a finger, in a page that is read from the right", async () => {
    await page.evaluate(() => window.mehr.updateSettings({ language: "fa" }));
    await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
    const touch = await page.context().newCDPSession(page);
    const [from, to] = [await handleOf(2), await page.locator(".curate-entry").nth(0).boundingBox()];
    const send = (type: "touchStart" | "touchMove" | "touchEnd", y: number) =>
      touch.send("Input.dispatchTouchEvent", { type, touchPoints: type === "touchEnd" ? [] : [{ x: from.x, y }] });
    const scrolled = await page.evaluate(() => window.scrollY);
    await send("touchStart", from.y);
    for (let step = 1; step <= 10; step++) await send("touchMove", from.y + ((to!.y + 4 - from.y) * step) / 10);
    await expect(entries(page)).toHaveText(titles);
    await send("touchEnd", 0);
    await expect.poll(sequence).toBe(before + 2);
    await expect(entries(page)).toHaveText(titles);
    // The page stayed where it was, but for its edge.
    expect(Math.abs((await page.evaluate(() => window.scrollY)) - scrolled)).toBeLessThan(300);
    expect(await violationsOf(page)).toEqual([]);
    await page.evaluate(() => window.mehr.updateSettings({ language: "en" }));
  });

  await test.step("the name is changed where one looks for it, and the old one leads to the new", async () => {
    await page.getByRole("button", { name: "Change description" }).click();
    await expect(page.getByText("cannot be changed in place")).toBeVisible();
    await page.getByRole("button", { name: "Move to another name" }).click();
    await page.getByLabel("Name of the feed").fill(" Bridges ");
    await page.getByRole("button", { name: "Move all entries" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Bridges" })).toBeVisible();
    await expect(entries(page)).toHaveText(titles);
    await page.goto(at(page, "/curate"));
    await page.getByRole("link", { name: "Brigdes" }).click();
    await expect(entries(page)).toHaveText(["Bridges"]);
    await page.getByRole("button", { name: "Close this feed" }).click();
    await page.getByRole("button", { name: /Close .*Brigdes.* for good/u }).click();
    await expect(page.getByRole("link", { name: "Bridges" })).toBeVisible();
  });
});

test("a feed of six hundred posts: each has its headline where one scrolls to, and changes there; the feeds in it are all shown", async ({
  visit,
}) => {
  // Publishing and choosing each of them is a minute's work of its own.
  test.setTimeout(300_000);
  // On a page that shows none of it: at home each post would be drawn as it comes.
  const page = await visit("/settings");
  await page.waitForFunction(() => "mehr" in window);
  await liveIn(page, UTRECHT);
  await page.evaluate(async (scope) => {
    const { mehr } = window;
    await mehr.saveCurated({ name: "Bridges", description: "What spans water" });
    await mehr.saveCurated({ name: "Tunnels" });
    for (let place = 1; place <= 600; place++) {
      const headline = `Bridge ${place}`;
      const words = { headline, summary: "", text: `${headline} spans water.`, scopes: [scope], replyTo: null };
      const { postHash } = await mehr.publish({ id: crypto.randomUUID(), ...words, updated: Date.now() });
      await mehr.curate({ feed: "Bridges", post: postHash, at: place - 1 });
    }
  }, UTRECHT);
  const curator = await nodeIdOf(page);
  const tunnels = { curator, name: "Tunnels" };
  const list = page.locator(".curate-entries");
  await page.evaluate((curated) => window.mehr.curate({ feed: "Bridges", curated, note: "Below", at: 400 }), tunnels);

  await test.step("its editor holds the rows near the screen, and knows what each of them is", async () => {
    await page.goto(at(page, "/curate/feed?name=Bridges"));
    const rows = page.locator(".curate-entry");
    await expect(rows.first()).toHaveAttribute("aria-setsize", "601");
    await expect(entries(page).first()).toHaveText("Bridge 1");
    await expect(page.getByText("600 of 600 posts can be shown")).toBeVisible();
    await expect(async () => {
      await list.evaluate((element) => element.scrollIntoView({ block: "end" }));
      await expect(entries(page).last()).toHaveText("Bridge 600", { timeout: 500 });
    }).toPass();
    expect(await rows.count()).toBeLessThan(100);
    expect(await violationsOf(page)).toEqual([]);
  });

  const shown = (from: number) => entries(page).filter({ hasText: new RegExp(`^Bridge ${from}\\d$`, "u") });
  await test.step("reorder, notes, removal and undo work far down", async () => {
    const up = page.getByRole("button", { name: "Move Bridge 595 up" });
    await up.press("Enter");
    await expect(page.getByText("It is number 595 of 601 now")).toBeAttached();
    await expect(up).toBeFocused();
    const order = ["Bridge 593", "Bridge 595", "Bridge 594", "Bridge 596"];
    await expect(shown(59).filter({ hasText: /[3456]$/u })).toHaveText(order);
    await page.getByRole("button", { name: "Change the note to Bridge 597" }).click();
    await page.getByRole("textbox", { name: "Your note" }).fill("It swings");
    // What is being typed outlives that its row leaves the page.
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await page.evaluate(() => window.scrollTo(0, 0));
    await expect(entries(page).first()).toHaveText("Bridge 1");
    await expect(page.getByRole("textbox", { name: "Your note" })).toHaveCount(0);
    await expect(async () => {
      await list.evaluate((element) => element.scrollIntoView({ block: "end" }));
      await expect(page.getByRole("textbox", { name: "Your note" })).toHaveValue("It swings", { timeout: 500 });
    }).toPass();
    await page.getByRole("button", { name: "Save note" }).click();
    await expect(page.getByText("It swings")).toBeVisible();
    await page.getByRole("button", { name: "Take Bridge 597 out" }).click();
    await expect(shown(59).filter({ hasText: /[678]$/u })).toHaveText(["Bridge 596", "Bridge 598"]);
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(shown(59).filter({ hasText: /[678]$/u })).toHaveText(["Bridge 596", "Bridge 597", "Bridge 598"]);
    await expect(page.getByText("It swings")).toBeVisible();
  });

  await test.step("by a drag, too", async () => {
    const before = await sequenceOf(page, "Bridges");
    const rowOf = (place: number) => page.locator(".curate-entry", { hasText: `Bridge ${place}` });
    const [from, to] = [await rowOf(599).locator(".row-handle").boundingBox(), await rowOf(597).boundingBox()];
    const x = from!.x + from!.width / 2;
    await page.mouse.move(x, from!.y + from!.height / 2);
    await page.mouse.down();
    await page.mouse.move(x, to!.y + 4, { steps: 20 });
    await expect(shown(59).filter({ hasText: /[6789]$/u })).toHaveText([596, 599, 597, 598].map((n) => `Bridge ${n}`));
    await page.mouse.up();
    await expect.poll(() => sequenceOf(page, "Bridges")).toBe(before + 1);
    await expect(page.getByText("It is number 598 of 601 now")).toBeAttached();
    await expect(shown(59).filter({ hasText: /[6789]$/u })).toHaveText([596, 599, 597, 598].map((n) => `Bridge ${n}`));
  });

  await test.step("a feed that stands behind the first page is shown, and is no post", async () => {
    await page.goto(at(page, `/curated?by=${curator}&feed=Bridges`));
    const held = page.getByRole("region", { name: "Feeds in this feed" });
    await expect(held.getByRole("link", { name: "Tunnels" })).toBeVisible();
    await expect(held.getByText("Below")).toBeVisible();
    await expect(page.getByText("600 of 600 posts can be shown")).toBeVisible();
  });
});

async function sequenceOf(page: Page, name: string): Promise<number> {
  return await page.evaluate(async (wanted) => {
    let found = -1;
    const watching = await window.mehr.watch("ownCurated", {}, (update) => {
      if (update.kind === "rows") found = update.rows.find((row) => row.name === wanted)?.sequence ?? -1;
    });
    await watching.close();
    return found;
  }, name);
}
