/** The reference of the store's benches: nostr-idb, and nostr-wasm for its signatures, on as many events as we hold. */
import { addEvents, countEvents, getEventsForFilters, IndexCache, openDB, type NostrEvent } from "nostr-idb";
import { initNostrWasm } from "nostr-wasm/gzipped";
import { toHex } from "../../src/wire/index.ts";
import { authorOf, Chance, numbered, PLACES, timeOf, TOPICS } from "./store-material.ts";

type Database = Awaited<ReturnType<typeof openDB>>;

/** What an envelope of `store-material.ts` says, as tags: its place, its topic, its post. */
function contentOf(number: number, author: string, chance: Chance) {
  return {
    kind: 1,
    pubkey: author,
    created_at: Math.floor(timeOf(number, chance) / 1_000),
    tags: [
      ["t", `town-${chance.below(PLACES)}`],
      ["t", `topic-${chance.below(TOPICS)}`],
      ["e", toHex(numbered(number, 2))],
    ],
    content:
      "And a text that is about as long as the headline and the summary of an envelope, in one or two sentences.",
  };
}

/** Opens the database and fills it up to `count` events, once for all benches of a profile. */
export async function openNostr(count: number, log: (line: string) => void): Promise<Database> {
  const database = await openDB("nostr-reference");
  const chance = new Chance(1);
  const signature = "0".repeat(128);
  const batchSize = 5_000;
  const start = performance.now();
  for (let first = await countEvents(database); first < count; first += batchSize) {
    const events = Array.from({ length: batchSize }, (_, index): NostrEvent => {
      const content = contentOf(first + index, toHex(authorOf(chance.author())), chance);
      return { ...content, id: toHex(numbered(first + index, 4)), sig: signature };
    });
    await store(database, events);
  }
  log(`nostr-idb with ${count} events took ${Math.round((performance.now() - start) / 1_000)} s`);
  return database;
}

/** `addEvents` resolves when the transaction is handed over, not when it is complete: read behind it. */
async function store(database: Database, events: NostrEvent[]): Promise<void> {
  await addEvents(database, events);
  await database.get("events", events.at(-1)!.id);
}

/** Verifies and stores batches of fresh events. */
export async function nostrIngest(
  database: Database,
  batches: number,
  batchSize: number,
): Promise<{ next(): Promise<number> }> {
  const wasm = await initNostrWasm();
  const chance = new Chance(7);
  const secrets = Array.from({ length: 20 }, () => chance.bytes(32));
  const authors = secrets.map((secret) => toHex(wasm.getPublicKey(secret)));
  const prepared = Array.from({ length: batches }, (_, batch) =>
    Array.from({ length: batchSize }, (_, index): NostrEvent => {
      const who = index % secrets.length;
      const number = 10_000_000 + batch * batchSize + index;
      const event: NostrEvent = { ...contentOf(number, authors[who]!, chance), id: "", sig: "" };
      wasm.finalizeEvent(event, secrets[who]!);
      return event;
    }),
  );
  return {
    async next() {
      const events = prepared.pop();
      if (events === undefined) throw new Error("no batch is left");
      for (const event of events) wasm.verifyEvent(event);
      await store(database, events);
      return events.length;
    },
  };
}

/** Queries with the library's own cache of indexes, as its `NostrIDB` class keeps it. */
export class NostrFeeds {
  readonly #database: Database;
  readonly #cache = new IndexCache();

  constructor(database: Database) {
    this.#database = database;
  }

  async newest(authors: readonly number[], place: number | undefined, limit: number): Promise<number> {
    const byAuthors = { authors: authors.map((author) => toHex(authorOf(author))), limit };
    const filters = place === undefined ? [byAuthors] : [byAuthors, { "#t": [`town-${place}`], limit }];
    const events = await getEventsForFilters(this.#database, filters, this.#cache);
    return events.slice(0, limit).length;
  }
}
