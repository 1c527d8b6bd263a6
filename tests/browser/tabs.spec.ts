/** One peer however many tabs: every tab is a full view of it, whoever runs it and whatever becomes of that tab. */
import { expect, test, until } from "./fixtures.ts";
import { card, nodeIdOf, publish } from "./people.ts";
import { callTime, crash, leaderOf, openTab, runsPeer } from "./tabs.ts";
import { without } from "./without.ts";

test.use({ keepsApp: true });

const PLACE = "g:cyberspace/commons";

/** The tab says that it is only a view, which it should not have to. */
const elsewhere = { level: 1, name: "Mehr is open in another tab" } as const;

test("a second tab shows and does what the first does", async ({ visit, server }) => {
  const first = await visit("/");
  const id = await nodeIdOf(first);
  await publish(first, { headline: "From the first tab", text: "Hello." }, [PLACE]);
  const second = await openTab(first.context(), server.url);
  await expect(card(second, "From the first tab")).toBeVisible();
  expect(await nodeIdOf(second)).toBe(id);
  await expect.poll(() => runsPeer(first)).toBe(true);
  expect(runsPeer(second)).toBe(false);

  await publish(second, { headline: "From the second", text: "Hello again." }, [PLACE]);
  for (const page of [first, second]) {
    await expect(card(page, "From the second").or(page.getByRole("button", { name: /new/ }))).toBeVisible();
    await expect(page.getByRole("heading", elsewhere)).toHaveCount(0);
  }

  await first.close();
  await callTime(second);
  await expect.poll(() => runsPeer(second)).toBe(true);
  await expect(card(second, "From the first tab")).toBeVisible();
  expect(await nodeIdOf(second)).toBe(id);
});

test("five tabs opened at once have one peer", async ({ visit, server }) => {
  const context = (await visit("/404-of-its-own")).context();
  for (const page of context.pages()) await page.close();
  const pages = await Promise.all(Array.from({ length: 5 }, () => openTab(context, server.url)));
  const ids = await Promise.all(pages.map(nodeIdOf));
  expect(new Set(ids).size).toBe(1);
  await leaderOf(context);
  for (const page of pages) await expect(page.getByRole("heading", elsewhere)).toHaveCount(0);
});

test("a tab opened while the first still starts waits for the same peer", async ({ visit, server }) => {
  const first = await visit("/");
  const id = await nodeIdOf(first);
  const context = first.context();
  await first.close();
  // Slow enough that the second tab asks before the first one's worker runs.
  await context.route(/\/assets\/peer-/, async (route) => {
    await new Promise((resolve) => {
      setTimeout(resolve, 1_500);
    });
    await route.continue();
  });
  const [one, two] = await Promise.all([openTab(context, server.url), openTab(context, server.url)]);
  expect(await Promise.all([nodeIdOf(one), nodeIdOf(two)])).toEqual([id, id]);
  await leaderOf(context);
});

test("a tab whose renderer crashed leaves the peer to another", async ({ visit, server }) => {
  const first = await visit("/");
  const id = await nodeIdOf(first);
  const second = await openTab(first.context(), server.url);
  expect(await nodeIdOf(second)).toBe(id);
  await crash(first);
  await callTime(second);
  expect(await nodeIdOf(second)).toBe(id);
  await expect.poll(() => runsPeer(second)).toBe(true);
});

test("where there is no SharedWorker the service worker brings tabs together", async ({ browser, server, guard }) => {
  const context = await browser.newContext();
  guard.watch(context);
  await without(context, "SharedWorker");
  const first = await openTab(context, server.url);
  const id = await nodeIdOf(first);
  await first.evaluate(async () => void (await navigator.serviceWorker.ready));
  const second = await openTab(context, server.url);
  expect(await nodeIdOf(second)).toBe(id);
  await leaderOf(context);
  await first.close();
  expect(await nodeIdOf(second)).toBe(id);
  await context.close();
});

test("where there is neither, a second tab says where the app is open, and can take it over", async ({
  browser,
  server,
  guard,
}) => {
  const context = await browser.newContext();
  guard.watch(context);
  await without(context, "SharedWorker", "serviceWorker");
  const first = await openTab(context, server.url);
  const id = await nodeIdOf(first);
  await publish(first, { headline: "From the first tab", text: "Hello." }, [PLACE]);
  const second = await openTab(context, server.url);
  await expect(second.getByRole("heading", elsewhere)).toBeVisible();
  await second.getByRole("button", { name: "Use it here" }).click();
  await expect(card(second, "From the first tab")).toBeVisible();
  await expect(first.getByRole("heading", elsewhere)).toBeVisible();
  expect(await nodeIdOf(second)).toBe(id);
  await second.close();
  await expect(card(first, "From the first tab")).toBeVisible();
  await context.close();
});

test("a view that is closed leaves nothing open in the peer", async ({ visit, server }) => {
  const first = await visit("/");
  await nodeIdOf(first);
  const second = await openTab(first.context(), server.url);
  await nodeIdOf(second);
  const locks = (): Promise<number> =>
    first.evaluate(async () => {
      const { held = [], pending = [] } = await navigator.locks.query();
      return [...held, ...pending].filter(({ name }) => name?.startsWith("mehr-page-")).length;
    });
  // Its own, the other's, and the worker in line for the other's.
  await until("a worker that waits for the end of the view", async () => (await locks()) >= 3);
  await second.close();
  await until("a worker that waits for nobody", async () => (await locks()) === 1);
});
