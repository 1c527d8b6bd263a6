import type { Clock } from "../mesh/protocols/clock.ts";

/** Often enough to be back soon after waking; a timer of a worker is not throttled when its tab is in the background. */
const CHECK = 10_000;
/** More than a busy machine delays a timer. Links to others have fallen silent by then: they ping every 15 to 45 s. */
const JUMP = 15_000;

/**
 * Calls `onWake` when the machine, or this tab, has slept: the clock has gone on and timers have not. Links that were open look
 * open still, though nobody is at their other end. Returns what ends it.
 */
export function watchForWake(clock: Clock, onWake: () => void): () => void {
  let cancel = (): void => undefined;
  const watch = (): void => {
    const began = clock.now();
    cancel = clock.after(CHECK, () => {
      if (clock.now() - began > CHECK + JUMP) onWake();
      watch();
    });
  };
  watch();
  return () => cancel();
}
