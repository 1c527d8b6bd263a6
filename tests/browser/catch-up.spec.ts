/** Whoever was away, and meets somebody who was not there before, lacks nothing. */
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { bytesOf, direct, meets, network, nodeIdOf } from "./people.ts";

/** Where everyone is at first; one author may write 600 times in an hour there. */
const HOME = "g:cyberspace/commons";
/** What the returning one holds: more than from where on peers reconcile instead of reading everything. */
const BEFORE = 550;
const MISSED = 500;
/** Published at the same time by one page. */
const AT_ONCE = 25;

async function write(page: Page, count: number, name: string): Promise<string[]> {
  await page.waitForFunction(() => "mehr" in window);
  return await page.evaluate(
    async ({ atOnce, author, place, total }) => {
      const hashes: string[] = [];
      const one = async (index: number): Promise<void> => {
        const text = `Notice ${index} of ${author}.`;
        const words = { headline: "", summary: "", text, scopes: [place], replyTo: null, updated: 0 };
        hashes.push((await window.mehr.publish({ id: crypto.randomUUID(), ...words })).hash);
      };
      for (let from = 0; from < total; from += atOnce) {
        await Promise.all(Array.from({ length: Math.min(atOnce, total - from) }, (_, at) => one(from + at)));
      }
      return hashes;
    },
    { atOnce: AT_ONCE, author: name, place: HOME, total: count },
  );
}

async function held(page: Page): Promise<number> {
  return (await network(page)).storage.envelopes;
}

test("a peer that was away for 500 envelopes catches up with a neighbour that it never met", async ({ visit }) => {
  test.setTimeout(300_000);
  const [anna, chiara] = await Promise.all([visit("/"), visit("/")]);
  await Promise.all([meets(anna, HOME), meets(chiara, HOME)]);
  await write(anna, BEFORE, "Anna");
  await expect.poll(() => held(chiara), { timeout: 120_000 }).toBe(BEFORE);

  const address = chiara.url();
  await chiara.goto("about:blank");
  const behrouz = await visit("/");
  await expect.poll(() => held(behrouz), { timeout: 120_000 }).toBe(BEFORE);
  const missed = await write(behrouz, MISSED, "Behrouz");
  await anna.goto("about:blank");

  await chiara.goto(address);
  await expect.poll(() => held(chiara), { timeout: 120_000 }).toBe(BEFORE + MISSED);
  const rows = await chiara.evaluate(
    async ({ limit, place }) => {
      const feed = { kind: "scope", scope: place, match: "exact" } as const;
      return (await window.mehr.feed({ feed, limit })).map(({ hash }) => hash);
    },
    { limit: MISSED, place: HOME },
  );
  expect(rows.toSorted()).toEqual(missed.toSorted());
  const view = await network(chiara);
  const behrouzsId = await nodeIdOf(behrouz);
  const fromHim = (link: (typeof view.connections)[number]): boolean => direct(link) && link.peer === behrouzsId;
  expect(bytesOf(view, "/mehr/sync/1", "in", fromHim)).toBeGreaterThan(MISSED * 100);
  // Nothing of it was announced by hash beside that: 1,050 hashes would be 34 kB.
  expect(bytesOf(view, "/mehr/pub/1", "in", fromHim)).toBeLessThan(10_000);
  expect(view.refused).toEqual({});
});
