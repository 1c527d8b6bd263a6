import { expect, test } from "vitest";
import { ClockWitness } from "../../src/peer/clock-witness.ts";

const NOW = 1_767_225_600_000;
const HOUR = 3_600_000;
const [a, b] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];

test("another neighbour's timely envelope shows that this clock is right, for an hour", () => {
  const witness = new ClockWitness();
  expect(witness.vouches(a, NOW)).toBe(false);
  witness.heard(b, NOW - 5_000, NOW);
  expect(witness.vouches(a, NOW)).toBe(true);
  expect(witness.vouches(a, NOW + HOUR + 1)).toBe(false);
});

test("nobody vouches against itself", () => {
  const witness = new ClockWitness();
  witness.heard(a, NOW, NOW);
  expect(witness.vouches(a, NOW)).toBe(false);
  expect(witness.vouches(b, NOW)).toBe(true);
});

test("what is old when it comes shows nothing", () => {
  const witness = new ClockWitness();
  witness.heard(b, NOW - HOUR, NOW);
  expect(witness.vouches(a, NOW)).toBe(false);
});
