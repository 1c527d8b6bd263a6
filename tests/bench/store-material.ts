/** What the benches of the store fill it with: a place and a topic an envelope, a few busy authors and many quiet ones. */
import type { NewEnvelope, Store } from "../../src/store/index.ts";
import { createSigner, encodeObject, hashOf, type PostEnvelope, type Scope, signObject } from "../../src/wire/index.ts";

export const AUTHORS = 5_000;
export const PLACES = 300;
export const TOPICS = 100;
/** Half a minute between two envelopes, and up to an hour on their way: mostly, not always, in order of time. */
const STEP_MS = 30_000;
const DELAY_MS = 3_600_000;
const START = Date.UTC(2020, 0, 1);

/** Repeatable numbers in [0, 1) (mulberry32). */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }

  /** A number of an author; the busiest tenth writes a third of everything. */
  author(): number {
    return Math.floor(this.next() ** 2 * AUTHORS);
  }
}

/** 32 bytes that no other number has. */
export function numbered(number: number, kind: number): Uint8Array {
  const words = new Uint32Array(8);
  for (let at = 0; at < 8; at += 1) words[at] = Math.imul(number + at * 0x9e37_79b1 + kind, 0x85eb_ca6b) ^ number;
  words[7] = number;
  return new Uint8Array(words.buffer);
}

const places: Scope[] = Array.from({ length: PLACES }, (_, number) => ({
  kind: "geo",
  segments: ["europe", `country-${number % 20}`, `region-${number % 60}`, `town-${number}`],
}));
const topics: Scope[] = Array.from({ length: TOPICS }, (_, number) => ({
  kind: "topic",
  segments: [`field-${number % 10}`, `topic-${number}`],
}));

export function placeOf(number: number): Scope {
  return places[number]!;
}

/** Its field is the topic above it: ten topics each. */
export function topicOf(number: number): Scope {
  return topics[number]!;
}

/** The post of the `number`th envelope. */
export function postOf(number: number): Uint8Array {
  return numbered(number, 2);
}

export function authorOf(number: number): Uint8Array {
  return numbered(number, 1);
}

/** `created` of the `number`th envelope. */
export function timeOf(number: number, chance: Chance): number {
  return START + number * STEP_MS + chance.below(DELAY_MS);
}

export function contentOf(number: number, author: Uint8Array, chance: Chance): PostEnvelope {
  return {
    type: "PostEnvelope",
    postHash: postOf(number),
    author,
    headline: "A headline of about forty characters here",
    summary: "And a summary that says in a sentence or two what the text behind it is about.",
    mediaHints: [],
    scopes: [placeOf(chance.below(PLACES)), topics[chance.below(TOPICS)]!],
    replyTo: null,
    boostOf: null,
    references: [],
    contentSize: 2_000,
    created: timeOf(number, chance),
    kickbackRate: 128,
    signature: new Uint8Array(64),
  };
}

/** Fills a store with `count` envelopes that carry filler for signatures; a store does not look at them. */
export async function fill(store: Store, count: number, log: (line: string) => void): Promise<void> {
  const chance = new Chance(1);
  const batchSize = 5_000;
  const start = performance.now();
  for (let first = store.envelopes.size; first < count; first += batchSize) {
    const envelopes: NewEnvelope[] = Array.from({ length: Math.min(batchSize, count - first) }, (_, index) => {
      const envelope = contentOf(first + index, authorOf(chance.author()), chance);
      const bytes = encodeObject(envelope);
      return { hash: hashOf(bytes), bytes, envelope };
    });
    await store.commit({ envelopes });
    if ((first + batchSize) % 250_000 === 0) log(`${first + batchSize} envelopes stored`);
  }
  log(`a store of ${count} envelopes took ${Math.round((performance.now() - start) / 1_000)} s`);
}

/** Really signed envelopes, as bytes from the network; `number` counts on from `first`. */
export async function signed(first: number, count: number): Promise<Uint8Array[]> {
  const chance = new Chance(first);
  const signers = await Promise.all(Array.from({ length: 200 }, (_, number) => createSigner(numbered(number, 3))));
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const signer = signers[index % signers.length]!;
      const { signature: _signature, ...unsigned } = contentOf(first + index, signer.publicKey, chance);
      return (await signObject(unsigned, signer)).bytes;
    }),
  );
}
