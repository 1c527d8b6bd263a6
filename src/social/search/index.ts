/**
 * search: what words are. Texts that are held become terms, what a person types becomes terms that have to be found, and
 * the words that were found are marked in what is shown. Not part of the room's index.ts: it is loaded by whoever searches.
 */
export { fold } from "./fold.ts";
export { eachWord } from "./scan.ts";
export { hasPhrase, phrasesIn, type Phrase } from "./phrase.ts";
export { isSpelt, slipsIn, swapsOf } from "./slips.ts";
export { addTerms, eachTerm, searchTerms, spansOf, type SearchTerm, type TextSpan } from "./words.ts";
