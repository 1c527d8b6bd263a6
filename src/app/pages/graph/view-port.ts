/** How much of a picture is seen, and where. Pure. Pixels of the screen are `scale * place + offset`. */
import type { Spot } from "./layout.ts";

export interface ViewPort {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

const SCALES = { least: 0.1, most: 4 } as const;
/** Empty pixels around a picture that is seen whole; words stand beside the dots. */
const MARGIN = 36;
/** A few dots are not blown up to the size of the screen. */
const FIT_MOST = 1.4;

function bounded(scale: number): number {
  return Math.max(SCALES.least, Math.min(SCALES.most, scale));
}

/** So that all of it is seen. */
export function wholeOf(spots: readonly Spot[], width: number, height: number): ViewPort {
  if (spots.length === 0) return { scale: 1, x: width / 2, y: height / 2 };
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { x, y } of spots) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  const fits = Math.min(
    (width - 2 * MARGIN) / Math.max(1, right - left),
    (height - 2 * MARGIN) / Math.max(1, bottom - top),
  );
  const scale = bounded(Math.min(FIT_MOST, fits));
  return { scale, x: width / 2 - (scale * (left + right)) / 2, y: height / 2 - (scale * (top + bottom)) / 2 };
}

/** Larger or smaller by `factor`; what is at `at` on the screen stays there. */
export function zoomed(view: ViewPort, factor: number, at: Spot): ViewPort {
  const scale = bounded(view.scale * factor);
  const by = scale / view.scale;
  return { scale, x: at.x - (at.x - view.x) * by, y: at.y - (at.y - view.y) * by };
}

export function moved(view: ViewPort, x: number, y: number): ViewPort {
  return { ...view, x: view.x + x, y: view.y + y };
}

/** The nearest of `spots` to a place on the screen, within `reach` pixels of it; -1 for none. */
export function nearest(spots: readonly Spot[], view: ViewPort, at: Spot, reach: number): number {
  let [found, least] = [-1, reach * reach];
  for (const [index, spot] of spots.entries()) {
    const x = view.scale * spot.x + view.x - at.x;
    const y = view.scale * spot.y + view.y - at.y;
    const distance = x * x + y * y;
    if (distance > least) continue;
    found = index;
    least = distance;
  }
  return found;
}
