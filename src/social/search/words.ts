import { fold } from "./fold.ts";
import { eachWord } from "./scan.ts";

/** Longer words are cut: nobody types more of one, and an address of a page would be one. */
const MAX_TERM = 40;

/**
 * Scripts that put no space between words, and Hangul, which puts it between phrases. Their texts are cut into pairs of
 * characters: every word of two and more is found then, without a dictionary.
 */
export const DENSE = /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{sc=Hang}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmr}\p{sc=Mymr}]/u;
const RUNS =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{sc=Hang}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmr}\p{sc=Mymr}]+|[^\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{sc=Hang}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmr}\p{sc=Mymr}]+/gu;

/**
 * What joins two halves of one word: the zero-width non-joiner of Persian, and apostrophes. Some people write the halves as
 * one word, some as two, so both are found.
 */
export const JOINER = /['\u2019\u02bc\u200c]+/u;
/** Folding makes no more of these than small letters. */
export const PLAIN = /^[A-Za-z0-9]+$/u;

/** Words of a text that was folded. */
export const FOLDED = /[\p{L}\p{N}\p{M}]+/gu;

/** A piece of a word in one script. */
interface Run {
  readonly text: string;
  readonly dense: boolean;
}

function runsOf(word: string): Run[] {
  if (!DENSE.test(word)) return [{ text: word, dense: false }];
  return (word.match(RUNS) ?? []).map((text) => ({ text, dense: DENSE.test(text) }));
}

/** Terms of other words that came by of late: nine of ten words of a text did. 4 MB at most. */
const termsOfWords = new Map<string, readonly string[]>();
const REMEMBERED = 32_768;
/** Longer ones hardly come twice. */
const MAX_REMEMBERED = 32;

/**
 * Tells of the terms under which a text is found, in the order of its words; of some more than once.
 * @param visit a term is what stands in `within` from `start` to `end`: most words are terms as they were written, and need
 *   not be cut out of their text to be looked up
 */
export function eachTerm(text: string, visit: (within: string, start: number, end: number) => void): void {
  eachWord(text, (start, end, small) => {
    if (small) {
      visit(text, start, Math.min(end, start + MAX_TERM));
      return;
    }
    const word = text.slice(start, end);
    if (PLAIN.test(word)) visit(word.toLowerCase(), 0, Math.min(word.length, MAX_TERM));
    else for (const term of termsOf(word)) visit(term, 0, term.length);
  });
}

/** Adds the terms under which a text is found. */
export function addTerms(text: string, terms: Set<string>): void {
  eachTerm(text, (within, start, end) => terms.add(within.slice(start, end)));
}

/** Terms of a word, and of its halves where it has some. */
function termsOf(word: string): readonly string[] {
  const known = termsOfWords.get(word);
  if (known !== undefined) return known;
  const terms = new Set<string>();
  const halves = word.split(JOINER);
  addFolded(halves.join(""), terms);
  if (halves.length > 1) for (const half of halves) addFolded(half, terms);
  const found = [...terms];
  if (word.length <= MAX_REMEMBERED) {
    if (termsOfWords.size >= REMEMBERED) termsOfWords.clear();
    termsOfWords.set(word, found);
  }
  return found;
}

function addFolded(word: string, terms: Set<string>): void {
  // Folding takes some characters apart into several words.
  for (const part of fold(word).match(FOLDED) ?? []) {
    for (const { dense, text } of runsOf(part)) {
      if (dense) for (const pair of pairsOf(text)) terms.add(pair);
      else terms.add(text.slice(0, MAX_TERM));
    }
  }
}

/** All pairs of neighbours, and the last character alone: so every character begins a term. */
function pairsOf(run: string): string[] {
  const characters = Array.from(run);
  return characters.map((character, at) => character + (characters[at + 1] ?? ""));
}

/** What has to stand in a text: a term, or one that begins with it. */
export interface SearchTerm {
  readonly term: string;
  readonly prefix: boolean;
}

/** Of longer queries the rest is left out: sixteen words name one text as well as thirty. */
const MAX_TERMS = 16;

/**
 * What was typed, as terms that all have to be found. The last word may still be on its way, so it counts as a beginning,
 * unless something stands behind it.
 */
export function searchTerms(typed: string): readonly SearchTerm[] {
  const found = new Map<string, boolean>();
  eachWord(typed, (start, end) => {
    const parts = fold(typed.slice(start, end).split(JOINER).join("")).match(FOLDED) ?? [];
    const runs = parts.flatMap((part) => runsOf(part));
    for (const [at, { dense, text }] of runs.entries()) {
      const open = end === typed.length && at === runs.length - 1;
      for (const term of dense ? wholePairs(text) : [text.slice(0, MAX_TERM)]) {
        const prefix = dense ? isSingle(term) : open;
        found.set(term, (found.get(term) ?? true) && prefix);
      }
    }
  });
  return [...found].slice(0, MAX_TERMS).map(([term, prefix]) => ({ term, prefix }));
}

function isSingle(term: string): boolean {
  return Array.from(term).length === 1;
}

/** The pairs of what was typed; a single character stands for every pair that begins with it. */
function wholePairs(run: string): string[] {
  const pairs = pairsOf(run);
  return pairs.length > 1 ? pairs.slice(0, -1) : pairs;
}

/** A part of a text, in UTF-16 units. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

/** Where in a text the terms stand, in order and apart from each other: whole words, or the characters of pairs. */
export function spansOf(text: string, terms: readonly SearchTerm[]): readonly TextSpan[] {
  if (terms.length === 0) return [];
  const spans: { start: number; end: number }[] = [];
  const mark = (start: number, end: number): void => {
    const before = spans.at(-1);
    if (before !== undefined && start <= before.end) before.end = Math.max(before.end, end);
    else spans.push({ start, end });
  };
  eachWord(text, (start, end) => {
    const word = text.slice(start, end);
    if (DENSE.test(word)) markPairs(word, start, terms, mark);
    else if (isFound(word, terms)) mark(start, end);
  });
  return spans;
}

function isFound(word: string, terms: readonly SearchTerm[]): boolean {
  const own = termsOf(word);
  return terms.some(({ prefix, term }) =>
    prefix ? own.some((candidate) => candidate.startsWith(term)) : own.includes(term),
  );
}

function markPairs(
  word: string,
  offset: number,
  terms: readonly SearchTerm[],
  mark: (start: number, end: number) => void,
): void {
  let from = offset;
  for (const run of word.match(RUNS) ?? []) {
    if (!DENSE.test(run)) {
      if (isFound(run, terms)) mark(from, from + run.length);
      from += run.length;
      continue;
    }
    const characters = Array.from(run);
    for (const [at, character] of characters.entries()) {
      const pair = fold(character + (characters[at + 1] ?? ""));
      for (const { prefix, term } of terms) {
        if (pair === term) mark(from, from + character.length + (characters[at + 1] ?? "").length);
        else if (prefix && pair.startsWith(term)) mark(from, from + character.length);
      }
      from += character.length;
    }
  }
}
