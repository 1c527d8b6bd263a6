import type { HeldCertificate } from "./book.ts";

/**
 * Certificates that came later than their envelopes, in the order of the arrival numbers from which on they count. Each
 * neighbour that has caught up asks for the last few, again and again.
 */
export class Openings {
  /** Numbers are given out in ascending order, so that what is new belongs at the end. */
  #inOrder: HeldCertificate[] = [];
  readonly #removed = new Set<HeldCertificate>();

  /** One that came together with its envelope is no opening, and left out. */
  add(held: HeldCertificate): void {
    if (held.became === 0) return;
    const last = this.#inOrder.at(-1);
    if (last === undefined || last.became <= held.became) this.#inOrder.push(held);
    else this.#inOrder.splice(this.#firstAfter(held.became), 0, held);
  }

  remove(held: HeldCertificate): void {
    if (held.became === 0) return;
    this.#removed.add(held);
    // Half of them gone: what moves the others costs each removal no more than a step or two.
    if (this.#removed.size * 2 < this.#inOrder.length) return;
    this.#inOrder = this.#inOrder.filter((other) => !this.#removed.has(other));
    this.#removed.clear();
  }

  /** Those that count from a later arrival number on. */
  *since(became: number): Iterable<HeldCertificate> {
    const all = this.#inOrder;
    for (let at = this.#firstAfter(became); at < all.length; at++) {
      const held = all[at] as HeldCertificate;
      if (!this.#removed.has(held)) yield held;
    }
  }

  #firstAfter(became: number): number {
    let [low, high] = [0, this.#inOrder.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#inOrder[middle] as HeldCertificate).became > became) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
