/**
 * The picture that stands for a key: a rosette in the manner of a shamsa, drawn from the address alone.
 * Pure and stable: the same address gives the same picture everywhere, and no picture is ever fetched.
 */

export interface Rosette {
  /** Index of the colour pair, of which the style sheet has eight. */
  readonly hue: number;
  /** The same for the star in the middle. */
  readonly starHue: number;
  readonly petals: string;
  readonly star: string;
  readonly core: number;
}

const CENTRE = 24;
const PETAL_COUNTS = [5, 6, 7, 8, 9, 10, 12] as const;
export const HUES = 8;

/** FNV-1a, then xorshift: spreads neighbouring addresses far apart. Not for security, only for looks. */
function numbersFrom(text: string): () => number {
  let state = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    state ^= text.charCodeAt(index);
    state = Math.imul(state, 0x01000193) >>> 0;
  }
  // The finaliser of MurmurHash3: without it addresses that begin alike get colours alike.
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  state = (state ^ (state >>> 16)) >>> 0;
  if (state === 0) state = 1;
  return () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 0x1_0000_0000;
  };
}

function point(radius: number, angle: number): string {
  const x = CENTRE + radius * Math.sin(angle);
  const y = CENTRE - radius * Math.cos(angle);
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}

function petalPath(count: number, inner: number, outer: number, width: number, turn: number): string {
  const step = (2 * Math.PI) / count;
  let path = "";
  for (let index = 0; index < count; index += 1) {
    const angle = turn + index * step;
    const middle = (inner + outer) / 2;
    path += `M${point(inner, angle)}Q${point(middle, angle - step * width)} ${point(outer, angle)}`;
    path += `Q${point(middle, angle + step * width)} ${point(inner, angle)}Z`;
  }
  return path;
}

function starPath(count: number, inner: number, outer: number, turn: number): string {
  const corners: string[] = [];
  for (let index = 0; index < count * 2; index += 1) {
    corners.push(point(index % 2 === 0 ? outer : inner, turn + (index * Math.PI) / count));
  }
  return `M${corners.join("L")}Z`;
}

/** @param id any stable text, here a NodeID. */
export function rosetteOf(id: string): Rosette {
  const next = numbersFrom(id);
  const hue = Math.floor(next() * HUES);
  const starHue = Math.floor(next() * HUES);
  const count = PETAL_COUNTS[Math.floor(next() * PETAL_COUNTS.length)] ?? 8;
  const width = 0.28 + next() * 0.3;
  const outer = 17 + next() * 4;
  const starOuter = 6 + next() * 4;
  const half = Math.PI / count;
  return {
    hue,
    starHue,
    petals: petalPath(count, 4, outer, width, next() < 0.5 ? 0 : half),
    star: starPath(count, starOuter * (0.45 + next() * 0.25), starOuter, next() < 0.5 ? 0 : half),
    core: 1.5 + next() * 1.5,
  };
}
