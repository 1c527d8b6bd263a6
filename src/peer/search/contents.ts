import { kindOf, type ContentKind } from "../../social/kinds/index.ts";
import { addTerms } from "../../social/search/index.ts";
import type { EnvelopeIndex, EnvelopeRow, Store } from "../../store/port.ts";
import { decodeEnvelope, decodeObject, ObjectType, toHex, type Hash, type PostEnvelope } from "../../wire/index.ts";

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

/** An envelope as the index knows it. */
export interface Content {
  readonly row: EnvelopeRow;
  readonly terms: ReadonlySet<string>;
  /** Whether the text of its post is among them. */
  readonly withText: boolean;
}

/** Which words are in what is held. */
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

  /** What is gone, or cannot be read, is left out. @throws StoreError */
  async of(rows: readonly EnvelopeRow[]): Promise<Content[]> {
    const bytes = await this.#store.envelopes.bytes(rows.map(({ hash }) => hash));
    const contents: Content[] = [];
    for (const [at, row] of rows.entries()) {
      const held = bytes[at];
      if (held === undefined) continue;
      const envelope = decodeEnvelope(held);
      // A boost has no words of its own.
      if (envelope.boostOf !== null) continue;
      const terms = termsOf(envelope);
      const withText = await this.#addText(envelope, terms);
      contents.push({ row, terms, withText });
    }
    return contents;
  }

  async #addText({ postHash }: PostEnvelope, terms: Set<string>): Promise<boolean> {
    if (postHash === null || !this.#posts.has(toHex(postHash))) return false;
    const object = await this.#store.object(postHash);
    const post = object === undefined ? null : decodeObject(object.bytes);
    if (post?.type !== "SocialPost") return false;
    for (const part of [post.text ?? "", ...post.links]) {
      if (terms.size < MAX_TERMS) addTerms(part, terms);
    }
    return true;
  }
}

function termsOf(envelope: PostEnvelope): Set<string> {
  const terms = new Set<string>([kindTerm(kindOf(envelope))]);
  if (envelope.headline !== null) addTerms(envelope.headline, terms);
  if (envelope.summary !== null) addTerms(envelope.summary, terms);
  for (const { altText } of envelope.mediaHints) if (altText !== null) addTerms(altText, terms);
  return terms;
}
