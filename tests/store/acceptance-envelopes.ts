/** What every store must do with envelopes: the part of the acceptance suite about the index. */
import type { NewEnvelope, Store, StoreChange } from "../../src/store/index.ts";
import { type Hash, scopeFromKey } from "../../src/wire/index.ts";
import type { AcceptanceCase } from "./acceptance.ts";
import { equal, holds } from "./check.ts";
import { authorOf, bytes32, envelope, envelopes } from "./envelopes.ts";
import { storedObject as object } from "./records.ts";

const EVERYTHING = { kind: "all" } as const;

function hashes(rows: readonly { hash: Hash }[]): Hash[] {
  return rows.map(({ hash }) => hash);
}

export const envelopeCases: readonly AcceptanceCase[] = [
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
        collectable: { objects: 0, blobs: 0, envelopes: 0 },
        collected: { objects: 0, blobs: 0, envelopes: 0, bytes: 0 },
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
    name: "tells what answers an envelope, by its own hash and by that of its post",
    async run(open) {
      const store = await open();
      const { envelopes } = store;
      const post = bytes32("post", 0);
      const root = envelope({ id: 0 });
      const again = envelope({ id: 1, postHash: post });
      const boost = envelope({ id: 2, boostOf: root.hash });
      const direct = [3, 4, 5].map((id) => envelope({ id, replyTo: root.hash }));
      const byPost = envelope({ id: 6, replyTo: post });
      const toBoost = envelope({ id: 7, replyTo: boost.hash });
      await store.commit({ envelopes: [byPost, root, again, boost, ...direct, toBoost] });
      const answers = (to: NewEnvelope, limit = 9): unknown[] => {
        const found = envelopes.answers(to.hash, limit);
        return [hashes(found?.toEnvelope ?? []), hashes(found?.toPost ?? [])];
      };
      equal(answers(root), [hashes(direct.toReversed()), hashes([byPost])]);
      equal(answers(again), [[], hashes([byPost])], "what answers a post answers each of its envelopes");
      equal(answers(boost), [hashes([toBoost]), []]);
      equal(answers(root, 2), [hashes([direct[2]!, direct[1]!]), hashes([byPost])]);
      const [first, second, third] = [root, again, direct[0]!].map(({ hash }) => envelopes.answers(hash, 0)?.post);
      equal([first === second, first === third, typeof first], [true, false, "string"]);
      equal(envelopes.answers(boost.hash, 0), { post: null, toEnvelope: [], toPost: [] });
      await store.commit({ removeEnvelopes: [direct[1]!.hash, byPost.hash] });
      equal(answers(root), [hashes([direct[2]!, direct[0]!]), []]);
      equal(envelopes.answers(byPost.hash, 9), undefined);
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
      found({ kind: "arrived", seqs: Float64Array.of(1, 3, 4, 99) }, quote, boost, root);
      found({ kind: "every", of: [by(2), { kind: "arrived", seqs: Float64Array.of(1, 4) }] }, quote);
      found({ kind: "arrived", seqs: new Float64Array(0) });
      found({ kind: "relation", relation: "reply", target: root.hash }, reply);
      found({ kind: "relation", relation: "boost", target: root.hash }, boost);
      found({ kind: "relation", relation: "reference", target: root.hash }, quote);
      found({ kind: "relation", relation: "post", target: bytes32("post", 0) }, root);
      found({ kind: "any", of: [by(2), geo("g:europe/nl", "exact"), { kind: "unscoped" }] }, quote, boost, reply);
      found({ kind: "every", of: [by(1, 2), geo("g:europe", "prefix")] }, reply, root);
      found({ kind: "without", of: geo("g:europe", "prefix"), authors: [root.envelope.author] }, reply);
      found({ kind: "without", of: { kind: "all" }, authors: [] }, quote, boost, reply, root);
      found({ kind: "unrelated", of: EVERYTHING, relations: ["boost"] }, quote, reply, root);
      found({ kind: "unrelated", of: EVERYTHING, relations: ["reply", "boost"] }, quote, root);
      found({ kind: "unrelated", of: by(2), relations: [] }, quote, reply);
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
    name: "counts what is newer than a place, no further than asked",
    async run(open) {
      const store = await open();
      const made = envelopes(60, (id) => ({ author: id % 2, created: 1_000 + id, scopes: ["g:here", "t:a/b"] }));
      await store.commit({ envelopes: made });
      const after = { created: 1_039, hash: made[39]!.hash };
      const here = { kind: "scope", scope: scopeFromKey("g:here"), match: "exact" } as const;
      const both = { kind: "every", of: [here, { kind: "authors", authors: [authorOf(1)] }] } as const;
      equal(store.envelopes.count(here, { after, most: 100 }), 20);
      equal(store.envelopes.count(here, { after, most: 7 }), 7);
      equal(store.envelopes.count(both, { after, most: 100 }), 10);
      equal(store.envelopes.count(here, { after: { created: 9_999, hash: made[0]!.hash }, most: 100 }), 0);
      await store.commit({ removeEnvelopes: [made[59]!.hash] });
      equal(store.envelopes.count(here, { after, most: 100 }), 19);
      const newer = store.envelopes.query({ filter: here, after, limit: 99 });
      equal(hashes(newer), hashes(made.slice(40, 59).toReversed()));
    },
  },
  {
    name: "shows the scopes seen as a tree, with what lies below, most used first, then by name",
    async run(open) {
      const store = await open();
      const keys = ["g:us/oregon/portland", "g:us/maine/portland", "g:us/maine", "g:nl/utrecht"];
      const made = envelopes(12, (id) => ({ scopes: [keys[id % 4]!, "t:music/jazz", "t:music"] }));
      await store.commit({ envelopes: made });
      const below = (kind: "geo" | "topic", within: string | null, skip = 0, limit = 9) =>
        store.envelopes
          .branches({ kind, within: within === null ? null : scopeFromKey(within), skip, limit })
          .map(({ scope, count, branches }) => [scope.segments.join("/"), count, branches]);
      equal(below("geo", null), [
        ["us", 9, 2],
        ["nl", 3, 1],
      ]);
      equal(below("geo", "g:us"), [
        ["us/maine", 6, 1],
        ["us/oregon", 3, 1],
      ]);
      equal(below("geo", "g:us", 1, 1), [["us/oregon", 3, 1]]);
      equal(below("geo", "g:us/oregon/portland"), []);
      equal(below("geo", "g:never/seen"), []);
      // An envelope that declares a topic and one below it is one envelope.
      equal(below("topic", null), [["music", 12, 1]]);
      await store.commit({ removeEnvelopes: hashes(made.filter((_, id) => id % 4 === 3)) });
      equal(below("geo", null), [["us", 9, 2]]);
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
];
