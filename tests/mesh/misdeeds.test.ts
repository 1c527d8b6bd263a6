import { expect, test } from "vitest";
import { Misdeeds } from "../../src/mesh/misdeeds.ts";
import type { ShutOut } from "../../src/mesh/port.ts";
import type { NodeKey } from "../../src/wire/index.ts";
import { VirtualClock } from "../sim/clock.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function peer(number: number): NodeKey {
  const key = new Uint8Array(32);
  new DataView(key.buffer).setUint32(0, number);
  return key;
}
const [a, b] = [peer(1), peer(2)];

test("ten small misdeeds in a moment drop a peer for half an hour", async () => {
  const clock = new VirtualClock();
  const misdeeds = new Misdeeds(clock);
  const reports = Array.from({ length: 10 }, () => misdeeds.report(a, "RATE"));
  expect(reports).toEqual([...Array.from({ length: 9 }, () => false), true]);
  expect(misdeeds.isBanned(a)).toBe(true);
  expect(misdeeds.isBanned(b)).toBe(false);
  await clock.advance(30 * MINUTE - 1);
  expect(misdeeds.isBanned(a)).toBe(true);
  await clock.advance(1);
  expect(misdeeds.isBanned(a)).toBe(false);
});

test("two violations of the protocol are enough", () => {
  const misdeeds = new Misdeeds(new VirtualClock());
  expect(misdeeds.report(a, "FRAME_TOO_LARGE")).toBe(false);
  expect(misdeeds.report(a, "SIGNATURE_INVALID")).toBe(true);
});

test("so are two within half a minute, not two within the hour", async () => {
  const clock = new VirtualClock();
  const misdeeds = new Misdeeds(clock);
  misdeeds.report(a, "BAD_HASH");
  misdeeds.report(b, "BAD_HASH");
  await clock.advance(25_000);
  expect(misdeeds.report(a, "BAD_HASH")).toBe(true);
  await clock.advance(HOUR);
  expect(misdeeds.report(b, "BAD_HASH")).toBe(false);
});

test("what happens rarely is forgiven", async () => {
  const clock = new VirtualClock();
  const misdeeds = new Misdeeds(clock);
  for (let hour = 0; hour < 48; hour++) {
    expect(misdeeds.report(a, "RATE")).toBe(false);
    await clock.advance(HOUR);
  }
  expect(misdeeds.points(a)).toBe(0);
});

test.each([
  ["RATE_EXCEEDED", 950],
  ["STALE", 475],
  ["FROM_THE_FUTURE", 48],
  ["STREAM_FLOOD", 19],
  ["FLOODING", 5],
])("what is only ignored counts in masses: %s, %i times", (code, times) => {
  const misdeeds = new Misdeeds(new VirtualClock());
  const before = Array.from({ length: times - 1 }, () => misdeeds.report(a, code));
  expect(before).not.toContain(true);
  // Sums of hundredths are not exact.
  expect([misdeeds.report(a, code), misdeeds.report(a, code)]).toContain(true);
});

test("a ban is told once, not with every further report", () => {
  const misdeeds = new Misdeeds(new VirtualClock());
  const told = Array.from({ length: 30 }, () => misdeeds.report(a, "RATE")).filter(Boolean);
  expect(told).toHaveLength(1);
});

test("each further ban is four times as long, up to a day; a week later the first one counts again", async () => {
  const clock = new VirtualClock();
  const misdeeds = new Misdeeds(clock);
  const banned = async (): Promise<number> => {
    misdeeds.report(a, "MALFORMED");
    misdeeds.report(a, "MALFORMED");
    const [entry] = misdeeds.shutOut();
    const length = (entry?.until ?? 0) - clock.now();
    await clock.advance(length);
    expect(misdeeds.shutOut()).toEqual([]);
    return length;
  };
  expect([await banned(), await banned(), await banned(), await banned(), await banned()]).toEqual([
    HOUR / 2,
    2 * HOUR,
    8 * HOUR,
    24 * HOUR,
    24 * HOUR,
  ]);
  await clock.advance(7 * 24 * HOUR);
  expect(await banned()).toBe(HOUR / 2);
});

test("who is shut out, since when, until when and why, the latest first", async () => {
  const clock = new VirtualClock();
  const misdeeds = new Misdeeds(clock);
  const start = clock.now();
  for (const code of ["MALFORMED", "BAD_HASH"]) misdeeds.report(a, code);
  await clock.advance(MINUTE);
  for (const code of ["BAD_HASH", "SIGNATURE_INVALID"]) misdeeds.report(b, code);
  expect(misdeeds.shutOut()).toEqual([
    { peer: b, code: "SIGNATURE_INVALID", since: start + MINUTE, until: start + 31 * MINUTE, times: 1 },
    { peer: a, code: "BAD_HASH", since: start, until: start + 30 * MINUTE, times: 1 },
  ]);
  expect(misdeeds.recent()).toEqual([
    { peer: b, code: "SIGNATURE_INVALID", at: start + MINUTE, count: 2 },
    { peer: a, code: "BAD_HASH", at: start, count: 2 },
  ]);
  await clock.advance(HOUR);
  expect(misdeeds.recent()).toEqual([]);
});

test("letting a peer in again forgets what it did", () => {
  let changes = 0;
  const misdeeds = new Misdeeds(new VirtualClock(), () => changes++);
  for (const code of ["MALFORMED", "BAD_HASH"]) misdeeds.report(a, code);
  misdeeds.pardon(a);
  expect(misdeeds.isBanned(a)).toBe(false);
  expect(misdeeds.points(a)).toBe(0);
  expect(misdeeds.kept()).toEqual([]);
  expect(changes).toBe(2);
});

test("a restart is no pardon, and repetition counts across it", async () => {
  const clock = new VirtualClock();
  const before = new Misdeeds(clock);
  for (const code of ["MALFORMED", "BAD_HASH"]) before.report(a, code);
  await clock.advance(10 * MINUTE);
  const after = new Misdeeds(clock);
  after.restore(before.kept());
  expect(after.isBanned(a)).toBe(true);
  expect(after.shutOut()).toEqual(before.shutOut());
  await clock.advance(20 * MINUTE);
  expect(after.isBanned(a)).toBe(false);
  for (const code of ["MALFORMED", "BAD_HASH"]) after.report(a, code);
  await clock.advance(2 * HOUR - 1);
  expect(after.isBanned(a)).toBe(true);
});

test("what was kept expires, and a clock that was ahead bans nobody for years", () => {
  const clock = new VirtualClock();
  const now = clock.now();
  const misdeeds = new Misdeeds(clock);
  const entry = (key: NodeKey, since: number, until: number): ShutOut => ({
    peer: key,
    code: "MALFORMED",
    since,
    until,
    times: 1,
  });
  misdeeds.restore([entry(a, now - 8 * 24 * HOUR, now + HOUR), entry(b, now + 900 * HOUR, now + 9_000 * HOUR)]);
  expect(misdeeds.isBanned(a)).toBe(false);
  expect(misdeeds.shutOut()).toEqual([{ peer: b, code: "MALFORMED", since: now, until: now + 24 * HOUR, times: 1 }]);
});

test("whom this person blocked is shut out whatever happens, and is not among those shut out for misdeeds", async () => {
  const clock = new VirtualClock();
  const misdeeds = new Misdeeds(clock);
  misdeeds.setBlocked([a]);
  await clock.advance(400 * HOUR);
  misdeeds.pardon(a);
  expect(misdeeds.isBanned(a)).toBe(true);
  expect(misdeeds.shutOut()).toEqual([]);
  misdeeds.setBlocked([]);
  expect(misdeeds.isBanned(a)).toBe(false);
});

test("a crowd of offenders takes bounded memory, the latest ones are kept", () => {
  const misdeeds = new Misdeeds(new VirtualClock());
  for (let number = 0; number < 5_000; number++) {
    misdeeds.report(peer(number), "MALFORMED");
    misdeeds.report(peer(number), "MALFORMED");
  }
  expect(misdeeds.points(peer(0))).toBe(0);
  expect(misdeeds.points(peer(4_999))).toBe(10);
  expect(misdeeds.kept()).toHaveLength(256);
  expect(misdeeds.recent()).toHaveLength(50);
});
