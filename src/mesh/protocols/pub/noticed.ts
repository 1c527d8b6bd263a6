import type { FreshArrival } from "./fresh.ts";

/** A burst of gossip between two turns of one subscriber; with more, the store is asked. */
const KEPT = 64;

/**
 * What has arrived since a subscriber last had its turn. While nothing else was stored, this says what the store would, and
 * spares looking through its index once for each envelope and subscriber.
 */
export class Noticed {
  #matching: FreshArrival[] = [];
  /** All of them, matching or not. */
  #count = 0;

  add(arrival: FreshArrival, matches: boolean): void {
    this.#count++;
    if (matches && this.#matching.length < KEPT) this.#matching.push(arrival);
    // Counted twice, they are more than the store has: it is asked.
    else if (matches) this.#count++;
  }

  /**
   * Those that match, in order of arrival; forgets them.
   * @param stored how many the store has numbered meanwhile
   * @returns `null` unless these are all of them
   */
  take(stored: number): readonly FreshArrival[] | null {
    const all = this.#count === stored ? this.#matching : null;
    this.#matching = [];
    this.#count = 0;
    return all;
  }
}
