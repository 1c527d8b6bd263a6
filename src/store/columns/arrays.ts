export type NumericArray = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** Elements a fresh array gets, so that a small store (a thousand simulated peers in one process) stays small. */
const FIRST_CAPACITY = 16;

/**
 * `array` itself when it holds `length` elements, else a longer copy.
 * Grows by half: appending stays linear in all, and a million rows carry at most 50% of slack instead of 100%.
 */
export function withRoom<A extends NumericArray>(array: A, length: number): A {
  if (array.length >= length) return array;
  const grown = emptyLike(array, Math.max(length, Math.ceil(array.length * 1.5), FIRST_CAPACITY));
  grown.set(array);
  return grown;
}

/** A zeroed array of the same element type. */
export function emptyLike<A extends NumericArray>(array: A, length: number): A {
  const Constructor = array.constructor as new (length: number) => A;
  return new Constructor(length);
}

/** Element `order[i]` of `array` at `i`, `width` elements a row. */
export function gathered<A extends NumericArray>(array: A, order: Uint32Array, width = 1): A {
  const result = emptyLike(array, order.length * width);
  for (let to = 0; to < order.length; to += 1) {
    const from = order[to]! * width;
    for (let part = 0; part < width; part += 1) result[to * width + part] = array[from + part]!;
  }
  return result;
}

/** No row, no node: fits no valid index. */
export const NONE = 0xffff_ffff;

/** Where each of `size` old ids went after `order` was applied; `NONE` for those it leaves out. */
export function inverseOf(order: Uint32Array, size: number): Uint32Array {
  const inverse = new Uint32Array(size).fill(NONE);
  for (let to = 0; to < order.length; to += 1) inverse[order[to]!] = to;
  return inverse;
}
