import { expect, test } from "vitest";
import { Misdeeds } from "../../src/mesh/misdeeds.ts";
import { VirtualClock } from "../sim/clock.ts";

const MINUTE = 60_000;

test("ten small misdeeds in a moment drop a peer for half an hour", async () => {
  const clock = new VirtualClock();
  const misdeeds = new Misdeeds(clock);
  const reports = Array.from({ length: 10 }, () => misdeeds.report("a", "RATE"));
  expect(reports).toEqual([...Array.from({ length: 9 }, () => false), true]);
  expect(misdeeds.isBanned("a")).toBe(true);
  expect(misdeeds.isBanned("b")).toBe(false);
  await clock.advance(30 * MINUTE - 1);
  expect(misdeeds.isBanned("a")).toBe(true);
  await clock.advance(1);
  expect(misdeeds.isBanned("a")).toBe(false);
});

test("two violations of the protocol are enough", () => {
  const misdeeds = new Misdeeds(new VirtualClock());
  expect(misdeeds.report("a", "FRAME_TOO_LARGE")).toBe(false);
  expect(misdeeds.report("a", "SIGNATURE_INVALID")).toBe(true);
});

test("what happens rarely is forgiven", async () => {
  const clock = new VirtualClock();
  const misdeeds = new Misdeeds(clock);
  for (let hour = 0; hour < 48; hour++) {
    expect(misdeeds.report("a", "RATE")).toBe(false);
    await clock.advance(60 * MINUTE);
  }
  expect(misdeeds.points("a")).toBe(0);
});

test("a ban is told once, not with every further report", () => {
  const misdeeds = new Misdeeds(new VirtualClock());
  const told = Array.from({ length: 30 }, () => misdeeds.report("a", "RATE")).filter(Boolean);
  expect(told).toHaveLength(1);
});

test("a crowd of offenders takes bounded memory, the latest ones are kept", () => {
  const misdeeds = new Misdeeds(new VirtualClock());
  for (let peer = 0; peer < 5_000; peer++) misdeeds.report(`peer ${peer}`, "RATE");
  expect(misdeeds.points("peer 0")).toBe(0);
  expect(misdeeds.points("peer 4999")).toBe(1);
});
