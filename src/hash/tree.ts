/**
 * The shape of the BLAKE3 tree over groups. Bytes are cut into chunks of 1,024, sixteen chunks are a group, and
 * groups hang in a binary tree whose left half is always the largest power of two that leaves something for the
 * right. A tree over n groups has n - 1 parent nodes of 64 bytes (two chaining values).
 */
import { HashError } from "./errors.ts";

/** Bytes of a digest and of a chaining value. */
export const DIGEST_BYTES = 32;

/** Bytes of a parent node: the chaining values of its two children. */
export const NODE_BYTES = 64;

/** BLAKE3 specification, section 2.1. */
export const CHUNK_BYTES = 1024;

export const CHUNKS_PER_GROUP = 16;

/**
 * Bytes of a group, the unit of verification. 16 KiB costs nothing measurable over plain hashing and needs an
 * outboard of 0.4%; groups of one chunk halve the speed and need 6% (docs/architecture.md, "Hashing").
 */
export const GROUP_BYTES = CHUNK_BYTES * CHUNKS_PER_GROUP;

/** Throws `BAD_RANGE` unless `size` is a number of bytes. */
export function checkSize(size: number): void {
  if (!Number.isSafeInteger(size) || size < 0) {
    throw new HashError("BAD_RANGE", `size is no number of bytes: ${size}`);
  }
}

/** How many groups an object of `size` bytes has. The empty object has one, of no bytes. */
export function groupCount(size: number): number {
  checkSize(size);
  return Math.max(1, Math.ceil(size / GROUP_BYTES));
}

/** Bytes in group `index` of an object of `size` bytes; only the last may be shorter than `GROUP_BYTES`. */
export function groupLength(size: number, index: number): number {
  return Math.min(GROUP_BYTES, size - index * GROUP_BYTES);
}

/** How many of `groups` (two or more) hang under the left child: the largest power of two below `groups`. */
export function leftGroups(groups: number): number {
  let left = 1;
  while (left * 2 < groups) left *= 2;
  return left;
}

/** Bytes of the outboard of an object of `size` bytes. */
export function outboardLength(size: number): number {
  return (groupCount(size) - 1) * NODE_BYTES;
}

/** A run of groups: `first` and how many. */
export interface GroupRange {
  readonly first: number;
  readonly count: number;
}

/**
 * The groups that hold the bytes from `start` up to and without `end` of an object of `size` bytes.
 * An empty byte range is covered by the group that holds `start`.
 * @throws HashError `BAD_RANGE`
 */
export function groupsOfBytes(size: number, start: number, end: number): GroupRange {
  checkSize(size);
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start || end > size) {
    throw new HashError("BAD_RANGE", `bytes ${start} to ${end} of ${size}`);
  }
  const first = Math.min(Math.floor(start / GROUP_BYTES), groupCount(size) - 1);
  return { first, count: Math.max(1, Math.ceil(end / GROUP_BYTES) - first) };
}

/** Throws `BAD_RANGE` unless `range` is a run of one or more groups of an object of `size` bytes. */
export function checkRange(size: number, { first, count }: GroupRange): void {
  const groups = groupCount(size);
  const whole = Number.isSafeInteger(first) && Number.isSafeInteger(count);
  if (!whole || first < 0 || count < 1 || first + count > groups) {
    throw new HashError("BAD_RANGE", `groups ${first} + ${count} of ${groups}`);
  }
}

/** How many bytes the groups of `range` hold; the first stands at `range.first * GROUP_BYTES`. */
export function rangeLength(size: number, { first, count }: GroupRange): number {
  return Math.min(count * GROUP_BYTES, size - first * GROUP_BYTES);
}
