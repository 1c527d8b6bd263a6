import { NONE, withRoom } from "./arrays.ts";
import type { TimeOrder } from "./order.ts";

export interface SavedPostings {
  readonly arena: Uint32Array;
  readonly start: Uint32Array;
  readonly length: Uint32Array;
  readonly dead: Uint32Array;
  readonly sizeClass: Uint8Array;
  readonly freeList: number;
}

/** Block sizes: four to an octave, so that a block is at most a quarter empty, up to 1.8 billion rows. */
const SIZES: readonly number[] = [
  1,
  2,
  3,
  ...Array.from({ length: 29 * 4 }, (_, step) => (4 + (step % 4)) * 2 ** Math.floor(step / 4)),
];
/** A list without a block. */
const EMPTY_CLASS = 255;

/**
 * Many sorted lists of rows (one per author, per scope, ...) in one arena, so that a million lists of one row cost
 * some 20 bytes each instead of an object each, and a snapshot is a copy of six arrays.
 *
 * A list is sorted by `TimeOrder`. Removed rows stay until `remap`; readers skip them and `live` does not count them.
 */
export class Postings {
  #arena: Uint32Array = new Uint32Array(0);
  #arenaUsed = 0;
  /** First free block of each size, chained through the blocks' first words; `NONE` ends a chain. */
  #freeBlocks: Uint32Array = new Uint32Array(SIZES.length).fill(NONE);
  /** Room in free blocks. */
  #freeWords = 0;
  #start: Uint32Array = new Uint32Array(0);
  #length: Uint32Array = new Uint32Array(0);
  #dead: Uint32Array = new Uint32Array(0);
  #class: Uint8Array = new Uint8Array(0);
  #lists = 0;
  /** First free list id, chained through `#start`. */
  #freeList = NONE;
  readonly #order: TimeOrder;

  constructor(order: TimeOrder, saved?: SavedPostings) {
    this.#order = order;
    if (saved === undefined) return;
    this.#arena = saved.arena;
    this.#arenaUsed = saved.arena.length;
    this.#start = saved.start;
    this.#length = saved.length;
    this.#dead = saved.dead;
    this.#class = saved.sizeClass;
    this.#lists = saved.start.length;
    this.#freeList = saved.freeList;
  }

  /** Id of a new, empty list. */
  create(): number {
    let list = this.#freeList;
    if (list === NONE) {
      list = this.#lists;
      this.#lists += 1;
      this.#start = withRoom(this.#start, this.#lists);
      this.#length = withRoom(this.#length, this.#lists);
      this.#dead = withRoom(this.#dead, this.#lists);
      this.#class = withRoom(this.#class, this.#lists);
    } else {
      this.#freeList = this.#start[list]!;
    }
    this.#start[list] = 0;
    this.#length[list] = 0;
    this.#dead[list] = 0;
    this.#class[list] = EMPTY_CLASS;
    return list;
  }

  /** Gives the list's id and room back. */
  release(list: number): void {
    this.#releaseBlock(this.#start[list]!, this.#class[list]!);
    this.#length[list] = 0;
    this.#class[list] = EMPTY_CLASS;
    this.#start[list] = this.#freeList;
    this.#freeList = list;
  }

  /** A new list with the same rows. */
  copy(list: number): number {
    const copied = this.create();
    const length = this.#length[list]!;
    this.#reserve(copied, length);
    const from = this.#start[list]!;
    this.#arena.copyWithin(this.#start[copied]!, from, from + length);
    this.#length[copied] = length;
    this.#dead[copied] = this.#dead[list]!;
    return copied;
  }

  /** Rows in the list, removed ones included. */
  length(list: number): number {
    return this.#length[list]!;
  }

  /** Rows in the list that were not removed. */
  live(list: number): number {
    return this.#length[list]! - this.#dead[list]!;
  }

  /** Row at `position`, 0 being the oldest. */
  at(list: number, position: number): number {
    return this.#arena[this.#start[list]! + position]!;
  }

  /** All rows, oldest first; a view that is good until the next write. */
  rows(list: number): Uint32Array {
    const start = this.#start[list]!;
    return this.#arena.subarray(start, start + this.#length[list]!);
  }

  /** How many rows of the list are older than (`created`, `hash`). */
  countBefore(list: number, created: number, hash: Uint8Array): number {
    return this.#countWhile(list, (row) => this.#order.isBefore(row, created, hash));
  }

  /** How many rows of the list are (`created`, `hash`) or older. */
  countUpTo(list: number, created: number, hash: Uint8Array): number {
    return this.#countWhile(list, (row) => !this.#order.isAfter(row, created, hash));
  }

  /** Counts one row of the list as removed. */
  markDead(list: number): void {
    this.#dead[list] = this.#dead[list]! + 1;
  }

  /**
   * Adds rows that are sorted oldest first and not in the list yet.
   * Whole runs are moved at once, so a page of old envelopes costs one move of the list and not one for each row.
   */
  insert(list: number, rows: readonly number[]): void {
    const before = this.#length[list]!;
    this.#reserve(list, before + rows.length);
    const start = this.#start[list]!;
    const arena = this.#arena;
    let end = before;
    for (let remaining = rows.length; remaining > 0; remaining -= 1) {
      const row = rows[remaining - 1]!;
      const position = this.#positionOf(start, end, row);
      arena.copyWithin(start + position + remaining, start + position, start + end);
      arena[start + position + remaining - 1] = row;
      end = position;
    }
    this.#length[list] = before + rows.length;
  }

  /** Renames every row; rows that map to `NONE` leave their lists, in which nothing counts as removed afterwards. */
  remap(renamed: Uint32Array): void {
    const arena = this.#arena;
    for (let list = 0; list < this.#lists; list += 1) {
      if (this.#class[list] === EMPTY_CLASS) continue;
      const start = this.#start[list]!;
      const end = start + this.#length[list]!;
      let to = start;
      for (let from = start; from < end; from += 1) {
        const row = renamed[arena[from]!]!;
        if (row === NONE) continue;
        arena[to] = row;
        to += 1;
      }
      const length = to - start;
      this.#length[list] = length;
      this.#class[list] = length === 0 ? EMPTY_CLASS : classOf(length);
      this.#dead[list] = 0;
    }
    this.#repack(0);
  }

  save(): SavedPostings {
    this.#repack(0);
    return {
      arena: this.#arena.slice(0, this.#arenaUsed),
      start: this.#start.slice(0, this.#lists),
      length: this.#length.slice(0, this.#lists),
      dead: this.#dead.slice(0, this.#lists),
      sizeClass: this.#class.slice(0, this.#lists),
      freeList: this.#freeList,
    };
  }

  /** How many rows at the old end of the list pass; those behind the first that does not are not asked. */
  #countWhile(list: number, passes: (row: number) => boolean): number {
    let low = 0;
    let high = this.#length[list]!;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (passes(this.at(list, middle))) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** How many of the first `end` rows of the block at `start` are older than `row`. */
  #positionOf(start: number, end: number, row: number): number {
    // Envelopes mostly arrive in order of time: look at the end first.
    if (end === 0 || this.#order.compare(this.#arena[start + end - 1]!, row) < 0) return end;
    let low = 0;
    let high = end - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#order.compare(this.#arena[start + middle]!, row) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #reserve(list: number, length: number): void {
    const oldClass = this.#class[list]!;
    if (length === 0 || (oldClass !== EMPTY_CLASS && length <= SIZES[oldClass]!)) return;
    const sizeClass = classOf(length);
    const block = this.#takeBlock(sizeClass);
    const oldStart = this.#start[list]!;
    this.#arena.copyWithin(block, oldStart, oldStart + this.#length[list]!);
    this.#releaseBlock(oldStart, oldClass);
    this.#start[list] = block;
    this.#class[list] = sizeClass;
  }

  #takeBlock(sizeClass: number): number {
    const size = SIZES[sizeClass]!;
    const free = this.#freeBlocks[sizeClass]!;
    if (free !== NONE) {
      this.#freeBlocks[sizeClass] = this.#arena[free]!;
      this.#freeWords -= size;
      return free;
    }
    // A list that grows leaves ever larger blocks behind. Where a longer arena has to be made anyway, they go.
    if (this.#arenaUsed + size > this.#arena.length && this.#freeWords * 3 > this.#arenaUsed) {
      this.#repack(size + this.#arenaUsed / 4);
    }
    const block = this.#arenaUsed;
    this.#arenaUsed += size;
    this.#arena = withRoom(this.#arena, this.#arenaUsed);
    return block;
  }

  #releaseBlock(block: number, sizeClass: number): void {
    if (sizeClass === EMPTY_CLASS) return;
    this.#arena[block] = this.#freeBlocks[sizeClass]!;
    this.#freeBlocks[sizeClass] = block;
    this.#freeWords += SIZES[sizeClass]!;
  }

  /** Moves all lists into a new arena, one behind the other with no free blocks between, and `room` words behind them. */
  #repack(room: number): void {
    let needed = room;
    for (let list = 0; list < this.#lists; list += 1) needed += SIZES[this.#class[list]!] ?? 0;
    const arena = new Uint32Array(Math.ceil(needed));
    let used = 0;
    for (let list = 0; list < this.#lists; list += 1) {
      if (this.#class[list] === EMPTY_CLASS) continue;
      arena.set(this.rows(list), used);
      this.#start[list] = used;
      used += SIZES[this.#class[list]!]!;
    }
    this.#arena = arena;
    this.#arenaUsed = used;
    this.#freeBlocks.fill(NONE);
    this.#freeWords = 0;
  }
}

/** The smallest size class with room for `length` rows. */
function classOf(length: number): number {
  if (length <= 3) return length - 1;
  const octave = 29 - Math.clz32(length);
  const step = Math.ceil(length / 2 ** octave) - 4;
  // A length just above seven quarters of an octave belongs to the first size of the next.
  return 3 + octave * 4 + step;
}
