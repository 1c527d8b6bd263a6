/**
 * What a curator puts together: the names of feeds and of their further pages, and which entries stand on which page. A feed
 * in another one, and a page of one, is an entry that holds a hash of who curates it and what it is called.
 */
export { feedHash, MAX_PAGES, pageName, pageOf } from "./keys.ts";
export {
  EMPTY_LAYOUT,
  entriesOf,
  inserted,
  isLink,
  linkTo,
  noted,
  placeIn,
  readFirst,
  wholeFeed,
  without,
  type Layout,
  type PageLink,
} from "./pages.ts";
