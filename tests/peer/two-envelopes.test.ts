/** An author who signs two envelopes of one post: what a reader sees of them. */
import { expect, it } from "vitest";
import { initHash } from "../../src/hash/index.ts";
import { toHex } from "../../src/wire/index.ts";
import { COMMONS, signEnvelope, signerOf } from "../sim/author.ts";
import { SIM_START } from "../sim/clock.ts";
import { hashesOf, Town } from "../sim/town.ts";

await initHash();

it("are two cards with words of their own, and one post, whose hash leads to the older one", async () => {
  const town = new Town({ seed: 95 });
  const [anna, ben] = [await town.arrive(), await town.arrive()];
  const author = await signerOf(96);
  const postHash = new Uint8Array(32).fill(9);
  const first = await signEnvelope(author, { headline: "Market", postHash, created: SIM_START - 60_000 });
  const second = await signEnvelope(author, { headline: "Market, again", postHash });
  const reply = await signEnvelope(await signerOf(97), { summary: "I come", replyTo: postHash, created: SIM_START });
  await anna.store.commit({ envelopes: [second, first, reply] });
  town.network.connectAll();
  await town.clock.until(async () => (await hashesOf(ben)).length === 3);
  const scope = { kind: "scope", scope: COMMONS, match: "exact" } as const;
  const cards = await ben.api.feed({ feed: scope, limit: 10, filters: { boosts: true, replies: false } });
  expect(cards.map(({ headline, replies }) => [headline, replies])).toEqual([
    ["Market, again", 1],
    ["Market", 1],
  ]);
  expect(new Set(cards.map((card) => card.postHash))).toEqual(new Set([toHex(postHash)]));
  expect(await ben.api.envelope(toHex(postHash))).toMatchObject({ headline: "Market" });
  // Nobody is to blame: it is its author's right.
  expect(ben.mesh.reports).toEqual([]);
});
