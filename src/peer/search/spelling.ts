/** Words that are held and are spelt nearly as one that was typed. */
import SearchableMap from "minisearch/SearchableMap";
import { eachWord, isSpelt, searchTerms, slipsIn, swapsOf, type TextSpan } from "../../social/search/index.ts";

/** Of more words those that stand in the fewest envelopes are left out: 6 to 13 MB (measured in Node). */
const MOST_WORDS = 30_000;
/** Words that are gone through at one go: some 5 ms. */
const SLICE = 4_096;
/** Words that stand in more envelopes are not told apart where words have to be left out. */
const OFTEN = 256;

/** In how many envelopes a word stands. */
export type WordCount = readonly [word: string, envelopes: number];

/** A word to stand in the place of another. */
export interface Correction extends TextSpan {
  /** In one spelling, as all words are looked up. */
  readonly word: string;
}

/** The words of what is held, in a tree that is walked with slips of the finger (minisearch). Made when somebody searches in vain. */
export class Spelling {
  readonly #words: SearchableMap<number>;

  private constructor(words: SearchableMap<number>) {
    this.#words = words;
  }

  /** @param breathe lets others have their turn */
  static async of(counts: Iterable<WordCount>, breathe: () => Promise<void>): Promise<Spelling> {
    const sums = new Map<string, number>();
    let read = 0;
    for (const [word, envelopes] of counts) {
      if (++read % SLICE === 0) await breathe();
      if (isSpelt(word)) sums.set(word, (sums.get(word) ?? 0) + envelopes);
    }
    // Counted instead of sorted: at one go that would be a tenth of a second.
    const byCount = new Uint32Array(OFTEN + 1);
    for (const envelopes of sums.values()) {
      if (++read % SLICE === 0) await breathe();
      byCount[Math.min(envelopes, OFTEN)]! += 1;
    }
    // What stands in one envelope only may be a slip as well.
    let least = OFTEN;
    for (let words = byCount[least] as number; least > 2; least -= 1) {
      words += byCount[least - 1] as number;
      if (words > MOST_WORDS) break;
    }
    const words = new SearchableMap<number>();
    let room = MOST_WORDS;
    for (const [word, envelopes] of sums) {
      if (++read % SLICE === 0) await breathe();
      if (envelopes < least) continue;
      words.set(word, envelopes);
      if (--room === 0) break;
    }
    return new Spelling(words);
  }

  /** The one with the fewest letters that differ, of these the one that stands in most envelopes; `null` where none is near. */
  nearest(term: string): string | null {
    const near = Array.from(this.#words.fuzzyGet(term, slipsIn(term)), ([word, [envelopes, slips]]) => ({
      word,
      envelopes,
      slips,
    }));
    for (const word of swapsOf(term)) near.push({ word, envelopes: this.#words.get(word) ?? 0, slips: 1 });
    const found = near.filter(({ envelopes, word }) => envelopes > 0 && word !== term);
    return found.toSorted((a, b) => a.slips - b.slips || b.envelopes - a.envelopes)[0]?.word ?? null;
  }

  /**
   * Another word for each that stands nowhere, in their order; `null` where there is none for one of them, or nothing to correct.
   * @param stands whether something is held in which this word stands
   */
  corrections(typed: string, stands: (term: string, prefix: boolean) => boolean): readonly Correction[] | null {
    const corrections: (Correction | null)[] = [];
    eachWord(typed, (start, end) => {
      // With what stands behind it, which tells whether it may be a beginning.
      const terms = searchTerms(typed.slice(start, end === typed.length ? end : end + 1));
      if (terms.every(({ prefix, term }) => stands(term, prefix))) return;
      const [only] = terms;
      const word = terms.length === 1 && only !== undefined ? this.nearest(only.term) : null;
      corrections.push(word === null ? null : { start, end, word });
    });
    if (corrections.length === 0 || corrections.includes(null)) return null;
    return corrections as Correction[];
  }
}

/** What was typed with these words in the place of others. */
export function corrected(typed: string, corrections: readonly Correction[]): string {
  return corrections
    .toReversed()
    .reduce((text, { end, start, word }) => text.slice(0, start) + word + text.slice(end), typed);
}
