/** What every store must do to make room. */
import type { Keeping, StoreChange } from "../../src/store/index.ts";
import type { AcceptanceCase } from "./acceptance.ts";
import { equal, holds, rejects } from "./check.ts";
import { authorOf, bytes32, envelopes } from "./envelopes.ts";
import { head, storedObject as object } from "./records.ts";

const DAY = 86_400_000;

/** Author 0 is whose store it is; who author 1 is, this person would like to remember. */
const keeping: Keeping = {
  never: { kind: "authors", authors: [authorOf(0)] },
  priorities: () => (row) => (row.author.join() === authorOf(1).join() ? 1 : 0),
};

export const collectCases: readonly AcceptanceCase[] = [
  {
    name: "collects cached objects and blobs, and nothing that is own, trusted or paid",
    async run(open) {
      const store = await open();
      const holdings = ["cache", "own", "trusted", "paid"] as const;
      await store.commit({ objects: holdings.map((holding, at) => object(at, { holding })), heads: [head("a", 1)] });
      for (const [at, holding] of holdings.entries()) {
        await store.blobs.put(bytes32("blob", at), [new Uint8Array(100 + at)], undefined, holding);
      }
      await store.blobs.put(bytes32("blob", 9), [new Uint8Array(50)]);
      equal((await store.usage()).collectable, { objects: 10, blobs: 100, envelopes: 0 });
      const removed: string[] = [];
      store.subscribe((change: StoreChange) => removed.push(...change.removedObjects.map((hash) => hash.join())));
      equal(await store.collect(), { objects: 1, blobs: 1, envelopes: 0, bytes: 110 });
      equal(removed, [object(0).hash.join()]);
      equal(
        await Promise.all(holdings.map((_, at) => store.hasObject(object(at).hash))),
        [false, true, true, true],
        "objects",
      );
      const sizes = await Promise.all([0, 1, 2, 3, 9].map((at) => store.blobs.size(bytes32("blob", at))));
      equal(sizes, [undefined, 101, 102, 103, 50]);
      equal((await store.heads(4)).length, 1);
      const { collectable, collected, objectBytes, blobBytes } = await store.usage();
      equal(collectable, { objects: 0, blobs: 0, envelopes: 0 });
      equal(collected, { objects: 1, blobs: 1, envelopes: 0, bytes: 110 });
      equal([objectBytes, blobBytes], [36, 356]);
      equal(await store.collect(), { objects: 0, blobs: 0, envelopes: 0, bytes: 0 });
      // What was collected may come again.
      await store.commit({ objects: [object(0)] });
      equal(await store.object(object(0).hash), object(0));
    },
  },
  {
    name: "keeps a blob that was cached once it is put as something more, and no less after that",
    async run(open) {
      const store = await open();
      const [raised, cached] = [bytes32("blob", 0), bytes32("blob", 1)];
      for (const hash of [raised, cached]) await store.blobs.put(hash, [new Uint8Array(100)], undefined, "cache");
      // Used as a cache just before.
      await store.blobs.read(raised);
      for (const holding of ["paid", "own", "cache"] as const) {
        await store.blobs.put(raised, [new Uint8Array(100)], undefined, holding);
        const { blobs, blobBytes, collectable } = await store.usage();
        equal([blobs, blobBytes, collectable.blobs], [2, 200, 100], holding);
      }
      equal(await store.collect(), { objects: 0, blobs: 1, envelopes: 0, bytes: 100 });
      equal(await store.blobs.read(raised), new Uint8Array(100));
      equal(await store.blobs.size(cached), undefined);
      await store.blobs.remove(raised);
      const { blobs, blobBytes, collectable } = await store.usage();
      equal([blobs, blobBytes, collectable.blobs], [0, 0, 0]);
    },
  },
  {
    name: "collects envelopes by priority and age, never those it was told to keep or that wait to be sent",
    async run(open) {
      const store = await open();
      // Authors 0 to 3 take turns; the higher the number, the newer.
      const made = envelopes(400, (id) => ({ author: id % 4, created: DAY * (1_000 + id) }));
      await store.commit({ envelopes: made });
      const waiting = made[2]!;
      await store.commit({ outboxPut: [{ hash: waiting.hash, bytes: waiting.bytes, channels: [], queuedAt: 1 }] });
      equal(await store.collect(), { objects: 0, blobs: 0, envelopes: 0, bytes: 0 }, "without a rule nothing goes");
      store.keep(keeping);
      const { envelopeBytes, collectable } = await store.usage();
      equal(
        collectable.envelopes,
        made.filter((_, id) => id % 4 !== 0).reduce((sum, { bytes }) => sum + bytes.length, 0),
      );
      const first = await store.collect({ bytes: 10_000 });
      holds(first.bytes >= 10_000 && first.bytes < 11_000, `about as much as was asked for, not ${first.bytes}`);
      equal((await store.usage()).envelopeBytes, envelopeBytes - first.bytes);
      const gone = made.filter(({ hash }) => !store.envelopes.has(hash));
      equal(gone.length, first.envelopes);
      const strangers = made.filter((entry, id) => id % 4 > 1 && entry !== waiting);
      equal(
        gone.map(({ hash }) => hash),
        strangers.slice(0, gone.length).map(({ hash }) => hash),
        "the oldest of strangers",
      );
      const second = await store.collect({ upTo: 0 });
      equal(second.envelopes, strangers.length - gone.length);
      equal(store.envelopes.count({ kind: "authors", authors: [authorOf(1)] }), 100);
      const third = await store.collect();
      equal(third.envelopes, 100);
      equal(store.envelopes.count({ kind: "authors", authors: [authorOf(0)] }), 100);
      equal(store.envelopes.size, 101);
      const own = made.filter((_, id) => id % 4 === 0);
      equal(
        await store.envelopes.bytes([...own.map(({ hash }) => hash), waiting.hash]),
        [...own, waiting].map(({ bytes }) => bytes),
      );
      await store.commit({ envelopes: made });
      equal(store.envelopes.size, 400);
    },
  },
  {
    name: "collects what was used longest ago first",
    async run(open) {
      const store = await open();
      for (let at = 0; at < 6; at += 1) await store.commit({ objects: [object(at, { bytes: new Uint8Array(100) })] });
      await store.object(object(0).hash);
      await store.object(object(1).hash);
      equal((await store.collect({ bytes: 150, kinds: ["caches"] })).objects, 2);
      const held = await Promise.all([0, 1, 2, 3, 4, 5].map((at) => store.hasObject(object(at).hash)));
      equal(held, [true, true, false, false, true, true]);
    },
  },
  {
    name: "stops collecting when told to, and refuses once it is closed",
    async run(open) {
      const store = await open();
      store.keep(keeping);
      await store.commit({ objects: [object(1)], envelopes: envelopes(5, () => ({ author: 2 })) });
      const reason = Object.assign(new Error("enough"), { code: "ENOUGH" });
      await rejects(store.collect({ signal: AbortSignal.abort(reason) }), "ENOUGH");
      equal([await store.hasObject(object(1).hash), store.envelopes.size], [true, 5]);
      equal((await store.collect({ kinds: ["caches"] })).objects, 1);
      equal(store.envelopes.size, 5);
      await store.close();
      await rejects(store.collect(), "STORE_CLOSED");
    },
  },
];
