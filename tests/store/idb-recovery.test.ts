import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { packSegment } from "../../src/store/idb/segment.ts";
import type { NewEnvelope, Store, StoreChange } from "../../src/store/index.ts";
import { toHex } from "../../src/wire/index.ts";
import { authorOf, envelope, envelopes } from "./envelopes.ts";
import { IdbFixture } from "./idb-fixture.ts";
import { NaiveIndex } from "./naive-index.ts";

const EVERYTHING = { kind: "all" } as const;
let fixture: IdbFixture;

beforeEach(() => {
  fixture = new IdbFixture();
});

afterEach(async () => {
  await fixture.close();
});

function idsOf(store: Store): number[] {
  return store.envelopes.arrivals({ filter: EVERYTHING, since: 0, limit: Infinity }).map(({ seq }) => seq);
}

async function expectHeld(store: Store, held: readonly NewEnvelope[]): Promise<void> {
  const rows = store.envelopes.arrivals({ filter: EVERYTHING, since: 0, limit: Infinity });
  expect(rows.map(({ hash }) => toHex(hash))).toEqual(held.map(({ hash }) => toHex(hash)));
  expect(await store.envelopes.bytes(held.map(({ hash }) => hash))).toEqual(held.map(({ bytes }) => bytes));
}

/** Many small segments: one a commit, of three envelopes. */
async function fill(store: Store, made: readonly NewEnvelope[]): Promise<void> {
  for (let at = 0; at < made.length; at += 3) await store.commit({ envelopes: made.slice(at, at + 3) });
}

function segmentKeys(): Promise<number[][]> {
  return fixture.request("segments", (store) => store.getAllKeys()) as Promise<number[][]>;
}

type Column = Uint8Array | Float64Array;

async function arrayOfSnapshot(of: IdbFixture, wanted: (array: Column) => boolean): Promise<[number, Column]> {
  for (let number = 0; ; number += 1) {
    const array = (await of.request("snapshots", (store) => store.get(number))) as Column | undefined;
    if (array === undefined) throw new Error("the snapshot has no such array");
    if (wanted(array)) return [number, array];
  }
}

async function flipByte(store: string, key: IDBValidKey, at: number): Promise<void> {
  const value = (await fixture.request("segments", (segments) => segments.get(key))) as Uint8Array;
  value[at] = value[at]! ^ 1;
  await fixture.request(store, (segments) => segments.put(value, key));
}

describe("a store opened again", () => {
  test("has everything, and the same epoch, after it was closed", async () => {
    const made = envelopes(90, (id) => ({ author: id % 4, scopes: ["g:here/there"] }));
    const first = await fixture.open();
    await fill(first, made);
    await first.commit({ settings: { language: "fa" } });
    await first.close();
    const second = await fixture.open();
    expect(second.epoch).toEqual(first.epoch);
    expect(await second.setting("language")).toBe("fa");
    await expectHeld(second, made);
    expect(second.envelopes.count({ kind: "authors", authors: [authorOf(1)] })).toBe(23);
    await second.commit({ envelopes: [...made, envelope({ id: 90 })] });
    expect(idsOf(second).at(-1)).toBe(91);
  });

  test("loses nothing that was committed when it was never closed", async () => {
    const made = envelopes(60);
    const store = await fixture.open();
    await fill(store, made);
    const after = await fixture.crashed();
    await expectHeld(await after.open(), made);
    await after.close();
  });

  test("replays what came after the snapshot, removals included", async () => {
    const made = envelopes(120);
    const first = await fixture.open();
    await fill(first, made.slice(0, 60));
    await first.close();
    const second = await fixture.open();
    await second.commit({ removeEnvelopes: made.slice(0, 10).map(({ hash }) => hash) });
    await fill(second, made.slice(60));
    await second.commit({ removeEnvelopes: made.slice(100, 110).map(({ hash }) => hash) });
    const after = await fixture.crashed();
    await expectHeld(await after.open(), [...made.slice(10, 100), ...made.slice(110)]);
    await after.close();
  });

  test("finds what was merged after the snapshot, and what was removed before the merge stays removed", async () => {
    const made = envelopes(150);
    const first = await fixture.open();
    await fill(first, made.slice(0, 60));
    await first.close();
    const second = await fixture.open();
    await fill(second, made.slice(60));
    // Three whole segments, and one envelope out of the middle of each of two others.
    const removed = [...made.slice(0, 9), made[31]!, made[100]!];
    const kept = made.filter((entry) => !removed.includes(entry));
    await second.commit({ removeEnvelopes: removed.map(({ hash }) => hash) });
    expect(await segmentKeys()).toHaveLength(50);
    fixture.elapse();
    await expect.poll(segmentKeys).toHaveLength(1);
    await expectHeld(second, kept);
    const after = await fixture.crashed();
    const reopened = await after.open();
    await expectHeld(reopened, kept);
    // The removed ones may come again, under numbers never used before.
    await reopened.commit({ envelopes: made.slice(0, 1) });
    expect(idsOf(reopened).at(-1)).toBe(151);
    await after.close();
  });

  test("keeps the order of arrival when a merge has put older envelopes behind newer ones", async () => {
    const made = envelopes(300, () => ({ length: 280 }));
    const store = await fixture.open();
    await fill(store, made.slice(0, 60));
    // A segment of its own: full enough to be left as it is.
    await store.commit({ envelopes: made.slice(60, 130) });
    await fill(store, made.slice(130, 190));
    fixture.elapse();
    await expect.poll(async () => (await segmentKeys()).length).toBeLessThan(8);
    const after = await fixture.crashed();
    await expectHeld(await after.open(), made.slice(0, 190));
    await after.close();
  });

  test("never gives a seq twice, not even when the last envelopes are gone from the disk", async () => {
    const made = envelopes(10);
    const store = await fixture.open();
    await store.commit({ envelopes: made.slice(0, 5) });
    await store.commit({ envelopes: made.slice(5) });
    await store.commit({ removeEnvelopes: made.slice(5).map(({ hash }) => hash) });
    fixture.elapse();
    await expect.poll(segmentKeys).toHaveLength(1);
    const after = await fixture.crashed();
    expect((await after.open()).envelopes.lastSeq).toBe(10);
    await after.close();
  });

  test("writes the snapshot behind, without being closed", async () => {
    const made = envelopes(600);
    const store = await fixture.open();
    await store.commit({ envelopes: made });
    fixture.elapse();
    await expect.poll(() => fixture.request("snapshots", (snapshots) => snapshots.count("head"))).toBe(1);
    const after = await fixture.crashed();
    await expectHeld(await after.open(), made);
    await after.close();
  });

  test("rebuilds the index when the snapshot is broken, and says so", async () => {
    const made = envelopes(40);
    const first = await fixture.open();
    await fill(first, made);
    await first.close();
    const [number, array] = await arrayOfSnapshot(fixture, (candidate) => candidate instanceof Float64Array);
    array[3] = 1;
    await fixture.request("snapshots", (store) => store.put(array, number));
    const second = await fixture.open();
    await expectHeld(second, made);
    expect(await second.damaged()).toMatchObject([
      { what: "snapshot", envelopes: 0, noticed: 1_700_000_000_000, reason: "wrong checksum", lost: [], mended: true },
    ]);
  });

  test("rebuilds the index when a part of the snapshot is missing, or its head is broken", async () => {
    const made = envelopes(40);
    for (const damage of [
      () => fixture.request("snapshots", (store) => store.delete(2)),
      (head: object) => fixture.request("snapshots", (store) => store.put({ ...head, segments: [] }, "head")),
    ]) {
      const first = await fixture.open();
      await fill(first, made);
      await first.commit({ removeEnvelopes: [made[39]!.hash] });
      await first.close();
      const head = (await fixture.request("snapshots", (store) => store.get("head"))) as object;
      await damage(head);
      const second = await fixture.open();
      await expectHeld(second, made.slice(0, 39));
      await second.close();
    }
    expect(await (await fixture.open()).damaged()).toHaveLength(2);
  });

  test("rebuilds the index without a word when the snapshot is of another version of the code", async () => {
    const made = envelopes(40);
    const first = await fixture.open();
    await fill(first, made);
    await first.close();
    await fixture.request("snapshots", (store) => store.put({ format: 0, somethingElse: true }, "head"));
    const second = await fixture.open();
    await expectHeld(second, made);
    expect(await second.damaged()).toEqual([]);
  });

  test("does not believe a snapshot of another store", async () => {
    const other = new IdbFixture();
    const otherStore = await other.open();
    await fill(
      otherStore,
      envelopes(40, () => ({ author: 3 })),
    );
    await otherStore.close();
    const made = envelopes(40);
    const first = await fixture.open();
    await fill(first, made);
    await first.close();
    const [keys, values] = [
      await other.request("snapshots", (store) => store.getAllKeys()),
      await other.request("snapshots", (store) => store.getAll()),
    ];
    for (const [at, key] of keys.entries()) await fixture.request("snapshots", (store) => store.put(values[at], key));
    await expectHeld(await fixture.open(), made);
    await other.close();
  });

  test("does not believe a snapshot of other segments", async () => {
    const made = envelopes(40);
    const first = await fixture.open();
    await fill(first, made);
    await first.close();
    // A segment with the same id, but other and more envelopes.
    const [, second] = await segmentKeys();
    const others = envelopes(5, () => ({ author: 9 }));
    const { value } = packSegment(others.map(({ hash, bytes }, index) => ({ seq: 100 + index, hash, bytes })));
    await fixture.request("segments", (store) => store.delete(second!));
    await fixture.request("segments", (store) => store.put(value, [second![0]!, 5, value.length, 104]));
    await expectHeld(await fixture.open(), [...made.slice(0, 3), ...made.slice(6), ...others]);
  });

  test("saves what is whole of a segment that is broken, and says what is not", async () => {
    const made = envelopes(30);
    const first = await fixture.open();
    await fill(first, made);
    const keys = await segmentKeys();
    await first.close();
    // In the first envelope, behind the directory of three.
    await flipByte("segments", keys[3]!, 200);
    await fixture.request("snapshots", (store) => store.clear());
    const second = await fixture.open();
    // What was saved has arrived anew.
    await expectHeld(second, [...made.slice(0, 9), ...made.slice(12), ...made.slice(10, 12)]);
    const [damage, ...others] = await second.damaged();
    const lost = [{ kind: "envelope", hash: made[9]!.hash }];
    expect(damage).toMatchObject({ what: "segment", envelopes: 1, reason: "wrong checksum", lost, mended: false });
    expect(others).toEqual([]);
    await second.close();
    const third = await fixture.open();
    expect(await third.damaged()).toHaveLength(1);
    await third.commit({ envelopes: made, mended: [damage!.id] });
    expect(third.envelopes.size).toBe(30);
    expect(await third.damaged()).toMatchObject([{ mended: true }]);
    await third.close();
    expect(await (await fixture.open()).damaged()).toMatchObject([{ mended: true }]);
  });

  test("saves what is whole wherever a broken segment is read first, and tells listeners what is gone", async () => {
    const made = envelopes(30);
    const first = await fixture.open();
    await fill(first, made);
    const keys = await segmentKeys();
    await first.close();
    await flipByte("segments", keys[0]!, 150);
    const second = await fixture.open();
    const changes: StoreChange[] = [];
    second.subscribe((change) => changes.push(change));
    expect(second.envelopes.size).toBe(30);
    const read = await second.envelopes.bytes(made.map(({ hash }) => hash));
    expect(read).toEqual([undefined, ...made.slice(1).map(({ bytes }) => bytes)]);
    expect(changes.flatMap((change) => change.removedEnvelopes)).toEqual(made.slice(0, 3).map(({ hash }) => hash));
    expect(changes.flatMap((change) => change.envelopes.map(({ hash }) => hash))).toEqual(
      made.slice(1, 3).map(({ hash }) => hash),
    );
    await expectHeld(second, [...made.slice(3), ...made.slice(1, 3)]);
    expect(await second.damaged()).toHaveLength(1);
  });

  test("does without a segment of which nothing can be saved", async () => {
    const made = envelopes(30);
    const first = await fixture.open();
    await fill(first, made);
    const [, key] = await segmentKeys();
    await first.close();
    await fixture.request("segments", (store) => store.put("nonsense", key));
    const second = await fixture.open();
    await second.envelopes.bytes(made.map(({ hash }) => hash));
    await expectHeld(second, [...made.slice(0, 3), ...made.slice(6)]);
    expect(await second.damaged()).toMatchObject([{ what: "segment", envelopes: 3, lost: { length: 3 } }]);
  });

  test("does without a segment that holds no envelopes though its checksum fits", async () => {
    const made = envelopes(6);
    const first = await fixture.open();
    await fill(first, made);
    await first.close();
    const { value } = packSegment([{ seq: 7, hash: made[0]!.hash.slice().fill(1), bytes: Uint8Array.of(1, 2, 3) }]);
    await fixture.request("segments", (store) => store.put(value, [99, 1, value.length, 7]));
    const second = await fixture.open();
    await expectHeld(second, made);
    expect(await second.damaged()).toMatchObject([{ what: "segment", envelopes: 1 }]);
  });

  test("drops blobs of which only a part was written", async () => {
    const store = await fixture.open();
    const { hash } = envelopes(1)[0]!;
    const hungUp = Promise.withResolvers<never>();
    const piece = new Uint8Array(256 * 1024);
    const put = store.blobs.put(
      hash,
      (async function* () {
        yield piece;
        yield await hungUp.promise;
      })(),
    );
    const failed = expect(put).rejects.toThrow("hung up");
    await expect.poll(() => fixture.request("chunks", (chunks) => chunks.count())).toBe(1);
    const after = await fixture.crashed();
    hungUp.reject(new Error("hung up"));
    await failed;
    const reopened = await after.open();
    expect(await reopened.blobs.size(hash)).toBeUndefined();
    expect(await after.request("chunks", (chunks) => chunks.count())).toBe(0);
    await reopened.blobs.put(hash, [piece]);
    expect(await reopened.blobs.size(hash)).toBe(piece.length);
    await after.close();
  });

  test("is what it was before, whenever the power fails", { timeout: 120_000 }, async () => {
    const pool = envelopes(120, (id) => ({ author: id % 5, created: 1_000 + ((id * 37) % 50) }));
    const pick = fc.array(fc.nat(pool.length - 1), { minLength: 1, maxLength: 12 });
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ step: fc.constant("add" as const), pick }) },
      { weight: 3, arbitrary: fc.record({ step: fc.constant("remove" as const), pick }) },
      { weight: 2, arbitrary: fc.record({ step: fc.constant("elapse" as const) }) },
      { weight: 2, arbitrary: fc.record({ step: fc.constant("crash" as const) }) },
      { weight: 1, arbitrary: fc.record({ step: fc.constant("close" as const) }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 40, maxLength: 120 }), async (steps) => {
        let disk = new IdbFixture();
        let store = await disk.open();
        const naive = new NaiveIndex();
        for (const action of [...steps, { step: "crash" as const }]) {
          if (action.step === "add") {
            const batch = action.pick.map((at) => pool[at]!);
            await store.commit({ envelopes: batch });
            naive.add(batch);
          } else if (action.step === "remove") {
            const hashes = action.pick.map((at) => pool[at]!.hash);
            await store.commit({ removeEnvelopes: hashes });
            naive.remove(hashes);
          } else if (action.step === "elapse") {
            disk.elapse();
          } else {
            if (action.step === "close") await store.close();
            const after = await disk.crashed();
            await disk.close();
            disk = after;
            store = await disk.open();
          }
          const rows = store.envelopes.arrivals({ filter: EVERYTHING, since: 0, limit: Infinity });
          expect(rows.map(({ hash }) => toHex(hash))).toEqual(
            naive.arrivals({ filter: EVERYTHING, since: 0, limit: Infinity }),
          );
          expect(store.envelopes.lastSeq).toBe(naive.lastSeq);
        }
        const bytes = await store.envelopes.bytes(pool.map(({ hash }) => hash));
        expect(bytes).toEqual(pool.map((entry) => (naive.has(entry.hash) ? entry.bytes : undefined)));
        expect(await store.damaged()).toEqual([]);
        expect(disk.faults).toEqual([]);
        await disk.close();
      }),
      { seed: 20_240_602, numRuns: 15 },
    );
  });
});
