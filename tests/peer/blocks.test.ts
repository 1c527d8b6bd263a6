import { describe, expect, it } from "vitest";
import { applyOps } from "../../src/rpc/apply.ts";
import type { BlockView, EnvelopeView } from "../../src/peer/index.ts";
import { createStoreClient } from "../../src/mesh/protocols/index.ts";
import { Blocks } from "../../src/peer/blocks/index.ts";
import { createSigner, encodeNodeId, fromHex, ObjectType } from "../../src/wire/index.ts";
import { signEnvelope, signerOf, signProfile } from "../sim/author.ts";
import { draftOf, hashesOf, lastingStore, Town, type Resident } from "../sim/town.ts";

const COMMONS = "mehr/1/g/cyberspace/commons";
const idOf = async ({ api }: Resident): Promise<string> => {
  let id = "";
  const watching = await api.watch("identity", {}, ({ value }) => (id = value.id));
  await watching.close();
  return id;
};

/** A peer that is on the network, too. */
async function arrival(town: Town): Promise<Resident> {
  const resident = await town.arrive();
  while (!resident.mesh.running) await town.clock.settle();
  return resident;
}

/** Anna and Ben, linked, and Cem beside them. */
async function three(seed: number, names = true) {
  const town = new Town({ seed });
  const [anna, ben, cem] = [await arrival(town), await arrival(town), await arrival(town)];
  town.network.connectAll();
  const ids = { anna: await idOf(anna), ben: await idOf(ben), cem: await idOf(cem) };
  if (names) await ben.api.saveProfile({ displayName: "Ben", bio: "of the valley", scopes: [] });
  await town.clock.advance(5_000);
  return { town, anna, ben, cem, ids };
}

async function until(town: Town, resident: Resident, hashes: readonly string[]): Promise<void> {
  await town.clock.until(async () => {
    const held = await hashesOf(resident);
    return hashes.every((hash) => held.includes(hash));
  });
}

describe("a blocked person", () => {
  it("is hidden with all that is held, at once, and shown again when the block is lifted", async () => {
    const { anna, ben, ids, town } = await three(300);
    const { hash, postHash } = await ben.api.publish(draftOf("from ben"));
    await until(town, anna, [hash]);
    await town.clock.finish(anna.api.post(postHash));
    await anna.api.follow(ids.ben);
    let feed: readonly EnvelopeView[] = [];
    let blocked: readonly BlockView[] = [];
    await anna.api.watch("feed", { feed: { kind: "home" } }, (update) => {
      feed = update.kind === "rows" ? update.rows : applyOps(feed, update.ops);
    });
    await anna.api.watch("blocked", {}, (update) => {
      blocked = update.kind === "rows" ? update.rows : applyOps(blocked, update.ops);
    });
    expect(feed).toHaveLength(1);

    await anna.api.block(ids.ben);
    await town.clock.advance(200);
    expect(feed).toEqual([]);
    expect(blocked).toEqual([{ id: ids.ben, name: "Ben", alike: null, since: expect.any(Number) }]);
    expect(await anna.api.envelope(hash)).toBeNull();
    expect(await anna.api.envelope(postHash)).toBeNull();
    expect(await anna.api.feed({ feed: { kind: "author", author: ids.ben }, limit: 9 })).toEqual([]);
    await expect(anna.api.post(postHash)).rejects.toMatchObject({ code: "AUTHOR_BLOCKED" });
    const profile = await new Promise((resolve) => {
      void anna.api.watch("profile", { id: ids.ben }, ({ value }) => resolve(value));
    });
    expect(profile).toMatchObject({ blocked: true, followed: true, displayName: null, bio: null, envelopes: 1 });

    await anna.api.unblock(ids.ben);
    await town.clock.advance(200);
    expect(await hashesOf(anna)).toEqual([hash]);
    expect(await anna.api.envelope(hash)).toMatchObject({ authorName: "Ben" });
    expect((await anna.api.post(postHash)).text).toBe("from ben");
    expect(blocked).toEqual([]);
  });

  it("is not linked to, neither dialled nor let in, until the block is lifted", async () => {
    const { anna, ben, ids, town } = await three(301, false);
    await anna.api.block(ids.ben);
    expect(anna.mesh.peers()).toHaveLength(1);
    expect(() => town.network.connect(ben.mesh, anna.mesh)).toThrow(expect.objectContaining({ code: "UNREACHABLE" }));
    await expect(anna.mesh.connect(ben.mesh.self)).rejects.toMatchObject({ code: "UNREACHABLE" });
    await anna.api.unblock(ids.ben);
    town.network.connect(ben.mesh, anna.mesh);
    expect(anna.mesh.peers()).toHaveLength(2);
  });

  it("is not accepted, and not passed on, whoever brings it; that is no misdeed of theirs", async () => {
    const { anna, ben, cem, ids, town } = await three(302);
    await anna.api.block(ids.ben);
    // Ben reaches Cem only, and Cem everybody.
    const { hash } = await ben.api.publish(draftOf("through cem"));
    await until(town, cem, [hash]);
    await ben.api.saveProfile({ displayName: "Benjamin", bio: "", scopes: [] });
    const dora = await arrival(town);
    town.network.connect(anna.mesh, dora.mesh);
    await town.clock.advance(60_000);
    expect(anna.store.envelopes.has(fromHex(hash))).toBe(false);
    expect(await hashesOf(dora)).toEqual([]);
    const heads = await anna.store.heads(ObjectType.UserProfile);
    expect(heads.some(({ sequence }) => sequence > 1)).toBe(false);
    expect(anna.mesh.reports).toEqual([]);
    expect(anna.faults).toEqual([]);
  });

  it("stays blocked over a restart, and a damaged entry costs that entry alone", async () => {
    const town = new Town({ seed: 303 });
    const store = lastingStore(303);
    const first = await town.arrive(store);
    const [a, b] = [encodeNodeId((await signerOf(1)).publicKey), encodeNodeId((await signerOf(2)).publicKey)];
    for (const id of [a, b, a]) await first.api.block(id);
    await town.leave(first);
    const stored = (await store.setting("blocks")) as unknown[];
    expect(stored).toHaveLength(2);
    await store.commit({ settings: { blocks: [stored[0], { key: "broken" }, null, stored[1]] } });
    const blocks = await Blocks.open(store);
    expect(blocks.all().map(({ key }) => encodeNodeId(key))).toEqual([b, a]);
    const second = await town.arrive(store);
    const seen = await signEnvelope(await signerOf(1));
    await store.commit({ envelopes: [seen] });
    expect(await hashesOf(second)).toEqual([]);
  });

  it.each([
    ["nobody", async () => "mehr1nobody", "NODE_ID_INVALID"],
    ["oneself", async (anna: Resident) => await idOf(anna), "BLOCK_OWN"],
  ])("cannot be %s", async (_what, id, code) => {
    const anna = await new Town({ seed: 304 }).arrive();
    await expect(anna.api.block(await id(anna))).rejects.toMatchObject({ code });
  });
});

describe("nobody is told", () => {
  /** All that Anna sends over its links from now on, by protocol. */
  const sent = ({ mesh }: Resident): number => mesh.links().reduce((sum, link) => sum + link.bytesOut, 0);

  it("nothing leaves on the links that stay when somebody is blocked, followed or not", async () => {
    const { anna, ids, town } = await three(310);
    await anna.api.follow(ids.ben);
    await town.clock.advance(30_000);
    const toCem = () => anna.mesh.links().find(({ peer }) => encodeNodeId(peer) === ids.cem)?.bytesOut;
    const before = toCem();
    await anna.api.block(ids.ben);
    await town.clock.advance(30_000);
    expect(toCem()).toBe(before);
    expect(sent(anna)).toBe(before);
    await anna.api.unblock(ids.ben);
    await town.clock.advance(1_000);
    expect(toCem()).toBe(before);
  });

  it("to a neighbour that asks, it looks as if nothing of the person had ever come", async () => {
    const town = new Town({ seed: 311 });
    const [anna, ben] = [await arrival(town), await arrival(town)];
    const author = await signerOf(311);
    const written = await signEnvelope(author, { summary: "held" });
    const profile = await signProfile(author, "Somebody");
    const head = { type: ObjectType.UserProfile, owner: author.publicKey, name: "", sequence: 1, ...profile };
    await anna.store.commit({ envelopes: [written], heads: [{ ...head, forkBytes: null, frozenUntil: 0 }] });
    const unknown = await signerOf(312);
    await anna.api.block(encodeNodeId(author.publicKey));
    town.network.connectAll();
    const client = createStoreClient({ mesh: ben.mesh, clock: town.clock });
    const never = new Uint8Array(32).fill(9);
    const ask = async () => ({
      held: await client.has(anna.mesh.self, [written.hash, never]),
      heads: await client.heads(
        anna.mesh.self,
        [author, unknown].map(({ publicKey }) => ({ type: ObjectType.UserProfile, owner: publicKey, name: "" })),
      ),
      got: await Promise.all(
        [written.hash, never].map((hash) =>
          client.get(anna.mesh.self, hash).then(
            () => "it",
            ({ code }) => code,
          ),
        ),
      ),
    });
    expect(await town.clock.finish(ask())).toEqual({
      held: [false, false],
      heads: [[], []],
      got: ["NOT_FOUND", "NOT_FOUND"],
    });
    await town.clock.advance(60_000);
    expect(await hashesOf(ben)).toEqual([]);
    await anna.api.unblock(encodeNodeId(author.publicKey));
    // Whoever asks now is answered as ever; Ben was told that it has all, so it is the next one who hears of it.
    const cem = await arrival(town);
    town.network.connect(anna.mesh, cem.mesh);
    await until(
      town,
      cem,
      [written].map(({ hash }) => Buffer.from(hash).toString("hex")),
    );
    client.stop();
  });

  it("the channel hears of it no more than of anything that is ignored", async () => {
    const { anna, ids, town } = await three(313, false);
    const author = await createSigner(new Uint8Array(32).fill(13));
    await anna.api.block(encodeNodeId(author.publicKey));
    const before = anna.mesh.links().map(({ bytesOut }) => bytesOut);
    const { bytes } = await signEnvelope(author, { created: town.clock.now() });
    const cem = town.residents[2] as Resident;
    await cem.mesh.publish(COMMONS, bytes);
    await town.clock.advance(200);
    expect(anna.mesh.links().map(({ bytesOut }) => bytesOut)).toEqual(before);
    expect(ids.anna).not.toBe(ids.cem);
  });
});
