import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Damage, Store } from "../../src/store/index.ts";
import { toHex } from "../../src/wire/index.ts";
import { equal, rejects } from "./check.ts";
import { authorOf, bytes32, envelope, envelopes } from "./envelopes.ts";
import { IdbFixture } from "./idb-fixture.ts";
import { chance, damagedCopy } from "./mutations.ts";
import { head, storedObject as object } from "./records.ts";

const SEEDS = 12;
const MADE = envelopes(45, (id) => ({ author: id % 4, scopes: ["g:here"] }));
/** One out of each of two segments of three. */
const REMOVED = [MADE[4]!, MADE[10]!];
const BLOBS = [
  { hash: bytes32("blob", 1), bytes: new Uint8Array(300_000).fill(5), holding: "own" },
  { hash: bytes32("blob", 2), bytes: new Uint8Array(1_000).fill(6), holding: "cache" },
] as const;
const OBJECTS = [1, 2, 3, 4].map((at) => object(at, { holding: at % 2 === 0 ? "own" : "cache" }));

/** Everything that the store holds, by what it is: how to read it, and what must come out. */
interface Held {
  readonly name: string;
  readonly read: (store: Store) => Promise<unknown>;
  readonly value: unknown;
}

const HELD: readonly Held[] = [
  ...MADE.filter((entry) => !REMOVED.includes(entry)).map(({ bytes, hash }) => ({
    name: `envelope ${toHex(hash)}`,
    read: async (store: Store) => (await store.envelopes.bytes([hash]))[0],
    value: bytes,
  })),
  ...OBJECTS.map((made) => ({
    name: `objects ${toHex(made.hash)}`,
    read: (store: Store) => store.object(made.hash),
    value: made,
  })),
  ...BLOBS.map(({ bytes, hash }) => ({
    name: `blobs ${toHex(hash)}`,
    read: (store: Store) => store.blobs.read(hash),
    value: bytes,
  })),
  ...["a", "b", "c"].map((name, at) => ({
    name: `heads ${name}`,
    read: (store: Store) => store.head(4, authorOf(1), name),
    value: head(name, at),
  })),
  ...[1, 2, 3].map((at) => ({
    name: `outbox ${toHex(bytes32("out", at))}`,
    read: async (store: Store) => (await store.outbox()).find(({ queuedAt }) => queuedAt === at),
    value: { hash: bytes32("out", at), bytes: Uint8Array.of(at, at), channels: ["here"], queuedAt: at },
  })),
  ...["x", "y", "z"].map((id, at) => ({
    name: `drafts ${id}`,
    read: async (store: Store) => (await store.drafts()).find((draft) => draft.id === id),
    value: { id, updated: at, content: { text: `draft ${id}`, list: [at, { deep: new Map([["k", at]]) }] } },
  })),
  ...["home", "language", "marks"].map((name) => ({
    name: `settings ${name}`,
    read: (store: Store) => store.setting(name),
    value: { name, list: [1, 2], bytes: Uint8Array.of(1, 2, 3) },
  })),
  ...["identity", "vault"].map((name) => ({
    name: `keys ${name}`,
    read: (store: Store) => store.key(name),
    value: { seed: new Uint8Array(32).fill(9), name },
  })),
];

let fixture: IdbFixture;

beforeEach(() => {
  fixture = new IdbFixture();
});

afterEach(async () => {
  await fixture.close();
});

async function fill(store: Store): Promise<void> {
  for (let at = 0; at < MADE.length; at += 3) await store.commit({ envelopes: MADE.slice(at, at + 3) });
  await store.commit({ removeEnvelopes: REMOVED.map(({ hash }) => hash) });
  const valuesOf = (kind: string) =>
    HELD.filter(({ name }) => name.startsWith(`${kind} `)).map(({ name, value }) => [
      name.slice(kind.length + 1),
      value,
    ]);
  await store.commit({
    objects: OBJECTS,
    heads: ["a", "b", "c"].map((name, at) => head(name, at)),
    outboxPut: valuesOf("outbox").map(([, value]) => value as never),
    draftsPut: valuesOf("drafts").map(([, value]) => value as never),
    settings: Object.fromEntries(valuesOf("settings")) as Record<string, unknown>,
    keys: Object.fromEntries(valuesOf("keys")) as Record<string, unknown>,
  });
  for (const { bytes, hash, holding } of BLOBS) await store.blobs.put(hash, [bytes], undefined, holding);
}

/** Names of what is not as it was put. A key that cannot be read must say so; everything else counts as missing. */
async function missingIn(store: Store): Promise<string[]> {
  const missing: string[] = [];
  for (const { name, read, value } of HELD) {
    if (name.startsWith("keys ")) {
      const found = await read(store).catch((fault: unknown) => fault);
      if ((found as { code?: string }).code === "STORE_DAMAGED") missing.push(name);
      else equal(found, value, name);
      continue;
    }
    const found = await read(store);
    if (found === undefined) missing.push(name);
    else equal(found, value, name);
  }
  return missing;
}

function printed(key: unknown): string {
  if (Array.isArray(key)) return key.map(printed).join("/");
  return key instanceof ArrayBuffer ? toHex(new Uint8Array(key)) : String(key);
}

/** What may be missing after the record under `key` was damaged. */
function mayMiss(store: string, key: unknown, name: string): boolean {
  switch (store) {
    case "segments": {
      const [id] = key as [number];
      const within = MADE.slice((id - 1) * 3, id * 3);
      return within.some(({ hash }) => name === `envelope ${toHex(hash)}`);
    }
    case "heads":
      return name === `heads ${(key as string[])[2]}`;
    case "chunks":
      return name === `blobs ${printed((key as unknown[])[0])}`;
    default:
      return name === `${store} ${printed(key)}`;
  }
}

/** Damage that changes nothing that anybody would read. */
const UNREAD = new Set(["reserve", "partialBlobs"]);
const STORES = [
  "meta",
  "segments",
  "removals",
  "snapshots",
  "objects",
  "heads",
  "blobs",
  "chunks",
  "cached",
  "reserve",
  "partialBlobs",
  "outbox",
  "drafts",
  "settings",
  "keys",
  "damaged",
];

describe("one damaged record", () => {
  for (const [at, storeName] of STORES.entries()) {
    test(`of ${storeName} costs that record at most, and is told`, { timeout: 60_000 }, async () => {
      const first = await fixture.open();
      await fill(first);
      fixture.elapse();
      await expect.poll(() => fixture.request("reserve", (reserve) => reserve.count())).toBe(4);
      await first.close();
      if (storeName === "partialBlobs") {
        await fixture.request("partialBlobs", (partial) =>
          partial.put({ since: 1 }, new Uint8Array(bytes32("blob", 9))),
        );
      }
      if (storeName === "damaged") {
        await fixture.request("settings", (settings) => settings.put("nonsense", "spoilt"));
        const once = await fixture.open();
        expect(await once.setting("spoilt")).toBeUndefined();
        await once.close();
      }
      for (let seed = 0; seed < SEEDS; seed += 1) {
        const disk = await fixture.crashed();
        const keys = await disk.request<IDBValidKey[]>(storeName, (records) => records.getAllKeys());
        const values: unknown[] = await disk.request(storeName, (records) => records.getAll());
        const index = Math.floor(chance(seed * 31 + at)() * keys.length);
        const key = keys[index]!;
        const damaged = damagedCopy(values[index], seed * 1_000 + at);
        await disk.request(storeName, (records) => records.put(damaged, key));
        await show(disk, storeName, key, `seed ${seed}, key ${printed(key)}`);
        await disk.close();
      }
    });
  }
});

async function show(disk: IdbFixture, storeName: string, key: IDBValidKey, where: string): Promise<void> {
  let store = await disk.open();
  const before = await missingIn(store);
  expect(
    before.filter((name) => !mayMiss(storeName, key, name)),
    where,
  ).toEqual([]);
  // What was removed may come back when the mark of it is damaged, and nothing else may appear.
  const most = MADE.length - (storeName === "removals" ? 0 : REMOVED.length);
  expect(store.envelopes.size, where).toBeLessThanOrEqual(most);
  // Nothing is freed by this, but what was used is noted.
  await store.collect({ bytes: 0, kinds: ["caches"] });
  const told = await store.damaged();
  if (before.length > 0) expect(told.length, where).toBeGreaterThan(0);
  if (!UNREAD.has(storeName) && !isQuiet(storeName, key)) expect(told.length, where).toBeGreaterThan(0);
  await expectRemains(disk, told);
  // It goes on, and what it was told stays told.
  const more = envelope({ id: 1_000 });
  await store.commit(
    { envelopes: [more], draftsPut: [{ id: "new", updated: 9, content: "on" }] },
    { durability: "strict" },
  );
  await store.close();
  store = await disk.open();
  expect(await missingIn(store), where).toEqual(before);
  expect(await store.damaged(), where).toEqual(told);
  expect(await store.envelopes.bytes([more.hash]), where).toEqual([more.bytes]);
  expect((await store.drafts())[0]?.content, where).toBe("on");
  const { objects, blobs } = await store.usage();
  const gone = (kind: string) => before.filter((name) => name.startsWith(`${kind} `)).length;
  expect(objects, where).toBe(OBJECTS.length - gone("objects"));
  expect(blobs - BLOBS.length, where).toBeGreaterThanOrEqual(-gone("blobs"));
  await store.close();
}

/** The number of the last opening is outdone, and a snapshot of another format is none. */
function isQuiet(storeName: string, key: IDBValidKey): boolean {
  return (storeName === "meta" && key === "generation") || storeName === "snapshots";
}

/** What was found instead of a record lies in `damaged`. */
async function expectRemains(disk: IdbFixture, told: readonly Damage[]): Promise<void> {
  const notes = (await disk.request("damaged", (records) => records.getAll())) as { remains?: unknown }[];
  expect(notes.length).toBe(told.length);
  for (const [at, { what }] of told.entries()) {
    if (what !== "snapshot" && what !== "note") expect(notes[at]!.remains).toBeDefined();
  }
}

describe("what is missing after damage", () => {
  test("is named, so that it can be fetched again", async () => {
    const first = await fixture.open();
    await fill(first);
    await first.close();
    const spoil = (store: string, key: IDBValidKey) =>
      fixture.request(store, (records) => records.put("nonsense", key));
    await spoil("objects", new Uint8Array(OBJECTS[0]!.hash));
    await spoil("heads", [4, new Uint8Array(authorOf(1)), "b"]);
    await spoil("outbox", new Uint8Array(bytes32("out", 2)));
    await spoil("chunks", [new Uint8Array(BLOBS[0].hash), 1]);
    const store = await fixture.open();
    const changes: string[] = [];
    store.subscribe(({ removedObjects }) => changes.push(...removedObjects.map(toHex)));
    expect((await missingIn(store)).length).toBe(4);
    const lost = (await store.damaged()).flatMap((damage) => damage.lost);
    expect(lost).toEqual([
      { kind: "object", hash: OBJECTS[0]!.hash },
      { kind: "blob", hash: BLOBS[0].hash },
      { kind: "head", type: 4, owner: authorOf(1), name: "b" },
      { kind: "outbox", hash: bytes32("out", 2) },
    ]);
    expect(changes).toEqual([toHex(OBJECTS[0]!.hash)]);
    // All of it can be put again.
    const ids = (await store.damaged()).map(({ id }) => id);
    await store.blobs.put(BLOBS[0].hash, [BLOBS[0].bytes], undefined, "own");
    const entry = HELD.find(({ name }) => name === `outbox ${toHex(bytes32("out", 2))}`);
    const { hash } = OBJECTS[0]!;
    expect(await store.hasObject(hash)).toBe(false);
    await store.commit({
      objects: [OBJECTS[0]!],
      heads: [head("b", 1)],
      outboxPut: [entry!.value as never],
      mended: ids,
    });
    expect(await missingIn(store)).toEqual([]);
    expect((await store.damaged()).every(({ mended }) => mended)).toBe(true);
  });

  test("is a key that nothing takes the place of unasked", async () => {
    const first = await fixture.open();
    await fill(first);
    await first.close();
    await fixture.request("keys", (keys) => keys.put(new Uint8Array(3), "identity"));
    for (let opening = 0; opening < 2; opening += 1) {
      const store = await fixture.open();
      await rejects(store.key("identity"), "STORE_DAMAGED");
      expect(await store.key("never there")).toBeUndefined();
      expect([...(await store.allKeys()).keys()]).toEqual(["vault"]);
      await store.close();
    }
    const store = await fixture.open();
    await store.commit({ keys: { identity: "restored" } });
    expect(await store.key("identity")).toBe("restored");
    await store.commit({ keys: { identity: undefined } });
    expect(await store.key("identity")).toBeUndefined();
  });
});
