/** Which rows of a live feed are on screen and which wait behind "N new". Pure. */

/**
 * Splits the newest state of a feed into what is shown and what waits.
 *
 * What arrives above the reader's place would push the text away under the eyes, so it waits until the person asks.
 * Rows below the last one shown (older pages) and rows already shown go in at once; while the reader stands at the
 * top, everything does.
 */
export function splitArrivals<Row>(
  shown: readonly Row[],
  latest: readonly Row[],
  keyOf: (row: Row) => string,
  atTop: boolean,
): { readonly shown: readonly Row[]; readonly waiting: readonly Row[] } {
  if (atTop || shown.length === 0) return { shown: latest, waiting: [] };
  // Another page below what is shown, by far the most frequent change of a long feed: no key need be read.
  if (shown.every((row, index) => row === latest[index])) return { shown: latest, waiting: [] };
  const known = new Set(shown.map(keyOf));
  let lastShown = -1;
  latest.forEach((row, index) => {
    if (known.has(keyOf(row))) lastShown = index;
  });
  const visible: Row[] = [];
  const waiting: Row[] = [];
  latest.forEach((row, index) => {
    if (index > lastShown || known.has(keyOf(row))) visible.push(row);
    else waiting.push(row);
  });
  return { shown: visible, waiting };
}
