/** What is asked just as another identity is about to run is not answered by the end of this one. */
import { afterEach, expect, it } from "vitest";
import { Device } from "./origin.ts";

let phone: Device | null = null;

afterEach(async () => {
  await phone?.stop();
  expect(phone?.faults).toEqual([]);
});

/** What is read from the disk first, what is in memory, and what is loaded when it is first asked for. */
const ASKED = ["drafts", "network", "settings", "feeds", "noticeCalls"] as const;

it("live queries that are opened at any moment of a move are answered or left to the next run", async () => {
  const device = (phone = new Device(31));
  const api = await device.start();
  const failures: unknown[] = [];
  let opened = 0;
  const move = { over: false };
  const moving = api.createIdentity().then(() => {
    move.over = true;
  });
  while (!move.over) {
    for (const name of ASKED) {
      api
        .watch(name, {}, () => undefined)
        .then(
          () => (opened += 1),
          (error: unknown) => failures.push(error),
        );
    }
    // The next moment: what the move waits for goes on meanwhile.
    await device.clock.track(new Promise((resolve) => setImmediate(resolve)));
  }
  await moving;
  await device.clock.advance(1);
  expect(opened).toBeGreaterThan(0);
  expect(failures).toEqual([]);
});
