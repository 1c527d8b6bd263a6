/** Calls `task` once after `delay` milliseconds; the result takes it back. */
export type Schedule = (task: () => void, delay: number) => () => void;

/** How long small segments may wait for company: a burst of arrivals is over by then. */
const MERGE_DELAY = 2_000;
/**
 * How long the snapshot may lag behind, for each 100,000 envelopes in the index. Replaying what it lacks costs about
 * 20 microseconds an envelope; writing 100,000 envelopes' worth costs 12 MB, so larger stores do it less often.
 */
const SNAPSHOT_DELAY = 30_000;
const SNAPSHOT_UNIT = 100_000;
/** Replaying fewer takes a few milliseconds: not worth a snapshot. */
const SNAPSHOT_AT_LEAST = 256;
/** A snapshot is written without waiting when so many envelopes, and a quarter of the index, are not in it. */
const SNAPSHOT_AT_ONCE = 8_192;

export interface UpkeepTasks {
  /** Rewrites sparse segments, if there are enough. */
  readonly merge: () => Promise<void>;
  readonly writeSnapshot: () => Promise<void>;
  /** Envelopes in the index. */
  readonly size: () => number;
  /** What failed will be tried again after the next change; nothing committed is lost. */
  readonly onFault: (fault: unknown) => void;
}

/** Decides when the work that may wait is done: merging segments and writing the snapshot. */
export class Upkeep {
  readonly #schedule: Schedule;
  readonly #tasks: UpkeepTasks;
  #unsaved: number;
  #cancelMerge: (() => void) | undefined;
  #cancelSnapshot: (() => void) | undefined;
  #running: Promise<void> = Promise.resolve();
  #isSaving = false;
  #isStopped = false;

  /** @param unsaved envelopes that the snapshot on disk lacks or has wrong */
  constructor(schedule: Schedule, tasks: UpkeepTasks, unsaved: number) {
    this.#schedule = schedule;
    this.#tasks = tasks;
    this.#unsaved = 0;
    if (unsaved > 0) this.noteChange(unsaved);
  }

  /** @param envelopes how many were added or removed */
  noteChange(envelopes: number): void {
    if (this.#isStopped) return;
    this.#unsaved += envelopes;
    this.#cancelMerge ??= this.#schedule(() => {
      this.#cancelMerge = undefined;
      this.#run(this.#tasks.merge);
    }, MERGE_DELAY);
    if (this.#unsaved >= Math.max(SNAPSHOT_AT_ONCE, this.#tasks.size() / 4)) {
      this.#save();
    } else {
      const delay = SNAPSHOT_DELAY * Math.max(1, this.#tasks.size() / SNAPSHOT_UNIT);
      this.#cancelSnapshot ??= this.#schedule(() => {
        this.#cancelSnapshot = undefined;
        if (this.#unsaved >= SNAPSHOT_AT_LEAST) this.#save();
      }, delay);
    }
  }

  /** Takes back what is scheduled and waits for what runs. @returns how many envelopes the snapshot lacks */
  async stop(): Promise<number> {
    this.#isStopped = true;
    this.#cancelMerge?.();
    this.#cancelSnapshot?.();
    await this.#running;
    return this.#unsaved;
  }

  #save(): void {
    if (this.#isSaving) return;
    this.#isSaving = true;
    this.#run(async () => {
      const saved = this.#unsaved;
      try {
        await this.#tasks.writeSnapshot();
        this.#unsaved -= saved;
      } finally {
        this.#isSaving = false;
      }
    });
  }

  #run(task: () => Promise<void>): void {
    const { onFault } = this.#tasks;
    this.#running = this.#running.then(task).catch((fault: unknown) => onFault(fault));
  }
}
