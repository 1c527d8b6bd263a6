import {
  BoundedMap,
  decideHead,
  feedHash,
  type CuratedKey,
  type FeedFilters,
  type Version,
} from "../../social/index.ts";
import type { EnvelopeRow, Head, Store, TimeCursor } from "../../store/port.ts";
import { Serial } from "../../store/serial.ts";
import { ObjectType, toHex, type CuratedEntry, type CuratedFeed, type Hash, type NodeKey } from "../../wire/index.ts";
import type { KnownCurated } from "./known-curated.ts";
import { compareCursors } from "./read-positions.ts";

/** At 64 KiB each at most; a person looks at one after the other. */
const CACHED = 64;
/** Versions of feeds that are looked at and not kept, and their pages: 8 MiB at most. */
const PASSING = 128;
/** Hashes that stand for feeds: those of a few hundred feeds, and of what they hold. */
const NAMED = 4_096;
/** An author may publish several envelopes for one post; more than a few would be a flood. */
const ENVELOPES_OF_A_POST = 16;

/** An envelope that a curator has chosen. */
export interface CuratedRow {
  readonly row: EnvelopeRow;
  readonly note: string | null;
  /** When it was added: what "new" means in it. Never after the page where it stands was signed. */
  readonly added: number;
}

/**
 * Curated feeds as this store holds them: own ones and those that are kept. Others that somebody looks at are held in memory
 * alone, so that what passes by takes no disk.
 */
export class CuratedBook {
  readonly #store: Store;
  readonly #cache = new BoundedMap<string, KnownCurated | "none">(CACHED);
  readonly #decoded = new BoundedMap<string, CuratedFeed>(PASSING);
  readonly #passing = new BoundedMap<string, Head>(PASSING);
  readonly #named = new BoundedMap<string, CuratedKey>(NAMED);
  /** Each decision reads the head that the one before wrote. */
  readonly #heads = new Serial();
  #naming: Promise<void> | null = null;
  #changes = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  async get(key: CuratedKey): Promise<KnownCurated | null> {
    const text = textOf(key);
    const cached = this.#cache.get(text);
    if (cached !== undefined) return cached === "none" ? null : cached;
    const began = this.#changes;
    const first = await this.head(key);
    const known = first === undefined ? null : await this.#known(key, first);
    // Forgotten meanwhile: what was read may be the version before.
    if (began === this.#changes) this.#cache.set(text, known ?? "none");
    return known;
  }

  /** The newest version of a feed, or of a further page of one, wherever it is held. */
  async head(key: CuratedKey): Promise<Head | undefined> {
    return (await this.#stored(key)) ?? this.#passing.get(textOf(key));
  }

  /** The feed for which this hash stands, as far as one is known here. */
  async named(hash: Hash): Promise<CuratedKey | null> {
    await (this.#naming ??= this.#readNames());
    return this.#named.get(toHex(hash)) ?? null;
  }

  /**
   * Decides about a version that is valid. Resolves with whether something is another than before.
   * @param keep whether it is to be on disk, or only looked at
   * @param settings stored beside it, if it is
   */
  take(
    version: Version,
    keep: boolean,
    now: number,
    settings: Readonly<Record<string, unknown>> = {},
  ): Promise<boolean> {
    const key = { curator: version.owner, name: version.name };
    return this.#heads.run(async () => {
      const stored = await this.#stored(key);
      const passing = this.#passing.get(textOf(key));
      const current = stored ?? passing;
      const { head } = decideHead(current, version, now);
      // Looked at until now, kept from now on.
      const moves = keep && stored === undefined && head === null && passing !== undefined;
      const next = head ?? (moves ? passing : null);
      if (next === null) return false;
      this.#passing.delete(textOf(key));
      if (keep) await this.#store.commit({ heads: [next], settings });
      else this.#passing.set(textOf(key), next);
      this.forget(key);
      return true;
    });
  }

  /**
   * Own versions of a feed and its pages: all of them or none. Resolves with whether they were taken: a key of which two versions
   * with one number are known takes none for a day.
   */
  publish(versions: readonly Version[], settings: Readonly<Record<string, unknown>>, now: number): Promise<boolean> {
    return this.#heads.run(async () => {
      const heads: Head[] = [];
      for (const version of versions) {
        const current = await this.#stored({ curator: version.owner, name: version.name });
        const { head } = decideHead(current, version, now);
        if (head === null) return false;
        heads.push(head);
      }
      await this.#store.commit({ heads, settings }, { durability: "strict" });
      return true;
    });
  }

  /** There is another version now, of this feed or of a page of it. */
  forget({ curator, name }: CuratedKey): void {
    // Profiles have no name.
    if (name === "") return;
    this.#changes += 1;
    this.#named.set(toHex(feedHash({ curator, name })), { curator, name });
    const prefix = `${toHex(curator)} `;
    // Whose page it is stands in the page; a curator has few feeds.
    for (const [text] of this.#cache) if (text.startsWith(prefix)) this.#cache.delete(text);
  }

  /**
   * The envelopes held of what was chosen, in the curator's order, one for each post: the first that came here, since
   * anybody can sign another envelope that names the post. Each entry costs a look at the index when its turn comes, so
   * whoever needs few rows takes no more.
   * @param hidden whether this person wants to see nothing of an author
   * @param since only what was added at this time or later, in ms
   */
  async rows(
    key: CuratedKey,
    hidden: (author: NodeKey) => boolean,
    filters: FeedFilters,
    since = 0,
  ): Promise<Iterable<CuratedRow>> {
    const known = await this.get(key);
    return known === null ? [] : this.#rowsOf(known.entries, hidden, filters, since);
  }

  /** The envelopes held of one post. */
  envelopesOf(target: Hash, filters: FeedFilters): EnvelopeRow[] {
    const post = { kind: "relation", relation: "post", target } as const;
    const filter = filters.replies ? post : ({ kind: "unrelated", of: post, relations: ["reply"] } as const);
    return this.#store.envelopes.query({ filter, limit: ENVELOPES_OF_A_POST });
  }

  *#rowsOf(
    entries: readonly CuratedEntry[],
    hidden: (author: NodeKey) => boolean,
    filters: FeedFilters,
    since: number,
  ): Generator<CuratedRow, void> {
    for (const { added, note, postHash } of entries) {
      const row = added < since ? undefined : standingFor(this.envelopesOf(postHash, filters), hidden);
      if (row !== undefined) yield { row, note, added };
    }
  }

  #stored({ curator, name }: CuratedKey): Promise<Head | undefined> {
    return this.#store.head(ObjectType.CuratedFeed, curator, name);
  }

  async #known(key: CuratedKey, first: Head): Promise<KnownCurated | null> {
    // Most people follow no such feed.
    const { knownCurated } = await import("./known-curated.ts");
    return await knownCurated(key, first, (page) => this.head(page), this.#decoded);
  }

  async #readNames(): Promise<void> {
    for (const { name, owner } of await this.#store.heads(ObjectType.CuratedFeed)) {
      this.#named.set(toHex(feedHash({ curator: owner, name })), { curator: owner, name });
    }
  }
}

/** The envelope that stands for a post, of those held. @param hidden as in {@link CuratedBook.rows} */
export function standingFor(
  envelopes: readonly EnvelopeRow[],
  hidden: (author: NodeKey) => boolean,
): EnvelopeRow | undefined {
  let first: EnvelopeRow | undefined;
  for (const row of envelopes) if (!hidden(row.author) && (first === undefined || row.seq < first.seq)) first = row;
  return first;
}

/** Where a row stands in time: what "new" and "read up to here" go by. */
export function placeOf({ added, row }: CuratedRow): TimeCursor {
  return { created: added, hash: row.hash };
}

/** The latest of these places; `null` of none. @param feeds where the feeds stand that it holds */
export function latestPlace(rows: readonly CuratedRow[], feeds: readonly TimeCursor[]): TimeCursor | null {
  let latest: TimeCursor | null = null;
  for (const place of [...rows.map(placeOf), ...feeds]) {
    if (latest === null || compareCursors(place, latest) > 0) latest = place;
  }
  return latest;
}

export function textOf({ curator, name }: CuratedKey): string {
  return `${toHex(curator)} ${name}`;
}
