import type { Listed } from "./admission.ts";
import { MAX_HASHES } from "./constants.ts";

interface Entry {
  readonly listed: Listed;
  readonly due: number;
}

/** What is announced later than it could be: gossip should have brought it, or the walk in order of arrival does not come by it. */
export class Deferred {
  #entries: Entry[] = [];

  get size(): number {
    return this.#entries.length;
  }

  /** When the first is due; `undefined` when nothing waits. */
  get due(): number | undefined {
    return this.#entries[0]?.due;
  }

  /** The lowest arrival number among them: no cursor may go beyond it. */
  get first(): number {
    return this.#entries.reduce((least, { listed }) => Math.min(least, listed.row.seq), Number.POSITIVE_INFINITY);
  }

  add(listed: Listed, due: number): void {
    // Nearly always the latest due last.
    const at = this.#entries.findLastIndex((entry) => entry.due <= due) + 1;
    this.#entries.splice(at, 0, { listed, due });
  }

  isDue(now: number): boolean {
    // Half full, it goes out early, so that what arrives next still fits one frame with it.
    return (this.due ?? Number.POSITIVE_INFINITY) <= now || this.size > MAX_HASHES / 2;
  }

  /** All of them. */
  take(): Listed[] {
    return this.#entries.splice(0).map(({ listed }) => listed);
  }
}
