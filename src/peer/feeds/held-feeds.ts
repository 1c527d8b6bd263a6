import { feedHash } from "../../social/index.ts";
import type { Head, Store } from "../../store/port.ts";
import { decodeObject, ObjectType, toHex, type Hash, type NodeKey } from "../../wire/index.ts";

type Key = Pick<Head, "owner" | "name">;

/**
 * The curated feeds that are stored here, own ones and those that are followed, with their further pages: by what they hold, by
 * who curates them and by the hash that stands for each. They are read once, when somebody first asks.
 */
export class HeldFeeds {
  readonly #store: Store;
  readonly #log: (context: string, error: unknown) => void;
  readonly #keys = new Map<string, Key>();
  /** Feeds by post, as keys of `#keys`. */
  readonly #byPost = new Map<string, Set<string>>();
  /** The same by curator, and by the hash that stands for a feed. */
  readonly #byName = new Map<string, Set<string>>();
  /** Posts of each feed. */
  readonly #posts = new Map<string, readonly string[]>();
  readonly #listeners = new Set<() => void>();
  #reading: Promise<void> | null = null;
  #isRead = false;

  constructor(store: Store, log: (context: string, error: unknown) => void) {
    this.#store = store;
    this.#log = log;
  }

  /** These are stored now. */
  changed(heads: readonly Head[]): void {
    const feeds = heads.filter(({ type }) => type === ObjectType.CuratedFeed);
    if (this.#reading === null || feeds.length === 0) return;
    for (const head of feeds) this.#note(head);
    if (this.#isRead) this.#tell();
  }

  /** The feeds and pages that have this post, in the order of their names. */
  with(post: Hash): Promise<Head[]> {
    return this.#heads(() => this.#byPost.get(toHex(post)));
  }

  /** The feeds and pages by these people, or for which these hashes stand, in the order of their names. */
  of(targets: readonly (NodeKey | Hash)[]): Promise<Head[]> {
    return this.#heads(() => targets.flatMap((target) => [...(this.#byName.get(toHex(target)) ?? [])]));
  }

  /**
   * How many people have chosen this post, themselves apart whom `counts` leaves out. From memory, since every card of a feed
   * asks: none until the feeds are read, then listeners hear of it.
   */
  curators(post: Hash, counts: (curator: NodeKey) => boolean): number {
    this.#reading ??= this.#read();
    const curators = new Map<string, NodeKey>();
    for (const key of this.#byPost.get(toHex(post)) ?? []) {
      const owner = this.#keys.get(key)?.owner;
      if (owner !== undefined && counts(owner)) curators.set(toHex(owner), owner);
    }
    return curators.size;
  }

  /** @param listener hears whenever another feed or version is known. Returns how to stop. */
  onChanged(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #heads(find: () => Iterable<string> | undefined): Promise<Head[]> {
    await (this.#reading ??= this.#read());
    const keys = [...new Set(find() ?? [])].toSorted();
    const heads = await Promise.all(
      keys.map((key) => {
        const { name, owner } = this.#keys.get(key) as Key;
        return this.#store.head(ObjectType.CuratedFeed, owner, name);
      }),
    );
    return heads.filter((head) => head !== undefined);
  }

  async #read(): Promise<void> {
    try {
      for (const head of await this.#store.heads(ObjectType.CuratedFeed)) this.#note(head);
      this.#isRead = true;
      if (this.#keys.size > 0) this.#tell();
    } catch (error) {
      // The store has ended, or cannot be read: whoever asks next tries again.
      this.#reading = null;
      this.#log("curated", error);
    }
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  #note({ bytes, name, owner }: Head): void {
    const feed = decodeObject(bytes);
    if (feed.type !== "CuratedFeed") return;
    const key = `${toHex(owner)} ${name}`;
    if (!this.#keys.has(key)) {
      this.#keys.set(key, { owner, name });
      put(this.#byName, toHex(owner), key);
      put(this.#byName, toHex(feedHash({ curator: owner, name })), key);
    }
    for (const post of this.#posts.get(key) ?? []) this.#byPost.get(post)?.delete(key);
    const posts = feed.entries.map(({ postHash }) => toHex(postHash));
    this.#posts.set(key, posts);
    for (const post of posts) put(this.#byPost, post, key);
  }
}

function put(map: Map<string, Set<string>>, name: string, key: string): void {
  const keys = map.get(name);
  if (keys === undefined) map.set(name, new Set([key]));
  else keys.add(key);
}
