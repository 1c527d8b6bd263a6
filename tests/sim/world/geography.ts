/** Places, topics, and how likely each is: Zipf's law with exponent one, as cities, words and followers keep to. */
import type { SeededRandom } from "../random.ts";

/** Scope keys of towns, each in its region. */
export function townsOf(towns: number, regions: number): string[] {
  return Array.from({ length: towns }, (_, at) => `g:earth/land/region${at % regions}/town${at}`);
}

export function regionOf(town: string): string {
  return town.slice(0, town.lastIndexOf("/"));
}

/** Scope keys of topics, four under each subject, the most popular first. */
export function topicsOf(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `t:subject${at >> 2}/branch${at & 3}`);
}

/** Draws ranks below `count`, the first one most often. */
export class Zipf {
  readonly #sums: number[] = [];

  constructor(count: number) {
    let sum = 0;
    for (let rank = 1; rank <= count; rank++) this.#sums.push((sum += 1 / rank));
  }

  draw(random: SeededRandom): number {
    const at = random.next() * (this.#sums.at(-1) as number);
    return Math.min(
      this.#sums.findIndex((sum) => at < sum),
      this.#sums.length - 1,
    );
  }

  /** How often the one of this rank is drawn, on average one. */
  weight(rank: number): number {
    return this.#sums.length / ((rank + 1) * (this.#sums.at(-1) as number));
  }
}
