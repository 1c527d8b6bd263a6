import type { Clock } from "../../mesh/protocols/index.ts";
import type { Store, StoredObject } from "../../store/port.ts";
import { decodeObject, fromHex, ObjectType, toHex, type Hash } from "../../wire/index.ts";

/** Posts that are read in one go: some 30 ms. */
const SLICE = 32;
/** Posts of one file that are remembered: any of them is enough to serve it by. */
const MOST_POSTS = 16;

/** Which held posts name a file. Read from them when somebody first asks, and kept up with what comes. */
export class Naming {
  readonly #store: Store;
  readonly #clock: Clock;
  #posts: Promise<Map<string, Set<string>>> | null = null;
  /** As far as it has been read; what comes meanwhile is noted at once. */
  #known = new Map<string, Set<string>>();

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  async postsOf(file: Hash): Promise<Hash[]> {
    this.#posts ??= this.#read();
    // One read that failed is not to stand for all that come after it.
    this.#posts.catch(() => (this.#posts = null));
    const posts = (await this.#posts).get(toHex(file)) ?? [];
    return [...posts].map(fromHex);
  }

  add(objects: readonly StoredObject[]): void {
    if (this.#posts === null) return;
    for (const { bytes, hash, type } of objects) {
      if (type === ObjectType.SocialPost) note(this.#known, hash, bytes);
    }
  }

  async #read(): Promise<Map<string, Set<string>>> {
    const known = new Map<string, Set<string>>();
    this.#known = known;
    const hashes = await this.#store.objectHashes(ObjectType.SocialPost);
    for (const [at, hash] of hashes.entries()) {
      if (at % SLICE === SLICE - 1) await new Promise<void>((resolve) => void this.#clock.after(0, resolve));
      const held = await this.#store.object(hash);
      if (held !== undefined) note(known, hash, held.bytes);
    }
    return known;
  }
}

function note(known: Map<string, Set<string>>, hash: Hash, bytes: Uint8Array): void {
  const post = decodeObject(bytes);
  if (post.type !== "SocialPost") return;
  for (const file of post.media) {
    const name = toHex(file);
    const posts = known.get(name) ?? new Set();
    if (posts.size < MOST_POSTS) known.set(name, posts.add(toHex(hash)));
  }
}
