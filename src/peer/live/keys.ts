import type { LiveName, LiveQueries } from "../api.ts";

/** Names of the live queries whose result is a list of rows. */
export type LiveListName = {
  [Name in LiveName]: LiveQueries[Name] extends { rows: unknown } ? Name : never;
}[LiveName];

export type LiveRow<Name extends LiveListName> = LiveQueries[Name]["rows"];

/** What tells the rows of each live list apart. Both sides use it: the peer to diff, the page to reconcile. */
export const LIVE_KEYS: { readonly [Name in LiveListName]: (row: LiveRow<Name>) => string } = {
  feed: (row) => row.hash,
  feeds: (row) => row.id,
  drafts: (row) => row.id,
  following: (row) => row.id,
  blocked: (row) => row.id,
  trusted: (row) => row.id,
  mutes: (row) => row.id,
  flagged: (row) => row.id,
  doubted: (row) => row.id,
  ownCurated: (row) => row.name,
  inclusions: (row) => `${row.curator} ${row.feed}`,
  identities: (row) => row.key,
  log: (row) => String(row.seq),
  inbox: (row) => row.id,
  search: (row) => row.hash,
  named: (row) => row.key,
  thread: (row) => row.hash,
  referrers: (row) => row.hash,
  heldArrivals: (row) => row.id,
  damagedArrivals: (row) => row.id,
};
