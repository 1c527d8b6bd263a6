import type { CuratedKey } from "../../social/index.ts";
import type { Store, TimeCursor } from "../../store/port.ts";
import { equalBytes, type NodeKey } from "../../wire/index.ts";
import type { CuratedBook } from "./curated-book.ts";
import { compareCursors } from "./read-positions.ts";

export interface ChosenFeedSources {
  readonly store: Pick<Store, "envelopes">;
  readonly curated: CuratedBook;
  readonly self: NodeKey;
  /** Whether this person wants to see nothing of a curator. */
  readonly hidden: (curator: NodeKey) => boolean;
}

/**
 * Where the feeds stand in time that a curated feed holds and that are known here, in its order: what is "new" among them. Own
 * ones are none.
 * @param after only later ones
 */
export async function chosenFeeds(
  { curated, hidden, self, store }: ChosenFeedSources,
  key: CuratedKey,
  after: TimeCursor,
): Promise<TimeCursor[]> {
  const known = await curated.get(key);
  const found: TimeCursor[] = [];
  for (const { added, postHash } of known?.entries ?? []) {
    const place = { created: added, hash: postHash };
    // Most are posts, and most were seen: neither costs more than a look at memory.
    if (compareCursors(place, after) <= 0 || isPost(store, postHash)) continue;
    const feed = await curated.named(postHash);
    if (feed === null || equalBytes(feed.curator, self) || hidden(feed.curator)) continue;
    if ((await curated.get(feed)) !== null) found.push(place);
  }
  return found;
}

function isPost({ envelopes }: Pick<Store, "envelopes">, target: TimeCursor["hash"]): boolean {
  return envelopes.count({ kind: "relation", relation: "post", target }) > 0;
}
