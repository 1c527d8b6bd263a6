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
/** Of a page at most, as long as some were not asked for at all: what nobody has holds up nothing that is further down. */
const AGAIN = ENTRIES / 2;
/** Of those asked for as feeds, too: each of a page of new ones is within the rounds after which it is given up. */
const FEEDS = 48;
/** What was asked for so often is not there: an hour of rounds. */
const TRIES = 6;
const REMEMBERED = 16_384;

interface Tries {
  readonly post: number;
  /** Of these, how often it was asked for as a feed, too. */
  readonly feed: number;
}

const UNTRIED: Tries = { post: 0, feed: 0 };

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
  readonly #tries = new BoundedMap<string, Tries>(REMEMBERED);
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
    const wanted = await this.#wanted(known.entries);
    if (wanted.length === 0) return;
    const finder = await open();
    if (finder === null) return;
    this.#tried(wanted, "post");
    for (let at = 0; at < wanted.length && !signal.aborted; at += TOGETHER) {
      await finder.find("post", wanted.slice(at, at + TOGETHER), { hints, far: false, signal });
    }
    const left = await this.#feedsAmong(wanted);
    this.#tried(left, "feed");
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

  /** A page of those that are not here and were not asked for too often: new ones, then such as were tried, in the curator's order. */
  async #wanted(entries: readonly Pick<CuratedEntry, "postHash">[]): Promise<Hash[]> {
    const fresh: Hash[] = [];
    const again: Hash[] = [];
    for (const { postHash } of entries) {
      if (fresh.length >= ENTRIES || (again.length >= AGAIN && fresh.length >= ENTRIES - AGAIN)) break;
      const { post: tries } = this.#triesOf(postHash);
      if (tries >= TRIES || (await this.#isHere(postHash))) continue;
      (tries === 0 ? fresh : again).push(postHash);
    }
    const repeated = again.slice(0, Math.max(AGAIN, ENTRIES - fresh.length));
    return [...fresh.slice(0, ENTRIES - repeated.length), ...repeated];
  }

  /** What is no post may be a feed: of those that nobody gave, the ones first that were asked for as feeds the least, and are given up the soonest. */
  async #feedsAmong(wanted: readonly Hash[]): Promise<Hash[]> {
    const left: Hash[] = [];
    for (const hash of wanted) if (!(await this.#isHere(hash))) left.push(hash);
    const tried = left.map((hash) => ({ hash, ...this.#triesOf(hash) }));
    const inTurn = tried.toSorted((a, b) => a.feed - b.feed || b.post - a.post);
    return inTurn.slice(0, FEEDS).map(({ hash }) => hash);
  }

  async #isHere(target: Hash): Promise<boolean> {
    const { book, store } = this.#options;
    if (store.envelopes.count({ kind: "relation", relation: "post", target }) > 0) return true;
    return (await book.named(target)) !== null;
  }

  #triesOf(hash: Hash): Tries {
    return this.#tries.get(toHex(hash)) ?? UNTRIED;
  }

  #tried(hashes: readonly Hash[], as: keyof Tries): void {
    for (const hash of hashes) {
      const tries = this.#triesOf(hash);
      this.#tries.set(toHex(hash), { ...tries, [as]: tries[as] + 1 });
    }
  }
}
