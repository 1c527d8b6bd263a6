/** Curated feeds of more entries than are described at first: what is counted, and what of it is shown. */
import { expect, it } from "vitest";
import { curatedOf, idOf, NAME, specOf, townsOfTests } from "./curation-town.ts";
import { fillCurated } from "./curated-pages.ts";
import { now } from "./origin.ts";

const { story } = townsOfTests();

it("shows and counts the feeds in a feed wherever they stand, to its curator and to those who follow it", async () => {
  const { anna, ben, carol, town, write } = await story(570);
  const { hash, postHash } = await write("a bridge");
  await ben.api.saveCurated({ name: NAME, description: "What spans water" });
  await anna.api.saveCurated({ name: "Everything" });
  await fillCurated(anna, "Everything", 600);
  const open = await anna.api.watch("curated", { curator: idOf(ben), name: NAME }, () => undefined);
  await town.clock.until(async () => (await curatedOf(anna, ben)).state === "here");
  const curated = { curator: idOf(ben), name: NAME };
  await anna.api.curate({ feed: "Everything", curated, note: "He knows them all", at: 599 });
  await anna.api.saveCurated({ name: "Tunnels" });
  const own = { curator: idOf(anna), name: "Tunnels" };
  await anna.api.curate({ feed: "Everything", curated: own, at: 300 });
  await anna.api.curate({ feed: "Everything", post: hash, at: 602 });
  const ford = await write("a ford", ben);
  await anna.api.curate({ feed: "Everything", post: ford.postHash });
  await open.close();

  for (const spec of [specOf(anna, "Everything"), specOf(anna, "Tunnels"), specOf(ben)]) {
    await carol.api.saveFeed({ spec });
  }
  for (const at of [anna, carol]) {
    await town.clock.until(async () => (await curatedOf(at, anna, "Everything")).feeds.length > 1);
    const view = await curatedOf(at, anna, "Everything");
    expect(view).toMatchObject({ count: 604, held: 2, missingPages: 0 });
    expect(view.entries).toHaveLength(256);
    expect(view.entries.filter(({ feed }) => feed !== null)).toEqual([]);
    expect(view.feeds.map(({ feed, note }) => [feed.name, note])).toEqual([
      ["Tunnels", null],
      [NAME, "He knows them all"],
    ]);
  }

  const all = await now(anna.api, "curated", { ...own, name: "Everything", limit: 1_000 });
  expect(all.entries).toHaveLength(604);
  expect([301, 601].map((place) => all.entries[place])).toEqual(all.feeds);
  expect(all.entries[603]).toMatchObject({ postHash, here: true, feed: null, envelope: hash });
  expect(all.entries[1]).toMatchObject({ here: false, feed: null, envelope: null });
  for (const { faults, mesh } of town.residents) expect([faults, mesh.misdeeds()]).toEqual([[], []]);

  // Nothing is said of somebody who is blocked.
  await carol.api.block(idOf(ben));
  const without = await curatedOf(carol, anna, "Everything");
  expect(without.feeds.map(({ feed }) => feed.name)).toEqual(["Tunnels"]);
  expect(without.entries[0]).toMatchObject({ postHash: ford.postHash, here: true, envelope: null });
});
