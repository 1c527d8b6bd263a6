/** The store in a worker of the browser, beside nostr-idb and bare WebCrypto. */
import { openIdbStore, type EnvelopeFilter, type NewEnvelope, type Store } from "../../src/store/index.ts";
import { decodeEnvelope, hashOf, signingPayload, verifyEncoded, type Scope } from "../../src/wire/index.ts";
import { startFastCore } from "./material.ts";
import { NostrFeeds, nostrIngest, openNostr } from "./nostr-reference.ts";
import { measurePaired } from "./paired.ts";
import { median, quantile } from "./quantile.ts";
import { authorOf, AUTHORS, Chance, fill, placeOf, PLACES, postOf, signed, topicOf, TOPICS } from "./store-material.ts";
import type { Bench, BenchContext, BenchResult } from "./types.ts";

const HELD = 100_000;
const LARGE = 1_000_000;
const ROUNDS = 7;
/** Envelopes of one round, and of one commit. */
const ROUND = 2_000;
const BATCH = 500;
const NOSTR_ROUND = 500;
const FOLLOWED = 200;
const PAGE = 50;
const QUERIES = 300;
/** Milliseconds of any feed's first page. */
const FEED_TARGET = 25;
/** nostr-idb takes about a second for each. */
const NOSTR_QUERIES = 12;

function open(name: string): Promise<Store> {
  return openIdbStore({
    name,
    now: () => Date.now(),
    randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  });
}

/** What a peer does with bytes that arrive: decode, hash, verify, and commit while the next are verified. */
async function ingest(store: Store, arrived: readonly Uint8Array[]): Promise<number> {
  let committing: Promise<void> = Promise.resolve();
  for (let from = 0; from < arrived.length; from += BATCH) {
    const checked = await Promise.all(
      arrived.slice(from, from + BATCH).map(async (bytes): Promise<NewEnvelope> => {
        const envelope = decodeEnvelope(bytes);
        if (!(await verifyEncoded(envelope, bytes))) throw new Error("a good signature was refused");
        return { hash: hashOf(bytes), bytes, envelope };
      }),
    );
    await committing;
    committing = store.commit({ envelopes: checked });
  }
  await committing;
  return arrived.length;
}

/** Nothing but `crypto.subtle.verify`, everything else prepared beforehand. */
async function bareVerification(arrived: readonly Uint8Array[]): Promise<() => Promise<number>> {
  const keys = new Map<string, Promise<CryptoKey>>();
  const prepared = await Promise.all(
    arrived.map(async (bytes) => {
      const envelope = decodeEnvelope(bytes);
      const name = envelope.author.join();
      const imported =
        keys.get(name) ??
        crypto.subtle.importKey("raw", envelope.author as Uint8Array<ArrayBuffer>, "Ed25519", false, ["verify"]);
      keys.set(name, imported);
      return {
        key: await imported,
        message: signingPayload(envelope, bytes) as Uint8Array<ArrayBuffer>,
        signature: envelope.signature as Uint8Array<ArrayBuffer>,
      };
    }),
  );
  return async () => {
    for (let from = 0; from < prepared.length; from += BATCH) {
      const verdicts = await Promise.all(
        prepared
          .slice(from, from + BATCH)
          .map(({ key, message, signature }) => crypto.subtle.verify("Ed25519", key, signature, message)),
      );
      if (verdicts.includes(false)) throw new Error("a good signature was refused");
    }
    return prepared.length;
  };
}

async function benchIngest(context: BenchContext): Promise<BenchResult[]> {
  await startFastCore();
  const store = await open("bench-ingest");
  await fill(store, HELD, context.log);
  const prepared: Uint8Array[][] = [];
  for (let round = 0; round <= ROUNDS; round += 1) prepared.push(await signed(HELD * 10 + round * ROUND, ROUND));
  const bare = await bareVerification(prepared[0]!);
  const name = `ingest into ${HELD} envelopes: decode, verify, store, index`;
  const besideBare = await measurePaired(context, {
    name: `${name}, beside bare verification`,
    unit: "1/s",
    reference: "crypto.subtle.verify",
    target: 0.5,
    rounds: ROUNDS,
    subject: {
      work: () => {
        const arrived = prepared.pop();
        if (arrived === undefined) throw new Error("no round is left");
        return ingest(store, arrived);
      },
    },
    against: { work: bare },
  });
  await store.close();
  const theirs = await nostrRate(context);
  const { value } = besideBare;
  const besideNostr: BenchResult = {
    name: `${name}, beside nostr-idb`,
    value,
    unit: "1/s",
    reference: `nostr-idb with nostr-wasm ${Math.round(theirs)} 1/s`,
    ratio: value / theirs,
    target: 5,
    ok: value / theirs >= 5,
  };
  return [{ ...besideBare, name, target: 5_000, ok: value >= 5_000 }, besideBare, besideNostr];
}

/**
 * Events verified and stored each second. Not in turn with ours: both databases share one log on the disk, and what the
 * browser still does for the thousands of index entries of one round would be counted into the next round of the other.
 */
async function nostrRate(context: BenchContext): Promise<number> {
  const database = await openNostr(HELD, context.log);
  const nostr = await nostrIngest(database, ROUNDS + 1, NOSTR_ROUND);
  const rates: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const start = context.now();
    const stored = await nostr.next();
    // As in `measurePaired`, the first round only warms up.
    if (round > 0) rates.push((stored / (context.now() - start)) * 1_000);
  }
  database.close();
  context.log(`nostr-idb with nostr-wasm: ${rates.map((rate) => Math.round(rate)).join(", ")} 1/s`);
  return median(rates);
}

interface Feed {
  readonly authors: readonly number[];
  readonly place: number | undefined;
}

async function timesOf(
  context: BenchContext,
  feeds: readonly Feed[],
  show: (feed: Feed) => Promise<number>,
): Promise<{ p50: number; p95: number }> {
  const times: number[] = [];
  for (const feed of feeds) {
    context.signal?.throwIfAborted();
    const start = context.now();
    const shown = await show(feed);
    times.push(context.now() - start);
    if (shown !== PAGE) throw new Error(`a feed of ${shown} instead of ${PAGE}`);
  }
  return { p50: median(times), p95: quantile(times, 0.95) };
}

async function benchFeeds(context: BenchContext): Promise<BenchResult[]> {
  await startFastCore();
  const store = await open("bench-feeds");
  await fill(store, LARGE, context.log);
  const database = await openNostr(HELD, context.log);
  const nostr = new NostrFeeds(database);
  const chance = new Chance(3);
  const feeds = (count: number, withPlace: boolean): Feed[] =>
    Array.from({ length: count }, () => ({
      authors: Array.from({ length: FOLLOWED }, () => chance.below(AUTHORS)),
      place: withPlace ? chance.below(PLACES) : undefined,
    }));
  const results: BenchResult[] = [];
  for (const [what, withPlace] of [
    ["the home feed", true],
    [`${FOLLOWED} followed authors`, false],
  ] as const) {
    const ours = await timesOf(context, feeds(QUERIES, withPlace), async ({ authors, place }) => {
      const rows = store.envelopes.query({ filter: filterOf(authors, place), limit: PAGE });
      // A feed on screen needs the envelopes themselves.
      return (await store.envelopes.bytes(rows.map(({ hash }) => hash))).filter((bytes) => bytes !== undefined).length;
    });
    const theirs = await timesOf(context, feeds(NOSTR_QUERIES, withPlace), ({ authors, place }) =>
      nostr.newest(authors, place, PAGE),
    );
    context.log(`${what}: p50 ${ours.p50.toFixed(2)} ms, p95 ${ours.p95.toFixed(2)} ms`);
    results.push({
      name: `newest ${PAGE} of ${what} out of ${LARGE}, p95`,
      value: ours.p95,
      unit: "ms",
      reference: `nostr-idb out of ${HELD}: ${Math.round(theirs.p95)} ms`,
      ratio: ours.p95 / theirs.p95,
      target: FEED_TARGET,
      ok: ours.p95 <= FEED_TARGET,
    });
  }
  database.close();
  results.push(...(await benchKinds(context, store)));
  await store.destroy();
  return results;
}

/** Every other kind of feed, each time another one of it. */
const KINDS: Readonly<Record<string, (chance: Chance) => EnvelopeFilter>> = {
  "a place and all within it": (chance) => within(placeOf(chance.below(PLACES)), 1 + chance.below(3)),
  "a topic and all within it": (chance) => within(topicOf(chance.below(TOPICS)), 1),
  // As people make them: a few towns or a country, a few topics or a field.
  "places and topics at once": (chance) => ({
    kind: "every",
    of: [
      anyOf(1 + chance.below(MOST_SCOPES), () => within(placeOf(chance.below(PLACES)), 2 + chance.below(3))),
      anyOf(1 + chance.below(MOST_SCOPES), () => within(topicOf(chance.below(TOPICS)), 1 + chance.below(2))),
    ],
  }),
  "a curated feed": (chance) =>
    anyOf(CURATED, () => ({ kind: "relation", relation: "post", target: postOf(chance.below(LARGE)) })),
};
const MOST_SCOPES = 8;
/** Entries of one feed at most (docs/protocol.md, section 3). */
const CURATED = 256;

function anyOf(count: number, one: () => EnvelopeFilter): EnvelopeFilter {
  return { kind: "any", of: Array.from({ length: count }, one) };
}

function within({ kind, segments }: Scope, depth: number): EnvelopeFilter {
  return { kind: "scope", scope: { kind, segments: segments.slice(0, depth) }, match: "prefix" };
}

/** Beside the newest of everything, which takes the same rows and bytes without any choice. */
async function benchKinds(context: BenchContext, store: Store): Promise<BenchResult[]> {
  const chance = new Chance(4);
  const p95 = async (filterFor: () => EnvelopeFilter): Promise<number> => {
    const times: number[] = [];
    for (let query = 0; query < QUERIES; query += 1) {
      context.signal?.throwIfAborted();
      const filter = filterFor();
      const start = context.now();
      const rows = store.envelopes.query({ filter, limit: PAGE });
      const shown = await store.envelopes.bytes(rows.map(({ hash }) => hash));
      times.push(context.now() - start);
      if (shown.length === 0 || shown.includes(undefined)) throw new Error("a feed without envelopes");
    }
    return quantile(times, 0.95);
  };
  const plain = await p95(() => ({ kind: "all" }));
  const results: BenchResult[] = [];
  for (const [what, filterFor] of Object.entries(KINDS)) {
    const value = await p95(() => filterFor(chance));
    results.push({
      name: `newest ${PAGE} of ${what} out of ${LARGE}, p95`,
      value,
      unit: "ms",
      reference: `newest ${PAGE} of everything: ${plain.toFixed(2)} ms`,
      ratio: value / plain,
      target: FEED_TARGET,
      ok: value <= FEED_TARGET,
    });
  }
  return results;
}

function filterOf(authors: readonly number[], place: number | undefined): EnvelopeFilter {
  const byAuthors: EnvelopeFilter = { kind: "authors", authors: authors.map((author) => authorOf(author)) };
  if (place === undefined) return byAuthors;
  return { kind: "any", of: [byAuthors, { kind: "scope", scope: placeOf(place), match: "exact" }] };
}

/** Opening what an earlier session closed, beside reading the same number of events. */
async function benchOpening(context: BenchContext): Promise<BenchResult[]> {
  await startFastCore();
  const filled = await open("bench-opening");
  await fill(filled, HELD, context.log);
  await filled.close();
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = context.now();
    const store = await open("bench-opening");
    times.push(context.now() - start);
    if (store.envelopes.size < HELD) throw new Error(`only ${store.envelopes.size} envelopes came back`);
    await store.close();
  }
  const database = await openNostr(HELD, context.log);
  const start = context.now();
  await database.getAllKeys("events");
  const keys = context.now() - start;
  database.close();
  const value = median(times);
  context.log(`opening: ${times.map((time) => Math.round(time)).join(", ")} ms`);
  return [
    {
      name: `opening a store of ${HELD} envelopes, index complete, p50`,
      value,
      unit: "ms",
      reference: `nostr-idb, listing the keys alone: ${Math.round(keys)} ms`,
      ratio: value / keys,
      target: 300,
      ok: value <= 300,
    },
  ];
}

export const benches: Bench[] = [
  { name: "store-ingest", run: benchIngest },
  { name: "store-feeds", run: benchFeeds },
  { name: "store-open", run: benchOpening },
];
