import type { Library, LibraryEnvelopes } from "../../mesh/protocols/index.ts";
import type { EnvelopeFilter, EnvelopeRow, Store } from "../../store/port.ts";
import { decodeObject } from "../../wire/index.ts";
import type { Blocks } from "./blocks.ts";

/**
 * The store as others may see it: as if nothing by a blocked author were held. To a neighbour that asks, it looks like a
 * peer that never heard of it; so nobody learns who is blocked here.
 * @param blob bytes of pictures of people and of files of posts
 * @param holdsBack whether the envelope of this row may not be given out now; it is still listed, since places in lists last
 */
export function openLibrary(
  store: Store,
  blocks: Blocks,
  holdsBack: (row: EnvelopeRow) => boolean,
  blob: NonNullable<Library["blob"]>,
): Library {
  const { envelopes } = store;
  const without = (filter: EnvelopeFilter): EnvelopeFilter => {
    const authors = blocks.keys();
    return authors.length === 0 ? filter : { kind: "without", of: filter, authors };
  };
  const isBlocked = (row: EnvelopeRow | undefined): boolean =>
    row !== undefined && blocks.size > 0 && blocks.has(row.author);
  const open: LibraryEnvelopes = {
    has: (hash) => envelopes.has(hash) && (blocks.size === 0 || !isBlocked(envelopes.row(hash))),
    row(hash) {
      const row = envelopes.row(hash);
      return isBlocked(row) ? undefined : row;
    },
    query: ({ filter, ...page }) => envelopes.query({ filter: without(filter), ...page }),
    arrivals: ({ filter, limit, since }) => envelopes.arrivals({ filter: without(filter), since, limit }),
    count: (filter) => envelopes.count(without(filter)),
    get lastSeq() {
      return envelopes.lastSeq;
    },
    async bytes(hashes) {
      const found = await envelopes.bytes(hashes);
      return hashes.map((hash, at) => {
        const row = envelopes.row(hash);
        return row !== undefined && (isBlocked(row) || holdsBack(row)) ? undefined : found[at];
      });
    },
  };
  const object: Library["object"] = async (hash) => {
    const held = await store.object(hash);
    if (held === undefined || blocks.size === 0) return held;
    const decoded = decodeObject(held.bytes);
    return decoded.type === "SocialPost" && blocks.has(decoded.author) ? undefined : held;
  };
  return {
    epoch: store.epoch,
    envelopes: open,
    object,
    hasObject: async (hash) => (blocks.size === 0 ? await store.hasObject(hash) : (await object(hash)) !== undefined),
    blob,
    head: async (type, owner, name) => (blocks.has(owner) ? undefined : await store.head(type, owner, name)),
  };
}
