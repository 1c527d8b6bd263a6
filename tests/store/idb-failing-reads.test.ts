/** Reads that fail although what they would read is whole. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Store } from "../../src/store/index.ts";
import { authorOf, envelopes } from "./envelopes.ts";
import { failReads } from "./failing-reads.ts";
import { IdbFixture } from "./idb-fixture.ts";
import { head, storedObject } from "./records.ts";

const FAILED = expect.objectContaining({ name: "StoreError", code: "STORE_FAILED" });
const OBJECT = storedObject(1);
const ENVELOPES = envelopes(3);

let fixture: IdbFixture;
let store: Store;

beforeEach(async () => {
  fixture = new IdbFixture();
  const first = await fixture.open();
  await first.commit({
    envelopes: ENVELOPES,
    heads: [head("a", 1)],
    keys: { identity: 1 },
    objects: [OBJECT],
    settings: { home: 2 },
  });
  await first.close();
  store = await fixture.open();
});

afterEach(async () => {
  vi.restoreAllMocks();
  await fixture.close();
});

const READS: readonly (readonly [string, string, () => Promise<unknown>, unknown])[] = [
  ["a key", "keys", () => store.key("identity"), 1],
  ["a setting", "settings", () => store.setting("home"), 2],
  ["a head", "heads", () => store.head(4, authorOf(1), "a"), head("a", 1)],
  ["a head among others", "heads", () => store.headsOf(4, [authorOf(9), authorOf(1)], "a"), [undefined, head("a", 1)]],
  ["an object", "objects", () => store.object(OBJECT.hash), OBJECT],
  ["an envelope", "segments", async () => (await store.envelopes.bytes([ENVELOPES[1]!.hash]))[0], ENVELOPES[1]!.bytes],
];

test.each(READS)("%s that cannot be read once is read again and stays where it is", async (_, name, read, value) => {
  failReads(name, (number) => number === 0);
  expect(await read()).toEqual(value);
  expect(await read()).toEqual(value);
  expect(await store.damaged()).toEqual([]);
});

test.each(READS.slice(0, 3))(
  "%s does not count as missing while its reads fail and it is there",
  async (_, name, read, value) => {
    // Between two that fail there is the look at what would be moved aside.
    failReads(name, (number) => number % 2 === 0);
    await expect(read()).rejects.toEqual(FAILED);
    vi.restoreAllMocks();
    expect(await read()).toEqual(value);
    expect(await store.damaged()).toEqual([]);
  },
);

test("all settings are there though reading them together fails, and one by one as well at first", async () => {
  failReads("settings", () => true, "getAll");
  failReads("settings", (number) => number === 0);
  expect([...(await store.allSettings())]).toEqual([["home", 2]]);
  expect(await store.damaged()).toEqual([]);
});

test("a key that cannot be read all day stays where it is, and is told of once", async () => {
  failReads("keys", () => true);
  for (const _ of [1, 2]) await expect(store.key("identity")).rejects.toMatchObject({ code: "STORE_DAMAGED" });
  expect((await store.damaged()).map(({ what }) => what)).toEqual(["key"]);
  vi.restoreAllMocks();
  expect(await store.key("identity")).toBe(1);
  await store.close();
  expect(await (await fixture.open()).key("identity")).toBe(1);
});
