/** Words that are held and are spelt nearly as one that was typed. */
import SearchableMap from "minisearch/SearchableMap";
import { isSpelt, searchTerms, slipsIn, spansOf, swapsOf } from "../../social/search/index.ts";

/** Of more words those that stand in the fewest envelopes are left out: 6 to 13 MB (measured in Node). */
const MOST_WORDS = 30_000;
/** Words that are put in at one go: some 5 ms. */
const SLICE = 4_096;

/** In how many envelopes a word stands. */
export type WordCount = readonly [word: string, envelopes: number];

/** The words of what is held, in a tree that is walked with slips of the finger (minisearch). Made while somebody searches in vain. */
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
    // What only one has written may be a slip as well.
    const common = [...sums].filter(([, envelopes]) => envelopes > 1).sort(([, a], [, b]) => b - a);
    const words = new SearchableMap<number>();
    for (const [at, [word, envelopes]] of common.slice(0, MOST_WORDS).entries()) {
      if (at % SLICE === SLICE - 1) await breathe();
      words.set(word, envelopes);
    }
    return new Spelling(words);
  }

  /** The one with the fewest letters that differ, of these the one that stands in most envelopes; `null` where none is near. */
  nearest(term: string): string | null {
    const near = [...this.#words.fuzzyGet(term, slipsIn(term))].map(([word, [envelopes, slips]]) => ({
      word,
      envelopes,
      slips,
    }));
    for (const word of swapsOf(term)) near.push({ word, envelopes: this.#words.get(word) ?? 0, slips: 1 });
    const found = near.filter(({ envelopes, word }) => envelopes > 0 && word !== term);
    return found.toSorted((a, b) => a.slips - b.slips || b.envelopes - a.envelopes)[0]?.word ?? null;
  }

  /**
   * What was typed, with another word for each that stands nowhere; `null` where there is none to put in its place, or none is
   * missing.
   */
  correct(typed: string, stands: (term: string, prefix: boolean) => boolean): string | null {
    const changes: { start: number; end: number; word: string }[] = [];
    for (const { prefix, term } of searchTerms(typed)) {
      if (stands(term, prefix)) continue;
      const word = this.nearest(term);
      if (word === null) return null;
      for (const span of spansOf(typed, [{ term, prefix: false }])) changes.push({ ...span, word });
    }
    if (changes.length === 0) return null;
    let corrected = typed;
    for (const { end, start, word } of changes.toSorted((a, b) => b.start - a.start))
      corrected = corrected.slice(0, start) + word + corrected.slice(end);
    return corrected;
  }
}
