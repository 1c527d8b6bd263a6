import { BoundedMap, type ThreadPost } from "../../social/index.ts";
import type { EnvelopeRow, Store } from "../../store/port.ts";
import { decodeEnvelope, toHex, type Hash } from "../../wire/index.ts";

/** Of a few long threads, at less than a kilobyte each: what is open is read from the disk once. */
const REMEMBERED = 8_192;

/** What an envelope has to do with others. */
export interface Link extends ThreadPost {
  readonly row: EnvelopeRow;
  /** The envelope as it is stored. */
  readonly bytes: Uint8Array;
  readonly postHash: Hash | null;
  readonly answers: Hash | null;
  readonly references: readonly Hash[];
}

/** How envelopes hang together, read from their bytes and remembered: the index knows only who points to a hash. */
export class Links {
  readonly #store: Store;
  readonly #known = new BoundedMap<string, Link>(REMEMBERED);

  constructor(store: Store) {
    this.#store = store;
  }

  /** In the order of `rows`; those whose bytes are gone or damaged are left out. */
  async of(rows: readonly EnvelopeRow[]): Promise<Link[]> {
    const keys = rows.map(({ hash }) => toHex(hash));
    const links = keys.map((key) => this.#known.get(key));
    const missing = rows.flatMap((_, at) => (links[at] === undefined ? [at] : []));
    const bytes = missing.length === 0 ? [] : await this.#store.envelopes.bytes(missing.map((at) => rows[at]!.hash));
    for (const [index, at] of missing.entries()) {
      const found = bytes[index];
      if (found === undefined) continue;
      const link = linkOf(keys[at]!, rows[at]!, found);
      links[at] = link;
      this.#known.set(link.key, link);
    }
    return links.filter((link) => link !== undefined);
  }

  /** The envelope of this hash, or of the post of this hash the one that came here first. */
  rowNamed(hash: Hash): EnvelopeRow | undefined {
    const { envelopes } = this.#store;
    const post = { kind: "relation", relation: "post", target: hash } as const;
    return envelopes.row(hash) ?? envelopes.arrivals({ filter: post, since: 0, limit: 1 })[0];
  }

  /** What was read lately; whoever shows it need not read it again. */
  readonly bytesOf = (hash: Hash): Uint8Array | undefined => this.#known.get(toHex(hash))?.bytes;

  async named(hash: Hash): Promise<Link | undefined> {
    const row = this.rowNamed(hash);
    return row === undefined ? undefined : (await this.of([row]))[0];
  }
}

function linkOf(key: string, row: EnvelopeRow, bytes: Uint8Array): Link {
  const { postHash, references, replyTo } = decodeEnvelope(bytes);
  return {
    key,
    post: postHash === null ? null : toHex(postHash),
    author: toHex(row.author),
    replyTo: replyTo === null ? null : toHex(replyTo),
    created: row.created,
    arrived: row.seq,
    row,
    bytes,
    postHash,
    answers: replyTo,
    references,
  };
}

/** By which hashes others name this: its own, and that of its post. */
export function namesOf({ postHash, row }: Link): Hash[] {
  return postHash === null ? [row.hash] : [row.hash, postHash];
}
