/** A small town: six peers, a hundred envelopes, and nobody misses one. */
import { expect, test } from "./fixtures.ts";
import { liveIn, meets, network } from "./people.ts";

const PLACE = "g:europe/nl/utrecht/lombok";
/** A context of its own costs about 100 MB, so six are what a small machine bears. */
const PEERS = 6;
const ENVELOPES = 100;

test("six peers publish a hundred envelopes, and every one of them holds all hundred", async ({ visit }) => {
  test.setTimeout(240_000);
  const pages = await Promise.all(Array.from({ length: PEERS }, () => visit("/")));
  await Promise.all(pages.map((page) => liveIn(page, PLACE)));
  // Two neighbours each: envelopes travel on, not every one of them comes from its author.
  await Promise.all(pages.map((page) => meets(page, PLACE, 2)));

  const hashes = await Promise.all(
    pages.map((page, author) =>
      page.evaluate(
        async ({ author, authors, envelopes, place }) => {
          const published: string[] = [];
          for (let index = author; index < envelopes; index += authors) {
            const draft = {
              id: crypto.randomUUID(),
              headline: `Notice ${index}`,
              summary: "",
              text: `Notice ${index} of author ${author}, for everybody who lives here.`,
              scopes: [place],
              replyTo: null,
              updated: 0,
            };
            published.push((await window.mehr.publish(draft)).hash);
          }
          return published;
        },
        { author, authors: PEERS, envelopes: ENVELOPES, place: PLACE },
      ),
    ),
  );
  const all = hashes.flat().toSorted();
  expect(new Set(all).size).toBe(ENVELOPES);

  const heldBy = async (at: number) =>
    await pages[at]?.evaluate(
      async ({ place, limit }) => {
        const rows = await window.mehr.feed({ feed: { kind: "scope", scope: place, match: "exact" }, limit });
        return rows.map((row) => row.hash).toSorted();
      },
      { place: PLACE, limit: ENVELOPES + 1 },
    );
  for (let at = 0; at < PEERS; at++) {
    await expect.poll(() => heldBy(at).then((held) => held?.length), { timeout: 120_000 }).toBe(ENVELOPES);
    expect(await heldBy(at)).toEqual(all);
  }
  for (const page of pages) expect((await network(page)).refused).toEqual({});
});
