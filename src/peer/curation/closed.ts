import type { Store } from "../../store/port.ts";
import type { CuratedFeed } from "../../wire/index.ts";

/** Names of own feeds that were closed; in a backup file under this name, too. */
export const CLOSED_KEY = "curated.closed";

/** Names of the feeds that this person does not curate any more. Their last version, which is empty, stays. */
export async function closedFeeds(store: Store): Promise<ReadonlySet<string>> {
  const stored = await store.setting(CLOSED_KEY);
  const names: readonly unknown[] = Array.isArray(stored) ? stored : [];
  return new Set(names.filter((name) => typeof name === "string"));
}

/** What is to be stored when this feed begins anew. */
export function openAgain(closed: ReadonlySet<string>, name: string): Readonly<Record<string, unknown>> {
  return closed.has(name) ? { [CLOSED_KEY]: [...closed].filter((other) => other !== name) } : {};
}

/** A version of a feed, or of a further page of one, which always has a description. */
type Said = Pick<CuratedFeed, "description" | "entries" | "name" | "sequence">;

/**
 * Whether another device, or this one before its words were typed anew, has closed this feed, as far as a version can say so:
 * nothing is in it and it says nothing of itself, though it is not new. One that was merely emptied, and never had a description,
 * cannot be told from it; it is there again as soon as something is put into it.
 */
export function saysClosed({ description, entries, sequence }: Said): boolean {
  return sequence > 1 && description === "" && entries.length === 0;
}

/** What is to be stored beside a version of an own feed that others had. @param closed names of feeds that were closed so far */
export function closedBeside(closed: ReadonlySet<string>, feed: Said): Readonly<Record<string, unknown>> {
  const isClosed = saysClosed(feed);
  if (isClosed === closed.has(feed.name)) return {};
  const others = [...closed].filter((name) => name !== feed.name);
  return { [CLOSED_KEY]: isClosed ? [...others, feed.name] : others };
}
