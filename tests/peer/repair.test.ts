import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Repair } from "../../src/peer/repair/index.ts";
import { createMemoryStore, type Damage, type Head, type Store } from "../../src/store/index.ts";
import {
  encodeObject,
  ObjectType,
  signObject,
  toHex,
  type Hash,
  type Signer,
  type SocialPost,
} from "../../src/wire/index.ts";
import { COMMONS, signEnvelope, signerOf, signProfile, type SignedEnvelope } from "../sim/author.ts";
import { SeededRandom } from "../sim/random.ts";
import { draftOf, Town } from "../sim/town.ts";
import { IdbFixture } from "../store/idb-fixture.ts";

interface Post {
  readonly hash: Hash;
  readonly bytes: Uint8Array;
}

async function signPost(signer: Signer, text: string): Promise<Post> {
  return await signObject({ type: "SocialPost", author: signer.publicKey, text, media: [], links: [] }, signer);
}

describe("what a damaged record has cost", () => {
  let fixture: IdbFixture;
  let self: Signer;
  let stranger: Signer;
  let envelopes: SignedEnvelope[];
  let posts: { own: Post; cached: Post };
  let head: Head;
  let repair: Repair | undefined;
  /** What the neighbour has, by hash. */
  let shelf: Map<string, Uint8Array>;
  const links = new Set<() => void>();
  const timers: { task: () => void; ms: number }[] = [];
  let linked: boolean;

  beforeEach(async () => {
    [self, stranger] = [await signerOf(1), await signerOf(2)];
    fixture = new IdbFixture();
    linked = true;
    links.clear();
    timers.length = 0;
    posts = { own: await signPost(self, "Mine"), cached: await signPost(stranger, "Theirs") };
    envelopes = [];
    for (const [at, signer] of [self, stranger, self, stranger].entries()) {
      envelopes.push(await signEnvelope(signer, { summary: `Number ${at}`, created: 1_000 + at }));
    }
    const profile = await signProfile(stranger, "Stranger");
    head = {
      type: ObjectType.UserProfile,
      owner: stranger.publicKey,
      name: "",
      sequence: 1,
      hash: profile.hash,
      bytes: profile.bytes,
      forkBytes: null,
      frozenUntil: 0,
    };
    shelf = new Map([...envelopes, posts.own, posts.cached].map(({ bytes, hash }) => [toHex(hash), bytes]));
    const store = await fixture.open();
    const kept = { type: ObjectType.SocialPost, storedAt: 0 };
    await store.commit({
      objects: [
        { ...posts.own, ...kept, holding: "own" },
        { ...posts.cached, ...kept, holding: "cache" },
      ],
      heads: [head],
      outboxPut: [{ hash: envelopes[0]!.hash, bytes: envelopes[0]!.bytes, channels: ["x"], queuedAt: 1 }],
    });
    await store.commit({ envelopes });
    await store.close();
  });

  afterEach(async () => {
    await repair?.stop();
    await fixture.close();
  });

  function begin(store: Store): Repair {
    const parts = {
      store,
      self: self.publicKey,
      home: () => COMMONS,
      mesh: {
        on: (_event: string, listener: () => void) => {
          links.add(listener);
          return () => links.delete(listener);
        },
        peers: () => (linked ? [stranger.publicKey] : []),
      },
      clock: {
        now: () => 5_000,
        after: (ms: number, task: () => void) => {
          const timer = { task, ms };
          timers.push(timer);
          return () => void timers.splice(timers.indexOf(timer), timers.includes(timer) ? 1 : 0);
        },
      },
      fetch: (hash: Hash) => {
        const bytes = shelf.get(toHex(hash));
        return bytes === undefined ? Promise.reject(new Error("not found")) : Promise.resolve(bytes);
      },
      askProfile: () => store.commit({ heads: [head] }),
      log: () => undefined,
    };
    repair = new Repair(parts as unknown as ConstructorParameters<typeof Repair>[0]);
    repair.poke();
    return repair;
  }

  const spoil = (name: string, key: IDBValidKey) => fixture.request(name, (records) => records.put("nonsense", key));
  const bytesKey = (hash: Hash): Uint8Array<ArrayBuffer> => new Uint8Array(hash);
  const isMended = async (store: Store) => (await store.damaged()).every(({ mended }) => mended);

  async function readAll(store: Store): Promise<void> {
    await store.envelopes.bytes(envelopes.map(({ hash }) => hash));
    await Promise.all([posts.own, posts.cached].map(({ hash }) => store.object(hash)));
    await store.head(head.type, head.owner, "");
    await store.outbox();
  }

  it("comes back by hash: envelopes, posts, profiles and what waited to be sent", async () => {
    await spoil("objects", bytesKey(posts.own.hash));
    await spoil("objects", bytesKey(posts.cached.hash));
    await spoil("heads", [head.type, bytesKey(head.owner), ""]);
    await spoil("outbox", bytesKey(envelopes[0]!.hash));
    const [segment] = await fixture.request("segments", (segments) => segments.getAllKeys());
    await spoil("segments", segment!);
    const store = await fixture.open();
    await readAll(store);
    expect(store.envelopes.size).toBe(0);
    begin(store);
    await expect.poll(() => isMended(store)).toBe(true);
    expect(await store.damaged()).toHaveLength(5);
    const hashes = envelopes.map(({ hash }) => hash);
    expect(await store.envelopes.bytes(hashes)).toEqual(envelopes.map(({ bytes }) => bytes));
    // What is own is own again, or the next collection would drop it.
    expect(await store.object(posts.own.hash)).toMatchObject({ bytes: posts.own.bytes, holding: "own" });
    expect(await store.object(posts.cached.hash)).toMatchObject({ bytes: posts.cached.bytes, holding: "cache" });
    expect(await store.head(head.type, head.owner, "")).toEqual(head);
    expect(await store.outbox()).toMatchObject([
      { bytes: envelopes[0]!.bytes, channels: ["mehr/1/g/cyberspace/commons"] },
    ]);
    expect(timers).toEqual([]);
  });

  it("waits for somebody who has it, longer and longer, and asks a new neighbour at once", async () => {
    await spoil("objects", bytesKey(posts.cached.hash));
    const store = await fixture.open();
    await readAll(store);
    linked = false;
    begin(store);
    for (const pause of [10_000, 60_000, 600_000, 3_600_000, 3_600_000]) {
      await expect.poll(() => timers.map(({ ms }) => ms)).toEqual([pause]);
      for (const { task } of timers.splice(0)) task();
    }
    linked = true;
    for (const listener of links) listener();
    await expect.poll(() => isMended(store)).toBe(true);
    expect(await store.hasObject(posts.cached.hash)).toBe(true);
  });

  it("does not take what is not what it was", async () => {
    await spoil("objects", bytesKey(posts.cached.hash));
    const unsigned: SocialPost = {
      type: "SocialPost",
      author: stranger.publicKey,
      text: "Never said",
      media: [],
      links: [],
      signature: new Uint8Array(64),
    };
    shelf.set(toHex(posts.cached.hash), encodeObject(unsigned));
    const store = await fixture.open();
    await readAll(store);
    begin(store);
    await expect.poll(() => timers.length).toBeGreaterThan(0);
    expect(await isMended(store)).toBe(false);
    expect(await store.hasObject(posts.cached.hash)).toBe(false);
  });
});

it("comes back to a whole peer from its neighbour", async () => {
  const town = new Town({ seed: 77 });
  const ben = await town.arrive();
  const { hash } = await ben.api.publish(draftOf("A post that Anna has lost"));
  const random = new SeededRandom(5);
  const store = createMemoryStore({ randomBytes: (length) => random.bytes(length) });
  const lost = ben.store.envelopes.query({ filter: { kind: "all" }, limit: 1 })[0]!;
  expect(toHex(lost.hash)).toBe(hash);
  let mended = false;
  const damage = (): Damage => ({
    id: 1,
    what: "segment",
    envelopes: 1,
    noticed: 1,
    reason: "",
    lost: [{ kind: "envelope", hash: lost.hash }],
    mended,
  });
  store.damaged = () => Promise.resolve([damage()]);
  const commit = store.commit.bind(store);
  store.commit = async (batch, options) => {
    await commit(batch, options);
    mended ||= batch.mended?.includes(1) ?? false;
  };
  const anna = await town.arrive(store);
  // Elsewhere: nothing of the place comes by, so only by its hash can it be had.
  await anna.api.updateSettings({ home: "g:elsewhere" });
  town.network.connectAll();
  // The code that mends is loaded outside of virtual time.
  const passTime = async (): Promise<boolean> => {
    await town.clock.advance(1_000);
    return mended;
  };
  await expect.poll(passTime, { timeout: 20_000 }).toBe(true);
  expect(store.envelopes.has(lost.hash)).toBe(true);
  let records: unknown;
  const watching = await anna.api.watch("network", {}, ({ value }) => (records = value.storage.damaged));
  await watching.close();
  expect(records).toEqual({ records: 1, lost: 0 });
});
