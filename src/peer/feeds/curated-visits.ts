import type { CuratedKey } from "../../social/index.ts";
import { textOf } from "./curated-book.ts";

/** Curated feeds that somebody has open now, kept or not: they are looked for as long as they are. Told to nobody. */
export class CuratedVisits {
  readonly #open = new Map<string, { readonly key: CuratedKey; readers: number }>();
  readonly #listeners = new Set<(key: CuratedKey) => void>();

  /** Returns what is called when it is closed. */
  begin(key: CuratedKey): () => void {
    const text = textOf(key);
    const visit = this.#open.get(text) ?? { key, readers: 0 };
    this.#open.set(text, visit);
    visit.readers += 1;
    if (visit.readers === 1) for (const listener of this.#listeners) listener(key);
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      visit.readers -= 1;
      if (visit.readers === 0) this.#open.delete(text);
    };
  }

  all(): CuratedKey[] {
    return [...this.#open.values()].map(({ key }) => key);
  }

  /** @param listener hears of each feed that is opened. Returns how to stop. */
  onBegun(listener: (key: CuratedKey) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
