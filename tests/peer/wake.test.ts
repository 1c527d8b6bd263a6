import { expect, it } from "vitest";
import { watchForWake } from "../../src/peer/wake.ts";

/** A clock whose timers and whose time are moved apart: that is what sleep looks like from inside. */
function machine() {
  let now = 0;
  let due: (() => void) | null = null;
  let woken = 0;
  const stop = watchForWake(
    {
      now: () => now,
      after: (_ms, task) => {
        due = task;
        return () => (due = null);
      },
    },
    () => woken++,
  );
  return {
    stop,
    woken: () => woken,
    idle: () => due === null,
    /** The timer fires after so long. */
    fire(ms: number): void {
      now += ms;
      due?.();
    },
  };
}

it("sleep is noticed once, a late timer and a clock that is set back are not", () => {
  const { fire, woken } = machine();
  fire(10_000);
  fire(22_000);
  fire(-3_600_000);
  fire(10_000);
  expect(woken()).toBe(0);
  fire(8 * 3_600_000);
  expect(woken()).toBe(1);
  fire(10_000);
  expect(woken()).toBe(1);
});

it("nothing is watched after the end", () => {
  const { idle, stop } = machine();
  expect(idle()).toBe(false);
  stop();
  expect(idle()).toBe(true);
});
