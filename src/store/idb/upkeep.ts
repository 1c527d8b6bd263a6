/** Calls `task` once after `delay` milliseconds; the result takes it back. */
export type Schedule = (task: () => void, delay: number) => () => void;

/** How long small segments may wait for company: a burst of arrivals is over by then. */
const MERGE_DELAY = 2_000;
/**
 * How long the snapshot may lag behind, for each 100,000 envelopes in the index. Replaying what it lacks costs some
 * 20 microseconds an envelope; writing it costs 2 microseconds for each envelope in the index, so larger stores do it
 * less often.
 */
const SNAPSHOT_DELAY = 30_000;
const SNAPSHOT_UNIT = 100_000;
/** The share of the index that has to be missing in the snapshot for a new one: 250 of 100,000 replay in 5 ms. */
const WORTH_A_SNAPSHOT = 1 / 400;
/** The same when closing, where another tab waits to take over: below this share, replaying is quicker than writing. */
const WORTH_A_DELAY = 1 / 16;
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
  #unsaved = 0;
  #cancelMerge: (() => void) | undefined;
  #cancelSnapshot: (() => void) | undefined;
  #running: Promise<void> = Promise.resolve();
  #isSaving = false;
  /** The last snapshot could not be written: the next attempt waits for its time, however much there is to save. */
  #hasFailed = false;
  #isStopped = false;

  /** @param unsaved envelopes that the snapshot on disk lacks or has wrong */
  constructor(schedule: Schedule, tasks: UpkeepTasks, unsaved: number) {
    this.#schedule = schedule;
    this.#tasks = tasks;
    this.noteChange(unsaved);
  }

  /** @param envelopes how many were added or removed */
  noteChange(envelopes: number): void {
    if (this.#isStopped || envelopes === 0) return;
    this.#unsaved += envelopes;
    this.#cancelMerge ??= this.#schedule(() => {
      this.#cancelMerge = undefined;
      this.#run(this.#tasks.merge);
    }, MERGE_DELAY);
    if (!this.#hasFailed && this.#unsaved >= Math.max(SNAPSHOT_AT_ONCE, this.#tasks.size() / 4)) {
      this.#save();
    } else {
      const delay = SNAPSHOT_DELAY * Math.max(1, this.#tasks.size() / SNAPSHOT_UNIT);
      this.#cancelSnapshot ??= this.#schedule(() => {
        this.#cancelSnapshot = undefined;
        if (this.#isWorth(WORTH_A_SNAPSHOT)) this.#save();
      }, delay);
    }
  }

  /** Takes back what is scheduled and waits for what runs. @returns whether a last snapshot is worth its time */
  async stop(): Promise<boolean> {
    this.#isStopped = true;
    this.#cancelMerge?.();
    this.#cancelSnapshot?.();
    await this.#running;
    return this.#isWorth(WORTH_A_DELAY);
  }

  #isWorth(share: number): boolean {
    return this.#unsaved > 0 && this.#unsaved >= this.#tasks.size() * share;
  }

  #save(): void {
    if (this.#isSaving) return;
    this.#isSaving = true;
    this.#run(async () => {
      const saved = this.#unsaved;
      this.#hasFailed = true;
      try {
        await this.#tasks.writeSnapshot();
        this.#unsaved -= saved;
        this.#hasFailed = false;
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
