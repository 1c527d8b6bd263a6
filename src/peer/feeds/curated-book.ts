import { addedAt, BoundedMap, type CuratedKey, type FeedFilters } from "../../social/index.ts";
import type { EnvelopeRow, Head, Store } from "../../store/port.ts";
import { decodeObject, ObjectType, toHex, WireError, type CuratedFeed, type NodeKey } from "../../wire/index.ts";
import { compareCursors } from "./read-positions.ts";

/** At 64 KiB each at most; a person looks at one after the other. */
const CACHED = 64;
/** An author may publish several envelopes for one post; more than a few would be a flood. */
const ENVELOPES_OF_A_POST = 16;

export interface KnownCurated {
  readonly feed: CuratedFeed;
  readonly sequence: number;
  readonly forked: boolean;
}

/** An envelope that a curator has chosen. */
export interface CuratedRow {
  readonly row: EnvelopeRow;
  /** When it was added: what orders the feed, and what "new" means in it. */
  readonly added: number;
}

/** Curated feeds as this store holds them. */
export class CuratedBook {
  readonly #store: Store;
  readonly #cache = new BoundedMap<string, KnownCurated | "none">(CACHED);

  constructor(store: Store) {
    this.#store = store;
  }

  async get(key: CuratedKey): Promise<KnownCurated | null> {
    const text = textOf(key);
    const cached = this.#cache.get(text);
    if (cached !== undefined) return cached === "none" ? null : cached;
    const head = await this.#store.head(ObjectType.CuratedFeed, key.curator, key.name);
    const known = head === undefined ? null : decoded(head);
    this.#cache.set(text, known ?? "none");
    return known;
  }

  /** There is another version now. */
  forget(key: CuratedKey): void {
    this.#cache.delete(textOf(key));
  }

  /**
   * The envelopes held of what was chosen, latest addition first, one for each post: the first that came here, since
   * anybody can sign another envelope that names the post.
   * @param hidden whether this person wants to see nothing of an author
   */
  async rows(key: CuratedKey, hidden: (author: NodeKey) => boolean, filters: FeedFilters): Promise<CuratedRow[]> {
    const known = await this.get(key);
    if (known === null) return [];
    const { envelopes } = this.#store;
    const rows = known.feed.entries.flatMap((entry): CuratedRow[] => {
      const post = { kind: "relation", relation: "post", target: entry.postHash } as const;
      const filter = filters.replies ? post : ({ kind: "unrelated", of: post, relations: ["reply"] } as const);
      const found = envelopes.query({ filter, limit: ENVELOPES_OF_A_POST }).filter(({ author }) => !hidden(author));
      const [first] = found.toSorted((a, b) => a.seq - b.seq);
      return first === undefined ? [] : [{ row: first, added: addedAt(known.feed, entry) }];
    });
    return rows.toSorted((a, b) => -compareCursors(placeOf(a), placeOf(b)));
  }
}

/** Where a row stands in its curated feed. */
export function placeOf({ added, row }: CuratedRow): { created: number; hash: Uint8Array } {
  return { created: added, hash: row.hash };
}

function textOf({ curator, name }: CuratedKey): string {
  return `${toHex(curator)} ${name}`;
}

function decoded(head: Head): KnownCurated | null {
  try {
    const feed = decodeObject(head.bytes);
    if (feed.type !== "CuratedFeed") return null;
    return { feed, sequence: head.sequence, forked: head.forkBytes !== null };
  } catch (error) {
    if (error instanceof WireError) return null;
    throw error;
  }
}
