/**
 * The tab that runs the peer is frozen, with notice as browsers give it and without (a renderer that is stopped): another tab
 * takes over, nothing is lost, nothing is there twice, and the frozen tab is a view when it thaws.
 */
import type { BrowserContext, Page } from "@playwright/test";
import type { GivenDraft } from "../../src/peer/api.ts";
import { expect, test, until } from "./fixtures.ts";
import { nodeIdOf } from "./people.ts";
import { callTime, freezer, leaderOf, openTab, runsPeer } from "./tabs.ts";

const ROUNDS = 5;
const PLACE = "g:cyberspace/commons";

function draftsOf(prefix: string, count: number): GivenDraft[] {
  return Array.from({ length: count }, (_, n) => ({
    id: `${prefix}-${n}`,
    headline: `${prefix}-${n}`,
    summary: "",
    text: "Written while a tab was frozen.",
    scopes: [PLACE],
    replyTo: null,
    updated: 0,
  }));
}

function publishAll(page: Page, drafts: GivenDraft[]): Promise<string[]> {
  return page.evaluate(
    (given) => Promise.all(given.map(async (draft) => (await window.mehr.publish(draft)).hash)),
    drafts,
  );
}

async function publishedBy(page: Page, author: string): Promise<string[]> {
  return await page.evaluate(async (id) => {
    const rows = await window.mehr.feed({ feed: { kind: "author", author: id }, limit: 1_000 });
    return rows.map(({ headline }) => headline ?? "");
  }, author);
}

async function withoutNotice(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    for (const target of [window, document]) {
      target.addEventListener("freeze", (event) => event.stopImmediatePropagation(), { capture: true });
    }
  });
}

/**
 * Whether no other tab has a transaction open that would hold up the storage. Chromium ends one that a frozen worker has left open
 * after a minute, so who is frozen without notice in the midst of a write costs that minute (docs/architecture.md); this test is
 * about the rest.
 */
async function storageIsFree(page: Page): Promise<boolean> {
  return await page.evaluate(async () => {
    const write = async (name: string): Promise<void> => {
      const opened = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name);
        request.addEventListener("success", () => resolve(request.result));
        request.addEventListener("error", () => reject(request.error));
      });
      await new Promise((resolve) => {
        const names = [...opened.objectStoreNames];
        opened.transaction(names, "readwrite").addEventListener("complete", resolve);
      });
      opened.close();
    };
    const names = (await indexedDB.databases()).map(({ name }) => name ?? "");
    const late = new Promise<false>((resolve) => {
      setTimeout(() => resolve(false), 500);
    });
    return await Promise.race([late, Promise.all(names.map(write)).then(() => true)]);
  });
}

for (const notice of [true, false]) {
  test(`the leader is frozen ${ROUNDS} times ${notice ? "with" : "without"} notice`, async ({ visit, server }) => {
    test.setTimeout(240_000);
    const first = await visit("/");
    const context = first.context();
    const id = await nodeIdOf(first);
    await first.close();
    if (!notice) await withoutNotice(context);
    const tabs = [await openTab(context, server.url), await openTab(context, server.url)];
    await Promise.all(tabs.map(nodeIdOf));
    const expected: string[] = [];
    const took: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const leader = await leaderOf(context);
      const view = tabs.find((tab) => tab !== leader)!;
      const { freeze, thaw } = await freezer(leader);
      const before = draftsOf(`before-${round}`, 2);
      const during = draftsOf(`during-${round}`, 2);
      const inIce = draftsOf(`frozen-${round}`, 1);
      expected.push(...[...before, ...during, ...inIce].map((draft) => draft.id));
      const early = publishAll(view, before);
      if (notice) {
        await freeze();
      } else {
        await early;
        await until("a tab that is frozen between two writes", async () => {
          await freeze();
          // Twice: what the worker had asked for while the page was being frozen is granted after the first.
          if ((await storageIsFree(view)) && (await storageIsFree(view))) return true;
          await thaw();
          return false;
        });
      }
      const began = performance.now();
      // Asked of the worker that is frozen with its page.
      const asked = publishAll(leader, inIce);
      await publishAll(view, during);
      await early;
      took.push(performance.now() - began);
      // What was asked just before the page froze may still have been done there.
      await until("a peer in the tab that is not frozen", async () => {
        await callTime(view);
        return runsPeer(view);
      });
      await thaw();
      expect(await nodeIdOf(leader)).toBe(id);
      await asked;
      expect(await leaderOf(context)).toBe(view);
    }
    test.info().annotations.push({ type: "until published, ms", description: took.map(Math.round).join(" ") });
    const rows = await publishedBy(tabs[0]!, id);
    expect(rows.toSorted()).toEqual(expected.toSorted());
  });
}
