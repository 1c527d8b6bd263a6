/** Where rows of a list go that somebody drags or moves by keys. Pure. */

/** The list with the entry at `from` moved to `to`; places outside are the nearest ones. */
export function moved<Entry>(list: readonly Entry[], from: number, to: number): Entry[] {
  const entry = list[from];
  if (entry === undefined) return [...list];
  const rest = list.toSpliced(from, 1);
  return rest.toSpliced(Math.max(0, Math.min(to, rest.length)), 0, entry);
}

export interface Box {
  readonly top: number;
  readonly bottom: number;
}

/** Boxes for all rows of a list of which only those near the screen are in the page: each of the others lies where the one before it ends. */
export function filledIn(boxes: readonly (Box | undefined)[]): Box[] {
  let last = -Infinity;
  return boxes.map((box) => {
    last = box?.bottom ?? last;
    return box ?? { top: last, bottom: last };
  });
}

/**
 * Where the row at `from` belongs that is dragged to `y`: behind all others whose middle lies above it. So it changes places with a
 * neighbour half-way over that one, whatever their heights, stays where it is while it is held anywhere on itself, and does not
 * go to and fro when a high row takes its place.
 * @param boxes of the rows in order, in pixels
 */
export function placeAt(boxes: readonly Box[], from: number, y: number): number {
  return boxes.filter(({ bottom, top }, place) => place !== from && (top + bottom) / 2 < y).length;
}
