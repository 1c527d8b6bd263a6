/** What every store must do with all that is no envelope, and with whole batches. */
import type { StoreChange } from "../../src/store/index.ts";
import type { AcceptanceCase } from "./acceptance.ts";
import { equal, holds, rejects } from "./check.ts";
import { authorOf, bytes32, envelopes } from "./envelopes.ts";
import { head, storedObject as object } from "./records.ts";

async function* slowly(...chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) {
    await Promise.resolve();
    yield chunk;
  }
}

export const recordCases: readonly AcceptanceCase[] = [
  {
    name: "keeps objects by hash and lists them by type",
    async run(open) {
      const store = await open();
      await store.commit({ objects: [object(1), object(2), object(3, { type: 5 })] });
      equal(await store.object(object(2).hash), object(2));
      equal(await store.hasObject(object(2).hash), true);
      equal(await store.hasObject(object(9).hash), false);
      equal((await store.objectHashes(2)).length, 2);
      equal(await store.objectHashes(5), [object(3).hash]);
      await store.commit({ objects: [object(1, { holding: "own" })] });
      equal((await store.object(object(1).hash))?.holding, "cache", "a held object is skipped");
      await store.commit({ removeObjects: [object(1).hash, object(9).hash] });
      equal(await store.object(object(1).hash), undefined);
      const { objects, objectBytes } = await store.usage();
      equal([objects, objectBytes], [2, 25]);
    },
  },
  {
    name: "a head replaces the head of its key",
    async run(open) {
      const store = await open();
      await store.commit({ heads: [head("a", 1), head("b", 1), head("", 7, { type: 3 })] });
      await store.commit({ heads: [head("a", 2, { forkBytes: Uint8Array.of(9), frozenUntil: 5 })] });
      equal(await store.head(4, authorOf(1), "a"), head("a", 2, { forkBytes: Uint8Array.of(9), frozenUntil: 5 }));
      const ofType4 = (await store.heads(4)).map(({ name, sequence }) => name + sequence);
      equal([ofType4.length, ofType4.includes("a2"), ofType4.includes("b1")], [2, true, true]);
      equal((await store.heads(3)).length, 1);
      equal(await store.heads(5), []);
      const owners = [authorOf(1), authorOf(2), authorOf(1)];
      equal(await store.headsOf(4, owners, "b"), [head("b", 1), undefined, head("b", 1)]);
      equal(await store.headsOf(4, [], "b"), []);
    },
  },
  {
    name: "keeps the outbox in order, drafts newest first, settings and keys by name",
    async run(open) {
      const store = await open();
      const entry = (number: number) => ({
        hash: bytes32("out", number),
        bytes: Uint8Array.of(number),
        channels: ["mehr/1/g/here"],
        queuedAt: 100 - number,
      });
      await store.commit({ outboxPut: [entry(1), entry(2), entry(3)] }, { durability: "strict" });
      await store.commit({ outboxRemove: [entry(2).hash] });
      equal(await store.outbox(), [entry(3), entry(1)]);
      await store.commit({
        draftsPut: [
          { id: "a", updated: 1, content: { text: "one" } },
          { id: "b", updated: 2, content: null },
        ],
      });
      await store.commit({ draftsPut: [{ id: "a", updated: 3, content: { text: "two" } }], draftsRemove: ["none"] });
      equal(await store.drafts(), [
        { id: "a", updated: 3, content: { text: "two" } },
        { id: "b", updated: 2, content: null },
      ]);
      await store.commit({ draftsRemove: ["a", "b"] });
      equal(await store.drafts(), []);
      const kept = { list: [1, 2], bytes: Uint8Array.of(1) };
      await store.commit({ settings: { kept, gone: 1, nothing: null }, keys: { seed: Uint8Array.of(5) } });
      await store.commit({ settings: { gone: undefined } });
      equal([await store.setting("kept"), await store.setting("gone")], [kept, undefined]);
      equal(await store.setting("nothing"), null);
      equal([await store.key("seed"), await store.key("kept")], [Uint8Array.of(5), undefined]);
      await store.commit({ keys: { seed: undefined } });
      equal(await store.key("seed"), undefined);
    },
  },
  {
    name: "shares nothing with its callers",
    async run(open) {
      const store = await open();
      const [one] = envelopes(1);
      const content = { text: "kept" };
      const sent = one!.bytes.slice();
      await store.commit({ envelopes: [{ ...one!, bytes: sent }], draftsPut: [{ id: "a", updated: 1, content }] });
      sent.fill(0);
      content.text = "changed";
      const [read] = await store.envelopes.bytes([one!.hash]);
      equal(read, one!.bytes);
      read!.fill(0);
      store.envelopes.row(one!.hash)!.hash.fill(0);
      equal(await store.envelopes.bytes([one!.hash]), [one!.bytes]);
      equal((await store.drafts())[0]?.content, { text: "kept" });
    },
  },
  {
    name: "a batch that cannot be stored leaves nothing behind, and the next works",
    async run(open) {
      const store = await open();
      const changes: StoreChange[] = [];
      store.subscribe((change) => changes.push(change));
      const [one, two] = envelopes(2);
      const broken = { envelopes: [one!], objects: [object(1)], heads: [head("a", 1)], settings: { broken: () => 1 } };
      await rejects(store.commit(broken), "STORE_FAILED");
      equal([store.envelopes.size, store.envelopes.lastSeq, changes.length], [0, 0, 0]);
      equal(await store.hasObject(object(1).hash), false);
      equal(await store.head(4, authorOf(1), "a"), undefined);
      await store.commit({ envelopes: [one!, two!] });
      equal(store.envelopes.size, 2);
      equal(await store.envelopes.bytes([two!.hash]), [two!.bytes]);
    },
  },
  {
    name: "listeners hear of what changed, in order, when it can be seen, until they stop",
    async run(open) {
      const store = await open();
      const made = envelopes(3);
      const heard: string[] = [];
      const stop = store.subscribe((change) => {
        const visible = change.envelopes.every(({ hash }) => store.envelopes.has(hash));
        heard.push(
          [
            change.envelopes.length,
            change.removedEnvelopes.length,
            change.objects.length,
            change.heads.length,
            change.settings.join(),
            visible,
          ].join(" "),
        );
      });
      const commit = store.commit({ envelopes: made.slice(0, 2), settings: { a: 1 } }).then(() => heard.push("done"));
      await Promise.all([commit, store.commit({ envelopes: made, objects: [object(1)] })]);
      await store.commit({ envelopes: made, objects: [object(1)] });
      await store.commit({ removeEnvelopes: [made[0]!.hash], heads: [head("a", 1)] });
      stop();
      stop();
      await store.commit({ settings: { b: 1 } });
      equal(
        heard.filter((line) => line !== "done"),
        ["2 0 0 0 a true", "1 0 1 0  true", "0 1 0 1  true"],
      );
      holds(heard.indexOf("done") > 0, "told before the promise resolves");
    },
  },
  {
    name: "keeps blobs whole and reads ranges of them",
    async run(open) {
      const store = await open();
      const hash = bytes32("blob", 1);
      const bytes = Uint8Array.from({ length: 700_000 }, (_, at) => (at * 7) & 0xff);
      await store.blobs.put(hash, slowly(bytes.subarray(0, 3), bytes.subarray(3, 600_000), bytes.subarray(600_000)));
      await store.blobs.put(hash, [Uint8Array.of(1)]);
      equal(await store.blobs.size(hash), 700_000);
      equal(await store.blobs.read(hash), bytes);
      equal(await store.blobs.read(hash, 262_140, 262_150), bytes.slice(262_140, 262_150));
      equal(await store.blobs.read(hash, 262_144, 524_288), bytes.slice(262_144, 524_288));
      equal(await store.blobs.read(hash, 699_990, 900_000), bytes.slice(699_990));
      equal(await store.blobs.read(hash, 10, 10), new Uint8Array(0));
      equal(await store.blobs.read(bytes32("blob", 2)), undefined);
      await store.blobs.put(bytes32("blob", 3), []);
      equal(await store.blobs.read(bytes32("blob", 3)), new Uint8Array(0));
      const { blobs, blobBytes } = await store.usage();
      equal([blobs, blobBytes], [2, 700_000]);
      await store.blobs.remove(hash);
      await store.blobs.remove(hash);
      equal(await store.blobs.size(hash), undefined);
      equal(await store.blobs.read(hash), undefined);
      equal((await store.usage()).blobBytes, 0);
    },
  },
  {
    name: "a blob that breaks off or is aborted leaves nothing",
    async run(open) {
      const store = await open();
      const hash = bytes32("blob", 1);
      const chunk = new Uint8Array(300_000);
      const broken = async function* () {
        yield chunk;
        await Promise.resolve();
        throw Object.assign(new Error("the peer hung up"), { code: "GONE" });
      };
      await rejects(store.blobs.put(hash, broken()), "GONE");
      equal(await store.blobs.read(hash), undefined);
      const abort = new AbortController();
      const endless = async function* () {
        for (;;) {
          yield chunk;
          abort.abort(Object.assign(new Error("enough"), { code: "ENOUGH" }));
        }
      };
      await rejects(store.blobs.put(hash, endless(), abort.signal), "ENOUGH");
      await rejects(store.blobs.put(hash, [chunk], abort.signal), "ENOUGH");
      equal(await store.blobs.size(hash), undefined);
      const [first, second] = [store.blobs.put(hash, broken()), store.blobs.put(hash, [Uint8Array.of(1, 2)])];
      await rejects(first, "GONE");
      await second;
      equal(await store.blobs.read(hash), Uint8Array.of(1, 2));
    },
  },
  {
    name: "after closing nothing works but closing",
    async run(open) {
      const store = await open();
      const [one] = envelopes(1);
      const pending = store.commit({ envelopes: [one!] });
      await pending;
      await store.close();
      await store.close();
      equal(await store.closed, "closed");
      await rejects(store.commit({ envelopes: [one!] }), "STORE_CLOSED");
      await rejects(store.commit({}), "STORE_CLOSED");
      await rejects(store.object(bytes32("none", 0)), "STORE_CLOSED");
      await rejects(store.usage(), "STORE_CLOSED");
      await rejects(store.setting("a"), "STORE_CLOSED");
      await rejects(store.blobs.read(bytes32("none", 0)), "STORE_CLOSED");
      await rejects(store.blobs.put(bytes32("none", 0), []), "STORE_CLOSED");
      await rejects(store.envelopes.bytes([bytes32("none", 0)]), "STORE_CLOSED");
    },
  },
];
