/**
 * What neighbours hold for this person and have not sent: a book of hashes and headlines that digests and hints bring, and
 * fetching those that somebody opens. Says how each subscription is to be served, by how good the links are.
 */
export { HintBook } from "./book.ts";
export { FALSE_HEADLINE, Hints, type HintsOptions } from "./hints.ts";
