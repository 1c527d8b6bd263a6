import { describe, expect, it } from "vitest";
import { keepingOf, RoomKeeper, STALE } from "../../src/peer/room/index.ts";
import { createMemoryStore, type CollectOptions, type Collected } from "../../src/store/index.ts";
import { ObjectType, toHex } from "../../src/wire/index.ts";
import { COMMONS, signEnvelope, signerOf } from "../sim/author.ts";
import { SIM_START, VirtualClock } from "../sim/clock.ts";
import { SeededRandom } from "../sim/random.ts";
import { draftOf, Town } from "../sim/town.ts";

const DAY = 86_400_000;
const OLD = SIM_START - 40 * DAY;

function emptyStore() {
  const random = new SeededRandom(9);
  return createMemoryStore({ randomBytes: (length) => random.bytes(length) });
}

describe("which envelopes are kept longest", () => {
  it("follows from who wrote them, where, and when; own ones are never dropped", async () => {
    const store = emptyStore();
    const [self, friend, stranger] = [await signerOf(1), await signerOf(2), await signerOf(3)];
    const elsewhere = ["g:europe/nl/utrecht"];
    const made = {
      "own, old": await signEnvelope(self, { created: OLD, scopes: elsewhere }),
      "stranger, old": await signEnvelope(stranger, { created: OLD }),
      "stranger, elsewhere": await signEnvelope(stranger, { created: SIM_START, scopes: elsewhere }),
      "friend, old": await signEnvelope(friend, { created: OLD, scopes: elsewhere }),
      "friend, of late": await signEnvelope(friend, { created: SIM_START, scopes: elsewhere }),
      "stranger, at home, of late": await signEnvelope(stranger, { created: SIM_START, scopes: [`${COMMONS}/here`] }),
    };
    await store.commit({ envelopes: Object.values(made) });
    const keeping = keepingOf({
      self: self.publicKey,
      following: { has: (key) => toHex(key) === toHex(friend.publicKey) },
      home: () => COMMONS,
      now: () => SIM_START,
      envelopes: store.envelopes,
    });
    store.keep(keeping);
    const left = (): string[] =>
      Object.entries(made).flatMap(([name, { hash }]) => (store.envelopes.has(hash) ? [name] : []));
    await store.collect({ upTo: STALE });
    expect(left()).toEqual(Object.keys(made).filter((name) => name !== "stranger, old"));
    await store.collect({ bytes: 1 });
    expect(left()).not.toContain("stranger, elsewhere");
    await store.collect({ bytes: 1 });
    expect(left()).toEqual(["own, old", "friend, of late", "stranger, at home, of late"]);
    await store.collect();
    expect(left()).toEqual(["own, old"]);
  });
});

describe("a look at the room that is left", () => {
  function keeper(quota: number, usage: number, envelopes = 0) {
    const clock = new VirtualClock();
    const asked: CollectOptions[] = [];
    const collected: Collected[] = [];
    const store = {
      envelopes: emptyStore().envelopes,
      collect: (options: CollectOptions = {}) => {
        asked.push(options);
        return Promise.resolve({ objects: 1, blobs: 0, envelopes: 0, bytes: 5 });
      },
      usage: async () => ({ ...(await emptyStore().usage()), envelopes, envelopeBytes: envelopes * 400 }),
    };
    const estimates = { estimate: async () => ({ quota, usage }), persisted: async () => true };
    const room = new RoomKeeper({
      store,
      estimates,
      clock,
      log: () => undefined,
      onLook: () => Promise.resolve(),
      onCollected: (freed) => collected.push(freed),
    });
    room.start();
    return { asked, clock, collected, room };
  }

  it("collects before it runs out, and leaves everything alone while there is enough", async () => {
    const enough = keeper(1_000, 800);
    await enough.clock.advance(20 * 60_000);
    expect(enough.asked).toEqual([]);
    const scarce = keeper(1_000, 801);
    await scarce.clock.advance(60_000);
    expect(scarce.asked).toMatchObject([{ bytes: 101 }]);
    expect(scarce.collected).toHaveLength(1);
    await scarce.clock.advance(5 * 60_000);
    expect(scarce.asked).toHaveLength(2);
    await scarce.room.stop();
    await scarce.clock.advance(60 * 60_000);
    expect(scarce.asked).toHaveLength(2);
  });

  it("bounds the envelopes, whatever the browser says of its quota", async () => {
    const { asked, clock } = keeper(1e12, 0, 1_000_001);
    await clock.advance(60_000);
    expect(asked).toMatchObject([{ bytes: 50_001 * 400, kinds: ["envelopes"] }]);
  });
});

it("a person frees what was fetched and what strangers wrote long ago, and keeps the rest", async () => {
  const town = new Town({ seed: 78 });
  const anna = await town.arrive();
  const stranger = await signerOf(4);
  const { hash } = await anna.api.publish(draftOf("Mine"));
  const old = await signEnvelope(stranger, { created: OLD });
  const fresh = await signEnvelope(stranger, { created: SIM_START });
  const fetched = {
    hash: new Uint8Array(32).fill(8),
    type: ObjectType.SocialPost,
    bytes: new Uint8Array(500),
  } as const;
  await anna.store.commit({ envelopes: [old, fresh], objects: [{ ...fetched, holding: "cache", storedAt: 0 }] });
  const freed = await anna.api.freeStorage();
  expect(freed).toEqual({ objects: 1, blobs: 0, envelopes: 1, bytes: 500 + old.bytes.length });
  expect(await anna.api.envelope(hash)).toMatchObject({ own: true, held: true });
  expect([anna.store.envelopes.has(old.hash), anna.store.envelopes.has(fresh.hash)]).toEqual([false, true]);
  const views: unknown[] = [];
  const watching = await anna.api.watch("network", {}, ({ value }) => views.push(value.storage));
  await watching.close();
  expect(views.at(-1)).toMatchObject({ collected: freed, collectable: { objects: 0, envelopes: fresh.bytes.length } });
});
