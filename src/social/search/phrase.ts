import { fold } from "./fold.ts";
import { eachWord } from "./scan.ts";
import { DENSE, FOLDED, JOINER, PLAIN } from "./words.ts";

/** Quotation marks of the keyboards that people have, straight and curled, and of Persian, French, German and wide ones. */
const QUOTED =
  /["\u201c\u201d\u201e\u00ab\u00bb\uff02]([^"\u201c\u201d\u201e\u00ab\u00bb\uff02]*)(["\u201c\u201d\u201e\u00ab\u00bb\uff02]|$)/gu;

/** Between words. */
const GAP = " ";
/** Between halves of a word that some write as one and some as two. */
const SOFT = "\u200c";

/** Words that have to stand one after another. */
export interface Phrase {
  /** In one spelling; what is between the words of a text does not count. */
  readonly words: string;
  /** The last word may be a beginning: it is still being typed. */
  readonly open: boolean;
}

/**
 * What was typed in quotation marks; one that was not closed yet goes up to the end. A single word is none: what stands behind
 * it has made it a whole one already.
 */
export function phrasesIn(typed: string): readonly Phrase[] {
  return Array.from(typed.matchAll(QUOTED)).flatMap(([, inside = "", closing]) => {
    const words = inOneSpelling(inside);
    if (!words.includes(GAP) && !words.includes(SOFT) && !DENSE.test(words)) return [];
    let end = 0;
    eachWord(inside, (_start, last) => (end = last));
    return [{ words, open: closing === "" && end === inside.length }];
  });
}

/** Whether the words of a phrase stand in a text one after another. */
export function hasPhrase(text: string, { open, words }: Phrase): boolean {
  const within = inOneSpelling(text);
  for (
    let from = within.indexOf(words[0] as string);
    from !== -1;
    from = within.indexOf(words[0] as string, from + 1)
  ) {
    if (isEdge(within, from) && stands(within, from, words, open)) return true;
  }
  return false;
}

function inOneSpelling(text: string): string {
  const words: string[] = [];
  eachWord(text, (start, end, small) => {
    const word = text.slice(start, end);
    if (small || PLAIN.test(word)) words.push(word.toLowerCase());
    else words.push(...word.split(JOINER).map(foldedOf).join(SOFT).split(GAP));
  });
  return words.filter((word) => word !== "").join(GAP);
}

/** Folding takes some characters apart into several words. */
function foldedOf(word: string): string {
  return (fold(word).match(FOLDED) ?? []).join(GAP);
}

/** Halves that one side has as one word and the other as two, or the two as one, are the same. */
function stands(text: string, from: number, words: string, open: boolean): boolean {
  let [at, next] = [from, 0];
  while (next < words.length) {
    const [own, wanted] = [text[at], words[next]];
    if (own === wanted || (own === SOFT && wanted === GAP) || (own === GAP && wanted === SOFT)) {
      at += 1;
      next += 1;
    } else if (own === SOFT) at += 1;
    else if (wanted === SOFT) next += 1;
    else return false;
  }
  return open || isEdge(text, at);
}

/** Whether a word can begin or end there: scripts without spaces have words wherever one looks for them. */
function isEdge(text: string, at: number): boolean {
  const [before, after] = [pointBefore(text, at), text.codePointAt(at)];
  if (before === undefined || after === undefined) return true;
  const sides = [String.fromCodePoint(before), String.fromCodePoint(after)];
  return sides.some((side) => side === GAP || side === SOFT || DENSE.test(side));
}

function pointBefore(text: string, at: number): number | undefined {
  if (at === 0) return undefined;
  const unit = text.charCodeAt(at - 1);
  const isLowHalf = unit >= 0xdc00 && unit <= 0xdfff;
  return text.codePointAt(isLowHalf && at > 1 ? at - 2 : at - 1);
}
