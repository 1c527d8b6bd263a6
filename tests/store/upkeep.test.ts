import { expect, test } from "vitest";
import { Upkeep } from "../../src/store/idb/upkeep.ts";

/** Timers that the test moves by hand, and tasks that it lets end. */
class Setting {
  readonly timers: { task: () => void; delay: number }[] = [];
  readonly faults: unknown[] = [];
  merges = 0;
  snapshots = 0;
  size = 100_000;
  failing = false;
  readonly upkeep: Upkeep;

  constructor(unsaved = 0) {
    this.upkeep = new Upkeep(
      (task, delay) => {
        const timer = { task, delay };
        this.timers.push(timer);
        return () => void this.timers.splice(this.timers.indexOf(timer), 1);
      },
      {
        merge: async () => void (this.merges += 1),
        writeSnapshot: async () => {
          this.snapshots += 1;
          if (this.failing) throw new Error("no room");
        },
        size: () => this.size,
        onFault: (fault) => this.faults.push(fault),
      },
      unsaved,
    );
  }

  async elapse(): Promise<void> {
    for (const { task } of this.timers.splice(0)) task();
    await this.settle();
  }

  /** The tasks here wait for nothing but promises. */
  async settle(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test("nothing is scheduled while nothing changes", () => {
  const setting = new Setting();
  setting.upkeep.noteChange(0);
  expect(setting.timers).toEqual([]);
});

test("changes that come together are merged once and saved once", async () => {
  const setting = new Setting();
  for (let commit = 0; commit < 100; commit += 1) setting.upkeep.noteChange(10);
  expect(setting.timers.map(({ delay }) => delay)).toEqual([2_000, 30_000]);
  await setting.elapse();
  expect([setting.merges, setting.snapshots]).toEqual([1, 1]);
  expect(await setting.upkeep.stop()).toBe(false);
});

test("a few changes of a large index are not worth a snapshot, but they add up", async () => {
  const setting = new Setting();
  setting.upkeep.noteChange(200);
  await setting.elapse();
  expect(setting.snapshots).toBe(0);
  setting.upkeep.noteChange(60);
  await setting.elapse();
  expect(setting.snapshots).toBe(1);
});

test("many changes are saved without waiting, and a larger index waits longer", async () => {
  const setting = new Setting();
  setting.upkeep.noteChange(24_999);
  expect(setting.snapshots).toBe(0);
  setting.upkeep.noteChange(1);
  await setting.settle();
  expect(setting.snapshots).toBe(1);
  setting.size = 1_000_000;
  const larger = new Setting();
  larger.size = 1_000_000;
  larger.upkeep.noteChange(100);
  expect(larger.timers.map(({ delay }) => delay)).toEqual([2_000, 300_000]);
});

test("a snapshot that fails is tried again at its time, not at every change", async () => {
  const setting = new Setting();
  setting.failing = true;
  for (let commit = 0; commit < 5; commit += 1) {
    setting.upkeep.noteChange(30_000);
    await setting.settle();
  }
  expect(setting.snapshots).toBe(1);
  setting.failing = false;
  await setting.elapse();
  expect(setting.snapshots).toBe(2);
  expect(setting.faults).toHaveLength(1);
  setting.upkeep.noteChange(30_000);
  await setting.settle();
  expect(setting.snapshots).toBe(3);
});

test("closing waits for a snapshot only where replaying would take longer", async () => {
  expect(await new Setting(6_000).upkeep.stop()).toBe(false);
  const setting = new Setting(6_300);
  expect(await setting.upkeep.stop()).toBe(true);
  expect(setting.timers).toEqual([]);
  setting.upkeep.noteChange(1);
  expect(setting.timers).toEqual([]);
});
