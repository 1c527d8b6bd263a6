import type { SearchTerm } from "../../social/search/index.ts";
import { BLOCK, hasBit, setBit, type Bits, type TermIndex } from "./blocks.ts";
import type { GrowingIndex } from "./growing.ts";
import type { WordCount } from "./spelling.ts";

/**
 * Raise when the bytes, the terms of a text, or what is indexed of an envelope change: older blocks are then made anew.
 * Written as the machine has its numbers; read by one of the other kind it is another format.
 */
const FORMAT = 1;
/** Format, documents, terms, characters, postings, and room for one more. */
const HEAD_WORDS = 6;
export const SALT_BYTES = 16;
const SALT_WORDS = SALT_BYTES / 4;
/** One bit for each document: whether the text of its post was there as well. */
const TEXT_WORDS = BLOCK / 32;
const FIXED_WORDS = HEAD_WORDS + SALT_WORDS + TEXT_WORDS;

/** Terms that are packed at one go: some 5 ms. */
const STRETCH = 4_096;

interface Layout {
  readonly documents: number;
  readonly terms: number;
  readonly characters: number;
  readonly postings: number;
}

/** Bytes of a block with so much in it. */
function bytesOf({ characters, postings, terms }: Layout): number {
  return (FIXED_WORDS + 2 * (terms + 1)) * 4 + (characters + postings) * 2;
}

/**
 * A block that is complete: its terms in order, in one array, and behind them the documents of each, in another. 75 bytes an
 * envelope on average, in memory as on disk; a term is found by halving, and what begins alike is one stretch of documents.
 */
export class FrozenIndex implements TermIndex {
  readonly bytes: Uint8Array;
  /** Documents when it was made. */
  readonly documents: number;
  readonly #texts: Uint32Array;
  /** Where each term begins among the characters, and its documents among the postings; one more at the end. */
  readonly #termStarts: Uint32Array;
  readonly #postingStarts: Uint32Array;
  /** UTF-16, in the order of which the terms stand. */
  readonly #characters: Uint16Array;
  readonly #postings: Uint16Array;

  private constructor(buffer: ArrayBuffer, layout: Layout) {
    const { characters, documents, postings, terms } = layout;
    this.bytes = new Uint8Array(buffer);
    this.documents = documents;
    let at = (HEAD_WORDS + SALT_WORDS) * 4;
    this.#texts = new Uint32Array(buffer, at, TEXT_WORDS);
    at += TEXT_WORDS * 4;
    this.#termStarts = new Uint32Array(buffer, at, terms + 1);
    at += (terms + 1) * 4;
    this.#postingStarts = new Uint32Array(buffer, at, terms + 1);
    at += (terms + 1) * 4;
    this.#characters = new Uint16Array(buffer, at, characters);
    at += characters * 2;
    this.#postings = new Uint16Array(buffer, at, postings);
  }

  /**
   * @param texts bits of the documents whose post was indexed with them
   * @param salt 16 bytes by which the hash of the block tells nobody what is in it
   * @param breathe lets others have their turn: all at once it would take 20 ms, and five times that on a slow device
   */
  static async of(
    grown: GrowingIndex,
    texts: Bits,
    documents: number,
    salt: Uint8Array,
    breathe: () => Promise<void>,
  ): Promise<FrozenIndex> {
    await breathe();
    const sorted = await grown.inOrder(breathe);
    const layout = { documents, terms: sorted.length, characters: grown.characters, postings: grown.postings };
    const buffer = new ArrayBuffer(bytesOf(layout));
    const head = [FORMAT, documents, layout.terms, layout.characters, layout.postings];
    new Uint32Array(buffer, 0, HEAD_WORDS).set(head);
    new Uint8Array(buffer, HEAD_WORDS * 4, SALT_BYTES).set(salt.subarray(0, SALT_BYTES));
    const index = new FrozenIndex(buffer, layout);
    index.#texts.set(texts);
    let [character, posting] = [0, 0];
    for (const [number, term] of sorted.entries()) {
      if (number % STRETCH === 0) await breathe();
      index.#termStarts[number] = character;
      index.#postingStarts[number] = posting;
      const units = grown.unitsOf(term);
      index.#characters.set(units, character);
      character += units.length;
      grown.each(term, (document) => (index.#postings[posting++] = document));
    }
    index.#termStarts[sorted.length] = character;
    index.#postingStarts[sorted.length] = posting;
    return index;
  }

  /** What `bytes` was once; `null` for what is none, or was written by other code. */
  static read(bytes: Uint8Array): FrozenIndex | null {
    if (bytes.length < FIXED_WORDS * 4) return null;
    const { buffer } = bytes.slice();
    const [format, documents, terms, characters, postings] = new Uint32Array(buffer, 0, HEAD_WORDS) as unknown as [
      number,
      number,
      number,
      number,
      number,
    ];
    const layout = { documents, terms, characters, postings };
    if (format !== FORMAT || documents > BLOCK || bytesOf(layout) !== bytes.length) return null;
    const index = new FrozenIndex(buffer, layout);
    return index.#isSound() ? index : null;
  }

  /** Whether the text of this document's post was indexed with it. */
  hasText(place: number): boolean {
    return hasBit(this.#texts, place);
  }

  /** Each of its terms and the number of its documents. */
  *words(): Generator<WordCount> {
    for (let number = 0; number < this.#termStarts.length - 1; number += 1) {
      const units = this.#characters.subarray(this.#termStarts[number], this.#termStarts[number + 1]);
      const documents = (this.#postingStarts[number + 1] as number) - (this.#postingStarts[number] as number);
      yield [String.fromCharCode(...units), documents];
    }
  }

  find({ prefix, term }: SearchTerm, bits: Bits): void {
    const first = this.#firstNotBelow(term, false);
    const end = prefix ? this.#firstNotBelow(term, true) : first + (this.#is(first, term) ? 1 : 0);
    const last = this.#postingStarts[end] as number;
    for (let at = this.#postingStarts[first] as number; at < last; at += 1) setBit(bits, this.#postings[at] as number);
  }

  /** The first term that is not before `term`; with `behind` the first behind all that begin with it. */
  #firstNotBelow(term: string, behind: boolean): number {
    let low = 0;
    let high = this.#termStarts.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = this.#compare(middle, term);
      if (order < 0 || (behind && order === 0)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Negative where the term of this number stands before `term`, 0 where it begins with it. */
  #compare(number: number, term: string): number {
    const start = this.#termStarts[number] as number;
    const length = (this.#termStarts[number + 1] as number) - start;
    for (let at = 0; at < term.length; at += 1) {
      if (at === length) return -1;
      const difference = (this.#characters[start + at] as number) - term.charCodeAt(at);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  #is(number: number, term: string): boolean {
    if (number >= this.#termStarts.length - 1) return false;
    const length = (this.#termStarts[number + 1] as number) - (this.#termStarts[number] as number);
    return length === term.length && this.#compare(number, term) === 0;
  }

  /** Whether every number in it points into it. Its record has a checksum; this keeps other code's bytes from being read. */
  #isSound(): boolean {
    const ascends = (starts: Uint32Array, end: number): boolean =>
      starts[0] === 0 && starts.at(-1) === end && starts.every((start, at) => at === 0 || start >= starts[at - 1]!);
    return (
      ascends(this.#termStarts, this.#characters.length) &&
      ascends(this.#postingStarts, this.#postings.length) &&
      this.#postings.every((place) => place < BLOCK)
    );
  }
}
