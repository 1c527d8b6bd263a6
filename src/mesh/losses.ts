/** Links that end all at once are a sign that this peer was cut off from a part of the network, with others who noticed the same. */

/** So many links within a minute, and a third of all. */
const AT_ONCE = { links: 3, share: 1 / 3, within: 60_000 } as const;
/** For so long after that: those who were cut off may come back at any time, and nobody says so. In ms. */
const SUSPECTED_FOR = 10_800_000;

export class Losses {
  /** Of the last minute. */
  #lost: number[] = [];
  #until = 0;

  /**
   * A link has ended that was not closed here.
   * @param left links that there are still
   * @returns whether a split is suspected now, and was not before
   */
  note(now: number, left: number): boolean {
    this.#lost = [...this.#lost.filter((at) => now - at < AT_ONCE.within), now];
    const { length } = this.#lost;
    if (length < AT_ONCE.links || length < AT_ONCE.share * (length + left)) return false;
    const isNews = !this.suspected(now);
    this.#until = now + SUSPECTED_FOR;
    return isNews;
  }

  suspected(now: number): boolean {
    return now < this.#until;
  }
}
