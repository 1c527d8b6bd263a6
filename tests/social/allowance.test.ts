import { expect, test } from "vitest";
import { STORAGE_LIMITS, StorageAllowance, type Storing } from "../../src/social/index.ts";

const NOW = 1_767_225_600_000;
const DAY = 86_400_000;
const key = (number: number): Uint8Array => {
  const bytes = new Uint8Array(32);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
};
const envelope = (author: number, from: number, rest: Partial<Storing> = {}): Storing => ({
  author: key(author),
  from: key(from),
  bytes: 600,
  asked: false,
  ...rest,
});

/** How many of so many are taken. */
function taken(times: number, one: (at: number) => boolean): number {
  return Array.from({ length: times }, (_, at) => one(at)).filter(Boolean).length;
}

test("one author may have so much stored at once, and so much more a day", () => {
  const allowance = new StorageAllowance();
  const write = (now: number) => taken(2_000, () => allowance.take(envelope(1, 9), now));
  expect(write(NOW)).toBe(600);
  // Back to the full hour after half a day, and no more than that.
  expect(write(NOW + DAY / 2)).toBe(600);
  expect(write(NOW + DAY)).toBe(600);
  expect(allowance.take(envelope(2, 9), NOW + DAY)).toBe(true);
});

test("bytes count beside envelopes", () => {
  const allowance = new StorageAllowance();
  expect(taken(600, () => allowance.take(envelope(1, 9, { bytes: 4_096 }), NOW))).toBe(256);
});

test("a crowd of authors behind one neighbour has the share of that neighbour", () => {
  const allowance = new StorageAllowance();
  expect(taken(6_000, (at) => allowance.take(envelope(at, 9), NOW))).toBe(5_000);
  // Another neighbour brings what it has all the same.
  expect(allowance.take(envelope(50_000, 8), NOW)).toBe(true);
});

test("all neighbours together cannot fill the disk either", () => {
  const allowance = new StorageAllowance();
  const stored = taken(25_000, (at) => allowance.take(envelope(at, at % 20), NOW));
  expect(stored).toBe(20_000);
  expect(stored * 600).toBeLessThan(STORAGE_LIMITS.heard.all.bytes.burst);
});

test("what was asked for has a share of its own, large enough for a newcomer", () => {
  const allowance = new StorageAllowance();
  taken(6_000, (at) => allowance.take(envelope(at, 9), NOW));
  const asked = { asked: true };
  expect(taken(20_000, (at) => allowance.take(envelope(at % 3, 9, asked), NOW))).toBe(20_000);
});

test("what one share refuses is counted by none", () => {
  const allowance = new StorageAllowance();
  taken(600, () => allowance.take(envelope(1, 9), NOW));
  expect(taken(10_000, () => allowance.take(envelope(1, 8), NOW))).toBe(0);
  expect(taken(6_000, (at) => allowance.take(envelope(2 + at, 8), NOW))).toBe(5_000);
});
