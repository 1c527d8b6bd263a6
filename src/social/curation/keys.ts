import { concatBytes, hashOf, toHex, type CuratedFeed, type Hash } from "../../wire/index.ts";
import type { CuratedKey } from "../curated.ts";

/** The first page and 63 more: as many keys as one question of /mehr/store/1 has (docs/protocol.md, "Curation"). */
export const MAX_PAGES = 64;

const TEXT = new TextEncoder();
const FEED_DOMAIN = Uint8Array.of(...TEXT.encode("mehr/1/feed"), 0);
const PAGE_DOMAIN = Uint8Array.of(...TEXT.encode("mehr/1/page"), 0);
/** What a page is called, and few people their feeds. */
const PAGE_NAME = /^[0-9a-f]{64}$/u;

/**
 * The hash that stands for a curated feed in the entries of another one, whichever version of it is the newest:
 * BLAKE3-256("mehr/1/feed" 0x00 ‖ curator ‖ name).
 */
export function feedHash({ curator, name }: CuratedKey): Hash {
  return hashOf(concatBytes(FEED_DOMAIN, curator, TEXT.encode(name)));
}

/**
 * The name of a further page of the feed called `name`: BLAKE3-256("mehr/1/page" 0x00 ‖ number as one byte ‖ name) in
 * hexadecimal, which takes exactly the 64 characters that a name may have, however long that of the feed is.
 * @param number 2 to {@link MAX_PAGES}
 */
export function pageName(name: string, number: number): string {
  return toHex(hashOf(concatBytes(PAGE_DOMAIN, Uint8Array.of(number), TEXT.encode(name))));
}

/** Which page this is and of which feed, by the name of that feed in its description; `null` for a feed of its own. */
export function pageOf({
  description,
  name,
}: Pick<CuratedFeed, "description" | "name">): { readonly name: string; readonly number: number } | null {
  if (description === "" || !PAGE_NAME.test(name)) return null;
  for (let number = 2; number <= MAX_PAGES; number++) {
    if (pageName(description, number) === name) return { name: description, number };
  }
  return null;
}
