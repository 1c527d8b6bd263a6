/** Whatever belongs to a post, to a person or to a feed is found at whoever the DHT names for it, with no link to them before. */
import { describe, expect, it } from "vitest";
import { indexKey } from "../../src/peer/finding/keys.ts";
import { encodeNodeId, fromHex, toHex } from "../../src/wire/index.ts";
import { signEnvelope, signerOf } from "../sim/author.ts";
import { draftOf, Town } from "../sim/town.ts";

const UTRECHT = "g:europe/nl/utrecht";

/** Ben has written and chosen things while a neighbour was there. Anna knows somebody else alone. */
async function apart() {
  const town = new Town({ seed: 620 });
  const [anna, ben, near, far] = [await town.arrive(), await town.arrive(), await town.arrive(), await town.arrive()];
  const other = await signEnvelope(await signerOf(621), { summary: "Of somebody else", scopes: [UTRECHT] });
  await ben.store.commit({ envelopes: [other] });
  const { api } = ben;
  await api.saveProfile({ displayName: "Ben", bio: "", scopes: [] });
  const post = await api.publish(draftOf("The bridge is open", [UTRECHT]));
  const reply = await api.publish({ ...draftOf("An answer", [UTRECHT]), replyTo: toHex(other.hash) });
  const reference = await api.publish({ ...draftOf("See there", [UTRECHT]), references: [toHex(other.hash)] });
  const boost = await api.boost(toHex(other.hash));
  await api.saveCurated({ name: "Bridges", description: "", scope: UTRECHT });
  await api.curate({ feed: "Bridges", post: post.postHash });
  town.network.connect(ben.mesh, far.mesh);
  const keys = [
    indexKey("post", fromHex(post.postHash)),
    ...(["reply", "boost", "reference"] as const).map((relation) => indexKey(relation, other.hash)),
    indexKey("curation", fromHex(post.postHash)),
    indexKey("feed", ben.mesh.self),
    indexKey("profile", ben.mesh.self),
  ];
  await town.clock.until(() => keys.every((key) => town.network.providers.has(toHex(key))));
  town.network.disconnect(ben.mesh, far.mesh);
  town.network.connect(anna.mesh, near.mesh);
  const named = { post: post.hash, reply: reply.hash, reference: reference.hash, boost };
  return { town, anna, ben, named, target: { post: post.postHash, other: toHex(other.hash) } };
}

describe("the DHT leads to", () => {
  it("envelopes of a post, answers, boosts and references", async () => {
    const { anna, named, target, town } = await apart();
    for (const [relation, of] of [
      ["post", target.post],
      ["reply", target.other],
      ["boost", target.other],
      ["reference", target.other],
    ] as const) {
      expect(await anna.api.envelope(named[relation])).toBeNull();
      const found = await town.clock.finish(anna.api.find({ relation, target: of }));
      expect(found, relation).toMatchObject({ found: 1 });
      expect(await anna.api.envelope(named[relation]), relation).not.toBeNull();
    }
  });

  it("what curated a post, and who somebody is", async () => {
    const { anna, ben, target, town } = await apart();
    const { curations } = await town.clock.finish(anna.api.find({ relation: "curation", target: target.post }));
    expect(curations).toMatchObject([{ curator: encodeNodeId(ben.mesh.self), name: "Bridges" }]);
    const id = encodeNodeId(ben.mesh.self);
    expect(await town.clock.finish(anna.api.find({ relation: "profile", target: id }))).toMatchObject({ found: 1 });
  });
});
