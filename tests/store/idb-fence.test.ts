import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Store, StoreChange } from "../../src/store/index.ts";
import { bytes32, envelopes } from "./envelopes.ts";
import { IdbFixture } from "./idb-fixture.ts";
import { head, storedObject } from "./records.ts";

/** A tab that was frozen while another opened the same database, and thaws. */
let fixture: IdbFixture;
let frozen: Store;
let current: Store;

const CLOSED = expect.objectContaining({ name: "StoreError", code: "STORE_CLOSED" });

beforeEach(async () => {
  fixture = new IdbFixture();
  frozen = await fixture.open();
  await frozen.commit({ envelopes: envelopes(3), settings: { by: "the first" } });
  current = await fixture.open();
});

afterEach(async () => {
  await fixture.close();
});

describe("a store that was opened elsewhere since", () => {
  test("writes nothing of a commit, fails it with STORE_CLOSED, and ends as replaced", async () => {
    const heard: StoreChange[] = [];
    frozen.subscribe((change) => heard.push(change));
    const made = envelopes(9);
    await expect(
      frozen.commit(
        {
          envelopes: made,
          removeEnvelopes: [made[0]!.hash],
          objects: [storedObject(1)],
          heads: [head("a", 1)],
          outboxPut: [{ hash: made[0]!.hash, bytes: made[0]!.bytes, channels: [], queuedAt: 1 }],
          draftsPut: [{ id: "d", updated: 1, content: "late" }],
          settings: { by: "the frozen one" },
          keys: { seed: 1 },
        },
        { durability: "strict" },
      ),
    ).rejects.toEqual(CLOSED);
    expect(await frozen.closed).toBe("replaced");
    expect(heard).toEqual([]);
    expect(current.envelopes.size).toBe(3);
    expect(await current.setting("by")).toBe("the first");
    expect(await current.hasObject(storedObject(1).hash)).toBe(false);
    expect([await current.drafts(), await current.outbox(), await current.heads(4)]).toEqual([[], [], []]);
    expect(await current.key("seed")).toBeUndefined();
    expect(await fixture.request("segments", (segments) => segments.count())).toBe(1);
    await expect(frozen.setting("by")).rejects.toEqual(CLOSED);
  });

  test("does not put its envelopes over those of the other under the same numbers", async () => {
    const [, , , ...made] = envelopes(9);
    await current.commit({ envelopes: made.slice(0, 3) });
    await expect(frozen.commit({ envelopes: made.slice(3) })).rejects.toEqual(CLOSED);
    const after = await fixture.crashed();
    const reopened = await after.open();
    expect(reopened.envelopes.size).toBe(6);
    expect(await reopened.envelopes.bytes(made.slice(0, 3).map(({ hash }) => hash))).toEqual(
      made.slice(0, 3).map(({ bytes }) => bytes),
    );
    await after.close();
  });

  test("neither writes blobs nor deletes any, nor does its upkeep touch the disk", async () => {
    const blob = bytes32("blob", 1);
    await current.blobs.put(blob, [Uint8Array.of(1, 2, 3)]);
    fixture.elapse();
    await expect.poll(() => frozen.closed).toBe("replaced");
    await expect(frozen.blobs.remove(blob)).rejects.toEqual(CLOSED);
    await expect(frozen.blobs.put(bytes32("blob", 2), [Uint8Array.of(4)])).rejects.toEqual(CLOSED);
    expect(await current.blobs.read(blob)).toEqual(Uint8Array.of(1, 2, 3));
    expect(await fixture.request("partialBlobs", (partial) => partial.count())).toBe(0);
    await frozen.close();
    expect(fixture.faults).toEqual([]);
  });

  test("is stopped in the middle of a blob", async () => {
    const other = await fixture.open();
    const piece = new Uint8Array(256 * 1024);
    const started = Promise.withResolvers<void>();
    const thawed = Promise.withResolvers<void>();
    const put = other.blobs.put(
      bytes32("blob", 3),
      (async function* () {
        yield piece;
        started.resolve();
        await thawed.promise;
        yield piece;
      })(),
    );
    const failed = expect(put).rejects.toEqual(CLOSED);
    await started.promise;
    const newest = await fixture.open();
    thawed.resolve();
    await failed;
    expect(await newest.blobs.size(bytes32("blob", 3))).toBeUndefined();
    expect(await fixture.request("chunks", (chunks) => chunks.count())).toBe(0);
  });

  test("leaves the right to write with whoever opened last, however often that was", async () => {
    for (let opening = 0; opening < 5; opening += 1) {
      const next = await fixture.open();
      await expect(current.commit({ settings: { opening: -1 } })).rejects.toEqual(CLOSED);
      await next.commit({ settings: { opening } });
      current = next;
    }
    expect(await current.setting("opening")).toBe(4);
  });

  test("does not come back when the number of the last opening was damaged", async () => {
    await fixture.request("meta", (meta) => meta.put("nonsense", "generation"));
    const newest = await fixture.open();
    await expect(current.commit({ settings: { by: "the damaged" } })).rejects.toEqual(CLOSED);
    await newest.commit({ settings: { by: "the newest" } });
    expect(await (await fixture.open()).setting("by")).toBe("the newest");
  });
});
