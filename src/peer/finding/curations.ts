import type { IntakeOptions } from "../../social/index.ts";
import type { Head, Store } from "../../store/port.ts";
import {
  decodeObject,
  equalBytes,
  ObjectType,
  toHex,
  WireError,
  type CuratedFeed,
  type Hash,
  type NodeKey,
  type WireErrorCode,
} from "../../wire/index.ts";

/** Feeds that one search gives, each of up to 64 KiB: nobody reads more notes about one post. */
const MAX_FEEDS = 32;

/**
 * A curated feed that somebody else sent, or the code of what is wrong with it.
 * @param post what it was asked for by
 */
export async function checkedFeed(
  bytes: Uint8Array,
  post: Hash,
  verify: NonNullable<IntakeOptions["verify"]>,
): Promise<CuratedFeed | WireErrorCode | "SIGNATURE_INVALID" | "UNSOLICITED"> {
  let object;
  try {
    object = decodeObject(bytes);
  } catch (error) {
    if (error instanceof WireError) return error.code;
    throw error;
  }
  if (object.type !== "CuratedFeed" || !hasEntry(object, post)) return "UNSOLICITED";
  return (await verify(object, bytes)) ? object : "SIGNATURE_INVALID";
}

function hasEntry({ entries }: CuratedFeed, post: Hash): boolean {
  return entries.some(({ postHash }) => equalBytes(postHash, post));
}

/** Feeds from several peers, the newest version of each. */
export class FeedsFound {
  readonly #feeds = new Map<string, CuratedFeed>();

  get full(): boolean {
    return this.#feeds.size >= MAX_FEEDS;
  }

  add(feed: CuratedFeed): void {
    const key = `${toHex(feed.curator)} ${feed.name}`;
    const known = this.#feeds.get(key);
    if (known === undefined ? this.full : known.sequence >= feed.sequence) return;
    this.#feeds.set(key, feed);
  }

  all(): CuratedFeed[] {
    return [...this.#feeds.values()];
  }
}

/** Which curated feeds held here have a post. The feeds are read once, when somebody first asks. */
export class Curations {
  readonly #store: Store;
  readonly #blocked: (curator: NodeKey) => boolean;
  readonly #keys = new Map<string, Pick<Head, "owner" | "name">>();
  /** Feeds by post, as keys of `#keys`. */
  readonly #byPost = new Map<string, Set<string>>();
  /** Posts of each feed. */
  readonly #posts = new Map<string, readonly string[]>();
  readonly #unsubscribe: () => void;
  #reading: Promise<void> | null = null;

  /** @param blocked whose feeds are held but not told of */
  constructor(store: Store, blocked: (curator: NodeKey) => boolean) {
    this.#store = store;
    this.#blocked = blocked;
    this.#unsubscribe = store.subscribe(({ heads }) => {
      if (this.#reading === null) return;
      for (const head of heads) if (head.type === ObjectType.CuratedFeed) this.#note(head);
    });
  }

  /** Bytes of the feeds that have this post, in the order of their names. */
  async with(post: Hash): Promise<Uint8Array[]> {
    await (this.#reading ??= this.#read());
    const keys = [...(this.#byPost.get(toHex(post)) ?? [])].toSorted();
    const heads = await Promise.all(keys.map((key) => this.#head(key)));
    return heads.flatMap((head) => (head === undefined ? [] : [head.bytes]));
  }

  stop(): void {
    this.#unsubscribe();
  }

  async #read(): Promise<void> {
    for (const head of await this.#store.heads(ObjectType.CuratedFeed)) this.#note(head);
  }

  #head(key: string): Promise<Head | undefined> {
    const known = this.#keys.get(key);
    return known === undefined || this.#blocked(known.owner)
      ? Promise.resolve(undefined)
      : this.#store.head(ObjectType.CuratedFeed, known.owner, known.name);
  }

  #note({ bytes, name, owner }: Head): void {
    const feed = decodeObject(bytes);
    if (feed.type !== "CuratedFeed") return;
    const key = `${toHex(owner)} ${name}`;
    this.#keys.set(key, { owner, name });
    for (const post of this.#posts.get(key) ?? []) this.#byPost.get(post)?.delete(key);
    const posts = feed.entries.map(({ postHash }) => toHex(postHash));
    this.#posts.set(key, posts);
    for (const post of posts) {
      const feeds = this.#byPost.get(post);
      if (feeds === undefined) this.#byPost.set(post, new Set([key]));
      else feeds.add(key);
    }
  }
}
