import type { LockPort } from "./locks.ts";
import { LIFE_LOCK } from "./wire.ts";

export interface LifePorts {
  /** `navigator.locks` of the worker. */
  readonly locks: LockPort;
  /** Runs `task` once after `ms` milliseconds; returns what cancels it. */
  after(ms: number, task: () => void): () => void;
  /** The lock has been stolen: another worker runs the peer now, and this one has to end. */
  readonly robbed: () => void;
}

/**
 * How long a worker waits for the one before it. One that was ended in the midst of work lives on (Chromium 156 gives a
 * busy script 2 seconds), and a frozen one holds the lock for as long as it is frozen. Two at once are not dangerous, since
 * a store that was opened elsewhere takes no more writes (`src/store/idb`), but it is better avoided; and another tab is to
 * answer calls within a second.
 */
export const LIFE_PATIENCE = 400;

/** Resolves when this worker holds {@link LIFE_LOCK}, which it does until it ends. */
export async function takeLife(ports: LifePorts): Promise<void> {
  const patience = new AbortController();
  const cancel = ports.after(LIFE_PATIENCE, () => patience.abort());
  try {
    await held(ports, { signal: patience.signal });
  } catch (error) {
    if (!patience.signal.aborted) throw error;
    await held(ports, { steal: true });
  } finally {
    cancel();
  }
}

function held(ports: LifePorts, options: { signal: AbortSignal } | { steal: true }): Promise<void> {
  return new Promise((resolve, reject) => {
    let granted = false;
    ports.locks
      .request(LIFE_LOCK, options, () => {
        granted = true;
        resolve();
        return new Promise<never>(() => undefined);
      })
      .catch((error: unknown) => (granted ? ports.robbed() : reject(error)));
  });
}
