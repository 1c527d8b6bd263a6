import { equalBytes, LIMITS, toHex, type CuratedEntry, type CuratedFeed, type Hash } from "../../wire/index.ts";
import type { CuratedKey } from "../curated.ts";
import { feedHash, MAX_PAGES, pageName } from "./keys.ts";

/**
 * Bytes that the entries of one page may take. Name, description and scope at their limits, numbers and signature take
 * less than the rest of the 65,536.
 */
const ENTRY_ROOM = 61_440;
/** Head of the entry, hash, time and null. */
const LINK_BYTES = 45;

/** A further page as its feed names it. */
export interface PageLink {
  readonly number: number;
  /** Its `updated`: which version of it the feed means. */
  readonly updated: number;
}

/** All entries of a curated feed in the curator's order, on the pages where they stand. */
export interface Layout {
  readonly first: readonly CuratedEntry[];
  readonly pages: readonly { readonly number: number; readonly entries: readonly CuratedEntry[] }[];
}

export const EMPTY_LAYOUT: Layout = { first: [], pages: [] };

/** The entries of a first page, with those among them that stand for further pages told apart. */
export function readFirst(
  key: CuratedKey,
  { entries }: Pick<CuratedFeed, "entries">,
  numbers: ReadonlyMap<string, number> = pageNumbers(key),
): readonly (CuratedEntry | PageLink)[] {
  return entries.map((entry) => {
    const number = numbers.get(toHex(entry.postHash));
    return number === undefined ? entry : { number, updated: entry.added };
  });
}

export function isLink(item: CuratedEntry | PageLink): item is PageLink {
  return "number" in item;
}

/**
 * The whole feed in the curator's order: a page where it is named, each post once, and never the feed in itself.
 * @param page entries of a further page; `undefined` for one that is not here
 */
export function wholeFeed(
  key: CuratedKey,
  feed: Pick<CuratedFeed, "entries">,
  page: (number: number) => readonly CuratedEntry[] | undefined,
): { readonly layout: Layout; readonly entries: readonly CuratedEntry[]; readonly missing: readonly PageLink[] } {
  const numbers = pageNumbers(key);
  // Nor what a page has to say of pages.
  const seen = new Set([toHex(feedHash(key)), ...numbers.keys()]);
  const fresh = (found: readonly CuratedEntry[]): CuratedEntry[] =>
    found.filter(({ postHash }) => {
      const hex = toHex(postHash);
      return !seen.has(hex) && seen.add(hex) !== undefined;
    });
  const first: CuratedEntry[] = [];
  const pages: { number: number; entries: CuratedEntry[] }[] = [];
  const missing: PageLink[] = [];
  const entries: CuratedEntry[] = [];
  for (const item of readFirst(key, feed, numbers)) {
    if (!isLink(item)) {
      const [entry] = fresh([item]);
      if (entry === undefined) continue;
      first.push(entry);
      entries.push(entry);
      continue;
    }
    const found = page(item.number);
    if (found === undefined) {
      missing.push(item);
      continue;
    }
    const own = fresh(found);
    pages.push({ number: item.number, entries: own });
    entries.push(...own);
  }
  return { layout: { first, pages }, entries, missing };
}

/** The entry that stands for a further page. */
export function linkTo({ curator, name }: CuratedKey, { number, updated }: PageLink): CuratedEntry {
  return { postHash: feedHash({ curator, name: pageName(name, number) }), added: updated, note: null };
}

export function entriesOf({ first, pages }: Layout): CuratedEntry[] {
  return [...first, ...pages.flatMap(({ entries }) => entries)];
}

/** Where an entry stands among all; -1 for none. */
export function placeIn(layout: Layout, post: Hash): number {
  return entriesOf(layout).findIndex(({ postHash }) => equalBytes(postHash, post));
}

/**
 * With one entry more, before the one that is number `at` now. Only the pages that it concerns are others than before.
 * @returns `null` where all pages are full
 */
export function inserted(layout: Layout, entry: CuratedEntry, at: number): Layout | null {
  const count = layout.pages.reduce((sum, { entries }) => sum + entries.length, layout.first.length);
  let left = Math.max(0, Math.min(at, count));
  if (left <= layout.first.length) {
    return settled({ ...layout, first: layout.first.toSpliced(left, 0, entry) }, layout);
  }
  left -= layout.first.length;
  for (const [index, page] of layout.pages.entries()) {
    if (left > page.entries.length) {
      left -= page.entries.length;
      continue;
    }
    const entries = page.entries.toSpliced(left, 0, entry);
    return settled({ ...layout, pages: layout.pages.with(index, { ...page, entries }) }, layout);
  }
  return null;
}

/** Without one entry; a page that has none left is none. */
export function without(layout: Layout, post: Hash): Layout {
  const isOther = ({ postHash }: CuratedEntry): boolean => !equalBytes(postHash, post);
  return {
    first: layout.first.every(isOther) ? layout.first : layout.first.filter(isOther),
    pages: layout.pages
      .map((page) => (page.entries.every(isOther) ? page : { ...page, entries: page.entries.filter(isOther) }))
      .filter(({ entries }) => entries.length > 0),
  };
}

/** With another note at one entry. @returns `null` where there is no room for it */
export function noted(layout: Layout, post: Hash, note: string | null): Layout | null {
  const change = (entries: readonly CuratedEntry[]): readonly CuratedEntry[] =>
    entries.some(({ postHash }) => equalBytes(postHash, post))
      ? entries.map((entry) => (equalBytes(entry.postHash, post) ? { ...entry, note } : entry))
      : entries;
  const pages = layout.pages.map((page) => {
    const entries = change(page.entries);
    return entries === page.entries ? page : { ...page, entries };
  });
  return settled({ first: change(layout.first), pages }, layout);
}

/**
 * Moves what is too much to further pages: half of a page at a time, so that not every further entry moves some again.
 * @param before whose pages fit
 */
function settled(layout: Layout, before: Layout): Layout | null {
  const known = new Set(before.pages.map(({ entries }) => entries));
  let { first } = layout;
  const pages = [...layout.pages];
  const unused = (): number | undefined =>
    Array.from({ length: MAX_PAGES - 1 }, (_, at) => at + 2).find((number) =>
      pages.every((page) => page.number !== number),
    );
  for (let index = 0; index < pages.length; index++) {
    const page = pages[index] as Layout["pages"][number];
    if (known.has(page.entries) || fits(page.entries, 0)) continue;
    const number = unused();
    if (number === undefined) return null;
    const half = Math.ceil(page.entries.length / 2);
    pages.splice(
      index,
      1,
      { ...page, entries: page.entries.slice(0, half) },
      { number, entries: page.entries.slice(half) },
    );
    index--;
  }
  while (!fits(first, pages.length)) {
    const half = Math.floor(first.length / 2);
    const moved = first.slice(half);
    const [next] = pages;
    if (next !== undefined && fits([...moved, ...next.entries], 0)) {
      pages[0] = { ...next, entries: [...moved, ...next.entries] };
    } else {
      const number = unused();
      if (number === undefined) return null;
      pages.unshift({ number, entries: moved });
    }
    first = first.slice(0, half);
  }
  return { first, pages };
}

function fits(entries: readonly CuratedEntry[], links: number): boolean {
  if (entries.length + links > LIMITS.feedEntries) return false;
  const bytes = entries.reduce((sum, { note }) => sum + LINK_BYTES + (note === null ? 0 : 3 + utf8Length(note)), 0);
  return bytes + links * LINK_BYTES <= ENTRY_ROOM;
}

function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}

/** Numbers of the further pages that this feed can have, by the hex of what names them. */
function pageNumbers({ curator, name }: CuratedKey): Map<string, number> {
  const numbers = new Map<string, number>();
  for (let number = 2; number <= MAX_PAGES; number++) {
    numbers.set(toHex(feedHash({ curator, name: pageName(name, number) })), number);
  }
  return numbers;
}
