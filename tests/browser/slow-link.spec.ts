/** A reader whose connection is slow, as measured and not as said, is told that there are posts and given them when asked; and one who chooses it is so, too. */
import type { Page } from "@playwright/test";
import type { Published } from "../../src/peer/api.ts";
import { expect, test } from "./fixtures.ts";
import { card, direct, goTo, linked, liveIn, network, publish } from "./people.ts";
import { heard, hexOf, recordingApp } from "./recorder.ts";
import { removeApps } from "./versions.ts";

const UTRECHT = "g:europe/nl/utrecht";
const TOKYO = "g:asia/jp/tokyo";
/** Ms one way, for every packet of WebRTC: a round trip takes twice as much, and 600 is a poor link (src/social/modes.ts). */
const LATENCY = 500;
/** Each word to a relay and to a peer takes a second. */
const LINKING = 90_000;
/** Hints come each minute. */
const A_MINUTE_AND_MORE = 100_000;

const folders: string[] = [];
test.afterEach(() => removeApps(folders.splice(0)));

/** From now on; a connection that stands already stays as fast as it was. */
async function slowDown(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  const unlimited = { downloadThroughput: -1, uploadThroughput: -1 };
  await session.send("Network.emulateNetworkConditions", { offline: false, latency: LATENCY, ...unlimited });
}

/** Middle one of the measured round trips of direct links; 0 before there are two. */
async function roundTrip(page: Page): Promise<number> {
  const measured = (await network(page)).connections.filter(direct).flatMap((link) => link.roundTrip ?? []);
  return measured.length < 2 ? 0 : (measured.toSorted((a, b) => a - b)[measured.length >> 1] ?? 0);
}

test("a reader on a slow link is told of posts by hash alone, and fetches what is opened", async ({ serve, visit }) => {
  test.setTimeout(300_000);
  const folder = await recordingApp();
  folders.push(folder);
  const server = await serve({ root: folder });
  const [author, neighbour] = await Promise.all([visit("/", { server }), visit("/", { server })]);
  // A file of the site and no page of it: nothing is linked before the network is slow.
  const reader = await visit("/plain.css", { server });
  await slowDown(reader);
  await reader.goto(new URL("s/place/europe/nl/utrecht", server.url).href);
  await expect.poll(() => roundTrip(reader), { timeout: LINKING }).toBeGreaterThan(2 * LATENCY);
  await Promise.all([linked(author, 2), linked(neighbour, 2)]);
  await Promise.all([liveIn(author, UTRECHT), liveIn(neighbour, UTRECHT), liveIn(reader, TOKYO)]);

  // Nobody would keep to what is asked of them a moment later: the connection is known to be slow before more is asked for.
  await goTo(reader, "Home");
  await expect(reader.getByText("Chosen because of your connection")).toBeVisible({ timeout: LINKING });

  await test.step("a whole town comes by hints, and the page says why", async () => {
    await reader.goBack();
    await reader.getByRole("button", { name: "Follow Europe / NL / Utrecht", exact: true }).click();
    await goTo(reader, "Home");
    await reader.getByRole("navigation", { name: "Feeds", exact: true }).getByRole("link", { name: "Utrecht" }).click();
    await expect(reader.getByText("You are told how many new posts there are.")).toBeVisible({ timeout: LINKING });
    await expect(reader.getByText("Chosen because of your connection and how much this feed brings.")).toBeVisible();
  });

  const headlines = ["The ferry is late", "The ferry is here"];
  const posts: Published[] = [];
  for (const headline of headlines)
    posts.push(await publish(author, { headline, text: "At the old pier." }, [UTRECHT]));
  await test.step("nothing but hashes comes", async () => {
    await expect(reader.getByRole("button", { name: "Load all 2 posts" })).toBeVisible({ timeout: A_MINUTE_AND_MORE });
    expect(await heard(reader, [...posts.map(({ hash }) => hash), ...headlines.map(hexOf)])).toEqual([
      true,
      true,
      false,
      false,
    ]);
    await expect(reader.getByRole("article")).toHaveCount(0);
  });

  await test.step("until they are opened", async () => {
    await reader.getByRole("button", { name: "Load all 2 posts" }).click();
    for (const headline of headlines) await expect(card(reader, headline)).toBeVisible();
    expect(await heard(reader, headlines.map(hexOf))).toEqual([true, true]);
  });
});

test("how one feed comes, and what it is called, is up to its reader", async ({ visit }) => {
  const page = await visit("/s/place/europe/nl/utrecht");
  await page.getByRole("button", { name: "Follow Europe / NL / Utrecht", exact: true }).click();
  await goTo(page, "Home");
  const tabs = page.getByRole("navigation", { name: "Feeds", exact: true });
  await tabs.getByRole("link", { name: "Utrecht" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Utrecht" })).toBeVisible();
  await expect(page.getByText("Not loaded yet")).toHaveCount(0);
  await page.getByRole("link", { name: "Change", exact: true }).click();
  await page.getByRole("radio", { name: "Only what I open" }).check();
  await page.getByLabel("Name", { exact: true }).fill("Down by the canal");
  await page.getByRole("button", { name: "Save feed" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Down by the canal" })).toBeVisible();
  await expect(page.getByText("You are told how many new posts there are.")).toBeVisible();
  await expect(page.getByText("Chosen for this feed.")).toBeVisible();
  await expect(tabs.getByRole("link", { name: "Down by the canal" })).toBeVisible();
});
