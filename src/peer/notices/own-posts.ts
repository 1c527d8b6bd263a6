import type { EnvelopeRow, Relation, Store } from "../../store/port.ts";
import { decodeEnvelope, equalBytes, toHex, type Hash, type NodeKey, type PostEnvelope } from "../../wire/index.ts";

/** Own posts that are looked after, the newest: whoever answers an older one is found by opening it. */
const MAX_POSTS = 256;
/** Of what somebody said to one post, the newest by date are looked at. */
const MAX_OF_A_POST = 256;
/** An author may publish several envelopes for one post. */
const ENVELOPES_OF_A_POST = 16;
/** As deep as a thread is shown at once. */
const MAX_DEPTH = 64;

const RELATIONS = ["reply", "reference", "boost"] as const satisfies readonly Relation[];
type Saying = (typeof RELATIONS)[number];

/** An own envelope that others may say something to. */
export interface OwnPost {
  readonly hash: Hash;
  readonly envelope: PostEnvelope;
  /** Arrival number in this store. */
  readonly seq: number;
}

export interface Said {
  readonly row: EnvelopeRow;
  readonly kind: Saying;
  readonly post: OwnPost;
}

/** What this person wrote of late, and what others have said to it, as far as it is held here. */
export class OwnPosts {
  readonly #store: Store;
  readonly #self: NodeKey;
  /** By hex of the envelope, the newest first. */
  readonly #posts = new Map<string, OwnPost>();
  #read = false;

  constructor(store: Store, self: NodeKey) {
    this.#store = store;
    this.#self = self;
  }

  /** The newest first. */
  async all(): Promise<readonly OwnPost[]> {
    if (!this.#read) await this.#load();
    return [...this.#posts.values()];
  }

  /** Whether these rows are reason to read own posts anew. */
  noteStored(rows: readonly EnvelopeRow[]): void {
    if (rows.some(({ author }) => equalBytes(author, this.#self))) this.#read = false;
  }

  /**
   * What came after arrival number `since`, in order of arrival; of posts that came after it themselves, as those of a restored
   * identity do, everything.
   */
  async saidSince(since: number): Promise<Said[]> {
    const posts = await this.all();
    const found = new Map<number, Said>();
    for (const post of posts) {
      const from = post.seq > since ? 0 : since;
      for (const kind of RELATIONS) {
        for (const row of this.#rows(kind, post)) {
          if (row.seq <= from || found.has(row.seq) || equalBytes(row.author, this.#self)) continue;
          found.set(row.seq, { row, kind, post });
        }
      }
    }
    return [...found.values()].toSorted((a, b) => a.row.seq - b.row.seq);
  }

  /** What names the thread that a post belongs to: its first post, as far up as it is held here. */
  async threadOf({ envelope, hash }: OwnPost): Promise<string> {
    let [name, answered] = [nameOf(hash, envelope), envelope.replyTo];
    for (let depth = 0; answered !== null && depth < MAX_DEPTH; depth += 1) {
      name = toHex(answered);
      const above = await this.#envelope(answered);
      if (above === null) break;
      answered = above.replyTo;
    }
    return name;
  }

  async #load(): Promise<void> {
    this.#read = true;
    const filter = { kind: "authors", authors: [this.#self] } as const;
    const own = { kind: "unrelated", of: filter, relations: ["boost"] } as const;
    const rows = this.#store.envelopes.query({ filter: own, limit: MAX_POSTS });
    const missing = rows.filter(({ hash }) => !this.#posts.has(toHex(hash)));
    const bytes = await this.#store.envelopes.bytes(missing.map(({ hash }) => hash));
    const read = new Map(missing.map(({ hash }, at) => [toHex(hash), bytes[at]]));
    const before = new Map(this.#posts);
    this.#posts.clear();
    for (const { hash, seq } of rows) {
      const key = toHex(hash);
      const held = read.get(key);
      const post = held === undefined ? before.get(key) : { hash, seq, envelope: decodeEnvelope(held) };
      if (post !== undefined) this.#posts.set(key, post);
    }
  }

  #rows(relation: Saying, { envelope, hash }: OwnPost): EnvelopeRow[] {
    const targets = envelope.postHash === null ? [hash] : [envelope.postHash, hash];
    return targets.flatMap((target) =>
      this.#store.envelopes.query({ filter: { kind: "relation", relation, target }, limit: MAX_OF_A_POST }),
    );
  }

  /** The envelope of this hash, or the oldest of the post of this hash. */
  async #envelope(target: Hash): Promise<PostEnvelope | null> {
    const { envelopes } = this.#store;
    const filter = { kind: "relation", relation: "post", target } as const;
    const row = envelopes.row(target) ?? envelopes.query({ filter, limit: ENVELOPES_OF_A_POST }).at(-1);
    const [bytes] = row === undefined ? [] : await envelopes.bytes([row.hash]);
    return bytes === undefined ? null : decodeEnvelope(bytes);
  }
}

function nameOf(hash: Hash, { postHash }: PostEnvelope): string {
  return toHex(postHash ?? hash);
}
