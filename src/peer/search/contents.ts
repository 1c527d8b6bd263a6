import { kindOf, type ContentKind } from "../../social/kinds/index.ts";
import { eachTerm } from "../../social/search/index.ts";
import type { EnvelopeIndex, EnvelopeRow, Store } from "../../store/port.ts";
import {
  decodeEnvelope,
  decodeObject,
  ObjectType,
  toHex,
  type Hash,
  type PostEnvelope,
  type SocialPost,
} from "../../wire/index.ts";
import type { GrowingIndex } from "./growing.ts";

/** Envelopes that are decoded at one go: 2 ms, and 10 while the code is cold. */
const DECODED_AT_ONCE = 256;
/** Different terms of one post: a text of 64 KiB in a language of short words has some 3,000. */
const MAX_TERMS = 4_000;

/** The term under which all posts of a kind are found. No text has it: a control character is no part of a word. */
export function kindTerm(kind: ContentKind): string {
  return `\u0001${kind}`;
}

/** What the index reads of a store, and where it is kept. */
export type IndexedStore = Pick<Store, "epoch" | "blobs" | "commit" | "setting" | "object" | "objectHashes"> & {
  readonly envelopes: Pick<EnvelopeIndex, "arrivals" | "bytes" | "count" | "lastSeq" | "query">;
};

/** An envelope as the index reads it. */
export interface Content {
  readonly row: EnvelopeRow;
  readonly envelope: PostEnvelope;
  /** Its post, where the text of that is held. */
  readonly post: SocialPost | null;
}

/** What is held, as far as it has words. */
export class Contents {
  readonly #store: IndexedStore;
  /** Posts that are held, in hex. */
  readonly #posts = new Set<string>();

  private constructor(store: IndexedStore) {
    this.#store = store;
  }

  /** @throws StoreError */
  static async open(store: IndexedStore): Promise<Contents> {
    const contents = new Contents(store);
    for (const hash of await store.objectHashes(ObjectType.SocialPost)) contents.#posts.add(toHex(hash));
    return contents;
  }

  /** Posts that are held, in hex. */
  get posts(): ReadonlySet<string> {
    return this.#posts;
  }

  /** A post has come, or is gone. */
  mark(post: Hash, held: boolean): void {
    if (held) this.#posts.add(toHex(post));
    else this.#posts.delete(toHex(post));
  }

  /**
   * What is gone, or cannot be read, is left out; so are boosts, which have no words of their own.
   * @param breathe lets others have their turn
   * @throws StoreError, and what `breathe` throws
   */
  async of(rows: readonly EnvelopeRow[], breathe: () => Promise<void>): Promise<Content[]> {
    const bytes = await this.#store.envelopes.bytes(rows.map(({ hash }) => hash));
    const found: { readonly row: EnvelopeRow; readonly envelope: PostEnvelope }[] = [];
    for (const [at, row] of rows.entries()) {
      if (at > 0 && at % DECODED_AT_ONCE === 0) await breathe();
      const held = bytes[at];
      const envelope = held === undefined ? null : decodeEnvelope(held);
      if (envelope !== null && envelope.boostOf === null) found.push({ row, envelope });
    }
    // Asked for together: one by one each would be a round trip to the disk.
    const reading = found
      .filter(({ envelope }) => this.#hasPost(envelope))
      .map(async ({ envelope, row }) => [row.seq, await this.#postOf(envelope)] as const);
    const posts = new Map(await Promise.all(reading));
    return found.map(({ envelope, row }) => ({ row, envelope, post: posts.get(row.seq) ?? null }));
  }

  #hasPost({ postHash }: PostEnvelope): boolean {
    return postHash !== null && this.#posts.has(toHex(postHash));
  }

  async #postOf({ postHash }: PostEnvelope): Promise<SocialPost | null> {
    const object = postHash === null ? undefined : await this.#store.object(postHash);
    const post = object === undefined ? null : decodeObject(object.bytes);
    return post?.type === "SocialPost" ? post : null;
  }
}

/** Indexes what is read of an envelope as the document of this place. */
export function addContent({ envelope, post }: Content, place: number, index: GrowingIndex): void {
  let count = 0;
  const add = (within: string, start?: number, end?: number): void => {
    if (count < MAX_TERMS && index.add(place, within, start, end)) count++;
  };
  add(kindTerm(kindOf(envelope)));
  for (const text of textsOf(envelope, post)) eachTerm(text, add);
}

/** Everything of an envelope and its post that is searched. */
export function textsOf(envelope: PostEnvelope, post: SocialPost | null): string[] {
  const { headline, mediaHints, summary } = envelope;
  const texts = [headline, summary, ...mediaHints.map(({ altText }) => altText)];
  if (post !== null) texts.push(post.text, ...post.links);
  return texts.filter((text) => text !== null);
}
