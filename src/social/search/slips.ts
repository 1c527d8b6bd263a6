/** Slips of the finger: how many letters of a word may differ from what was meant. */
import { DENSE } from "./words.ts";

/** Of shorter words another word would be left. */
const SHORTEST = 4;
/** From this length on two letters may differ, as in the fuzziness AUTO of Elasticsearch. */
const LONG = 6;
const LETTERS = /^[\p{L}\p{M}]+$/u;

/** Letters that may be wrong, missing or too many. Characters that stand for syllables or words are none. */
export function slipsIn(term: string): number {
  if (term.length < SHORTEST || DENSE.test(term)) return 0;
  return term.length < LONG ? 1 : 2;
}

/** The term with each two neighbours exchanged, the commonest slip, where {@link slipsIn} does not cover that it is two letters. */
export function swapsOf(term: string): string[] {
  if (slipsIn(term) !== 1) return [];
  const swaps = new Set<string>();
  for (let at = 0; at < term.length - 1; at += 1) {
    swaps.add(term.slice(0, at) + term.charAt(at + 1) + term.charAt(at) + term.slice(at + 2));
  }
  swaps.delete(term);
  return [...swaps];
}

/** Whether a term is a word with a spelling: letters of an alphabet, and no number or address. */
export function isSpelt(term: string): boolean {
  return term.length >= SHORTEST - 1 && LETTERS.test(term) && !DENSE.test(term);
}
