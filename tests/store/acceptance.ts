/**
 * What every store must do, whatever it is made of. Each case gets a way to open fresh, empty stores and throws when
 * something does not hold; the runner (vitest, or a page in a browser) opens and destroys them.
 */
import type { Head, NewEnvelope, Store, StoreChange, StoredObject } from "../../src/store/index.ts";
import { type Hash, scopeFromKey } from "../../src/wire/index.ts";
import { equal, holds, rejects } from "./check.ts";
import { authorOf, bytes32, envelope, envelopes } from "./envelopes.ts";

export interface AcceptanceCase {
  readonly name: string;
  run(open: () => Promise<Store>): Promise<void>;
}

const EVERYTHING = { kind: "all" } as const;

function hashes(rows: readonly { hash: Hash }[]): Hash[] {
  return rows.map(({ hash }) => hash);
}

function object(number: number, part: Partial<StoredObject> = {}): StoredObject {
  const bytes = new Uint8Array(10 + number).fill(number);
  return { hash: bytes32("object", number), type: 2, bytes, holding: "cache", storedAt: number, ...part };
}

function head(name: string, sequence: number, part: Partial<Head> = {}): Head {
  return {
    type: 4,
    owner: authorOf(1),
    name,
    sequence,
    hash: bytes32(name, sequence),
    bytes: Uint8Array.of(sequence),
    forkBytes: null,
    frozenUntil: 0,
    ...part,
  };
}

async function* slowly(...chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) {
    await Promise.resolve();
    yield chunk;
  }
}

export const acceptance: readonly AcceptanceCase[] = [
  {
    name: "an empty store is empty",
    async run(open) {
      const store = await open();
      equal(store.epoch.length, 8, "epoch");
      equal(store.envelopes.size, 0);
      equal(store.envelopes.lastSeq, 0);
      equal(store.envelopes.query({ filter: EVERYTHING, limit: 10 }), []);
      equal(await store.object(bytes32("none", 0)), undefined);
      equal(await store.head(3, authorOf(0), ""), undefined);
      equal(await store.setting("none"), undefined);
      equal(await store.envelopes.bytes([bytes32("none", 0)]), [undefined]);
      equal(await store.usage(), {
        envelopes: 0,
        envelopeBytes: 0,
        objects: 0,
        objectBytes: 0,
        blobs: 0,
        blobBytes: 0,
      });
      equal(await store.damaged(), []);
    },
  },
  {
    name: "two stores have two epochs",
    async run(open) {
      const [one, other] = [await open(), await open()];
      holds(one.epoch.join() !== other.epoch.join(), "epochs differ");
    },
  },
  {
    name: "envelopes come back byte for byte, in the order asked",
    async run(open) {
      const store = await open();
      const made = envelopes(300, (id) => ({ author: id % 7, length: 1 + (id % 280) }));
      await store.commit({ envelopes: made });
      const asked = [made[299], made[0], made[150]].filter((entry) => entry !== undefined);
      const wanted = [...hashes(asked), bytes32("none", 0)];
      equal(await store.envelopes.bytes(wanted), [...asked.map(({ bytes }) => bytes), undefined]);
      const row = store.envelopes.row(made[5]!.hash);
      equal(row, { seq: 6, hash: made[5]!.hash, author: authorOf(5), created: made[5]!.envelope.created });
      holds(store.envelopes.has(made[5]!.hash), "has");
      equal(store.envelopes.size, 300);
      const { envelopes: count, envelopeBytes } = await store.usage();
      equal([count, envelopeBytes], [300, made.reduce((sum, { bytes }) => sum + bytes.length, 0)]);
    },
  },
  {
    name: "feeds are newest first and page by cursor without a gap or a repetition",
    async run(open) {
      const store = await open();
      // Ten envelopes share each time, so pages end in the middle of a tie.
      const made = envelopes(95, (id) => ({ author: id % 4, created: 1_000 + Math.floor(id / 10) }));
      await store.commit({ envelopes: made.slice(50) });
      await store.commit({ envelopes: made.slice(0, 50) });
      const whole = store.envelopes.query({ filter: EVERYTHING, limit: 1_000 });
      const paged: typeof whole = [];
      for (;;) {
        const last = paged.at(-1);
        const page = store.envelopes.query({
          filter: EVERYTHING,
          limit: 7,
          ...(last === undefined ? {} : { before: last }),
        });
        if (page.length === 0) break;
        paged.push(...page);
      }
      equal(whole.length, 95);
      equal(hashes(paged), hashes(whole));
      holds(
        whole.every((row, at) => at === 0 || whole[at - 1]!.created >= row.created),
        "newest first",
      );
    },
  },
  {
    name: "filters by author, scope, relation, and their unions and intersections",
    async run(open) {
      const store = await open();
      const root = envelope({ id: 0, author: 1, scopes: ["g:europe/nl/utrecht", "t:gaming"] });
      const reply = envelope({ id: 1, author: 2, scopes: ["g:europe/nl"], replyTo: root.hash });
      const boost = envelope({ id: 2, author: 3, boostOf: root.hash });
      const quote = envelope({ id: 3, author: 2, scopes: ["t:gaming/pokemon"], references: [root.hash, root.hash] });
      await store.commit({ envelopes: [root, reply, boost, quote] });
      const geo = (key: string, match: "exact" | "prefix") =>
        ({ kind: "scope", scope: scopeFromKey(key), match }) as const;
      const by = (...authors: number[]) => ({ kind: "authors", authors: authors.map(authorOf) }) as const;
      const found = (filter: Parameters<Store["envelopes"]["count"]>[0], ...expected: NewEnvelope[]) => {
        equal(hashes(store.envelopes.query({ filter, limit: 9 })), hashes(expected), JSON.stringify(filter));
        equal(store.envelopes.count(filter), expected.length);
      };
      found(EVERYTHING, quote, boost, reply, root);
      found(by(2), quote, reply);
      found(by(1, 3, 9), boost, root);
      found(geo("g:europe/nl", "exact"), reply);
      found(geo("g:europe/nl", "prefix"), reply, root);
      found(geo("g:europe", "exact"));
      found(geo("g:europe", "prefix"), reply, root);
      found(geo("t:gaming", "prefix"), quote, root);
      found({ kind: "unscoped" }, boost);
      found({ kind: "relation", relation: "reply", target: root.hash }, reply);
      found({ kind: "relation", relation: "boost", target: root.hash }, boost);
      found({ kind: "relation", relation: "reference", target: root.hash }, quote);
      found({ kind: "relation", relation: "post", target: bytes32("post", 0) }, root);
      found({ kind: "any", of: [by(2), geo("g:europe/nl", "exact"), { kind: "unscoped" }] }, quote, boost, reply);
      found({ kind: "every", of: [by(1, 2), geo("g:europe", "prefix")] }, reply, root);
      found({ kind: "any", of: [] });
      found({ kind: "every", of: [] }, quote, boost, reply, root);
    },
  },
  {
    name: "arrivals follow the order in which envelopes came, whatever time they claim",
    async run(open) {
      const store = await open();
      const made = envelopes(40, (id) => ({ author: id % 3, created: 5_000 - id }));
      await store.commit({ envelopes: made.slice(0, 20) });
      await store.commit({ envelopes: made.slice(20) });
      const first = store.envelopes.arrivals({ filter: EVERYTHING, since: 0, limit: 15 });
      const rest = store.envelopes.arrivals({ filter: EVERYTHING, since: first.at(-1)!.seq, limit: 100 });
      equal(hashes([...first, ...rest]), hashes(made));
      const filter = { kind: "authors", authors: [authorOf(1)] } as const;
      equal(
        hashes(store.envelopes.arrivals({ filter, since: 20, limit: 3 })),
        hashes([made[22], made[25], made[28]].filter((entry) => entry !== undefined)),
      );
      equal(store.envelopes.lastSeq, 40);
    },
  },
  {
    name: "suggests scopes by the text of any segment, most used first",
    async run(open) {
      const store = await open();
      await store.commit({
        envelopes: envelopes(10, (id) => ({
          scopes: [
            id < 3 ? "g:us/oregon/portland" : id < 8 ? "g:us/maine/portland" : "g:us/oregon/port-orford",
            "t:port",
          ],
        })),
      });
      const counts = (prefix: string, limit = 9) =>
        store.envelopes
          .scopes({ kind: "geo", prefix, limit })
          .map(({ scope, count }) => [scope.segments.join("/"), count]);
      const all = [
        ["us/maine/portland", 5],
        ["us/oregon/portland", 3],
        ["us/oregon/port-orford", 2],
      ];
      equal(counts("port"), all);
      equal(counts(""), all);
      equal(counts("portl"), all.slice(0, 2));
      equal(counts("oregon/p"), all.slice(1));
      equal(counts("us", 1), all.slice(0, 1));
      equal(counts("land"), []);
    },
  },
  {
    name: "what is held already is skipped, in one batch, later, and in commits at once",
    async run(open) {
      const store = await open();
      const made = envelopes(60);
      const changes: StoreChange[] = [];
      store.subscribe((change) => changes.push(change));
      await store.commit({ envelopes: [made[0]!, made[0]!, made[1]!] });
      await store.commit({ envelopes: made.slice(0, 2) });
      await Promise.all([0, 1, 2].map((shift) => store.commit({ envelopes: made.slice(shift * 10, shift * 10 + 40) })));
      equal(store.envelopes.size, 60);
      equal(changes.flatMap((change) => change.envelopes).length, 60);
      const rows = store.envelopes.arrivals({ filter: EVERYTHING, since: 0, limit: 99 });
      equal(
        rows.map(({ seq }) => seq),
        rows.map((_, index) => index + 1),
      );
      equal(
        await store.envelopes.bytes(hashes(made)),
        made.map(({ bytes }) => bytes),
      );
    },
  },
  {
    name: "removed envelopes are gone, and may come again with a new seq",
    async run(open) {
      const store = await open();
      const made = envelopes(50, (id) => ({ author: id % 2, scopes: ["g:here"] }));
      const gone = made.filter((_, index) => index % 5 === 0);
      await store.commit({ envelopes: made });
      await store.commit({ removeEnvelopes: [...hashes(gone), ...hashes(gone), bytes32("none", 0)] });
      equal(store.envelopes.size, 40);
      equal(store.envelopes.has(gone[0]!.hash), false);
      equal(store.envelopes.row(gone[0]!.hash), undefined);
      equal(await store.envelopes.bytes([gone[0]!.hash]), [undefined]);
      equal(store.envelopes.count({ kind: "authors", authors: [authorOf(0)] }), 20);
      equal(store.envelopes.count({ kind: "relation", relation: "post", target: gone[0]!.envelope.postHash! }), 0);
      equal(store.envelopes.query({ filter: EVERYTHING, limit: 99 }).length, 40);
      await store.commit({ envelopes: [gone[0]!] });
      equal(store.envelopes.row(gone[0]!.hash)?.seq, 51);
      equal(await store.envelopes.bytes([gone[0]!.hash]), [gone[0]!.bytes]);
    },
  },
  {
    name: "one batch removes first and adds then",
    async run(open) {
      const store = await open();
      const [one] = envelopes(1);
      await store.commit({ envelopes: [one!], objects: [object(1)] });
      await store.commit({
        envelopes: [one!],
        removeEnvelopes: [one!.hash],
        objects: [object(1, { holding: "own" })],
        removeObjects: [object(1).hash],
      });
      equal(store.envelopes.row(one!.hash)?.seq, 2);
      equal(store.envelopes.size, 1);
      equal((await store.object(object(1).hash))?.holding, "own");
      equal((await store.usage()).objects, 1);
    },
  },
  {
    name: "survives the removal of most of a large store",
    async run(open) {
      const store = await open();
      const made = envelopes(3_000, (id) => ({ author: id % 30, scopes: [`t:topic-${id % 9}`] }));
      await store.commit({ envelopes: made });
      await store.commit({ removeEnvelopes: hashes(made.filter((_, index) => index % 10 !== 0)) });
      const left = made.filter((_, index) => index % 10 === 0);
      equal(hashes(store.envelopes.arrivals({ filter: EVERYTHING, since: 0, limit: 999 })), hashes(left));
      equal(
        await store.envelopes.bytes(hashes(left)),
        left.map(({ bytes }) => bytes),
      );
      await store.commit({ envelopes: made });
      equal(store.envelopes.size, 3_000);
      equal(store.envelopes.lastSeq, 5_700);
    },
  },
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
