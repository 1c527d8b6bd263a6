/** Whoever is named in a view is told with the person whom the name could be taken for, wherever that is. */
import { describe, expect, it } from "vitest";
import type { LiveQueries } from "../../src/peer/api.ts";
import { applyOps } from "../../src/rpc/apply.ts";
import { encodeNodeId, fromHex } from "../../src/wire/index.ts";
import { signEnvelope, signerOf } from "../sim/author.ts";
import { draftOf, lastingStore, Town, type Resident } from "../sim/town.ts";
import { now } from "./origin.ts";
import { holdProfile } from "./profiles.ts";

const SCOPE = "g:cyberspace/commons";

type Api = Resident["api"];

/** The rows of a live query as they are now. */
async function rowsOf<Name extends "blocked" | "flagged" | "inclusions" | "mutes" | "named">(
  api: Api,
  name: Name,
  params: LiveQueries[Name]["params"],
): Promise<readonly LiveQueries[Name]["rows"][]> {
  let rows: readonly unknown[] = [];
  const watching = await api.watch(name, params, (update) => {
    if (update.kind === "rows") rows = update.rows;
    else if (update.kind === "diff") rows = applyOps<unknown>(rows, update.ops);
  });
  await watching.close();
  return rows as readonly LiveQueries[Name]["rows"][];
}

const idOf = async ({ api }: Resident): Promise<string> => (await now(api, "identity", {})).id;

/** Anna, and a neighbour with a name that looks like hers, who is there. */
async function two(seed: number) {
  const town = new Town({ seed });
  const [anna, other] = [await town.arrive(), await town.arrive()];
  await town.clock.until(() => anna.mesh.running && other.mesh.running);
  town.network.connectAll();
  await anna.api.saveProfile({ displayName: "Anna, friend", bio: "", scopes: [] });
  // A Cyrillic letter.
  await other.api.saveProfile({ displayName: "Аnna (friend)", bio: "", scopes: [] });
  const [id, otherId] = [await idOf(anna), await idOf(other)];
  await town.clock.until(async () => (await now(anna.api, "profile", { id: otherId })).standing.alike !== null);
  return { town, anna, other, otherId, alike: { id, name: "Anna, friend" } };
}

describe("a name that looks like another's", () => {
  it("is told with that one of links, of who is muted, judged or blocked, and of who is found by name", async () => {
    const { alike, anna, other, otherId, town } = await two(701);
    const { hash } = await other.api.publish(draftOf("from the other"));
    await town.clock.until(async () => (await anna.api.envelope(hash)) !== null);
    const { connections } = await now(anna.api, "network", {});
    expect(connections.find(({ peer }) => peer === otherId)).toMatchObject({ name: "Аnna (friend)", alike });
    // Her own is spelt nearly so, and found behind it.
    const both = [
      { id: otherId, alike },
      { id: alike.id, alike: null },
    ];
    expect(await anna.api.suggestPeople({ text: "аnna", limit: 5 })).toMatchObject(both);
    expect(await rowsOf(anna.api, "named", { text: "аnna" })).toMatchObject(both);
    expect(await now(anna.api, "graph", { hash })).toMatchObject({ nodes: [{ author: otherId, authorAlike: alike }] });

    const [muted] = await anna.api.mute([{ target: { kind: "person", id: otherId } }]);
    expect(muted).toMatchObject({ alike });
    expect(await rowsOf(anna.api, "mutes", {})).toMatchObject([{ alike }]);
    await anna.api.notWorthIt(hash);
    expect(await rowsOf(anna.api, "flagged", {})).toMatchObject([{ id: otherId, alike }]);
    await anna.api.block(otherId);
    expect(await rowsOf(anna.api, "blocked", {})).toMatchObject([{ id: otherId, alike }]);
    const file = await anna.api.exportDefence();
    await anna.api.unblock(otherId);
    await anna.api.worthIt(otherId);
    expect(await anna.api.previewDefence(file)).toMatchObject({ blocks: [{ alike }], flagged: [{ alike }] });
    await anna.api.follow(otherId);
    expect(await anna.api.suggestPeople({ text: "аnna", limit: 1 })).toMatchObject([{ id: otherId, alike: null }]);
  });

  it("is told of who boosts and of who has chosen a post", async () => {
    const { alike, anna, other, otherId, town } = await two(702);
    const { hash, postHash } = await anna.api.publish(draftOf("from anna"));
    await town.clock.until(async () => (await other.api.envelope(hash)) !== null);
    const boost = await other.api.boost(hash);
    await town.clock.until(async () => (await anna.api.envelope(boost)) !== null);
    expect(await anna.api.envelope(boost)).toMatchObject({ boostOf: hash, guard: { alike } });
    await other.api.saveCurated({ name: "Tools", description: "", scope: SCOPE });
    await other.api.curate({ feed: "Tools", post: postHash, note: "" });
    await anna.api.saveFeed({ spec: { kind: "curated", curator: otherId, name: "Tools" } });
    await town.clock.until(async () => (await rowsOf(anna.api, "inclusions", { hash })).length > 0);
    expect(await rowsOf(anna.api, "inclusions", { hash })).toMatchObject([{ curator: otherId, curatorAlike: alike }]);
    const found = await rowsOf(anna.api, "named", { text: "tools" });
    expect(found).toMatchObject([{ kind: "feed", curator: otherId, curatorAlike: alike }]);
  });

  it("is told with the very first notice that somebody is called for, before any name was compared", async () => {
    const town = new Town({ seed: 703 });
    const store = lastingStore(703);
    const before = await town.arrive(store);
    const [real, fake] = [await signerOf(21), await signerOf(22)];
    await holdProfile(store, real, { displayName: "Ada Lane" });
    await holdProfile(store, fake, { displayName: "Аda Lane" });
    const id = encodeNodeId(real.publicKey);
    await before.api.follow(id);
    const { postHash } = await before.api.publish(draftOf("The bridge is closed"));
    await store.commit({
      envelopes: [await signEnvelope(fake, { replyTo: fromHex(postHash), created: town.clock.now() })],
    });
    await town.clock.until(async () => (await now(before.api, "noticeCalls", {})).lines.length > 0);
    await town.leave(before);

    const after = await town.arrive(store);
    const { lines } = await now(after.api, "noticeCalls", {});
    expect(lines.flatMap(({ people }) => people.map(({ alike }) => alike))).toEqual([{ id, name: "Ada Lane" }]);
  });

  it("is told of who is suggested, and of who is in a file, by a peer that has just started; not with somebody who is blocked", async () => {
    const town = new Town({ seed: 704 });
    const store = lastingStore(704);
    const [real, fake] = [await signerOf(21), await signerOf(22)];
    await holdProfile(store, real, { displayName: "Ada Lane" });
    await holdProfile(store, fake, { displayName: "Аda Lane" });
    const [id, fakeId] = [encodeNodeId(real.publicKey), encodeNodeId(fake.publicKey)];
    const alike = { id, name: "Ada Lane" };
    const first = await town.arrive(store);
    await first.api.follow(id);
    await first.api.block(fakeId);
    const file = await first.api.exportDefence();
    await first.api.unblock(fakeId);
    await town.leave(first);

    const second = await town.arrive(store);
    expect(await second.api.suggestPeople({ text: "аda lane", limit: 1 })).toMatchObject([{ id: fakeId, alike }]);
    await town.leave(second);
    const third = await town.arrive(store);
    expect(await third.api.previewDefence(file)).toMatchObject({ blocks: [{ alike }] });

    await third.api.block(id);
    await third.api.block(fakeId);
    await town.clock.until(async () => {
      return (await rowsOf(third.api, "blocked", {})).every(({ alike: whom }) => whom === null);
    });
  });
});
