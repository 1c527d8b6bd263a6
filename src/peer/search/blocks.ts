import type { SearchTerm } from "../../social/search/index.ts";

/**
 * Envelopes of one block: the index is kept and read in blocks of so many arrival numbers. Indexed at 20,000 a second, one
 * takes a fifth of a second to make, and what is lost in a crash is the last one.
 */
export const BLOCK = 4_096;
const WORDS = BLOCK / 32;

/** Number of the block that an arrival number lies in. Arrival numbers begin at 1. */
export function blockOf(seq: number): number {
  return Math.floor((seq - 1) / BLOCK);
}

/** Which of its documents: 0 to 4,095. */
export function placeIn(seq: number): number {
  return (seq - 1) % BLOCK;
}

/** The arrival number of a block's first document. */
export function firstOf(block: number): number {
  return block * BLOCK + 1;
}

/** One bit for each document of a block. */
export type Bits = Uint32Array;

export function noBits(): Bits {
  return new Uint32Array(WORDS);
}

export function setBit(bits: Bits, place: number): void {
  bits[place >>> 5] = (bits[place >>> 5] as number) | (1 << (place & 31));
}

/** Something in which the documents of a term can be looked up. */
export interface TermIndex {
  /** Sets the bits of the documents in which this stands. */
  find(term: SearchTerm, bits: Bits): void;
}

/** The documents in which all of the terms stand; of no terms all that there can be. */
export function matching(index: TermIndex, terms: readonly SearchTerm[]): Bits {
  const all = noBits().fill(0xffff_ffff);
  const found = noBits();
  for (const term of terms) {
    found.fill(0);
    index.find(term, found);
    let left = 0;
    for (let at = 0; at < WORDS; at += 1) left |= all[at] = (all[at] as number) & (found[at] as number);
    if (left === 0) break;
  }
  return all;
}

export function hasBit(bits: Bits, place: number): boolean {
  return ((bits[place >>> 5] as number) & (1 << (place & 31))) !== 0;
}

/** Calls `visit` with every place whose bit is set, ascending. */
export function eachBit(bits: Bits, visit: (place: number) => void): void {
  for (let at = 0; at < WORDS; at += 1) {
    // The lowest bit that is set, again and again.
    for (let left = bits[at] as number; left !== 0; left &= left - 1) visit(at * 32 + 31 - Math.clz32(left & -left));
  }
}
