import * as v from "valibot";
import { feedFilter, withFilters, type CuratedKey, type FeedFilters } from "../../social/index.ts";
import type { EnvelopeFilter, EnvelopeRow, Store, TimeCursor } from "../../store/port.ts";
import { decodeNodeId, encodeNodeId, equalBytes, scopeFromKey, type NodeKey } from "../../wire/index.ts";
import type { EnvelopeView, FeedSpec } from "../api.ts";
import type { Blocks } from "../blocks/index.ts";
import { PeerError } from "../errors.ts";
import type { Following } from "../following.ts";
import type { EnvelopeViews } from "../views.ts";
import { chosenFeeds } from "./chosen-feeds.ts";
import { ChosenViews } from "./chosen-views.ts";
import { latestPlace, placeOf, type CuratedBook, type CuratedRow } from "./curated-book.ts";
import { FEED_SHAPE } from "./input.ts";
import { compareCursors } from "./read-positions.ts";
import { countShown, shownRows } from "./shown-rows.ts";

export interface FeedSources {
  readonly store: Store;
  readonly self: NodeKey;
  readonly views: EnvelopeViews;
  readonly following: Following;
  readonly blocks: Blocks;
  readonly curated: CuratedBook;
  /** Scope key of the home place now. */
  readonly home: () => string;
}

const ALL: FeedFilters = { boosts: true, replies: true };
const BEFORE_ALL: TimeCursor = { created: -1, hash: new Uint8Array(32) };

/** The rows of feeds, from what this store holds: newest first, and of a curated feed in its curator's order. */
export class FeedReading {
  readonly #sources: FeedSources;
  readonly #chosen = new ChosenViews();

  constructor(sources: FeedSources) {
    this.#sources = sources;
  }

  /**
   * Refuses a feed that cannot be.
   * @throws PeerError `FEED_UNKNOWN`, `HASH_INVALID`; WireError `NODE_ID_INVALID`, `SCOPE_INVALID`
   */
  check(feed: FeedSpec): void {
    if (!v.is(FEED_SHAPE, feed)) throw new PeerError("FEED_UNKNOWN", "There is no such kind of feed.");
    if (feed.kind === "curated") decodeNodeId(feed.curator);
    else this.#filterOf(feed, ALL);
  }

  /**
   * @param before in a curated feed the row whose hash it names, whether it is shown by now or not; one that is not there any
   *   more ends the feed
   */
  async page(feed: FeedSpec, filters: FeedFilters, limit: number, before?: TimeCursor): Promise<EnvelopeView[]> {
    const { store, views } = this.#sources;
    this.check(feed);
    if (feed.kind === "curated") {
      const page = await this.#curatedPage(keyOf(feed), filters, limit, before);
      return this.#chosen.of(feed, page, await views.of(page.map(({ row }) => row)));
    }
    const query = { filter: this.#filterOf(feed, filters), limit };
    const older = before === undefined ? query : { ...query, before };
    return await views.of(await shownRows(store, views.guards, feed, older));
  }

  /** Posts, and in a curated feed other feeds, of others that are newer than what was read; no more than `most` are counted. */
  async unread(feed: FeedSpec, filters: FeedFilters, read: TimeCursor | undefined, most: number): Promise<number> {
    const { self, store, views } = this.#sources;
    const after = read ?? BEFORE_ALL;
    if (feed.kind === "curated") {
      const key = keyOf(feed);
      // Nobody is told what they have chosen themselves.
      if (equalBytes(key.curator, self)) return 0;
      const rows = await this.#curatedRows(key, filters, after.created);
      const isNew = (row: CuratedRow): boolean => compareCursors(placeOf(row), after) > 0;
      const posts = rows.filter((row) => isNew(row) && !equalBytes(row.row.author, self));
      return Math.min(most, posts.length + (await this.#chosenFeeds(key, after)).length);
    }
    const filter: EnvelopeFilter = { kind: "without", of: this.#filterOf(feed, filters), authors: [self] };
    return await countShown(store, views.guards, feed, { filter, after, most });
  }

  /** Where the newest row stands; `null` where there is none. */
  async newest(feed: FeedSpec, filters: FeedFilters): Promise<TimeCursor | null> {
    if (feed.kind === "curated") {
      const key = keyOf(feed);
      return latestPlace(await this.#curatedRows(key, filters), await this.#chosenFeeds(key, BEFORE_ALL));
    }
    const [row]: EnvelopeRow[] = this.#sources.store.envelopes.query({
      filter: this.#filterOf(feed, filters),
      limit: 1,
    });
    return row === undefined ? null : { created: row.created, hash: row.hash };
  }

  /**
   * Up to where a feed has been seen by whoever has seen this row; `null` where that is not known here. What a curator has
   * put further up has been seen as well, whenever it was added, and so have the feeds in it, which stand above all posts.
   * @param at of the envelope, as a page has it
   */
  async place(feed: FeedSpec, filters: FeedFilters, at: TimeCursor): Promise<TimeCursor | null> {
    if (feed.kind !== "curated") return at;
    const rows = await this.#curatedRows(keyOf(feed), filters);
    const found = rows.findIndex(({ row }) => equalBytes(row.hash, at.hash));
    return latestPlace(rows.slice(0, found + 1), await this.#chosenFeeds(keyOf(feed), BEFORE_ALL));
  }

  /** Of these rows of a curated feed, those that this person wants to see. */
  async shown(key: CuratedKey, rows: readonly CuratedRow[]): Promise<readonly CuratedRow[]> {
    const { guards } = this.#sources.views;
    if (!guards.isActive) return rows;
    await guards.look(rows.map(({ row }) => row));
    const feed = { kind: "curated", curator: encodeNodeId(key.curator), name: key.name } as const;
    return rows.filter(({ row }) => !guards.hides(row.hash, feed));
  }

  /** @param since as in `CuratedBook.rows` */
  async #curatedRows(key: CuratedKey, filters: FeedFilters, since?: number): Promise<readonly CuratedRow[]> {
    return await this.shown(key, [...(await this.#heldRows(key, filters, since))]);
  }

  /** Looks no further than it must: of a feed of 10,000 a page needs few. */
  async #curatedPage(
    key: CuratedKey,
    filters: FeedFilters,
    limit: number,
    before: TimeCursor | undefined,
  ): Promise<readonly CuratedRow[]> {
    const page: CuratedRow[] = [];
    let batch: CuratedRow[] = [];
    let isBefore = before !== undefined;
    for (const row of await this.#heldRows(key, filters)) {
      if (isBefore) isBefore = !equalBytes(row.row.hash, before!.hash);
      else batch.push(row);
      if (batch.length < limit) continue;
      page.push(...(await this.shown(key, batch)));
      batch = [];
      if (page.length >= limit) return page.slice(0, limit);
    }
    page.push(...(await this.shown(key, batch)));
    return page.slice(0, limit);
  }

  async #heldRows(key: CuratedKey, filters: FeedFilters, since?: number): Promise<Iterable<CuratedRow>> {
    const { blocks, curated } = this.#sources;
    if (blocks.has(key.curator)) return [];
    return await curated.rows(key, (author) => blocks.has(author), filters, since);
  }

  async #chosenFeeds(key: CuratedKey, after: TimeCursor): Promise<TimeCursor[]> {
    const { blocks, curated, self, store } = this.#sources;
    if (blocks.has(key.curator)) return [];
    return await chosenFeeds({ curated, hidden: (curator) => blocks.has(curator), self, store }, key, after);
  }

  #filterOf(feed: Exclude<FeedSpec, { kind: "curated" }>, filters: FeedFilters): EnvelopeFilter {
    const { blocks, following, home, self } = this.#sources;
    if (feed.kind === "replies") checkHash(feed.to);
    const context = { self, following: following.keys(), home: scopeFromKey(home()) };
    const filter: EnvelopeFilter = withFilters<EnvelopeFilter>(feedFilter(feed, context), filters);
    const authors = blocks.keys();
    return authors.length === 0 ? filter : { kind: "without", of: filter, authors };
  }
}

function keyOf({ curator, name }: { readonly curator: string; readonly name: string }): CuratedKey {
  return { curator: decodeNodeId(curator), name };
}

function checkHash(text: string): void {
  if (!/^[0-9a-f]{64}$/u.test(text)) {
    throw new PeerError("HASH_INVALID", "A hash is 64 lower-case hexadecimal digits.");
  }
}
