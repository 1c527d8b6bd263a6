import type { Clock } from "../../mesh/protocols/index.ts";
import { BoundedMap, type CuratedKey } from "../../social/index.ts";
import type { Store } from "../../store/port.ts";
import { ObjectType, toHex, type CuratedEntry, type Hash, type NodeKey } from "../../wire/index.ts";
import type { Finder } from "../finding/index.ts";
import { textOf, type CuratedBook } from "./curated-book.ts";

/** Hashes in one question of /mehr/index/1. */
const TOGETHER = 4;
/** Of one feed and at a time: a page. A feed of 10,000 entries is there after 40 rounds, its beginning first. */
const ENTRIES = 256;
/** Those that stand for feeds, of one feed: as many as a person looks at. */
const FEEDS = 32;
/** What was asked for so often is not there: an hour of rounds. */
const TRIES = 6;
const REMEMBERED = 16_384;

export interface EntrySearchOptions {
  readonly store: Store;
  readonly clock: Pick<Clock, "now">;
  readonly book: CuratedBook;
  readonly finder: () => Promise<Pick<Finder, "find" | "feeds"> | null>;
  readonly keeps: (key: CuratedKey) => boolean;
  readonly onChanged: (key: CuratedKey) => void;
  readonly signal: AbortSignal;
}

/** Looks for what curators have chosen: envelopes of posts, and feeds. Whoever has a feed is likely to have them. */
export class EntrySearch {
  readonly #options: EntrySearchOptions;
  readonly #tries = new BoundedMap<string, number>(REMEMBERED);
  /** Feeds whose entries are being looked for. */
  readonly #running = new Set<string>();

  constructor(options: EntrySearchOptions) {
    this.#options = options;
  }

  /** @param hints who is likely to have them */
  async look(key: CuratedKey, hints: readonly NodeKey[]): Promise<void> {
    const text = textOf(key);
    if (this.#running.has(text)) return;
    this.#running.add(text);
    try {
      await this.#look(key, hints);
    } finally {
      this.#running.delete(text);
    }
  }

  async #look(key: CuratedKey, hints: readonly NodeKey[]): Promise<void> {
    const { book, finder: open, signal } = this.#options;
    const known = await book.get(key);
    if (known === null) return;
    const missing = await this.#missing(known.entries);
    if (missing.length === 0) return;
    const finder = await open();
    if (finder === null) return;
    for (const hash of missing) this.#tries.set(toHex(hash), (this.#tries.get(toHex(hash)) ?? 0) + 1);
    for (let at = 0; at < missing.length && !signal.aborted; at += TOGETHER) {
      await finder.find("post", missing.slice(at, at + TOGETHER), { hints, far: false, signal });
    }
    // What is no post may be a feed.
    const left = (
      await this.#missing(
        missing.map((postHash) => ({ postHash })),
        Infinity,
      )
    ).slice(0, FEEDS);
    for (let at = 0; at < left.length && !signal.aborted; at += TOGETHER) {
      const { feeds } = await finder.feeds(left.slice(at, at + TOGETHER), { hints, far: false, signal });
      for (const { bytes, feed, hash } of feeds) {
        const { curator: owner, name, sequence } = feed;
        const version = { type: ObjectType.CuratedFeed, owner, name, sequence, hash, bytes };
        const held = { curator: owner, name };
        const { clock, keeps, onChanged } = this.#options;
        if (await book.take(version, keeps(held), clock.now())) onChanged(key);
      }
    }
  }

  /** Those that are not here and were not asked for too often, in the curator's order. */
  async #missing(entries: readonly Pick<CuratedEntry, "postHash">[], tries = TRIES): Promise<Hash[]> {
    const { book, store } = this.#options;
    const missing: Hash[] = [];
    for (const { postHash: target } of entries) {
      if (missing.length === ENTRIES) break;
      if (store.envelopes.count({ kind: "relation", relation: "post", target }) > 0) continue;
      if ((this.#tries.get(toHex(target)) ?? 0) >= tries) continue;
      if ((await book.named(target)) === null) missing.push(target);
    }
    return missing;
  }
}
