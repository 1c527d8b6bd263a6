import { describe, expect, test } from "vitest";
import { FairQueue, Inbox, Knocks, WorkMeter } from "../../src/mesh/budgets/index.ts";
import { SIM_START, VirtualClock } from "../sim/clock.ts";

const key = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
const [flooder, honest] = [key(1), key(2)];

describe("the queue that serves all in turn", () => {
  const LIMITS = { parallel: 4, parallelOfOne: 4, maxPending: 100, maxPendingBytes: 1_000, slice: 8 };
  const ends: (() => void)[] = [];

  /** Work that is under way until it is ended. */
  const work = (log: string[], name: string) => async (): Promise<void> => {
    log.push(name);
    await new Promise<void>((resolve) => ends.push(resolve));
  };

  test("begins with the next peer's piece after each one, however much another has sent", async () => {
    const clock = new VirtualClock();
    const queue = new FairQueue({ clock, ...LIMITS, parallel: 1, stopwatch: () => clock.now() });
    const begun: string[] = [];
    for (let at = 0; at < 50; at++) queue.offer("flooder", 1, work(begun, `f${at}`));
    for (let at = 0; at < 3; at++) queue.offer("honest", 1, work(begun, `h${at}`));
    queue.offer("other", 1, work(begun, "o0"));
    while (begun.length < 54) {
      ends.splice(0).forEach((end) => end());
      await clock.settle();
    }
    expect(begun.slice(0, 8)).toEqual(["f0", "f1", "h0", "o0", "f2", "h1", "f3", "h2"]);
  });

  test("lets one peer have no more than its part of what is under way", async () => {
    const clock = new VirtualClock();
    const queue = new FairQueue({ clock, ...LIMITS, parallel: 4, parallelOfOne: 3 });
    const begun: string[] = [];
    for (let at = 0; at < 9; at++) queue.offer("flooder", 1, work(begun, "f"));
    for (let at = 0; at < 2; at++) queue.offer("honest", 1, work(begun, "h"));
    expect(begun).toEqual(["f", "f", "f", "h"]);
    ends.splice(0).forEach((end) => end());
    await clock.settle();
    expect(begun.slice(4)).toEqual(["f", "h", "f", "f"]);
  });

  test("takes so many pieces and bytes of one peer and no more", () => {
    const queue = new FairQueue({ clock: new VirtualClock(), ...LIMITS, parallel: 0 });
    const taken = (peer: string, bytes: number): boolean => queue.offer(peer, bytes, async () => undefined);
    expect(Array.from({ length: 101 }, () => taken("a", 1)).indexOf(false)).toBe(100);
    expect([taken("b", 600), taken("b", 401), taken("b", 400), taken("b", 1)]).toEqual([true, false, true, false]);
    expect(queue.pending("a")).toBe(100);
    queue.forget("a");
    expect([queue.pending("a"), taken("a", 1_000)]).toEqual([0, true]);
  });

  test("gives the thread back after a slice of work, and goes on by itself", async () => {
    const clock = new VirtualClock();
    let passed = 0;
    const queue = new FairQueue({ clock, ...LIMITS, parallel: 1_000, parallelOfOne: 1_000, stopwatch: () => passed });
    let done = 0;
    for (let at = 0; at < 100; at++) {
      queue.offer("a", 1, async () => {
        passed += 1;
        done += 1;
      });
    }
    // One task did eight milliseconds of work and no more.
    expect(done).toBe(8);
    await clock.until(() => done === 100);
  });

  test("holds while it is told to", async () => {
    const clock = new VirtualClock();
    const until = clock.now() + 1_000;
    const hold = (): number => Math.max(0, until - clock.now());
    const queue = new FairQueue({ clock, ...LIMITS, hold });
    let begun = 0;
    queue.offer("a", 1, async () => void (begun = clock.now()));
    expect(begun).toBe(0);
    await clock.until(() => begun > 0);
    expect(begun).toBe(until);
  });

  test("begins nothing after its end", async () => {
    const clock = new VirtualClock();
    const queue = new FairQueue({ clock, ...LIMITS, parallelOfOne: 1 });
    const begun: string[] = [];
    queue.offer("a", 1, work(begun, "first"));
    queue.offer("a", 1, work(begun, "second"));
    queue.stop();
    ends.splice(0).forEach((end) => end());
    await clock.settle();
    expect(begun).toEqual(["first"]);
    expect(queue.offer("a", 1, work(begun, "third"))).toBe(false);
  });
});

describe("the inbox", () => {
  const set = (limits: ConstructorParameters<typeof Inbox>[0]["limits"] = {}) => {
    const clock = new VirtualClock();
    const misdeeds: string[] = [];
    const onMisdeed = (peer: Uint8Array, code: string): void => void misdeeds.push(`${peer[0]} ${code}`);
    const inbox = new Inbox({ clock, limits, onMisdeed, stopwatch: () => clock.now() });
    let judged = 0;
    const offer = (peer: Uint8Array): boolean => inbox.offer(peer, 600, async () => void judged++);
    return { clock, inbox, misdeeds, offer, judged: () => judged };
  };

  test("a peer that sends 10,000 messages a minute is heard as much as is allowed and named for the rest", async () => {
    const { clock, judged, misdeeds, offer } = set();
    let taken = 0;
    for (let second = 0; second < 60; second++) {
      for (let message = 0; message < 167; message++) taken += offer(flooder) ? 1 : 0;
      await clock.advance(1_000);
    }
    // 600 saved up and 120 a second.
    expect(taken).toBeGreaterThan(7_600);
    expect(taken).toBeLessThanOrEqual(600 + 60 * 120);
    expect(judged()).toBe(taken);
    expect(misdeeds.length).toBe(Math.floor((60 * 167 - taken) / 100));
    expect(new Set(misdeeds)).toEqual(new Set(["1 FLOODING"]));
  });

  test("a burst of as many is cut off at once, and the next neighbour notices nothing", () => {
    const { misdeeds, offer } = set();
    const taken = Array.from({ length: 10_000 }, () => offer(flooder)).filter(Boolean).length;
    expect(taken).toBeLessThanOrEqual(601);
    // Five of them are a ban (misdeeds.ts).
    expect(misdeeds.length).toBeGreaterThan(90);
    expect(offer(honest)).toBe(true);
  });

  test("who wastes the time of checking is heard no more until it is paid back", async () => {
    const { clock, inbox, misdeeds, offer } = set();
    inbox.wasted(flooder, 501);
    expect([offer(flooder), offer(honest)]).toEqual([false, true]);
    await clock.advance(50);
    expect(offer(flooder)).toBe(true);
    inbox.wasted(flooder, 1_000_000);
    for (let message = 0; message < 99; message++) offer(flooder);
    expect(misdeeds).toEqual(["1 WASTED_WORK"]);
  });

  test("what is passed on has a rate of its own, that all neighbours share in turn", async () => {
    const { clock, inbox } = set({ accepted: { perSecond: 10, burst: 0 }, parallel: 1 });
    const order: string[] = [];
    const offer = (peer: Uint8Array, name: string): boolean =>
      inbox.offer(peer, 1, async () => {
        order.push(name);
        inbox.accepted();
      });
    for (let message = 0; message < 30; message++) offer(flooder, "f");
    offer(honest, "h");
    await clock.until(() => order.includes("h"));
    expect(order.indexOf("h")).toBeLessThanOrEqual(2);
    expect(clock.now() - SIM_START).toBeLessThanOrEqual(300);
    const before = order.length;
    await clock.advance(1_000);
    expect(order.length - before).toBe(10);
  });
});

test("the work of a task is its share of the time, and all shares are the time", () => {
  let now = 0;
  const meter = new WorkMeter(() => now);
  const alone = meter.begin();
  now += 10;
  const beside = meter.begin();
  now += 10;
  expect(beside()).toBe(5);
  now += 10;
  expect(alone()).toBe(25);
  now += 1_000;
  const later = meter.begin();
  now += 1;
  expect(later()).toBe(1);
});

describe("signalling", () => {
  test("of one peer: twenty times at once, then once in five seconds", async () => {
    const clock = new VirtualClock();
    const knocks = new Knocks(clock);
    const taken = (): number => Array.from({ length: 60 }, () => knocks.take(flooder)).filter(Boolean).length;
    expect(taken()).toBe(20);
    await clock.advance(30_000);
    expect(taken()).toBe(6);
    expect(knocks.take(honest)).toBe(true);
  });

  test("of a crowd of keys: 96 at once, then one a second", async () => {
    const clock = new VirtualClock();
    const knocks = new Knocks(clock);
    const crowd = (from: number): number =>
      Array.from({ length: 200 }, (_, at) => {
        const stranger = new Uint8Array(32);
        new DataView(stranger.buffer).setUint32(0, from + at);
        return knocks.take(stranger);
      }).filter(Boolean).length;
    expect(crowd(0)).toBe(96);
    await clock.advance(60_000);
    expect(crowd(1_000)).toBe(60);
  });
});
