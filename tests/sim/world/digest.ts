/** One number for everything that happened: two runs of a seed that differ in any event differ in it. */
export class EventDigest {
  #a = 0x9e3779b9;
  #b = 0x85ebca6b;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(...values: readonly number[]): void {
    this.#count++;
    for (const value of values) {
      // The low 32 bits of two products, as in MurmurHash3's finaliser.
      this.#a = Math.imul(this.#a ^ (value | 0), 0xcc9e2d51) ^ (this.#b >>> 15);
      this.#b = Math.imul(this.#b ^ Math.floor(value / 0x1_0000_0000), 0x1b873593) ^ (this.#a >>> 13);
    }
  }

  toString(): string {
    return [this.#a, this.#b].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
  }
}
