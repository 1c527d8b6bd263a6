/** The tab that runs the peer is closed again and again while tabs publish: nothing is lost, and nothing is there twice. */
import type { BrowserContext, Page } from "@playwright/test";
import type { GivenDraft } from "../../src/peer/api.ts";
import { SeededRandom } from "../sim/random.ts";
import { expect, test } from "./fixtures.ts";
import { draftsOf, nodeIdOf, valueOf } from "./people.ts";
import { leaderOf, openTab } from "./tabs.ts";

const ROUNDS = 50;
const PLACE = "g:cyberspace/commons";
/** The leader is closed at some moment within this time after publishing has begun, milliseconds: that takes 5 to 100. */
const WITHIN = 120;

function newDrafts(prefix: string, count: number): GivenDraft[] {
  return Array.from({ length: count }, (_, n) => ({
    id: `${prefix}-${n}`,
    headline: `${prefix}-${n}`,
    summary: "",
    text: "Written while tabs came and went.",
    scopes: [PLACE],
    replyTo: null,
    updated: 0,
  }));
}

/** Everything of this person that is published, by headline. */
async function published(page: Page): Promise<string[]> {
  const author = await nodeIdOf(page);
  return await page.evaluate(async (id) => {
    const rows = await window.mehr.feed({ feed: { kind: "author", author: id }, limit: 1_000 });
    return rows.map(({ headline }) => headline ?? "");
  }, author);
}

/** Publishes in a page that is about to be closed; `told` hears of what was done in time. */
async function publishUntilTheEnd(page: Page, drafts: GivenDraft[]): Promise<void> {
  try {
    await page.evaluate(async (given) => {
      const { told } = window as unknown as { told: (what: string, id: string) => void };
      await Promise.all(
        given.map(async (draft) => {
          await window.mehr.saveDraft(draft);
          told("saved", draft.id);
          await window.mehr.publish(draft);
          told("published", draft.id);
        }),
      );
    }, drafts);
  } catch (error) {
    if (!page.isClosed()) throw error;
  }
}

async function closeAll(context: BrowserContext): Promise<void> {
  await Promise.all(context.pages().map((page) => page.close()));
}

test(`the leader is closed ${ROUNDS} times in the middle of publishing`, async ({ visit, server }) => {
  test.setTimeout(400_000);
  const random = new SeededRandom(50);
  const first = await visit("/");
  const context = first.context();
  const id = await nodeIdOf(first);
  const told = { saved: new Set<string>(), published: new Set<string>() };
  await context.exposeFunction("told", (what: "saved" | "published", draft: string) => told[what].add(draft));
  await first.reload();
  await nodeIdOf(first);

  let leader = first;
  const fromViews: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const view = await openTab(context, server.url);
    expect(await nodeIdOf(view)).toBe(id);
    const ofView = newDrafts(`view-${round}`, 2);
    fromViews.push(...ofView.map((draft) => draft.id));
    const results = view.evaluate(
      (drafts) => Promise.all(drafts.map(async (draft) => (await window.mehr.publish(draft)).hash)),
      ofView,
    );
    const ofLeader = publishUntilTheEnd(leader, newDrafts(`leader-${round}`, 2));
    await new Promise((resolve) => {
      setTimeout(resolve, random.next() * WITHIN);
    });
    await leader.close();
    expect(new Set(await results).size).toBe(ofView.length);
    await ofLeader;
    leader = view;
  }
  expect(await leaderOf(context)).toBe(leader);

  const rows = await published(leader);
  expect(new Set(rows).size).toBe(rows.length);
  expect(rows).toEqual(expect.arrayContaining(fromViews));
  expect(rows).toEqual(expect.arrayContaining([...told.published]));
  // What a closed tab had saved is a draft still or a post, never both and never neither.
  const drafts = (await draftsOf(leader)).map(({ id }) => id);
  for (const draft of told.saved) {
    expect(
      [drafts, rows].filter((kept) => kept.includes(draft)),
      `${draft} is a draft or a post`,
    ).toHaveLength(1);
  }
  expect((await valueOf(leader, "network")).storage.envelopes).toBe(rows.length);
  await closeAll(context);
});
