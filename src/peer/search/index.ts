/**
 * search: words, people, places, kinds and times looked up in what is held here; nobody else learns what is looked for. The
 * words are in an index of their own (`engine.ts`), in blocks that are kept on disk, names in one of minisearch
 * (`directory.ts`); everything else is asked of the store's index of envelopes, which also puts the results in their only
 * order, newest first. `Search` is small and always there; the rest is loaded when somebody searches.
 */
export type { NamedPerson, NamedView, SearchApi, SearchIndexView, SearchLiveQueries, SearchQuery } from "./api.ts";
export { checkedQuery, type CheckedQuery } from "./input.ts";
export { Search } from "./search.ts";
export { searchWatches } from "./watches.ts";
