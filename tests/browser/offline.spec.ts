/** Without a network: what is kept here is read, and what is written waits and goes out once. */
import type { BrowserContext } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { card, compose, goTo, liveIn, meets, network, publish, valueOf } from "./people.ts";
import { startServer } from "./server.ts";

const PLACE = "g:europe/nl/utrecht";
const TEXT = "The ferry does not run on Monday; the bridge is open to bicycles. ".repeat(12).trim();

test("a reader cut off and started cold still reads, writes, and sends what waited exactly once", async ({
  ownProcess,
  visit,
  guard,
}) => {
  const server = await startServer();
  guard.allow(server.url);
  const own = await ownProcess();
  const anna = await visit("/", { server });
  const open = async (context: BrowserContext, address: string) => {
    const page = await context.newPage();
    await page.goto(new URL(address, server.url).href);
    return page;
  };
  let behrouz = await open(own.context, "/");
  await Promise.all([liveIn(anna, PLACE), liveIn(behrouz, PLACE)]);
  await Promise.all([meets(anna, PLACE), meets(behrouz, PLACE)]);
  const fetched = await publish(anna, { headline: "The ferry", text: TEXT }, [PLACE]);
  await publish(anna, { headline: "Never opened", text: `${TEXT} And more.` }, [PLACE]);
  await expect(card(behrouz, "Never opened")).toBeVisible();
  await card(behrouz, "The ferry")
    .getByRole("link", { name: /^Read, / })
    .click();
  await expect(behrouz.locator('[data-part="text"]')).toContainText(TEXT);
  await behrouz.goBack();
  await expect(card(behrouz, "Never opened")).toBeVisible();
  await behrouz.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await behrouz.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated");

  // The server goes, the browser is started anew and has no network at all.
  await server.stop();
  const context = await own.relaunch();
  await context.setOffline(true);
  behrouz = await open(context, `/p/${fetched.hash}`);
  await expect(behrouz.getByRole("heading", { level: 1, name: "The ferry" })).toBeVisible();
  await expect(behrouz.locator('[data-part="text"]')).toContainText(TEXT);
  await expect.poll(async () => (await valueOf(behrouz, "status")).state).toBe("offline");

  await goTo(behrouz, "Home");
  await expect(card(behrouz, "The ferry")).toContainText("kept here");
  await goTo(behrouz, "Write");
  await compose(behrouz, { headline: "Written on the island", text: "Nobody hears this yet." });
  await expect(card(behrouz, "Written on the island")).toContainText("waiting to be sent");
  expect((await valueOf(behrouz, "status")).waiting).toBe(1);

  // Another cold start: what waits is not lost.
  await behrouz.reload();
  await expect(card(behrouz, "Written on the island")).toContainText("waiting to be sent");

  // What is not kept here cannot be had now, which the page says, and shows it as soon as it can be had.
  await card(behrouz, "Never opened")
    .getByRole("link", { name: /^Read, / })
    .click();
  await expect(behrouz.getByText("You are offline")).toBeVisible();

  const again = await startServer({ port: Number(new URL(server.url).port) });
  await context.setOffline(false);
  // Of two links dialled at once one may be dead, which takes two unanswered questions of 10 s each to find out.
  await expect(behrouz.locator('[data-part="text"]')).toContainText(`${TEXT} And more.`, { timeout: 60_000 });
  await goTo(behrouz, "Home");
  await expect(card(behrouz, "Written on the island")).not.toContainText("waiting to be sent");
  await expect(card(anna, "Written on the island")).toBeVisible();
  expect((await valueOf(behrouz, "status")).waiting).toBe(0);

  // Exactly once: one card, one envelope more than the two of her own, and nothing refused or sent again after a restart.
  await behrouz.reload();
  await meets(behrouz, PLACE);
  await expect(card(anna, "Written on the island")).toHaveCount(1);
  const held = await network(anna);
  expect(held.storage.envelopes).toBe(3);
  expect(held.refused).toEqual({});
  await again.stop();
});
