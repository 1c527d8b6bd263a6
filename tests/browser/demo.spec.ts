/** The demonstration town (`npm run demo`): whoever opens its address finds people who write, answer, boost and choose, and go on with it. */
import { PASSAGES } from "../../scripts/demo/passages.mjs";
import { CHOSEN } from "../../scripts/demo/shelf.mjs";
import { COMMONS, Town } from "../../scripts/demo/town.mjs";
import { expect, test } from "./fixtures.ts";
import { card, nodeIdOf } from "./people.ts";

/** The fewest of the shelf's five who do all of it among themselves: one is boosted, chosen and answered, the other does that. */
const COLUMNS: Parameters<typeof Town.open>[2] = ["poems", "room"];
/** Among so many acts after the shelf is a passage. */
const FURTHER = 6;

test("somebody who opens the demonstration town sees posts, boosts, replies and a curated feed with notes, and what comes later", async ({
  browser,
  guard,
  server,
  visit,
}) => {
  const town = await Town.open(browser, server.url, COLUMNS);
  const [, curator] = town.pages;
  try {
    for (const page of town.pages) guard.watch(page.context());
    const visitor = await visit("/");
    await town.act(town.left);
    // One of the last: those before it are further down than what a feed draws.
    await expect(card(visitor, "Shall I compare thee to a summer's day?")).toBeVisible();

    const rows = () =>
      visitor.evaluate(
        (scope) => window.mehr.feed({ feed: { kind: "scope", scope, match: "exact" }, limit: 100 }),
        COMMONS,
      );
    const post = async (headline: string) =>
      (await rows()).find((row) => row.headline === headline && row.boostOf === null);
    await expect.poll(async () => (await post("Hope is the thing with feathers"))?.heard.boosts).toBe(1);
    await expect.poll(async () => (await post("Ozymandias"))?.replies).toBe(1);

    await town.act(FURTHER);
    const later = new Set(PASSAGES.map(({ headline }) => headline));
    await expect
      .poll(async () => (await rows()).filter((row) => later.has(row.headline ?? "")).length)
      .toBeGreaterThan(0);

    const feed = new URLSearchParams({ by: await nodeIdOf(curator!), feed: CHOSEN.name });
    await visitor.goto(`${server.url}curated?${feed}`);
    await expect(visitor.getByText("Three stanzas. Learn it by heart, it weighs nothing.")).toBeVisible();
  } finally {
    await Promise.all(town.pages.map((page) => page.context().close()));
  }
});
