import type { Clock } from "../../mesh/protocols/index.ts";
import type { Store } from "../../store/port.ts";
import type { LogEntry } from "./api.ts";
import type { LogRing } from "./ring.ts";

const SETTING = "log";
/** Enough to tell what came before a crash; 40 kB or so of a record that is written behind. */
const KEPT_ENTRIES = 300;
/** What matters is kept soon, since a crash may be next; the rest in passing. Milliseconds. */
const SOON = 1_000;
const IN_PASSING = 15_000;

export interface KeptLog {
  /** Writes what is due, then empties the log. */
  stop(): Promise<void>;
}

/**
 * Keeps the newest entries of the log in the store, so that a peer that is started anew, also in another tab or after a
 * crash, still has what came before. Each identity has a store, so each has a log; it goes when its store is deleted.
 */
export async function keepLog(ring: LogRing, store: Store, clock: Clock): Promise<KeptLog> {
  ring.restore(await store.setting(SETTING));
  let cancel: (() => void) | null = null;
  let due = Infinity;
  let writing: Promise<void> = Promise.resolve();
  let failed = false;

  const write = async (): Promise<void> => {
    const entries = ring.entries({ limit: KEPT_ENTRIES });
    try {
      await store.commit({ settings: { [SETTING]: entries } });
    } catch (error) {
      // A full or failing disk: the log stays in memory. Told once, or the telling would be the next thing to keep.
      if (!failed) ring.add("task_failed", { task: "log", error });
      failed = true;
    }
  };
  const flush = (): Promise<void> => {
    cancel?.();
    cancel = null;
    due = Infinity;
    writing = writing.then(write);
    return writing;
  };
  const changed = (entry: LogEntry | null): void => {
    const urgent = entry === null || entry.level === "warn" || entry.level === "error";
    const at = clock.now() + (urgent ? SOON : IN_PASSING);
    if (failed || at >= due) return;
    cancel?.();
    due = at;
    cancel = clock.after(at - clock.now(), () => void flush());
  };
  const unsubscribe = ring.onChanged(changed);

  return {
    async stop() {
      unsubscribe();
      await (cancel === null ? writing : flush());
      // Another identity may start in this worker, with a log of its own.
      ring.clear();
    },
  };
}
