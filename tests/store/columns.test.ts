import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ColumnIndex, EnvelopeTable } from "../../src/store/columns/index.ts";
import { HalfSip } from "../../src/hash/index.ts";
import type { EnvelopeFilter, NewEnvelope } from "../../src/store/index.ts";
import { scopeFromKey, toHex } from "../../src/wire/index.ts";
import { authorOf, bytes32, envelope, envelopes, type EnvelopeIdea } from "./envelopes.ts";
import { NaiveIndex } from "./naive-index.ts";

const SCOPES = [
  "g:europe",
  "g:europe/nl",
  "g:europe/nl/utrecht",
  "g:europe/nl/utrecht/oost",
  "g:europe/no",
  "g:asia/ir/tehran",
  "t:gaming",
  "t:gaming/pokemon",
  "t:gaming/pokemon/competitive",
  "t:science",
];
const TARGETS = Array.from({ length: 4 }, (_, number) => bytes32("target", number));

const idea: fc.Arbitrary<EnvelopeIdea> = fc.record({
  id: fc.nat(60),
  author: fc.nat(6),
  // Few distinct times, so that ties, which the hash breaks, are common.
  created: fc.nat(20),
  scopes: fc.uniqueArray(fc.constantFrom(...SCOPES), { maxLength: 3 }).map((keys) => {
    const geo = keys.filter((key) => key.startsWith("g:")).slice(0, 1);
    return [...geo, ...keys.filter((key) => key.startsWith("t:"))];
  }),
  replyTo: fc.option(fc.constantFrom(...TARGETS)),
  references: fc.array(fc.constantFrom(...TARGETS), { maxLength: 3 }),
  postHash: fc.constantFrom(...TARGETS),
});
const boost: fc.Arbitrary<EnvelopeIdea> = fc.record({
  id: fc.nat(60),
  author: fc.nat(6),
  created: fc.nat(20),
  boostOf: fc.constantFrom(...TARGETS),
});
const newEnvelope = fc.oneof({ weight: 4, arbitrary: idea }, boost).map((content) => envelope(content));

const { filter } = fc.letrec<{ filter: EnvelopeFilter }>((tie) => ({
  filter: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constant<EnvelopeFilter>({ kind: "all" }),
    fc.constant<EnvelopeFilter>({ kind: "unscoped" }),
    fc
      .uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 30 })
      .map((seqs): EnvelopeFilter => ({ kind: "arrived", seqs: Float64Array.from(seqs).sort() })),
    fc
      .array(fc.nat(8), { maxLength: 4 })
      .map((authors): EnvelopeFilter => ({ kind: "authors", authors: authors.map(authorOf) })),
    fc
      .record({ key: fc.constantFrom(...SCOPES, "g:asia", "t:nothing"), match: fc.constantFrom("exact", "prefix") })
      .map(({ key, match }): EnvelopeFilter => ({ kind: "scope", scope: scopeFromKey(key), match })),
    fc
      .record({
        relation: fc.constantFrom("reply", "boost", "reference", "post"),
        target: fc.constantFrom(...TARGETS, bytes32("nobody", 0)),
      })
      .map((relation): EnvelopeFilter => ({ kind: "relation", ...relation })),
    fc.array(tie("filter"), { maxLength: 3 }).map((of): EnvelopeFilter => ({ kind: "any", of })),
    fc.array(tie("filter"), { maxLength: 3 }).map((of): EnvelopeFilter => ({ kind: "every", of })),
    fc
      .record({ of: tie("filter"), authors: fc.array(fc.nat(8), { maxLength: 4 }) })
      .map(({ authors, of }): EnvelopeFilter => ({ kind: "without", of, authors: authors.map(authorOf) })),
    fc
      .record({
        of: tie("filter"),
        relations: fc.subarray<"reply" | "boost">(["reply", "boost"]),
      })
      .map((parts): EnvelopeFilter => ({ kind: "unrelated", ...parts })),
  ),
}));

type Step =
  | { readonly step: "add"; readonly batch: readonly NewEnvelope[] }
  | { readonly step: "remove"; readonly picks: readonly number[] }
  | { readonly step: "compact" }
  | { readonly step: "reload" }
  | { readonly step: "look"; readonly filter: EnvelopeFilter; readonly limit: number; readonly at: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ step: fc.constant("add"), batch: fc.array(newEnvelope, { maxLength: 8 }) }) },
  { weight: 2, arbitrary: fc.record({ step: fc.constant("remove"), picks: fc.array(fc.nat(100), { maxLength: 6 }) }) },
  { weight: 1, arbitrary: fc.record({ step: fc.constant("compact") }) },
  { weight: 1, arbitrary: fc.record({ step: fc.constant("reload") }) },
  {
    weight: 6,
    arbitrary: fc.record({ step: fc.constant("look"), filter, limit: fc.nat(12), at: fc.nat(100) }),
  },
);

class Subject {
  table = new EnvelopeTable(Uint32Array.of(1, 2));

  get index(): ColumnIndex {
    return new ColumnIndex(this.table, async () => []);
  }

  add(batch: readonly NewEnvelope[]): void {
    const fresh = new Map(batch.filter(({ hash }) => !this.index.has(hash)).map((entry) => [toHex(entry.hash), entry]));
    this.table.insert(
      [...fresh.values()].map(({ hash, envelope, bytes }, index) => ({
        hash,
        envelope,
        seq: this.table.lastSeq + 1 + index,
        segment: 0,
        offset: 0,
        size: bytes.length,
      })),
    );
  }
}

describe("the envelope index in columns", () => {
  test("answers as an array of envelopes would, whatever is added, removed, compacted and reloaded", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const subject = new Subject();
        const naive = new NaiveIndex();
        for (const action of steps) {
          const everything = naive.query({ filter: { kind: "all" }, limit: Infinity });
          switch (action.step) {
            case "add":
              subject.add(action.batch);
              naive.add(action.batch);
              break;
            case "remove": {
              const hashes = [...new Set(action.picks.map((pick) => everything[pick % everything.length]))]
                .filter((hash) => hash !== undefined)
                .map((hash) => Uint8Array.from(hash.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16)));
              for (const hash of hashes) subject.table.remove(subject.table.find(hash));
              naive.remove(hashes);
              break;
            }
            case "compact":
              subject.table.compact();
              break;
            case "reload":
              subject.table = new EnvelopeTable(structuredClone(subject.table.save()));
              break;
            case "look": {
              const { filter, limit, at } = action;
              const { index } = subject;
              const place = everything[at % Math.max(everything.length, 1)];
              const row = place === undefined ? undefined : index.row(fromHexText(place));
              const before = row === undefined || at % 3 === 0 ? undefined : { created: row.created, hash: row.hash };
              const other = index.row(fromHexText(everything[(at * 7) % Math.max(everything.length, 1)] ?? "00"));
              const after = other === undefined || at % 4 === 0 ? undefined : other;
              const query = { filter, limit, ...(before && { before }), ...(after && { after }) };
              const since = at % 3 === 0 ? 0 : (row?.seq ?? 0);
              expect(index.query(query).map(({ hash }) => toHex(hash))).toEqual(naive.query(query));
              expect(index.arrivals({ filter, since, limit }).map(({ hash }) => toHex(hash))).toEqual(
                naive.arrivals({ filter, since, limit }),
              );
              expect(index.count(filter)).toBe(naive.count(filter));
              if (row !== undefined) {
                const answers = index.answers(row.hash, limit)!;
                const found = [answers.toEnvelope, answers.toPost].map((rows) => rows.map(({ hash }) => toHex(hash)));
                expect(found).toEqual(naive.answers(row.hash, limit));
              }
              const window = { after: after ?? { created: -1, hash: new Uint8Array(32) }, most: limit };
              expect(index.count(filter, window)).toBe(naive.count(filter, window));
              for (const within of [null, "g:europe", "g:europe/nl", "g:europe/nl/utrecht/oost", "g:asia"]) {
                const scope = within === null ? null : scopeFromKey(within);
                const found = index.branches({ kind: "geo", within: scope, skip: 0, limit: 99 });
                expect(found).toEqual(naive.branches("geo", within));
                const some = index.branches({ kind: "geo", within: scope, skip: 1, limit: 1 });
                expect(some).toEqual(found.slice(1, 2));
              }
              for (const prefix of ["", "e", "nl", "pokemon/c"]) {
                for (const kind of ["geo", "topic"] as const) {
                  expect(index.scopes({ kind, prefix, limit })).toEqual(naive.scopes(kind, prefix, limit));
                }
              }
              break;
            }
          }
          expect(subject.table.live).toBe(naive.size);
          expect(subject.table.lastSeq).toBe(naive.lastSeq);
        }
      }),
      { seed: 20_240_601, numRuns: 400 },
    );
  });

  test("forgets authors and scopes of which nothing is left", () => {
    const subject = new Subject();
    subject.add(envelopes(20, (id) => ({ author: id, scopes: [`t:topic-${id}`] })));
    for (let row = 0; row < 19; row += 1) subject.table.remove(row);
    subject.table.compact();
    expect(subject.table.rows).toBe(1);
    expect(subject.table.authors.length).toBe(1);
    expect(subject.table.tree.size).toBe(1);
  });

  test("uses the room of removed rows again", () => {
    const subject = new Subject();
    const lists = new Set<number>();
    for (let round = 0; round < 5; round += 1) {
      const target = bytes32("thread", round);
      const first = subject.table.rows;
      subject.add(
        Array.from({ length: 40 }, (_, id) => envelope({ id: round * 100 + id, author: id, replyTo: target })),
      );
      for (let row = first; row < first + 40; row += 1) subject.table.remove(row);
      subject.table.compact();
      lists.add(subject.table.save().postings.start.length);
    }
    expect(lists.size).toBe(1);
    expect(subject.table.save().postings.arena).toHaveLength(0);
  });

  test("puts rows that came in another order back into the order of arrival", () => {
    const subject = new Subject();
    const made = envelopes(3);
    const entries = made.map(({ hash, envelope, bytes }, index) => ({
      hash,
      envelope,
      seq: [30, 10, 20][index] ?? 0,
      segment: 1,
      offset: 0,
      size: bytes.length,
    }));
    subject.table.insert(entries);
    subject.table.compact();
    expect(subject.index.arrivals({ filter: { kind: "all" }, since: 10, limit: 9 }).map(({ seq }) => seq)).toEqual([
      20, 30,
    ]);
  });

  test("counts a few among many, each once and none that is removed", () => {
    const subject = new Subject();
    const [one, two] = [bytes32("post", 1), bytes32("post", 2)];
    subject.add(envelopes(2_000));
    const first = subject.table.rows;
    // The first names both, the last is alone in naming what it does.
    subject.add([
      envelope({ id: 3_000, replyTo: one, references: [two] }),
      envelope({ id: 3_001, replyTo: one }),
      envelope({ id: 3_002, references: [two] }),
      envelope({ id: 3_003, replyTo: two }),
    ]);
    const reply = { kind: "relation", relation: "reply", target: one } as const;
    const reference = { kind: "relation", relation: "reference", target: two } as const;
    const alone = { kind: "relation", relation: "reply", target: two } as const;
    const any = { kind: "any", of: [reply, reference, alone] } as const;
    const counts = () => [reply, reference, alone, any].map((filter) => subject.index.count(filter));
    expect(counts()).toEqual([2, 2, 1, 4]);
    subject.table.remove(first + 1);
    expect(counts()).toEqual([1, 2, 1, 3]);
    subject.table.remove(first + 3);
    expect(counts()).toEqual([1, 2, 0, 2]);
  });

  test("stays within 150 bytes an envelope", () => {
    const subject = new Subject();
    subject.add(envelopes(10_000, (id) => ({ author: id % 500, scopes: [`g:europe/nl/place-${id % 50}`] })));
    const sizes = [...buffersOf(subject.table.save())].map((buffer) => buffer.byteLength);
    expect(sizes.reduce((sum, size) => sum + size, 0) / 10_000).toBeLessThan(150);
  });
});

test("HalfSipHash agrees with the vector of its authors for 33 bytes", () => {
  const sip = new HalfSip(Uint32Array.of(0x03_02_01_00, 0x07_06_05_04));
  sip.digest(
    Uint8Array.from({ length: 32 }, (_, at) => at),
    0,
    32,
  );
  // veorq/SipHash, vectors.h, vectors_hsip64[33]: 24 84 77 68 1d 28 f8 9c
  expect([sip.low, sip.high]).toEqual([0x68_77_84_24, 0x9c_f8_28_1d]);
});

function fromHexText(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

function* buffersOf(value: unknown): Generator<ArrayBufferView> {
  if (ArrayBuffer.isView(value)) yield value;
  else if (typeof value === "object" && value !== null) for (const part of Object.values(value)) yield* buffersOf(part);
}
