/** Whole envelopes of damaged segments, when they cannot be stored again at once. */
import { IDBObjectStore } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Store } from "../../src/store/index.ts";
import { envelopes } from "./envelopes.ts";
import { IdbFixture } from "./idb-fixture.ts";
import { SimulatedQuota } from "./simulated-quota.ts";

const MADE = envelopes(6);
const BROKEN = MADE[0]!;
const WHOLE = MADE.slice(1);

let fixture: IdbFixture;

beforeEach(async () => {
  fixture = new IdbFixture();
  const first = await fixture.open();
  await first.commit({ envelopes: MADE.slice(0, 3) });
  await first.commit({ envelopes: MADE.slice(3) });
  await first.close();
  const [key] = await fixture.request("segments", (segments) => segments.getAllKeys());
  const value = (await fixture.request("segments", (segments) => segments.get(key!))) as Uint8Array;
  // In the first envelope, behind the directory of three.
  const spoilt = value.with(200, value[200]! ^ 1);
  await fixture.request("segments", (segments) => segments.put(spoilt, key));
});

afterEach(async () => {
  await fixture.close();
  vi.restoreAllMocks();
});

async function heldIn(store: Store): Promise<(Uint8Array | undefined)[]> {
  return await store.envelopes.bytes(MADE.map(({ hash }) => hash));
}

async function dropSnapshot(): Promise<void> {
  await fixture.request("snapshots", (snapshots) => snapshots.clear());
}

/** Has everything counted by a quota that was installed since. */
async function rewritten(): Promise<void> {
  for (const name of ["meta", "segments"]) {
    const keys = await fixture.request(name, (records) => records.getAllKeys());
    const values: unknown[] = await fixture.request(name, (records) => records.getAll());
    for (const [at, key] of keys.entries()) await fixture.request(name, (records) => records.put(values[at], key));
    // Comes after the last of them is complete, which is when it counts.
    await fixture.request(name, (records) => records.count());
  }
}

const ALL_BUT_THE_BROKEN = [undefined, ...WHOLE.map(({ bytes }) => bytes)];

for (const when of ["when the store is opened", "when it is read"] as const) {
  test(`a segment found damaged ${when} stays while the disk is full, and gives what is whole when it is not`, async () => {
    if (when === "when the store is opened") await dropSnapshot();
    const quota = new SimulatedQuota(Infinity);
    quota.install();
    await quota.anew(() => rewritten());
    // Room to move the segment, and the note of it, but not for what was whole of it besides.
    quota.quota = quota.used + 300;
    const full = await fixture.open();
    expect(await heldIn(full)).toEqual([
      ...MADE.slice(0, 3).map(() => undefined),
      ...MADE.slice(3).map((e) => e.bytes),
    ]);
    expect(await full.damaged()).toMatchObject([{ what: "segment", lost: [{ hash: BROKEN.hash }] }]);
    expect(fixture.faults).toMatchObject([{ code: "STORE_QUOTA" }]);
    expect(await fixture.request("segments", (segments) => segments.count())).toBe(2);
    const after = await quota.anew(() => fixture.crashed());
    quota.quota = Infinity;
    const roomy = await after.open();
    expect(await heldIn(roomy)).toEqual(ALL_BUT_THE_BROKEN);
    expect(await roomy.damaged()).toMatchObject([{ what: "segment", envelopes: 1 }]);
    await after.close();
  });

  test(`a session that ends before a segment found damaged ${when} is moved aside loses nothing and doubles nothing`, async () => {
    if (when === "when the store is opened") await dropSnapshot();
    const add = IDBObjectStore.prototype.add;
    const failing = vi.spyOn(IDBObjectStore.prototype, "add").mockImplementation(function (
      this: IDBObjectStore,
      ...args
    ) {
      if (this.name === "damaged") throw new DOMException("Internal error.", "UnknownError");
      return add.apply(this, args);
    });
    const store = await fixture.open();
    expect(await heldIn(store)).toEqual(ALL_BUT_THE_BROKEN);
    expect(fixture.faults).toMatchObject([{ code: "STORE_FAILED" }]);
    const after = await fixture.crashed();
    failing.mockRestore();
    const again = await after.open();
    expect(await heldIn(again)).toEqual(ALL_BUT_THE_BROKEN);
    expect(again.envelopes.size).toBe(WHOLE.length);
    expect(await again.damaged()).toHaveLength(1);
    await after.close();
  });
}
