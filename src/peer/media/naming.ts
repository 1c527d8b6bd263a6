import type { Clock } from "../../mesh/protocols/index.ts";
import type { Store, StoredObject } from "../../store/port.ts";
import { decodeObject, ObjectType, toHex, type Hash, type NodeKey } from "../../wire/index.ts";

/** Posts that are read in one go: some 30 ms. */
const SLICE = 32;
/** Posts of others for everybody that are remembered of one file: any of them is enough to serve it by. */
const MOST_POSTS = 16;

export interface NamingPost {
  readonly hash: Hash;
  readonly author: NodeKey;
  /** Written here, or fetched from a trusted peer: it may not be for everybody. */
  readonly isClose: boolean;
}
/** By the post's hash. */
type Posts = Map<string, NamingPost>;

/** Which held posts name a file. Read from them when somebody first asks, and kept up with what comes. */
export class Naming {
  readonly #store: Store;
  readonly #clock: Clock;
  #posts: Promise<Map<string, Posts>> | null = null;
  /** As far as it has been read; what comes meanwhile is noted at once. */
  #known = new Map<string, Posts>();

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  async postsOf(file: Hash): Promise<readonly NamingPost[]> {
    this.#posts ??= this.#read();
    // One read that failed is not to stand for all that come after it.
    this.#posts.catch(() => (this.#posts = null));
    return [...((await this.#posts).get(toHex(file))?.values() ?? [])];
  }

  add(objects: readonly StoredObject[]): void {
    if (this.#posts === null) return;
    for (const object of objects) if (object.type === ObjectType.SocialPost) note(this.#known, object);
  }

  async #read(): Promise<Map<string, Posts>> {
    const known = new Map<string, Posts>();
    this.#known = known;
    const hashes = await this.#store.objectHashes(ObjectType.SocialPost);
    for (const [at, hash] of hashes.entries()) {
      if (at % SLICE === SLICE - 1) await new Promise<void>((resolve) => void this.#clock.after(0, resolve));
      const held = await this.#store.object(hash);
      if (held !== undefined) note(known, held);
    }
    return known;
  }
}

function note(known: Map<string, Posts>, { bytes, hash, holding }: StoredObject): void {
  const post = decodeObject(bytes);
  if (post.type !== "SocialPost") return;
  const isClose = holding === "own" || holding === "trusted";
  for (const file of post.media) {
    const name = toHex(file);
    const posts: Posts = known.get(name) ?? new Map();
    // Posts of strangers must not crowd out the one that keeps a file from them.
    const isFull = !isClose && [...posts.values()].filter((other) => !other.isClose).length >= MOST_POSTS;
    if (!isFull) known.set(name, posts.set(toHex(hash), { hash, author: post.author, isClose }));
  }
}
