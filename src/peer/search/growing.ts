import type { SearchTerm } from "../../social/search/index.ts";
import { setBit, type Bits, type TermIndex } from "./blocks.ts";
import type { WordCount } from "./spelling.ts";

/** Terms for which there is room at first: late texts have an index of their own, and some are short. */
const ROOM = 256;
/** Terms that are sorted at one go: 1 to 5 ms. */
const SORTED_AT_ONCE = 4_096;
/** So many that begin alike are put in order by comparing them. */
const FEW = 8;
/** Behind the last document of a term. */
const NONE = -1;

/** Secret numbers by which terms are spread: who cannot know them cannot write terms that all fall into one place. */
export interface Spread {
  readonly seed: number;
  readonly factor: number;
}

/**
 * Terms of a block to which documents are still added, in typed arrays: a hash table (open addressing, linear probing) of where
 * the characters of each term stand, and a list of its documents. A term is looked up where it stands in its text: a Map wants
 * each word cut out as a string of its own, with which all of the indexing took 1.4 times as long (measured), and a radix tree
 * is slower still.
 */
export class GrowingIndex implements TermIndex {
  readonly #spread: Spread;
  /** Number of the term + 1; 0 where there is none. At most half of them are taken. */
  #slots = new Int32Array(ROOM * 2);
  #hashes = new Int32Array(ROOM);
  /** Where each term begins among the characters; one more at the end. */
  #starts = new Uint32Array(ROOM + 1);
  #characters = new Uint16Array(ROOM * 8);
  /** The first and the last of the term's documents among all. */
  #first = new Int32Array(ROOM);
  #last = new Int32Array(ROOM);
  #documents = new Uint16Array(ROOM);
  /** Where the next document of the same term is. */
  #next = new Int32Array(ROOM);
  #terms = 0;
  #postings = 0;

  constructor(spread: Spread) {
    this.#spread = spread;
  }

  /** Different terms in it. */
  get terms(): number {
    return this.#terms;
  }

  /** UTF-16 units of all terms. */
  get characters(): number {
    return this.#starts[this.#terms] as number;
  }

  /** Documents of all terms. */
  get postings(): number {
    return this.#postings;
  }

  /**
   * Adds the term that stands there in `text` to a document.
   * @returns whether the document did not have it yet, for documents that are added one after another
   */
  add(place: number, text: string, start = 0, end: number = text.length): boolean {
    const hash = this.#hashOf(text, start, end);
    const slot = this.#slotOf(hash, text, start, end);
    const known = (this.#slots[slot] as number) - 1;
    if (known !== -1 && this.#documents[this.#last[known] as number] === place) return false;
    const term = known === -1 ? this.#addTerm(slot, hash, text, start, end) : known;
    const posting = this.#postings++;
    if (posting === this.#next.length) {
      this.#next = grown(this.#next, new Int32Array(posting * 2));
      this.#documents = grown(this.#documents, new Uint16Array(posting * 2));
    }
    this.#documents[posting] = place;
    this.#next[posting] = NONE;
    if (known === -1) this.#first[term] = posting;
    else this.#next[this.#last[term] as number] = posting;
    this.#last[term] = posting;
    return true;
  }

  find({ prefix, term }: SearchTerm, bits: Bits): void {
    const set = (document: number): void => setBit(bits, document);
    if (prefix) {
      // All of 25,000 are looked at in 0.2 ms: most differ in their first character.
      for (let number = 0; number < this.#terms; number += 1) if (this.#begins(number, term)) this.each(number, set);
      return;
    }
    const slot = this.#slotOf(this.#hashOf(term, 0, term.length), term, 0, term.length);
    const number = (this.#slots[slot] as number) - 1;
    if (number !== -1) this.each(number, set);
  }

  /** Calls `visit` with the documents of a term, in the order in which they were added. */
  each(term: number, visit: (document: number) => void): void {
    for (let at = this.#first[term] as number; at !== NONE; at = this.#next[at] as number) {
      visit(this.#documents[at] as number);
    }
  }

  /** Each of its terms and the number of its documents. */
  *words(): Generator<WordCount> {
    for (let term = 0; term < this.#terms; term += 1) {
      let documents = 0;
      this.each(term, () => (documents += 1));
      yield [String.fromCharCode(...this.unitsOf(term)), documents];
    }
  }

  /** UTF-16 units of a term; good until the next one is added. */
  unitsOf(term: number): Uint16Array {
    return this.#characters.subarray(this.#starts[term], this.#starts[term + 1]);
  }

  /**
   * Numbers of the terms, in the order of their UTF-16 units; no term is added meanwhile. Two units at a time, as numbers,
   * which a machine sorts fastest: what is alike so far is sorted by its next two, and the last few by comparing them.
   * @param breathe lets others have their turn: at one go the first block of a start took 30 ms, its code being cold
   */
  async inOrder(breathe: () => Promise<void>): Promise<Uint32Array> {
    const order = Uint32Array.from({ length: this.#terms }, (_, term) => term);
    const keys = new Float64Array(this.#terms);
    const alike = [{ from: 0, to: order.length, unit: 0 }];
    let sorted = 0;
    for (let part = alike.pop(); part !== undefined; part = alike.pop()) {
      const { from, to, unit } = part;
      sorted += to - from;
      if (sorted >= SORTED_AT_ONCE) {
        await breathe();
        sorted = 0;
      }
      if (to - from <= FEW) {
        order.subarray(from, to).sort((a, b) => this.#compare(a, b));
        continue;
      }
      const own = keys.subarray(from, to);
      for (let at = from; at < to; at += 1) {
        const term = order[at] as number;
        keys[at] = this.#pairAt(term, unit) * 2 ** 21 + term;
      }
      own.sort();
      for (let at = from; at < to; at += 1) order[at] = (keys[at] as number) % 2 ** 21;
      const pairAt = (at: number): number => Math.floor((keys[at] as number) / 2 ** 21);
      for (let first = from, end = from + 1; first < to; first = end, end += 1) {
        while (end < to && pairAt(end) === pairAt(first)) end += 1;
        // Where both units are 0 all of them have ended.
        if (end - first > 1 && pairAt(first) !== 0) alike.push({ from: first, to: end, unit: unit + 2 });
      }
    }
    return order;
  }

  #addTerm(slot: number, hash: number, text: string, start: number, end: number): number {
    const term = this.#terms++;
    if (term === this.#hashes.length) this.#makeRoom(term * 2);
    let at = this.#starts[term] as number;
    if (at + end - start > this.#characters.length) {
      this.#characters = grown(this.#characters, new Uint16Array((at + end - start) * 2));
    }
    for (let unit = start; unit < end; unit += 1) this.#characters[at++] = text.charCodeAt(unit);
    this.#starts[term + 1] = at;
    this.#hashes[term] = hash;
    this.#slots[slot] = term + 1;
    if (this.#terms * 2 > this.#slots.length) this.#spreadAnew();
    return term;
  }

  #makeRoom(terms: number): void {
    this.#hashes = grown(this.#hashes, new Int32Array(terms));
    this.#starts = grown(this.#starts, new Uint32Array(terms + 1));
    this.#first = grown(this.#first, new Int32Array(terms));
    this.#last = grown(this.#last, new Int32Array(terms));
  }

  #spreadAnew(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    for (let term = 0; term < this.#terms; term += 1) {
      let slot = (this.#hashes[term] as number) & (slots.length - 1);
      while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = term + 1;
    }
    this.#slots = slots;
  }

  #hashOf(text: string, start: number, end: number): number {
    const { factor, seed } = this.#spread;
    let hash = seed;
    for (let at = start; at < end; at += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(at), factor);
      hash ^= hash >>> 15;
    }
    return hash;
  }

  /** Where the term is, or belongs. */
  #slotOf(hash: number, text: string, start: number, end: number): number {
    const slots = this.#slots;
    for (let slot = hash & (slots.length - 1); ; slot = (slot + 1) & (slots.length - 1)) {
      const term = (slots[slot] as number) - 1;
      if (term === -1 || (this.#hashes[term] === hash && this.#is(term, text, start, end))) return slot;
    }
  }

  #is(term: number, text: string, start: number, end: number): boolean {
    const first = this.#starts[term] as number;
    if ((this.#starts[term + 1] as number) - first !== end - start) return false;
    for (let at = start; at < end; at += 1) {
      if (this.#characters[first + at - start] !== text.charCodeAt(at)) return false;
    }
    return true;
  }

  #begins(term: number, prefix: string): boolean {
    const first = this.#starts[term] as number;
    if ((this.#starts[term + 1] as number) - first < prefix.length) return false;
    for (let at = 0; at < prefix.length; at += 1) {
      if (this.#characters[first + at] !== prefix.charCodeAt(at)) return false;
    }
    return true;
  }

  /** Two of its units as one number; 0 stands for each that is behind its end. */
  #pairAt(term: number, unit: number): number {
    const first = (this.#starts[term] as number) + unit;
    const left = (this.#starts[term + 1] as number) - first;
    const [one, other] = [left > 0 ? this.#characters[first] : 0, left > 1 ? this.#characters[first + 1] : 0];
    return (one as number) * 0x1_0000 + (other as number);
  }

  #compare(one: number, other: number): number {
    const [a, b] = [this.#starts[one] as number, this.#starts[other] as number];
    const length = (this.#starts[one + 1] as number) - a;
    const otherLength = (this.#starts[other + 1] as number) - b;
    for (let at = 0; at < length && at < otherLength; at += 1) {
      const difference = (this.#characters[a + at] as number) - (this.#characters[b + at] as number);
      if (difference !== 0) return difference;
    }
    return length - otherLength;
  }
}

function grown<Numbers extends Int32Array | Uint32Array | Uint16Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}
