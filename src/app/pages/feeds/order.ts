/** Where rows of a list go that somebody drags or moves by keys. Pure. */

/** The list with the entry at `from` moved to `to`; places outside are the nearest ones. */
export function moved<Entry>(list: readonly Entry[], from: number, to: number): Entry[] {
  const entry = list[from];
  if (entry === undefined) return [...list];
  const rest = list.toSpliced(from, 1);
  return rest.toSpliced(Math.max(0, Math.min(to, rest.length)), 0, entry);
}

/**
 * Over which row something is that is dragged to `y`: the last one whose middle lies above it takes its place, so that a row
 * changes places with its neighbour half-way, whatever their heights.
 * @param boxes of the rows in order, in pixels
 */
export function placeAt(boxes: readonly { readonly top: number; readonly bottom: number }[], y: number): number {
  const passed = boxes.filter(({ bottom, top }) => (top + bottom) / 2 < y).length;
  return Math.max(0, Math.min(passed, boxes.length - 1));
}
