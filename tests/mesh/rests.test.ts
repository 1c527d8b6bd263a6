import { beforeEach, expect, test } from "vitest";
import { Rests } from "../../src/mesh/rests.ts";
import { VirtualClock } from "../sim/clock.ts";

const PEER = new Uint8Array(32).fill(1);
const OTHER = new Uint8Array(32).fill(2);

let clock: VirtualClock;
let rests: Rests;

beforeEach(() => {
  clock = new VirtualClock();
  rests = new Rests(clock, () => 0.5);
});

/** A link that lives so long. */
async function link(lived: number, peer = PEER): Promise<void> {
  rests.opened(peer);
  await clock.advance(lived);
  rests.ended(peer);
}

test("five links that end soon are nothing to wonder at", async () => {
  for (let times = 0; times < 5; times++) await link(1_000);
  expect(rests.resting(PEER)).toBe(false);
});

test("those after them make it rest, for twice as long each time, up to half a minute", async () => {
  for (let times = 0; times < 5; times++) await link(1_000);
  for (const wait of [2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
    await link(1_000);
    await clock.advance(wait - 1);
    expect(rests.resting(PEER), String(wait)).toBe(true);
    await clock.advance(1);
    expect(rests.resting(PEER), String(wait)).toBe(false);
  }
  expect(rests.resting(OTHER)).toBe(false);
});

test("a link that lives for two minutes makes good what was before", async () => {
  for (let times = 0; times < 9; times++) await link(1_000);
  await clock.advance(60_000);
  await link(120_000);
  await link(1_000);
  await link(1_000);
  expect(rests.resting(PEER)).toBe(false);
});

test("links that others open do not count, and another network is a new beginning", async () => {
  for (let times = 0; times < 9; times++) rests.ended(PEER);
  expect(rests.resting(PEER)).toBe(false);
  for (let times = 0; times < 6; times++) await link(1_000);
  expect(rests.resting(PEER)).toBe(true);
  rests.forget();
  expect(rests.resting(PEER)).toBe(false);
});
