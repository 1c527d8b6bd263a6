/**
 * arriving: what somebody wrote elsewhere, read from the files that other places give to those who leave: feeds (RSS, Atom, JSON
 * Feed) and archives of Mastodon. A file is read in the page, in pieces, and trusted with nothing; what comes out are texts to
 * look at, and nothing is stored or published here.
 *
 * All but `read.ts` is pure.
 */
export type { Archive } from "./archive.ts";
export { ArrivalError, type ArrivalErrorCode } from "./errors.ts";
export type { ArrivedFile } from "./files.ts";
export { draftsOf, inOrder, isCut, type ArrivedPost, type DraftChoices } from "./posts.ts";
export { readFile, type Arrived, type ReadOptions } from "./read.ts";
