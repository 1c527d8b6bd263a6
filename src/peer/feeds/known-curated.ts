import { addedAt, type BoundedMap, type CuratedKey } from "../../social/index.ts";
import { pageName } from "../../social/curation/index.ts";
import { isLink, readFirst, wholeFeed, type Layout, type PageLink } from "../../social/curation/index.ts";
import type { Head } from "../../store/port.ts";
import { decodeObject, toHex, WireError, type CuratedEntry, type CuratedFeed } from "../../wire/index.ts";

/** A curated feed with its further pages, as far as they are here. */
export interface KnownCurated {
  /** The first page: what the feed says of itself. */
  readonly feed: CuratedFeed;
  readonly sequence: number;
  readonly layout: Layout;
  /** Of all pages, in the curator's order. */
  readonly entries: readonly CuratedEntry[];
  /** The further pages that the feed names. */
  readonly links: readonly PageLink[];
  /** Further pages of which not the version is here that the feed means: none at all, or an older one. */
  readonly wanted: readonly PageLink[];
  /** The other version of the first page with the same number, and of a further page; `null` where nothing forks. */
  readonly fork: { readonly feed: CuratedFeed; readonly page: number; readonly shown: CuratedFeed } | null;
  readonly frozenUntil: number;
}

/**
 * @param headOf the version held of a further page
 * @param cache versions that were decoded before, by their hashes: of 40 pages one is another than a moment ago
 */
export async function knownCurated(
  key: CuratedKey,
  first: Head,
  headOf: (page: CuratedKey) => Promise<Head | undefined>,
  cache: BoundedMap<string, CuratedFeed>,
): Promise<KnownCurated | null> {
  const decoded = ({ bytes, hash }: Head): CuratedFeed | null => {
    const version = toHex(hash);
    const known = cache.get(version) ?? decodedBytes(bytes);
    if (known !== null) cache.set(version, known);
    return known;
  };
  const feed = decoded(first);
  if (feed === null) return null;
  const links = readFirst(key, feed).filter(isLink);
  const pages = new Map<number, { head: Head; feed: CuratedFeed }>();
  for (const { number } of links) {
    const head = await headOf({ curator: key.curator, name: pageName(key.name, number) });
    const page = head === undefined ? null : decoded(head);
    if (head !== undefined && page !== null) pages.set(number, { head, feed: page });
  }
  const { entries, layout } = wholeFeed(key, { entries: believed(feed) }, (number) => {
    const page = pages.get(number);
    return page === undefined ? undefined : believed(page.feed);
  });
  const forked = [{ number: 1, head: first, feed }, ...[...pages].map(([number, page]) => ({ number, ...page }))];
  let fork: KnownCurated["fork"] = null;
  for (const { feed: shown, head, number } of forked) {
    const other = head.forkBytes === null ? null : decodedBytes(head.forkBytes);
    if (fork === null && other !== null) fork = { feed: other, page: number, shown };
  }
  return {
    feed,
    sequence: first.sequence,
    layout,
    entries,
    links,
    wanted: links.filter(({ number, updated }) => (pages.get(number)?.feed.updated ?? -1) < updated),
    fork,
    frozenUntil: Math.max(...forked.map(({ head }) => head.frozenUntil)),
  };
}

/** Times of entries as far as they can be believed. */
function believed(feed: CuratedFeed): CuratedEntry[] {
  return feed.entries.map((entry) => ({ ...entry, added: addedAt(feed, entry) }));
}

function decodedBytes(bytes: Uint8Array): CuratedFeed | null {
  try {
    const object = decodeObject(bytes);
    return object.type === "CuratedFeed" ? object : null;
  } catch (error) {
    // Written by another version, or damaged: it is asked for again.
    if (error instanceof WireError) return null;
    throw error;
  }
}
