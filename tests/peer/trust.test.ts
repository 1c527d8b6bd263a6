import { describe, expect, it } from "vitest";
import { Trust } from "../../src/peer/trust/index.ts";
import type { LiveName, LiveQueries, TrustedView } from "../../src/peer/index.ts";
import { applyOps } from "../../src/rpc/apply.ts";
import { encodeNodeId, type NodeKey } from "../../src/wire/index.ts";
import { signerOf } from "../sim/author.ts";
import { lastingStore, Town, type Resident } from "../sim/town.ts";

const keyOf = async (author: number): Promise<NodeKey> => (await signerOf(author)).publicKey;
const keyNumber = (number: number): NodeKey => {
  const key = new Uint8Array(32);
  new DataView(key.buffer).setUint32(0, number);
  return key;
};

type ValueName = { [Name in LiveName]: LiveQueries[Name] extends { value: unknown } ? Name : never }[LiveName];

async function now<Name extends ValueName>(
  { api }: Pick<Resident, "api">,
  name: Name,
  params: LiveQueries[Name]["params"],
): Promise<unknown> {
  let value: unknown;
  const watching = await api.watch(name, params, (update) => {
    if (update.kind === "value") value ??= update.value;
  });
  await watching.close();
  return value;
}

async function trustedBy({ api }: Pick<Resident, "api">): Promise<readonly TrustedView[]> {
  let rows: readonly TrustedView[] = [];
  const watching = await api.watch("trusted", {}, (update) => {
    rows = update.kind === "rows" ? update.rows : applyOps(rows, update.ops);
  });
  await watching.close();
  return rows;
}

const nobodyBlocked = { now: () => 1_000, blocked: () => false };

describe("the list of trusted people", () => {
  it("is kept in order, with the time, over a restart; a damaged entry costs that entry alone", async () => {
    const store = lastingStore(900);
    const [a, b] = [await keyOf(1), await keyOf(2)];
    const trust = await Trust.open(store, nobodyBlocked);
    expect(await trust.set(b, true)).toBe(true);
    expect(await trust.set(a, true)).toBe(true);
    expect(await trust.set(a, true)).toBe(false);
    const stored = (await store.setting("trust")) as unknown[];
    await store.commit({ settings: { trust: [{ key: a }, stored[0], "nonsense", null, stored[1]] } });

    const again = await Trust.open(store, nobodyBlocked);
    expect(again.all()).toEqual([
      { key: b, since: 1_000 },
      { key: a, since: 1_000 },
    ]);
    expect(await again.set(b, false)).toBe(true);
    expect(await again.set(b, false)).toBe(false);
    expect((await Trust.open(store, nobodyBlocked)).keys()).toEqual([a]);
  });

  it("counts nobody who is blocked, whatever was stored", async () => {
    const store = lastingStore(901);
    const [a, b] = [await keyOf(1), await keyOf(2)];
    const first = await Trust.open(store, nobodyBlocked);
    await first.set(a, true);
    await first.set(b, true);
    const trust = await Trust.open(store, { ...nobodyBlocked, blocked: (key) => key[0] === a[0] });
    expect([trust.has(a), trust.has(b)]).toEqual([false, true]);
    expect(trust.keys()).toEqual([b]);
  });

  it("ends trust with the call, and keeps it where it cannot be written", async () => {
    const store = lastingStore(902);
    const key = await keyOf(1);
    const trust = await Trust.open(store, nobodyBlocked);
    await trust.set(key, true);
    const { commit } = store;
    let release: () => void = () => undefined;
    store.commit = async () => {
      await new Promise<void>((resolve) => (release = resolve));
      throw new Error("the disk is full");
    };
    const ended = trust.set(key, false);
    await Promise.resolve();
    expect(trust.has(key)).toBe(false);
    release();
    await expect(ended).rejects.toThrow("the disk is full");
    expect(trust.has(key)).toBe(true);
    store.commit = commit;
  });

  it("holds 500 people, also when a file brings more", async () => {
    const store = lastingStore(903);
    const entries = Array.from({ length: 501 }, (_, at) => ({ key: keyNumber(at), since: at }));
    await store.commit({ settings: { trust: entries } });
    const trust = await Trust.open(store, nobodyBlocked);
    expect(trust.keys()).toHaveLength(500);
    await expect(trust.set(keyNumber(7_000), true)).rejects.toMatchObject({ code: "TRUST_FULL" });
    await trust.set(keyNumber(0), false);
    expect(await trust.set(keyNumber(7_000), true)).toBe(true);
  });
});

describe("trusting somebody", () => {
  it("is seen at once, in the list and in the profile, and asked for a link", async () => {
    const town = new Town({ seed: 910 });
    const anna = await town.arrive();
    const ben = await town.arrive();
    while (!anna.mesh.running || !ben.mesh.running) await town.clock.settle();
    const id = encodeNodeId(ben.mesh.self);
    await ben.api.saveProfile({ displayName: "Ben", bio: "", scopes: [] });
    expect(await trustedBy(anna)).toEqual([]);
    await anna.api.trust(id);
    expect(await trustedBy(anna)).toEqual([{ id, name: null, since: town.clock.now(), linked: false }]);
    expect(await now(anna, "profile", { id })).toMatchObject({ trusted: true, followed: false });
    // Nobody linked them: trust did.
    await town.clock.advance(10_000);
    expect(await trustedBy(anna)).toMatchObject([{ id, name: "Ben", linked: true }]);
    await anna.api.distrust(id);
    expect(await trustedBy(anna)).toEqual([]);
    expect(await now(anna, "profile", { id })).toMatchObject({ trusted: false });
  });

  it("refuses what is no address, oneself, and who is blocked; blocking ends it for good", async () => {
    const town = new Town({ seed: 911 });
    const anna = await town.arrive();
    const id = encodeNodeId(await keyOf(5));
    await expect(anna.api.trust("mehr1nobody")).rejects.toMatchObject({ code: "NODE_ID_INVALID" });
    await expect(anna.api.distrust("mehr1nobody")).rejects.toMatchObject({ code: "NODE_ID_INVALID" });
    await expect(anna.api.trust(encodeNodeId(anna.mesh.self))).rejects.toMatchObject({ code: "TRUST_OWN" });
    await anna.api.trust(id);
    await anna.api.block(id);
    expect(await trustedBy(anna)).toEqual([]);
    await expect(anna.api.trust(id)).rejects.toMatchObject({ code: "TRUST_BLOCKED" });
    await anna.api.unblock(id);
    expect(await trustedBy(anna)).toEqual([]);
    expect(await now(anna, "profile", { id })).toMatchObject({ trusted: false, blocked: false });
  });

  it("asks again for a link that broke, until trust ends", async () => {
    const town = new Town({ seed: 912 });
    const [anna, ben] = [await town.arrive(), await town.arrive()];
    while (!anna.mesh.running || !ben.mesh.running) await town.clock.settle();
    await anna.api.trust(encodeNodeId(ben.mesh.self));
    await town.clock.until(() => anna.mesh.peers().length === 1);
    town.network.disconnect(anna.mesh, ben.mesh);
    await town.clock.until(() => anna.mesh.peers().length === 1);
    // Whatever else was about to be dialled is.
    await town.clock.advance(2_000);
    await anna.api.distrust(encodeNodeId(ben.mesh.self));
    town.network.disconnect(anna.mesh, ben.mesh);
    // A wanted peer is dialled within three seconds of the end of its link.
    await town.clock.advance(5_000);
    expect(anna.mesh.peers()).toEqual([]);
  });
});
