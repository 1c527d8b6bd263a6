import { BoundedMap, type ThreadPost } from "../../social/index.ts";
import type { EnvelopeRow, Store } from "../../store/port.ts";
import { decodeEnvelope, toHex, type Hash } from "../../wire/index.ts";

/** Of a few long threads, at some 400 bytes each: what is open is read from the disk once. */
const REMEMBERED = 16_384;

/** What an envelope has to do with others. */
export interface Link extends ThreadPost {
  readonly row: EnvelopeRow;
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
    const missing = rows.filter(({ hash }) => this.#known.get(toHex(hash)) === undefined);
    const read = new Map<string, Link>();
    if (missing.length > 0) {
      const bytes = await this.#store.envelopes.bytes(missing.map(({ hash }) => hash));
      for (const [at, row] of missing.entries()) {
        const found = bytes[at];
        if (found !== undefined) read.set(toHex(row.hash), linkOf(row, found));
      }
      for (const [key, link] of read) this.#known.set(key, link);
    }
    return rows.flatMap(({ hash }) => {
      const key = toHex(hash);
      return read.get(key) ?? this.#known.get(key) ?? [];
    });
  }

  /** The envelope of this hash, or of the post of this hash the one that came here first. */
  rowNamed(hash: Hash): EnvelopeRow | undefined {
    const { envelopes } = this.#store;
    const post = { kind: "relation", relation: "post", target: hash } as const;
    return envelopes.row(hash) ?? envelopes.arrivals({ filter: post, since: 0, limit: 1 })[0];
  }

  async named(hash: Hash): Promise<Link | undefined> {
    const row = this.rowNamed(hash);
    return row === undefined ? undefined : (await this.of([row]))[0];
  }
}

function linkOf(row: EnvelopeRow, bytes: Uint8Array): Link {
  const { postHash, references, replyTo } = decodeEnvelope(bytes);
  return {
    key: toHex(row.hash),
    post: postHash === null ? null : toHex(postHash),
    author: toHex(row.author),
    replyTo: replyTo === null ? null : toHex(replyTo),
    created: row.created,
    arrived: row.seq,
    row,
    postHash,
    answers: replyTo,
    references,
  };
}

/** By which hashes others name this: its own, and that of its post. */
export function namesOf({ postHash, row }: Link): Hash[] {
  return postHash === null ? [row.hash] : [row.hash, postHash];
}
