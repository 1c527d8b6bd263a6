import { expect, it } from "vitest";
import { ConnectionCount } from "../../src/mesh/rtc/count.ts";

/** A browser that collects what was let go of, after being pressed so many times. */
function browser(high: number, presses = 3) {
  let collected = (): void => undefined;
  let garbage = 0;
  let pressed = 0;
  const count = new ConnectionCount({
    high,
    watch: (callback) => {
      collected = callback;
      return () => undefined;
    },
    press: async () => {
      pressed += 1;
      if (pressed % presses === 0) for (; garbage > 0; garbage--) collected();
      return 33_554_432;
    },
  });
  return {
    count,
    make: (many: number) => {
      for (let made = 0; made < many; made++) count.made({});
    },
    drop: (many: number) => (garbage += many),
    pressed: () => pressed,
  };
}

it("connections are counted until they are collected, and the collector runs in time", async () => {
  const { count, drop, make, pressed } = browser(10);
  make(9);
  expect(count.live).toBe(9);
  expect(pressed()).toBe(0);
  drop(9);
  make(1);
  await expect.poll(() => count.live).toBe(1);
  expect(pressed()).toBe(3);
  drop(1);
  make(9);
  await expect.poll(() => count.live).toBe(9);
});

it("where many are open the collector is not pressed for every further one", async () => {
  const { count, make, pressed } = browser(10);
  make(10);
  await expect.poll(pressed).toBe(16);
  make(40);
  expect(count.live).toBe(50);
  expect(pressed()).toBe(16);
});

it("near the limit a slow collector is pressed for longer", async () => {
  const { count, drop, make, pressed } = browser(100, 70);
  make(100);
  drop(100);
  await expect.poll(pressed).toBe(16);
  make(59);
  await expect.poll(pressed).toBe(32);
  expect(count.live).toBe(159);
  make(50);
  drop(109);
  await expect.poll(() => count.live).toBe(0);
  expect(pressed()).toBe(70);
});
