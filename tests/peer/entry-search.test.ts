/** In which order what a curator has chosen is looked for, of a feed that holds more than is asked for at a time. */
import { expect, it } from "vitest";
import type { Found, FoundFeeds } from "../../src/peer/finding/finder.ts";
import { CuratedBook } from "../../src/peer/feeds/index.ts";
import { EntrySearch } from "../../src/peer/feeds/entry-search.ts";
import { toHex, type Hash } from "../../src/wire/index.ts";
import { fillCurated } from "./curated-pages.ts";
import { townsOfTests } from "./curation-town.ts";

const { found } = townsOfTests();

const NOBODY = { asked: 1, answered: 1, more: false };

/** A feed of so many entries of which nobody has any, and what one round asks for: places in the feed. */
async function searched(seed: number, count: number) {
  const town = found(seed);
  const anna = await town.arrive();
  await fillCurated(anna, "Everything", count);
  const { mesh, store } = anna;
  const key = { curator: mesh.self, name: "Everything" };
  const book = new CuratedBook(store);
  const places = new Map((await book.get(key))!.entries.map(({ postHash }, at) => [toHex(postHash), at]));
  let [posts, feeds]: [number[], number[]] = [[], []];
  const placesOf = (hashes: Hash | readonly Hash[]) =>
    (hashes instanceof Uint8Array ? [hashes] : hashes).map((hash) => places.get(toHex(hash))!);
  const finder = {
    find: async (_relations: unknown, hashes: Hash | readonly Hash[]): Promise<Found> => {
      posts.push(...placesOf(hashes));
      return { ...NOBODY, envelopes: [] };
    },
    feeds: async (hashes: readonly Hash[]): Promise<FoundFeeds> => {
      feeds.push(...placesOf(hashes));
      return { ...NOBODY, feeds: [] };
    },
  };
  const search = new EntrySearch({
    store,
    clock: town.clock,
    book,
    finder: () => Promise.resolve(finder),
    keeps: () => true,
    onChanged: () => undefined,
    signal: new AbortController().signal,
  });
  return async () => {
    [posts, feeds] = [[], []];
    await search.look(key, []);
    return { posts, feeds };
  };
}

const from = (first: number, count: number) => Array.from({ length: count }, (_, at) => first + at);

it("goes on to what is further down while the beginning is asked for again, and gives up what was asked for six times", async () => {
  const round = await searched(580, 700);
  expect((await round()).posts).toEqual(from(0, 256));
  expect((await round()).posts).toEqual([...from(256, 128), ...from(0, 128)]);
  expect((await round()).posts).toEqual([...from(384, 128), ...from(0, 128)]);
  const asked = new Map<number, number>();
  for (const place of [...from(0, 512), ...from(0, 128), ...from(0, 128)]) {
    asked.set(place, (asked.get(place) ?? 0) + 1);
  }
  let last = -1;
  for (let rounds = 0; last !== 0; rounds += 1) {
    expect(rounds).toBeLessThan(20);
    const { posts } = await round();
    expect(posts.length).toBeLessThanOrEqual(256);
    for (const place of posts) asked.set(place, (asked.get(place) ?? 0) + 1);
    last = posts.length;
  }
  expect(from(0, 700).filter((place) => asked.get(place) !== 6)).toEqual([]);
});

it("asks for all of a page as for feeds before it asks for one of them again", async () => {
  const round = await searched(581, 160);
  const asked: number[] = [];
  for (let rounds = 0; rounds < 4; rounds += 1) asked.push(...(await round()).feeds);
  expect(asked.slice(0, 160)).toEqual(from(0, 160));
  expect(asked.slice(160)).toEqual(from(0, 32));
});

it.each([300, 1_000])("gives up nothing of %i entries without having asked for it as for a feed", async (count) => {
  const round = await searched(582, count);
  const asked = new Set<number>();
  for (let rounds = 0; ; rounds += 1) {
    expect(rounds).toBeLessThan(100);
    const { feeds, posts } = await round();
    if (posts.length === 0) break;
    for (const place of feeds) asked.add(place);
  }
  expect(from(0, count).filter((place) => !asked.has(place))).toEqual([]);
});
