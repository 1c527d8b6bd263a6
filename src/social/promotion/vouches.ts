/**
 * Who has vouched for whom, as certificates say that were seen here: also those that were refused, since they are signed
 * statements all the same. Somebody who has vouched for several people whose word does not count, and for hardly anybody else,
 * belongs to them. It goes from those who are vouched for to those who vouch and never the other way: anybody can vouch for an
 * honest person, and nobody can make one vouch.
 */
import { fromHex, toHex, type NodeKey } from "../../wire/index.ts";

/** Vouchers that are remembered: strangers that a reader of some popular topics hears in a few days. Who was heard longest ago goes first. */
const MAX_VOUCHERS = 1_024;
/** Remembered for one voucher, the latest; with the above at most 580 kB. */
const MAX_OTHERS = 16;
/**
 * So many of those vouched for have to be suspects, and no more be others who were believed: with one, a single post that somebody
 * was taken in by would cost everybody who has ever boosted that person, and a busy relay would stumble some day. Others of
 * whom nothing was believed speak for nobody: they may be keys made for it.
 */
const NEEDED = 2;
/** From whoever vouched for people turned away: further than that nobody knows whom a friend's friend believes. */
const STEPS = 3;
const KEY_BYTES = 32;

type Others = ReadonlyMap<string, boolean>;

/** Bounded; the same record gives the same answers. */
export class Vouches {
  /** By hex of the voucher, the latest last: hex of those vouched for, the latest last, and whether it was believed. */
  readonly #others = new Map<string, Others>();

  /** @param packed of `packed`; what is damaged ends it there */
  constructor(packed: Uint8Array = new Uint8Array()) {
    for (let at = 0; at < packed.length;) {
      const count = packed[at] as number;
      const end = at + 1 + KEY_BYTES + count * (KEY_BYTES + 1);
      if (count === 0 || count > MAX_OTHERS || end > packed.length || this.#others.size >= MAX_VOUCHERS) return;
      const voucher = toHex(packed.subarray(at + 1, at + 1 + KEY_BYTES));
      const others = new Map<string, boolean>();
      for (let other = at + 1 + KEY_BYTES; other < end; other += KEY_BYTES + 1) {
        others.set(toHex(packed.subarray(other + 1, other + 1 + KEY_BYTES)), packed[other] === 1);
      }
      this.#others.set(voucher, others);
      at = end;
    }
  }

  /** To be kept: for each voucher a byte that counts those it vouched for, its key, and for each of them a byte (1: believed) and the key. */
  packed(): Uint8Array {
    const rows = [...this.#others];
    const size = rows.reduce((sum, [, others]) => sum + 1 + KEY_BYTES + others.size * (KEY_BYTES + 1), 0);
    const packed = new Uint8Array(size);
    let at = 0;
    const put = (byte: number, id: string): void => {
      packed[at] = byte;
      packed.set(fromHex(id), at + 1);
      at += KEY_BYTES + 1;
    };
    for (const [voucher, others] of rows) {
      put(others.size, voucher);
      for (const [id, isBelieved] of others) put(Number(isBelieved), id);
    }
    return packed;
  }

  /**
   * `voucher` has vouched for these: for what they wrote, or that their word counts with it. Whether anything is new.
   * @param isBelieved whether that opened anything here
   */
  note(voucher: NodeKey, vouchedFor: readonly NodeKey[], isBelieved: boolean): boolean {
    const id = toHex(voucher);
    const known: Others = this.#others.get(id) ?? new Map<string, boolean>();
    const fresh = vouchedFor
      .map(toHex)
      .filter((other) => other !== id && (isBelieved ? known.get(other) !== true : !known.has(other)));
    if (fresh.length === 0) return false;
    const others = [...known].filter(([other]) => !fresh.includes(other));
    for (const other of new Set(fresh)) others.push([other, isBelieved]);
    this.#others.delete(id);
    this.#others.set(id, new Map(others.slice(-MAX_OTHERS)));
    for (const oldest of this.#others.keys()) {
      if (this.#others.size <= MAX_VOUCHERS) break;
      this.#others.delete(oldest);
    }
    return true;
  }

  /** Whatever this one has vouched for is forgotten. */
  forget(voucher: NodeKey): boolean {
    return this.#others.delete(toHex(voucher));
  }

  /**
   * Whoever belongs to the suspects by whom it vouches for, each with those of them.
   * @param suspects hex of keys
   * @param spared whoever is known well is believed, and nobody is suspected for believing them
   */
  implicated(suspects: ReadonlySet<string>, spared: (id: string) => boolean): ReadonlyMap<string, readonly string[]> {
    const found = new Map<string, readonly string[]>();
    for (let step = 0; step < STEPS; step++) {
      const next = [...this.#others].flatMap(([id, others]): [string, readonly string[]][] => {
        if (suspects.has(id) || found.has(id)) return [];
        const isBad = (other: string): boolean => (suspects.has(other) || found.has(other)) && !spared(other);
        const bad = [...others.keys()].filter(isBad);
        // Asked last: most vouch for nobody who is bad, and to tell whether somebody is known well takes longer.
        if (bad.length < NEEDED || spared(id)) return [];
        const good = [...others].filter(([other, isBelieved]) => isBelieved && !isBad(other));
        return bad.length >= good.length ? [[id, bad]] : [];
      });
      if (next.length === 0) break;
      for (const [id, bad] of next) found.set(id, bad);
    }
    return found;
  }
}
