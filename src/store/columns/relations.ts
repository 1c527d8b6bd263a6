import type { Relation } from "../port.ts";
import { NONE } from "./arrays.ts";
import type { HalfSip } from "../../hash/index.ts";
import type { Postings } from "./postings.ts";

export interface SavedRelations {
  readonly slots: Uint32Array;
  readonly entries: number;
}

/** HalfSipHash domains, so that a reply to X and a boost of X are different keys; 0 is the key tables'. */
const DOMAIN: Readonly<Record<Relation, number>> = { reply: 1, boost: 2, reference: 3, post: 4 };
const FIRST_SLOTS = 16;
/** Words of a slot: both halves of the fingerprint, and the value. */
const WIDTH = 3;
/** Set in a value that names a posting list; else the value is row + 1, and 0 is an empty slot. */
const LIST = 0x8000_0000;

/** Where rows that point to something are: one row, or a posting list. */
export type Pointing = { readonly row: number } | { readonly list: number };

/**
 * (relation, target hash) to the rows that point there.
 *
 * A target is known by its keyed 64-bit fingerprint instead of its 32 bytes: nobody outside knows the key, so a wrong
 * match is an accident of 2^-64 for each pair, and each envelope saves 24 bytes for its post alone.
 * Most targets (every post) have one row, kept in the slot itself; a second row makes a posting list.
 */
export class Relations {
  #slots: Uint32Array = new Uint32Array(FIRST_SLOTS * WIDTH);
  #entries = 0;
  readonly #sip: HalfSip;
  readonly #postings: Postings;

  constructor(sip: HalfSip, postings: Postings, saved?: SavedRelations) {
    this.#sip = sip;
    this.#postings = postings;
    if (saved === undefined) return;
    this.#slots = saved.slots;
    this.#entries = saved.entries;
  }

  /**
   * Notes that `row` points to `target`.
   * @returns the posting list into which the caller still has to put the row, or `NONE` when nothing is left to do
   */
  add(relation: Relation, target: Uint8Array, row: number): number {
    if ((this.#entries + 1) * 4 > (this.#slots.length / WIDTH) * 3) {
      this.#rebuild((this.#slots.length / WIDTH) * 2, (value) => value);
    }
    this.#sip.digest(target, 0, DOMAIN[relation]);
    const low = this.#sip.low;
    const high = this.#sip.high;
    const at = this.#find(low, high);
    const value = this.#slots[at + 2]!;
    if (value === 0) {
      this.#slots[at] = low;
      this.#slots[at + 1] = high;
      this.#slots[at + 2] = row + 1;
      this.#entries += 1;
      return NONE;
    }
    if (value >= LIST) return value - LIST;
    const list = this.#postings.create();
    this.#postings.insert(list, [value - 1]);
    this.#slots[at + 2] = LIST + list;
    return list;
  }

  /** Where the rows that point to `target` are: one row, a posting list, or nowhere. */
  find(relation: Relation, target: Uint8Array): Pointing | undefined {
    return this.findBy(...this.fingerprint(relation, target));
  }

  /** By what this target of the relation is known here: the same two words as long as the table has its seed. */
  fingerprint(relation: Relation, target: Uint8Array): [low: number, high: number] {
    this.#sip.digest(target, 0, DOMAIN[relation]);
    return [this.#sip.low, this.#sip.high];
  }

  /** As `find`, by the fingerprint. */
  findBy(low: number, high: number): Pointing | undefined {
    const value = this.#slots[this.#find(low, high) + 2]!;
    if (value === 0) return undefined;
    return value >= LIST ? { list: value - LIST } : { row: value - 1 };
  }

  /** Follows `Postings.remap`, which has to be done already: drops what points nowhere. */
  remap(renamed: Uint32Array): void {
    this.#rebuild(this.#slots.length / WIDTH, (value) => {
      if (value < LIST) {
        const row = renamed[value - 1]!;
        return row === NONE ? 0 : row + 1;
      }
      const list = value - LIST;
      if (this.#postings.length(list) > 0) return value;
      this.#postings.release(list);
      return 0;
    });
  }

  save(): SavedRelations {
    return { slots: this.#slots.slice(), entries: this.#entries };
  }

  /** Index of the slot of this fingerprint, or of the empty one where it belongs. */
  #find(low: number, high: number): number {
    const slots = this.#slots;
    const mask = slots.length / WIDTH - 1;
    let slot = low & mask;
    for (;;) {
      const at = slot * WIDTH;
      if (slots[at + 2] === 0 || (slots[at] === low && slots[at + 1] === high)) return at;
      slot = (slot + 1) & mask;
    }
  }

  #rebuild(slotCount: number, renamed: (value: number) => number): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(slotCount * WIDTH);
    this.#entries = 0;
    for (let from = 0; from < old.length; from += WIDTH) {
      const entry = old[from + 2]!;
      const value = entry === 0 ? 0 : renamed(entry);
      if (value === 0) continue;
      const at = this.#find(old[from]!, old[from + 1]!);
      this.#slots[at] = old[from]!;
      this.#slots[at + 1] = old[from + 1]!;
      this.#slots[at + 2] = value;
      this.#entries += 1;
    }
  }
}
