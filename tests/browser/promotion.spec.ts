/** A post with a place and a topic: heard in its town, and elsewhere once somebody there has boosted it. */
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { card, goTo, linked, liveIn, meets, publish, valueOf } from "./people.ts";

const UTRECHT = "g:europe/nl/utrecht";
const TOKYO = "g:asia/jp/tokyo";
const TOPIC = "t:music/jazz";

const feedOf = (page: Page, scope: string): Promise<string[]> =>
  page.evaluate(async (key) => {
    const rows = await window.mehr.feed({ feed: { kind: "scope", scope: key, match: "prefix" }, limit: 50 });
    return rows.map(({ headline }) => headline ?? "");
  }, scope);

test("a distant reader hears of a post when a neighbour has boosted it, and sees why", async ({ visit }) => {
  test.setTimeout(240_000);
  const [author, neighbour, reader] = await Promise.all([visit("/"), visit("/"), visit("/")]);
  // In the commons, where everybody is at first, all three become neighbours, and stay so.
  await Promise.all([author, neighbour, reader].map((page) => linked(page, 2)));
  await Promise.all([liveIn(author, UTRECHT), liveIn(neighbour, UTRECHT), liveIn(reader, TOKYO)]);
  await reader.evaluate(async (topic) => void (await window.mehr.updateSettings({ topics: [topic] })), TOPIC);
  await Promise.all([meets(author, UTRECHT), meets(neighbour, UTRECHT)]);

  const words = { headline: "Jam session on Friday", text: "Bring an instrument.", summary: "" };
  const { hash } = await publish(author, words, [UTRECHT, TOPIC]);
  await expect.poll(() => feedOf(neighbour, UTRECHT), { timeout: 60_000 }).toContain(words.headline);
  // The reader is a neighbour of both and has asked them for the topic.
  expect((await valueOf(reader, "status", {})).peers).toBeGreaterThan(0);
  expect(await feedOf(reader, TOPIC)).toEqual([]);

  await goTo(neighbour, "Home");
  await card(neighbour, words.headline).getByRole("link", { name: words.headline }).click();
  await neighbour.getByRole("button", { name: "Boost" }).click();
  const dialog = neighbour.getByRole("dialog");
  await expect(dialog).toContainText("Europe / NL / Utrecht");
  await expect(dialog).toContainText("music / jazz");
  await expect(dialog).toContainText("cannot be taken back");
  await dialog.getByRole("button", { name: "Boost it" }).click();
  await expect(neighbour.getByRole("button", { name: "Boosted" })).toBeDisabled();

  await expect.poll(() => feedOf(reader, TOPIC), { timeout: 120_000 }).toContain(words.headline);
  const boosterId = (await valueOf(neighbour, "identity", {})).id;
  const reach = await valueOf(reader, "reach", { hash });
  expect(reach).toMatchObject({ topics: true, start: UTRECHT });
  expect(reach?.steps[0]).toMatchObject({ level: "topic", scope: TOPIC, evidence: "boost", who: [{ id: boosterId }] });

  await reader.goto(new URL(`/p/${hash}`, reader.url()).href);
  await reader.getByRole("button", { name: /heard across its topic/u }).click();
  const sheet = reader.getByRole("dialog");
  await expect(sheet).toContainText("It started in");
  await expect(sheet).toContainText("boosted it");
  await expect(sheet).toContainText("Your device has checked each of these itself.");

  // The author learns of it, too; the boost is a card of its own in the town.
  await expect.poll(async () => (await valueOf(author, "reach", { hash }))?.topics, { timeout: 60_000 }).toBe(true);
  await goTo(author, "Home");
  await expect(author.locator(".boosted").getByText("boosted", { exact: false }).first()).toBeVisible();

  // To somebody who trusts the neighbour its name says more than a number.
  await author.evaluate((id) => window.mehr.trust(id), boosterId);
  await author.goto(new URL(`/p/${hash}`, author.url()).href);
  await author.getByRole("button", { name: /1 boost/u }).click();
  await expect(author.getByRole("dialog")).toContainText(/Boosted by .+, whom you trust\./u);
});
