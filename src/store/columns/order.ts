import { HASH_BYTES } from "../../hash/index.ts";
import type { KeyTable } from "./key-table.ts";

/** The order of feeds, oldest first: by `created`, then by hash. Every posting list is sorted by it. */
export class TimeOrder {
  /** `created` of each row, milliseconds since 1970. */
  created: Float64Array;
  readonly #hashes: KeyTable;

  constructor(hashes: KeyTable, created: Float64Array) {
    this.#hashes = hashes;
    this.created = created;
  }

  /** Negative when row `a` is older than row `b`, positive when newer, 0 when they are one row. */
  compare(a: number, b: number): number {
    if (a === b) return 0;
    const byTime = this.created[a]! - this.created[b]!;
    if (byTime !== 0) return byTime;
    const keys = this.#hashes.keys;
    const left = a * HASH_BYTES;
    const right = b * HASH_BYTES;
    for (let at = 0; at < HASH_BYTES; at += 1) {
      const difference = keys[left + at]! - keys[right + at]!;
      if (difference !== 0) return difference;
    }
    // Two rows of one hash: the earlier was removed and the envelope came again.
    return a - b;
  }

  /** Whether row `row` is older than the place (`created`, `hash`). */
  isBefore(row: number, created: number, hash: Uint8Array): boolean {
    return this.#compareTo(row, created, hash) < 0;
  }

  /** Whether row `row` is newer than the place (`created`, `hash`). */
  isAfter(row: number, created: number, hash: Uint8Array): boolean {
    return this.#compareTo(row, created, hash) > 0;
  }

  #compareTo(row: number, created: number, hash: Uint8Array): number {
    const byTime = this.created[row]! - created;
    if (byTime !== 0) return byTime;
    const keys = this.#hashes.keys;
    const start = row * HASH_BYTES;
    for (let at = 0; at < HASH_BYTES; at += 1) {
      const difference = keys[start + at]! - hash[at]!;
      if (difference !== 0) return difference;
    }
    return 0;
  }
}
