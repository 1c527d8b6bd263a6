import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Holding, Keeping, NewEnvelope, Store, StoreError } from "../../src/store/index.ts";
import { toHex } from "../../src/wire/index.ts";
import { equal } from "./check.ts";
import { authorOf, bytes32, envelope, envelopes } from "./envelopes.ts";
import { IdbFixture } from "./idb-fixture.ts";
import { head, storedObject as object } from "./records.ts";
import { SimulatedQuota } from "./simulated-quota.ts";

const QUOTA = 400_000;
const SELF = 0;
const keeping: Keeping = { never: { kind: "authors", authors: [authorOf(SELF)] }, priorities: () => () => 0 };

let fixture: IdbFixture;
let quota: SimulatedQuota;
let store: Store;

beforeEach(async () => {
  fixture = new IdbFixture();
  quota = new SimulatedQuota(QUOTA);
  quota.install();
  store = await fixture.open();
  store.keep(keeping);
});

afterEach(async () => {
  await fixture.close();
  vi.restoreAllMocks();
});

/** Strangers' envelopes until the browser says that there is no room. */
async function fillUp(from = 1_000): Promise<NewEnvelope[]> {
  const stored: NewEnvelope[] = [];
  for (let id = from; ; id += 50) {
    const batch = Array.from({ length: 50 }, (_, at) =>
      envelope({ id: id + at, author: 1 + (at % 5), created: id + at, length: 250 }),
    );
    const used = quota.used;
    await store.commit({ envelopes: batch });
    stored.push(...batch);
    if ((await store.usage()).collected.bytes > 0 || quota.used < used) return stored;
  }
}

describe("a disk that is full", () => {
  test("makes room for envelopes by dropping the oldest of strangers, and goes on", async () => {
    const own = envelopes(20, () => ({ author: SELF }));
    await store.commit({ envelopes: own }, { durability: "strict" });
    const stored = await fillUp();
    const { collected } = await store.usage();
    expect(collected.envelopes).toBeGreaterThan(0);
    expect(store.envelopes.has(stored.at(-1)!.hash)).toBe(true);
    expect(store.envelopes.has(stored[0]!.hash)).toBe(false);
    expect(own.every(({ hash }) => store.envelopes.has(hash))).toBe(true);
    for (let round = 0; round < 20; round += 1) {
      const more = envelope({ id: 50_000 + round, author: 2, created: 60_000 + round, length: 280 });
      await store.commit({ envelopes: [more] });
      expect(store.envelopes.has(more.hash)).toBe(true);
    }
    expect(quota.used).toBeLessThanOrEqual(QUOTA);
  });

  test("drops cached objects before envelopes", async () => {
    const stored = envelopes(200, () => ({ author: 1 }));
    await store.commit({ envelopes: stored });
    for (let number = 0; number < 60; number += 1) {
      await store.commit({ objects: [object(number, { bytes: new Uint8Array(8_000).fill(number) })] });
    }
    const { collected, objects } = await store.usage();
    expect([collected.envelopes, collected.objects > 0, objects < 60]).toEqual([0, true, true]);
    expect(await store.hasObject(object(59).hash)).toBe(true);
    expect(await store.hasObject(object(0).hash)).toBe(false);
    expect(store.envelopes.size).toBe(200);
  });

  test("says what could be freed when nothing helps, and keeps nothing of the batch", async () => {
    await store.blobs.put(bytes32("blob", 1), [new Uint8Array(QUOTA - 60_000)], undefined, "own");
    const batch = { objects: [object(1, { holding: "own" as const, bytes: new Uint8Array(100_000) })] };
    const fault = await store.commit(batch, { durability: "strict" }).then(
      () => undefined,
      (error: unknown) => error as StoreError,
    );
    expect(fault).toMatchObject({ code: "STORE_QUOTA", freeable: { objects: 0, blobs: 0, envelopes: 0 } });
    expect(await store.hasObject(object(1).hash)).toBe(false);
    await store.commit({ draftsPut: [{ id: "a", updated: 1, content: "still works" }] }, { durability: "strict" });
  });

  test("lets what a person wrote have the room that was put by for it, and puts it by again when there is some", async () => {
    const pieces = () => fixture.request("reserve", (reserve) => reserve.count());
    const roomy = await fixture.open({ reservePieceBytes: 10_000 });
    fixture.elapse();
    await expect.poll(pieces).toBe(4);
    await roomy.blobs.put(bytes32("blob", 1), [new Uint8Array(QUOTA - quota.used - 1_000)], undefined, "own");
    const written = object(1, { holding: "own", bytes: new Uint8Array(15_000) });
    await expect(roomy.commit({ objects: [written] })).rejects.toMatchObject({ code: "STORE_QUOTA" });
    expect(await pieces()).toBe(4);
    await roomy.commit({ objects: [written] }, { durability: "strict" });
    equal(await roomy.object(written.hash), written);
    expect(await pieces()).toBe(2);
    await roomy.blobs.remove(bytes32("blob", 1));
    fixture.elapse();
    await expect.poll(pieces).toBe(4);
    expect(fixture.faults).toEqual([]);
  });

  test("makes room in the middle of a blob", async () => {
    for (let number = 0; number < 30; number += 1) {
      await store.commit({ objects: [object(number, { bytes: new Uint8Array(10_000) })] });
    }
    const film = new Uint8Array(300_000).fill(7);
    await store.blobs.put(bytes32("blob", 1), [film.subarray(0, 200_000), film.subarray(200_000)], undefined, "cache");
    equal(await store.blobs.read(bytes32("blob", 1)), film);
    expect((await store.usage()).collected.objects).toBeGreaterThan(0);
  });

  test("can be made room on by hand", async () => {
    await fillUp();
    const before = quota.used;
    const { bytes } = await store.collect();
    expect(bytes).toBeGreaterThan(100_000);
    fixture.elapse();
    await expect.poll(() => quota.used).toBeLessThan(before - 100_000);
    expect(store.envelopes.size).toBe(0);
  });

  test("does not keep the store from being opened", async () => {
    fixture.elapse();
    await store.blobs.put(bytes32("blob", 1), [new Uint8Array(QUOTA - quota.used - 500)], undefined, "own");
    for (let opening = 0; opening < 6; opening += 1) {
      // Not even a byte more.
      quota.quota = quota.used;
      const next = await fixture.open();
      await expect(store.commit({ settings: { late: opening } })).rejects.toMatchObject({ code: "STORE_CLOSED" });
      expect(await next.blobs.size(bytes32("blob", 1))).toBeGreaterThan(300_000);
      if (opening === 0) quota.quota = QUOTA;
      store = next;
    }
    await store.blobs.remove(bytes32("blob", 1));
    await store.commit({ settings: { a: 1 } });
    expect(await store.setting("a")).toBe(1);
  });

  test("does not lose count of what is held when the session ends in the middle", async () => {
    await store.commit({ objects: [1, 2, 3].map((at) => object(at, { holding: at === 1 ? "own" : "cache" })) });
    await store.collect({ bytes: 1 });
    const { objects, objectBytes, collectable } = await store.usage();
    expect([objects, objectBytes, collectable.objects]).toEqual([2, 24, 13]);
    const after = await quota.anew(() => fixture.crashed());
    const reopened = await after.open();
    expect(await reopened.usage()).toMatchObject({ objects, objectBytes, collectable: { objects: 13 } });
    await after.close();
  });
});

type Step =
  | { readonly step: "envelopes"; readonly author: number; readonly count: number }
  | { readonly step: "object"; readonly holding: Holding; readonly size: number }
  | { readonly step: "blob"; readonly holding: Holding; readonly size: number }
  | { readonly step: "draft" | "outbox" | "head"; readonly size: number }
  | { readonly step: "read" | "collect" | "elapse" | "reopen" | "crash" };

const holding = fc.constantFrom<Holding>("own", "trusted", "paid", "cache", "cache", "cache");
const size = fc.integer({ min: 1, max: 40_000 });
const steps = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        step: fc.constant("envelopes"),
        author: fc.nat(3),
        count: fc.integer({ min: 1, max: 60 }),
      }),
    },
    { weight: 6, arbitrary: fc.record({ step: fc.constant("object"), holding, size }) },
    {
      weight: 3,
      arbitrary: fc.record({ step: fc.constant("blob"), holding, size: fc.integer({ min: 0, max: 300_000 }) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        step: fc.constantFrom("draft", "outbox", "head"),
        size: fc.integer({ min: 1, max: 5_000 }),
      }),
    },
    { weight: 4, arbitrary: fc.record({ step: fc.constantFrom("read", "collect", "elapse", "reopen", "crash") }) },
  ) as fc.Arbitrary<Step>,
  { minLength: 60, maxLength: 120 },
);

/** What has to be there, whatever happens: by name, how to read it and what it must be. */
type Expected = Map<string, { read: (from: Store) => Promise<unknown>; value: unknown }>;

test(
  "never drops what is own, whatever is written, read and collected in a small room",
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        let disk = new IdbFixture();
        quota.quota = QUOTA;
        const room = new SimulatedQuota(QUOTA);
        vi.restoreAllMocks();
        room.install();
        let current = await disk.open();
        current.keep(keeping);
        const kept: Expected = new Map();
        let number = 0;
        for (const action of script) {
          number += 1;
          try {
            await perform(current, action, number, kept, disk);
          } catch (fault) {
            // Without room nothing of it may be there; that what was there before still is, is looked at below.
            expect(fault).toMatchObject({ code: "STORE_QUOTA" });
          }
          if (action.step === "reopen" || action.step === "crash") {
            if (action.step === "reopen") await current.close();
            const after = await room.anew(() => disk.crashed());
            await disk.close();
            disk = after;
            current = await disk.open();
            current.keep(keeping);
          }
        }
        for (const [name, { read, value }] of kept) equal(await read(current), value, name);
        expect(await current.damaged()).toEqual([]);
        await disk.close();
      }),
      { seed: 20_260_701, numRuns: 12, endOnFailure: true },
    );
  },
);

async function perform(target: Store, action: Step, number: number, kept: Expected, disk: IdbFixture): Promise<void> {
  const strict = { durability: "strict" } as const;
  switch (action.step) {
    case "envelopes": {
      const made = Array.from({ length: action.count }, (_, at) =>
        envelope({ id: number * 100 + at, author: action.author, created: number * 1_000 + at, length: 200 }),
      );
      await target.commit({ envelopes: made }, action.author === SELF ? strict : undefined);
      if (action.author !== SELF) return;
      for (const { bytes, hash } of made) {
        kept.set(`envelope ${toHex(hash)}`, {
          read: async (from) => (await from.envelopes.bytes([hash]))[0],
          value: bytes,
        });
      }
      return;
    }
    case "object": {
      const made = object(number, { holding: action.holding, bytes: new Uint8Array(action.size).fill(number) });
      await target.commit({ objects: [made] }, strict);
      if (action.holding !== "cache")
        kept.set(`object ${number}`, { read: (from) => from.object(made.hash), value: made });
      return;
    }
    case "blob": {
      const hash = bytes32("blob", number);
      const bytes = new Uint8Array(action.size).fill(number);
      await target.blobs.put(hash, [bytes], undefined, action.holding);
      if (action.holding !== "cache")
        kept.set(`blob ${number}`, { read: (from) => from.blobs.read(hash), value: bytes });
      return;
    }
    case "draft": {
      const draft = { id: `draft ${number}`, updated: number, content: "x".repeat(action.size) };
      await target.commit({ draftsPut: [draft] }, strict);
      const read = async (from: Store) => (await from.drafts()).find(({ id }) => id === draft.id);
      kept.set(draft.id, { read, value: draft });
      return;
    }
    case "outbox": {
      const bytes = new Uint8Array(action.size).fill(number);
      const entry = { hash: bytes32("outbox", number), bytes, channels: ["here"], queuedAt: number };
      await target.commit({ outboxPut: [entry] }, strict);
      const read = async (from: Store) => (await from.outbox()).find(({ queuedAt }) => queuedAt === number);
      kept.set(`outbox ${number}`, { read, value: entry });
      return;
    }
    case "head": {
      const made = head(`head ${number}`, number, { bytes: new Uint8Array(action.size).fill(number) });
      await target.commit({ heads: [made] }, strict);
      kept.set(`head ${number}`, { read: (from) => from.head(4, authorOf(1), `head ${number}`), value: made });
      return;
    }
    case "read":
      for (let at = 0; at < number; at += 3) await target.object(object(at).hash);
      return;
    case "collect":
      await target.collect({ bytes: 50_000 });
      return;
    case "elapse":
      disk.elapse();
      return;
    case "reopen":
    case "crash":
  }
}
