/** The app without its relay: joined by invite, and a town whose relay dies. */
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { linked, liveIn, meets, network, nodeIdOf, publish } from "./people.ts";
import { startServer } from "./server.ts";
import { startStaticSite } from "./static-site.ts";

const PLACE = "g:europe/nl/utrecht/lombok";
/** A context of its own costs about 100 MB. */
const PEERS = 8;
const ENVELOPES = 100;

/** Links two people by hand, through the same calls that the app uses. */
async function invite(inviter: Page, guest: Page): Promise<void> {
  const { code } = await inviter.evaluate(() => window.mehr.createInvite());
  const answer = await guest.evaluate((offer) => window.mehr.answerInvite(offer), code);
  expect(answer.peer).toBe(await nodeIdOf(inviter));
  const accepted = await inviter.evaluate((text) => window.mehr.acceptAnswer(text), answer.code);
  expect(accepted.peer).toBe(await nodeIdOf(guest));
}

const heldBy = (page: Page): Promise<string[]> =>
  page.evaluate(
    async ({ place, limit }) => {
      const rows = await window.mehr.feed({ feed: { kind: "scope", scope: place, match: "exact" }, limit });
      return rows.map((row) => row.hash).toSorted();
    },
    { place: PLACE, limit: 2 * ENVELOPES },
  );

/** Publishes those of `author` among the envelopes `from` to `to`; the hashes. */
const publishShare = (page: Page, author: number, from: number, to: number): Promise<string[]> =>
  page.evaluate(
    async (share) => {
      const hashes: string[] = [];
      for (let index = share.from + share.author; index < share.to; index += share.authors) {
        const draft = {
          id: crypto.randomUUID(),
          headline: `Notice ${index}`,
          summary: "",
          text: `Notice ${index}, for everybody who lives here.`,
          scopes: [share.place],
          replyTo: null,
          updated: 0,
        };
        hashes.push((await window.mehr.publish(draft)).hash);
      }
      return hashes;
    },
    { author, authors: PEERS, from, to, place: PLACE },
  );

test("two browsers that got nothing but files connect by invite and read each other's posts", async ({
  visit,
  guard,
}) => {
  const site = await startStaticSite([]);
  try {
    guard.allow(site.url);
    const server = { ...site, relayUrl: "", status: () => Promise.reject(new Error("there is no relay")) };
    const [anna, ben] = await Promise.all([visit("/", { server }), visit("/", { server })]);
    for (const page of [anna, ben]) await page.waitForFunction(() => "mehr" in window);
    await publish(anna, { headline: "Written before", text: "Nobody was there yet." }, ["g:cyberspace/commons"]);
    await invite(anna, ben);
    await Promise.all([linked(anna), linked(ben)]);
    await publish(ben, { headline: "Hello", text: "From one browser to another." }, ["g:cyberspace/commons"]);
    for (const page of [anna, ben]) {
      await expect
        .poll(() =>
          page.evaluate(async () => {
            const rows = await window.mehr.feed({ feed: { kind: "home" }, limit: 9 });
            return rows.map((row) => row.headline ?? "").toSorted();
          }),
        )
        .toEqual(["Hello", "Written before"]);
      const { connections, relays } = await network(page);
      expect(connections.map(({ transport }) => transport)).toEqual(["webrtc"]);
      expect(relays).toEqual([]);
    }
  } finally {
    await site.stop();
  }
});

test("eight peers, a hundred envelopes, and the relay dies half way: all have all, and so has who joins by invite", async ({
  visit,
  guard,
}) => {
  test.setTimeout(400_000);
  const relay = await startServer({ args: ["--no-app"] });
  const site = await startStaticSite([relay.relayUrl]);
  try {
    guard.allow(relay.url);
    guard.allow(site.url);
    const server = { ...site, relayUrl: relay.relayUrl, status: () => relay.status() };
    const pages = await Promise.all(Array.from({ length: PEERS }, () => visit("/", { server })));
    await Promise.all(pages.map((page) => liveIn(page, PLACE)));
    await Promise.all(pages.map((page) => meets(page, PLACE, 2)));

    const half = ENVELOPES / 2;
    const before = await Promise.all(pages.map((page, author) => publishShare(page, author, 0, half)));
    // The second half is being written while the relay dies.
    const [after] = await Promise.all([
      Promise.all(pages.map((page, author) => publishShare(page, author, half, ENVELOPES))),
      relay.stop(),
    ]);
    const all = [...before, ...after].flat().toSorted();
    expect(new Set(all).size).toBe(ENVELOPES);
    for (const page of pages) {
      await expect.poll(() => heldBy(page), { timeout: 120_000 }).toEqual(all);
      expect((await network(page)).refused).toEqual({});
    }

    const newcomer = await visit("/", { server });
    await liveIn(newcomer, PLACE);
    await invite(pages[0] as Page, newcomer);
    await expect.poll(() => heldBy(newcomer), { timeout: 60_000 }).toEqual(all);
    // The rest of the town comes through the one who invited.
    await meets(newcomer, PLACE, 3);
    const { hash } = await publish(newcomer, { text: "I live here now." }, [PLACE]);
    for (const page of pages) await expect.poll(() => heldBy(page), { timeout: 60_000 }).toContain(hash);
  } finally {
    await relay.stop();
    await site.stop();
  }
});
