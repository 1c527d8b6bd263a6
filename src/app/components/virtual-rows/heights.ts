/** Heights of rows by key, and the places that follow from them. Pure. Keys stay true when rows come in before others. */

/** A card with a headline and two lines, until the first real ones are measured. Pixels. */
const FIRST_ESTIMATE = 190;

export class RowHeights {
  readonly #measured = new Map<string, number>();
  #sum = 0;
  #keys: readonly string[] = [];
  #indices: Map<string, number> | undefined;
  /** By row; `NaN` where none is measured. Ten thousand are looked up by key with a page, not with each row that is measured. */
  #heights = new Float64Array(0);
  /** `#tops[i]` is where row i begins; the last entry is the height of all. Reckoned when asked for. */
  #tops = new Float64Array(1);
  #stale = true;

  constructor(measured: Iterable<readonly [string, number]> = []) {
    for (const [key, height] of measured) this.set(key, height);
  }

  /** The rows in order. Heights of rows that are gone are kept: they may come back. */
  setKeys(keys: readonly string[]): void {
    this.#keys = keys;
    this.#indices = undefined;
    this.#heights = Float64Array.from(keys, (key) => this.#measured.get(key) ?? Number.NaN);
    this.#stale = true;
  }

  /** False when nothing changed. */
  set(key: string, height: number): boolean {
    const known = this.#measured.get(key);
    if (known === height) return false;
    this.#measured.set(key, height);
    this.#sum += height - (known ?? 0);
    const index = this.indexOf(key);
    if (index !== -1) this.#heights[index] = height;
    this.#stale = true;
    return true;
  }

  /** Forgets all heights, as after a change of width. */
  clear(): void {
    this.#measured.clear();
    this.#sum = 0;
    this.#heights.fill(Number.NaN);
    this.#stale = true;
  }

  get count(): number {
    return this.#keys.length;
  }

  keyAt(index: number): string | undefined {
    return this.#keys[index];
  }

  /** -1 for a row that is not there. */
  indexOf(key: string): number {
    this.#indices ??= new Map(this.#keys.map((known, index) => [known, index]));
    return this.#indices.get(key) ?? -1;
  }

  /** Where row `index` begins, in pixels from the first; for `count` the height of all. */
  top(index: number): number {
    return this.#all()[index] ?? 0;
  }

  get total(): number {
    return this.top(this.count);
  }

  /** The row at this place; the nearest for a place outside. */
  indexAt(place: number): number {
    const tops = this.#all();
    let low = 0;
    let high = this.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((tops[middle] ?? 0) <= place) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }

  /** Measured heights of the first `limit` rows, to be kept for a reload. */
  entries(limit: number): [string, number][] {
    return this.#keys.slice(0, limit).flatMap((key): [string, number][] => {
      const height = this.#measured.get(key);
      return height === undefined ? [] : [[key, height]];
    });
  }

  #all(): Float64Array {
    if (!this.#stale) return this.#tops;
    this.#stale = false;
    if (this.#tops.length !== this.count + 1) this.#tops = new Float64Array(this.count + 1);
    const estimate = this.#measured.size > 0 ? this.#sum / this.#measured.size : FIRST_ESTIMATE;
    let top = 0;
    const [heights, tops] = [this.#heights, this.#tops];
    for (let index = 0; index < heights.length; index += 1) {
      const height = heights[index]!;
      top += Number.isNaN(height) ? estimate : height;
      tops[index + 1] = top;
    }
    return tops;
  }
}
