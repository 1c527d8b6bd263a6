import { BoundedMap } from "../../social/index.ts";
import { toHex } from "../../wire/index.ts";
import type { EnvelopeView } from "../api.ts";
import type { CuratedRow } from "./curated-book.ts";

/** As many rows as a live list holds of a few feeds. */
const CACHED = 4_096;

/** Envelopes as a curated feed shows them: with what the curator says of each. Keeps their identity while nothing changes. */
export class ChosenViews {
  readonly #cache = new BoundedMap<string, { readonly view: EnvelopeView; readonly chosen: EnvelopeView }>(CACHED);

  /** @param views of the rows, without those whose bytes are gone */
  of(
    { curator, name }: { readonly curator: string; readonly name: string },
    rows: readonly CuratedRow[],
    views: readonly EnvelopeView[],
  ): EnvelopeView[] {
    const byHash = new Map(rows.map((row) => [toHex(row.row.hash), row]));
    return views.map((view) => {
      const { added, note } = byHash.get(view.hash) as CuratedRow;
      const key = `${curator} ${name} ${view.hash}`;
      const known = this.#cache.get(key);
      const before = known?.chosen.chosen;
      if (known?.view === view && before?.note === note && before.added === added) return known.chosen;
      const chosen = { ...view, chosen: { note, added } };
      this.#cache.set(key, { view, chosen });
      return chosen;
    });
  }
}
