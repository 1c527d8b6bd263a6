import { gathered, inverseOf, NONE, withRoom } from "./arrays.ts";
import { HASH_BYTES, type HalfSip } from "../../hash/index.ts";

export interface SavedKeyTable {
  readonly keys: Uint8Array;
  readonly slots: Uint32Array;
  readonly entries: number;
}

const FIRST_SLOTS = 16;
/** HalfSipHash domain of this table; relations use others (relations.ts). */
const DOMAIN = 0;

/**
 * 32-byte keys numbered from 0 in order of arrival, found through an open-addressing table with linear probing.
 * A slot holds the digest word and the id + 1, so probing and growing hardly ever touch the keys themselves.
 */
export class KeyTable {
  /** Key `id` stands at `[id * 32, id * 32 + 32)`. */
  keys: Uint8Array = new Uint8Array(0);
  length = 0;
  #slots: Uint32Array = new Uint32Array(FIRST_SLOTS * 2);
  /** Slots in use; fewer than `length` when a key was appended twice. */
  #entries = 0;
  readonly #sip: HalfSip;

  constructor(sip: HalfSip, saved?: SavedKeyTable) {
    this.#sip = sip;
    if (saved === undefined) return;
    this.keys = saved.keys;
    this.length = saved.keys.length / HASH_BYTES;
    this.#slots = saved.slots;
    this.#entries = saved.entries;
  }

  /** Id of `key`, -1 when absent. Of a key that was appended twice it is the later id. */
  find(key: Uint8Array): number {
    if (key.length !== HASH_BYTES) return -1;
    const slot = this.#slotOf(key);
    return this.#slots[slot * 2 + 1]! - 1;
  }

  /** Gives `key` a new id, and takes its name over from an earlier id of the same key. */
  append(key: Uint8Array): number {
    if (key.length !== HASH_BYTES) throw new RangeError(`a key has ${HASH_BYTES} bytes, not ${key.length}`);
    const id = this.length;
    this.keys = withRoom(this.keys, (id + 1) * HASH_BYTES);
    this.keys.set(key, id * HASH_BYTES);
    this.length = id + 1;
    // Three quarters full at most: linear probing stays at about eight looks for an absent key (Knuth 6.4).
    if ((this.#entries + 1) * 4 > (this.#slots.length / 2) * 3) {
      this.#rebuild(this.#slots.length, (old) => old);
    }
    const slot = this.#slotOf(key);
    if (this.#slots[slot * 2 + 1] === 0) this.#entries += 1;
    this.#slots[slot * 2] = this.#sip.low;
    this.#slots[slot * 2 + 1] = id + 1;
    return id;
  }

  /** Id of `key`, appended when it is new. */
  intern(key: Uint8Array): number {
    const found = this.find(key);
    return found === -1 ? this.append(key) : found;
  }

  /** A copy, which the caller may keep. */
  key(id: number): Uint8Array {
    return this.keys.slice(id * HASH_BYTES, (id + 1) * HASH_BYTES);
  }

  /** Renumbers: `order[i]` becomes `i`, ids that are not in `order` disappear. */
  reorder(order: Uint32Array): void {
    const inverse = inverseOf(order, this.length);
    this.keys = gathered(this.keys, order, HASH_BYTES);
    this.length = order.length;
    let slots = FIRST_SLOTS;
    while (order.length * 4 > slots * 3) slots *= 2;
    this.#rebuild(slots, (old) => inverse[old]!);
  }

  save(): SavedKeyTable {
    return {
      keys: this.keys.slice(0, this.length * HASH_BYTES),
      slots: this.#slots.slice(),
      entries: this.#entries,
    };
  }

  /** The slot that holds `key`, else the empty one where it belongs; leaves its digest in the hasher. */
  #slotOf(key: Uint8Array): number {
    const slots = this.#slots;
    const keys = this.keys;
    const mask = slots.length / 2 - 1;
    this.#sip.digest(key, 0, DOMAIN);
    const tag = this.#sip.low;
    let slot = tag & mask;
    for (;;) {
      const entry = slots[slot * 2 + 1]!;
      if (entry === 0) return slot;
      if (slots[slot * 2] === tag) {
        const start = (entry - 1) * HASH_BYTES;
        let at = 0;
        while (at < HASH_BYTES && keys[start + at] === key[at]) at += 1;
        if (at === HASH_BYTES) return slot;
      }
      slot = (slot + 1) & mask;
    }
  }

  #rebuild(slotCount: number, renamed: (id: number) => number): void {
    const old = this.#slots;
    const slots = new Uint32Array(slotCount * 2);
    const mask = slotCount - 1;
    this.#entries = 0;
    for (let from = 0; from < old.length; from += 2) {
      const entry = old[from + 1]!;
      if (entry === 0) continue;
      const id = renamed(entry - 1);
      if (id === NONE) continue;
      const tag = old[from]!;
      let slot = tag & mask;
      while (slots[slot * 2 + 1] !== 0) slot = (slot + 1) & mask;
      slots[slot * 2] = tag;
      slots[slot * 2 + 1] = id + 1;
      this.#entries += 1;
    }
    this.#slots = slots;
  }
}
