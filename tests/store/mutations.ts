/** What a failing disk makes of a record: repeatable, by a number. */

/** Repeatable numbers in [0, 1) (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const NONSENSE: readonly unknown[] = ["nonsense", 7, null, {}, [], { value: 1 }, { value: 1, checksum: 2 }, true];

/** The value with one flipped byte or another number or text somewhere in it, cut short, or replaced altogether. */
export function damagedCopy(value: unknown, seed: number): unknown {
  const next = chance(seed);
  const below = (limit: number): number => Math.floor(next() * limit);
  if (next() < 0.25) return NONSENSE[below(NONSENSE.length)];
  const copy = structuredClone({ value });
  const places = placesIn(copy);
  const { holder, name } = places[below(places.length)]!;
  holder[name] = damagedLeaf(holder[name], below);
  return copy.value;
}

interface Place {
  readonly holder: Record<string, unknown>;
  readonly name: string;
}

function placesIn(holder: object): Place[] {
  return Object.entries(holder).flatMap(([name, part]: [string, unknown]): Place[] => {
    const isInner = typeof part === "object" && part !== null && !ArrayBuffer.isView(part) && !(part instanceof Blob);
    if (isInner && Object.keys(part).length > 0) return placesIn(part);
    return [{ holder: holder as Record<string, unknown>, name }];
  });
}

function damagedLeaf(leaf: unknown, below: (limit: number) => number): unknown {
  if (ArrayBuffer.isView(leaf)) {
    const bytes = new Uint8Array(leaf.buffer, leaf.byteOffset, leaf.byteLength);
    if (bytes.length === 0) return "nonsense";
    if (leaf instanceof Uint8Array && below(3) === 0) return leaf.slice(0, below(leaf.length));
    const at = below(bytes.length);
    bytes[at] = bytes[at]! ^ (1 << below(8));
    return leaf;
  }
  if (leaf instanceof Blob) return below(2) === 0 ? leaf.slice(0, below(leaf.size)) : new Blob(["x".repeat(leaf.size)]);
  if (typeof leaf === "number") return leaf + 1 + below(1_000);
  if (typeof leaf === "string") return below(2) === 0 ? leaf.slice(1) : `${leaf}?`;
  if (typeof leaf === "boolean") return !leaf;
  return "nonsense";
}
