import type { ListOp } from "../api.ts";
import { LiveError } from "./errors.ts";

/**
 * The changes that lead from one list to another, in the order in which they are to be applied (see {@link ListOp}).
 *
 * As many rows as possible stay where they are (a longest increasing subsequence of the kept rows), so only new,
 * changed and moved rows are carried; neighbouring removals and insertions share one operation.
 *
 * @param key tells rows apart; unique within each list
 * @param equal whether a row that stayed is unchanged
 * @throws LiveError `LIVE_KEY_DUPLICATE`
 */
export function diffRows<Row>(
  previous: readonly Row[],
  next: readonly Row[],
  key: (row: Row) => string,
  equal: (a: Row, b: Row) => boolean,
): ListOp<Row>[] {
  const source = sourcesOf(previous, next, key);
  const stays = increasing(source);
  const stayed = new Set<number>();
  for (const index of stays) stayed.add(source[index]!);

  const ops: ListOp<Row>[] = [];
  let from = 0;
  let to = 0;
  for (const stay of [...stays, next.length]) {
    const end = stay < next.length ? source[stay]! : previous.length;
    if (end > from) ops.push({ op: "remove", at: to, count: end - from });
    if (stay > to) ops.push({ op: "insert", at: to, rows: next.slice(to, stay) });
    if (stay < next.length && !equal(previous[end]!, next[stay]!)) {
      ops.push({ op: "replace", at: stay, row: next[stay]! });
    }
    from = end + 1;
    to = stay + 1;
  }
  return ops;
}

/** For each row of `next` its index in `previous`, or -1. */
function sourcesOf<Row>(previous: readonly Row[], next: readonly Row[], key: (row: Row) => string): Int32Array {
  const places = new Map<string, number>();
  previous.forEach((row, index) => places.set(key(row), index));
  if (places.size !== previous.length) throw new LiveError("LIVE_KEY_DUPLICATE", "two previous rows share a key");
  const source = new Int32Array(next.length);
  const seen = new Set<string>();
  next.forEach((row, index) => {
    const name = key(row);
    seen.add(name);
    source[index] = places.get(name) ?? -1;
  });
  if (seen.size !== next.length) throw new LiveError("LIVE_KEY_DUPLICATE", "two rows share a key");
  return source;
}

/**
 * Indices of a longest strictly increasing subsequence of the non-negative numbers. A list that only grew or shrank is
 * increasing throughout, and then this is one pass without a search.
 */
function increasing(source: Int32Array): number[] {
  /** tails[n]: index of the smallest number that ends an increasing subsequence of n + 1. */
  const tails: number[] = [];
  const before = new Int32Array(source.length).fill(-1);
  for (let index = 0; index < source.length; index++) {
    const value = source[index]!;
    if (value < 0) continue;
    let low = tails.length;
    if (low > 0 && source[tails[low - 1]!]! > value) {
      low = 0;
      for (let high = tails.length; low < high;) {
        const middle = (low + high) >> 1;
        if (source[tails[middle]!]! < value) low = middle + 1;
        else high = middle;
      }
    }
    before[index] = low > 0 ? tails[low - 1]! : -1;
    tails[low] = index;
  }
  const found: number[] = [];
  for (let index = tails.at(-1) ?? -1; index >= 0; index = before[index]!) found.push(index);
  return found.reverse();
}
