/** A thread of 1,000 replies, put together in a worker of the browser from a store that was just opened. */
import { ProfileBook } from "../../src/peer/profiles.ts";
import { ThreadReading } from "../../src/peer/threads/reading.ts";
import { EnvelopeViews } from "../../src/peer/views.ts";
import { openIdbStore, type NewEnvelope, type Store } from "../../src/store/index.ts";
import { decodeEnvelope, encodeObject, hashOf, type Hash, type PostEnvelope } from "../../src/wire/index.ts";
import { startFastCore } from "./material.ts";
import { median } from "./quantile.ts";
import { authorOf, Chance, numbered, placeOf } from "./store-material.ts";
import type { Bench, BenchContext, BenchResult } from "./types.ts";

const REPLIES = 1_000;
/** Between two replies other posts arrive: a thread is spread over the store. */
const BETWEEN = 20;
const BATCH = 1_050;
const ROUNDS = 9;
/** Milliseconds until all of it is in order and the first page can be shown, and until every row can be. */
const TARGET = { first: 50, whole: 100 } as const;
const START = Date.UTC(2026, 0, 1);
const NAME = "bench-thread";
const SELF = numbered(1, 9);

function open(): Promise<Store> {
  const randomBytes = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
  return openIdbStore({ name: NAME, now: () => Date.now(), randomBytes });
}

function envelope(number: number, replyTo: Hash | null, chance: Chance): NewEnvelope {
  const object: PostEnvelope = {
    type: "PostEnvelope",
    postHash: numbered(number, 2),
    author: authorOf(chance.author()),
    headline: null,
    summary: "That depends on who pays for the ferry while the bridge is closed, and nobody has said so yet.",
    mediaHints: [],
    scopes: [placeOf(number % 40)],
    replyTo,
    boostOf: null,
    references: [],
    contentSize: 200,
    created: START + number * 1_000,
    kickbackRate: 128,
    // Nobody checks it here.
    signature: new Uint8Array(64),
  };
  const bytes = encodeObject(object);
  return { envelope: object, bytes, hash: hashOf(bytes) };
}

/** Each answers the first post or one of the answers before it, mostly a late one: some 15 levels. */
async function fillThread(store: Store): Promise<{ readonly root: Hash; readonly hashes: readonly Hash[] }> {
  const chance = new Chance(3);
  const [root, ...rest] = Array.from({ length: 1 + REPLIES * (BETWEEN + 1) }, (_, number) => {
    if (number % (BETWEEN + 1) !== 0 || number === 0) return envelope(number, null, chance);
    const before = Math.floor(number / (BETWEEN + 1)) - 1;
    const parent = chance.next() < 0.3 ? 0 : Math.floor(before * Math.sqrt(chance.next()));
    return envelope(number, numbered(parent * (BETWEEN + 1), 2), chance);
  });
  const all = [root!, ...rest];
  for (let from = 0; from < all.length; from += BATCH) await store.commit({ envelopes: all.slice(from, from + BATCH) });
  return { root: root!.hash, hashes: all.filter((_, at) => at % (BETWEEN + 1) === 0).map(({ hash }) => hash) };
}

function readingOf(store: Store): ThreadReading {
  const nobody = { has: () => false, keys: () => [] };
  const heard = { widest: null, topics: false, boosts: 0, trustedBoosts: 0, curators: 0, boosted: false };
  const blocks = nobody as unknown as ConstructorParameters<typeof EnvelopeViews>[3];
  const views = new EnvelopeViews(store, new ProfileBook(store), SELF, blocks, () => heard);
  return new ThreadReading({ store, views, blocks: nobody as never }, () => 0);
}

async function benchThread({ log, now }: BenchContext): Promise<BenchResult[]> {
  await startFastCore();
  const filled = await open();
  const { hashes, root } = await fillThread(filled);
  await filled.close();
  const [whole, first, bare]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    // What was read is remembered: each figure is of a store that was just opened.
    for (const [times, count] of [
      [whole, REPLIES],
      [first, 50],
    ] as const) {
      const store = await open();
      const reading = readingOf(store);
      const began = now();
      const rows = await reading.thread(root, 64)(count);
      times.push(now() - began);
      if (rows.length !== count) throw new Error(`${rows.length} of ${count} replies`);
      await store.close();
    }
    const store = await open();
    const began = now();
    for (const bytes of await store.envelopes.bytes(hashes)) decodeEnvelope(bytes!);
    bare.push(now() - began);
    await store.close();
  }
  const store = await open();
  await store.destroy();
  log(`reading and decoding alone: ${median(bare).toFixed(1)} ms`);
  const result = (name: string, times: readonly number[], target: number): BenchResult => ({
    name,
    value: median(times),
    unit: "ms",
    reference: `reading and decoding its envelopes: ${median(bare).toFixed(1)} ms`,
    ratio: median(times) / median(bare),
    target,
    ok: median(times) <= target,
  });
  return [
    result("a thread of 1,000 replies assembled, its first page ready", first, TARGET.first),
    result("a thread of 1,000 replies assembled, all rows ready", whole, TARGET.whole),
  ];
}

export const benches: Bench[] = [{ name: "thread", run: benchThread }];
