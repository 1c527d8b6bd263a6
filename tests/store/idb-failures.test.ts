import { forceCloseDatabase, IDBFactory, IDBObjectStore } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openConnection } from "../../src/store/idb/connection.ts";
import { Segments } from "../../src/store/idb/segments.ts";
import { StoreError } from "../../src/store/index.ts";
import { toHex } from "../../src/wire/index.ts";
import { bytes32, envelopes } from "./envelopes.ts";
import { resultOf } from "./fixtures/copy.ts";
import { HELD_BY_VERSION_1, makeVersion1 } from "./fixtures/version-1.ts";
import { HELD_BY_VERSION_2, makeVersion2 } from "./fixtures/version-2.ts";
import { IdbFixture } from "./idb-fixture.ts";

let fixture: IdbFixture;

beforeEach(() => {
  fixture = new IdbFixture();
});

afterEach(async () => {
  vi.restoreAllMocks();
  await fixture.close();
});

function code(expected: string): unknown {
  return expect.objectContaining({ name: "StoreError", code: expected });
}

describe("a full disk", () => {
  /** The browser says so when the transaction is to be made durable: the requests have all succeeded by then. */
  function fillDisk(only: (store: string) => boolean): void {
    for (const method of ["put", "add"] as const) {
      const original = IDBObjectStore.prototype[method];
      vi.spyOn(IDBObjectStore.prototype, method).mockImplementation(function (this: IDBObjectStore, ...args) {
        const request = original.apply(this, args);
        const transaction: unknown = this.transaction;
        if (only(this.name)) {
          request.addEventListener("success", () => {
            (transaction as { _abort(name: string): void })._abort("QuotaExceededError");
          });
        }
        return request;
      });
    }
  }

  test("fails the commit as a whole, and the next one works", async () => {
    const store = await fixture.open();
    const made = envelopes(5);
    await store.commit({ envelopes: made.slice(0, 1) });
    fillDisk((name) => name === "settings");
    const batch = { envelopes: made, settings: { a: 1 }, removeEnvelopes: [made[0]!.hash] };
    await expect(store.commit(batch, { durability: "strict" })).rejects.toEqual(code("STORE_QUOTA"));
    expect(store.envelopes.size).toBe(1);
    expect(store.envelopes.has(made[0]!.hash)).toBe(true);
    expect(await store.setting("a")).toBeUndefined();
    vi.restoreAllMocks();
    await store.commit(batch);
    expect(store.envelopes.size).toBe(5);
  });

  test("fails a blob without leaving chunks", async () => {
    const store = await fixture.open();
    fillDisk((name) => name === "chunks");
    await expect(store.blobs.put(bytes32("blob", 1), [new Uint8Array(9)])).rejects.toEqual(code("STORE_QUOTA"));
    vi.restoreAllMocks();
    expect(await store.blobs.size(bytes32("blob", 1))).toBeUndefined();
    expect(await fixture.request("partialBlobs", (partial) => partial.count())).toBe(0);
  });

  test("is reported when the snapshot does not fit, and the next start replays", async () => {
    const store = await fixture.open();
    await store.commit({ envelopes: envelopes(400) });
    fillDisk((name) => name === "snapshots");
    fixture.elapse();
    await expect.poll(() => fixture.faults).toEqual([code("STORE_QUOTA")]);
    await store.close();
    vi.restoreAllMocks();
    expect((await fixture.open()).envelopes.size).toBe(400);
  });

  test("does not keep a store with a broken snapshot from opening", async () => {
    const store = await fixture.open();
    await store.commit({ envelopes: envelopes(4) });
    await store.close();
    await fixture.request("snapshots", (snapshots) => snapshots.delete(1));
    fillDisk((name) => name === "damaged");
    const again = await fixture.open();
    expect(again.envelopes.size).toBe(4);
    expect(await again.damaged()).toMatchObject([{ what: "snapshot" }]);
  });
});

describe("the end of a connection", () => {
  test("comes when another tab upgrades the database, and the older code then refuses to open it", async () => {
    const store = await fixture.open();
    await store.commit({ settings: { a: 1 } });
    const newer = await resultOf(fixture.factory.open("mehr", 1_000));
    expect(await store.closed).toBe("replaced");
    await expect(store.commit({ settings: { a: 2 } })).rejects.toEqual(code("STORE_CLOSED"));
    await expect(store.setting("a")).rejects.toEqual(code("STORE_CLOSED"));
    newer.close();
    await expect(fixture.open()).rejects.toEqual(code("STORE_NEWER"));
  });

  test("comes when the browser takes the database away", async () => {
    const opened = vi.spyOn(IDBFactory.prototype, "open");
    const store = await fixture.open();
    const { result: database } = opened.mock.results[0]!.value as IDBOpenDBRequest;
    forceCloseDatabase(database as unknown as Parameters<typeof forceCloseDatabase>[0]);
    expect(await store.closed).toBe("terminated");
    await expect(store.commit({ settings: { a: 2 } })).rejects.toEqual(code("STORE_CLOSED"));
  });

  test("waits for commits under way when it is asked for", async () => {
    const store = await fixture.open();
    const made = envelopes(9);
    const commits = made.map((envelope) => store.commit({ envelopes: [envelope] }));
    await Promise.all([store.close(), ...commits]);
    expect((await fixture.open()).envelopes.size).toBe(9);
  });

  test("deletes everything when asked for", async () => {
    const store = await fixture.open();
    await store.commit({ envelopes: envelopes(9), keys: { seed: 1 } });
    await store.destroy();
    await expect(store.key("seed")).rejects.toEqual(code("STORE_CLOSED"));
    expect(await fixture.factory.databases()).toEqual([]);
    const fresh = await fixture.open();
    expect(fresh.envelopes.size).toBe(0);
    expect(await fresh.key("seed")).toBeUndefined();
    expect(fresh.epoch).not.toEqual(store.epoch);
  });
});

describe("opening", () => {
  test("is refused while another tab keeps an older version open, and works when it has gone", async () => {
    await makeVersion1(fixture.factory, "mehr");
    const older = await resultOf(fixture.factory.open("mehr", 1));
    await expect(fixture.open()).rejects.toEqual(code("STORE_BLOCKED"));
    older.close();
    expect(await (await fixture.open()).setting("language")).toBe("nl");
  });

  test("can be aborted", async () => {
    const reason = new Error("no longer wanted");
    await expect(fixture.open({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const abort = new AbortController();
    const opening = fixture.open({ signal: abort.signal });
    abort.abort(reason);
    await expect(opening).rejects.toBe(reason);
    // The connection that came too late was closed again: it does not block a deletion.
    const store = await fixture.open();
    await store.destroy();
    expect(await fixture.factory.databases()).toEqual([]);
  });

  test("leaves the old version in place when a migration fails", async () => {
    await makeVersion1(fixture.factory, "mehr");
    const put = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore) {
      throw new DOMException(`no room for ${this.name}`, "QuotaExceededError");
    });
    await expect(fixture.open()).rejects.toEqual(code("STORE_QUOTA"));
    put.mockRestore();
    expect(await fixture.factory.databases()).toEqual([{ name: "mehr", version: 1 }]);
    expect((await (await fixture.open()).usage()).objects).toBe(2);
  });

  test("brings a database of version 2 to today's version with all that it holds", async () => {
    await makeVersion2(fixture.factory, "mehr");
    const held = HELD_BY_VERSION_2;
    let store = await fixture.open();
    for (let opening = 0; opening < 2; opening += 1) {
      expect(store.epoch).toEqual(held.epoch);
      expect(store.envelopes.query({ filter: { kind: "all" }, limit: 9 }).map(({ hash }) => toHex(hash))).toEqual([
        held.envelope,
      ]);
      expect(store.envelopes.lastSeq).toBe(2);
      for (const object of held.objects) expect(await store.object(object.hash)).toEqual(object);
      expect(await store.objectHashes(2)).toEqual([held.objects[0].hash, held.objects[1].hash]);
      expect(await store.head(3, held.head.owner, "")).toEqual(held.head);
      expect(await store.outbox()).toEqual([held.entry]);
      expect(await store.drafts()).toEqual([held.draft]);
      expect(await store.blobs.read(held.blob.hash)).toEqual(held.blob.bytes);
      expect(Object.fromEntries(await store.allSettings())).toEqual(held.settings);
      expect(Object.fromEntries(await store.allKeys())).toEqual(held.keys);
      const totals = { objects: 3, objectBytes: 6, blobs: 1, blobBytes: 4, collectable: { objects: 2, blobs: 0 } };
      expect(await store.usage()).toMatchObject(totals);
      const { remains: _, ...told } = held.damage;
      expect(await store.damaged()).toEqual([{ ...told, id: 1, lost: [], mended: false }]);
      await store.close();
      store = await fixture.open();
    }
    expect((await store.collect()).objects).toBe(1);
    expect(await store.object(held.objects[0].hash)).toEqual(held.objects[0]);
  });

  test("leaves aside what was damaged before records had checksums", async () => {
    await makeVersion2(fixture.factory, "mehr");
    const { hash } = HELD_BY_VERSION_2.objects[0];
    const older = await resultOf(fixture.factory.open("mehr", 2));
    const writing = older.transaction(["objects", "blobs"], "readwrite");
    writing.objectStore("objects").put("nonsense", hash);
    writing.objectStore("blobs").put(7, HELD_BY_VERSION_2.blob.hash);
    await new Promise((resolve) => writing.addEventListener("complete", resolve));
    older.close();
    const store = await fixture.open();
    expect(await store.object(hash)).toBeUndefined();
    expect(await store.blobs.read(HELD_BY_VERSION_2.blob.hash)).toBeUndefined();
    expect(await store.object(HELD_BY_VERSION_2.objects[1].hash)).toEqual(HELD_BY_VERSION_2.objects[1]);
    expect((await store.damaged()).slice(1)).toMatchObject([{ what: "object" }, { what: "blob" }]);
  });

  test("brings a database of version 1 to today's version with all that it holds", async () => {
    await makeVersion1(fixture.factory, "mehr");
    const store = await fixture.open();
    const { objects, blob, epoch } = HELD_BY_VERSION_1;
    expect(store.epoch).toEqual(epoch);
    for (const object of objects) expect(await store.object(object.hash)).toEqual(object);
    expect(await store.objectHashes(3)).toEqual([objects[1].hash]);
    expect(await store.blobs.read(blob.hash)).toEqual(blob.bytes);
    expect(await store.setting("language")).toBe("nl");
    expect(await store.key("seed")).toEqual(Uint8Array.of(42));
    expect(await store.usage()).toMatchObject({
      envelopes: 0,
      envelopeBytes: 0,
      objects: 2,
      objectBytes: 5,
      blobs: 1,
      blobBytes: 4,
      // The post that was read from others, by whom nobody has said anything about its blob.
      collectable: { objects: 2, blobs: 0 },
    });
    await store.commit({ envelopes: envelopes(3), removeObjects: [objects[0].hash] });
    await store.close();
    const again = await fixture.open();
    expect(again.envelopes.size).toBe(3);
    expect((await again.usage()).objectBytes).toBe(2);
  });
});

test("a segment that is rewritten while it is being read is not taken for damaged", async () => {
  const connection = await openConnection({ name: "mehr", indexedDB: fixture.factory, now: () => 0, patience: 0 });
  const segments = new Segments(connection, [[1, 1, 100, 1]], 2);
  const loading = segments.load([1]);
  segments.deleted(1);
  expect((await loading).size).toBe(0);
  connection.close("closed");
});

test("a listener that throws neither fails the commit nor keeps others from hearing", async () => {
  const store = await fixture.open();
  const heard: string[] = [];
  const uncaught: unknown[] = [];
  vi.stubGlobal("queueMicrotask", (task: () => void) => {
    try {
      task();
    } catch (fault) {
      uncaught.push(fault);
    }
  });
  store.subscribe(() => {
    throw new StoreError("STORE_FAILED", "a fault of the listener");
  });
  store.subscribe(() => heard.push("second"));
  await store.commit({ settings: { a: 1 } });
  vi.unstubAllGlobals();
  expect(heard).toEqual(["second"]);
  expect(uncaught).toEqual([code("STORE_FAILED")]);
});
