/** Work of many peers, one piece of each in turn. */
import type { Clock } from "../protocols/clock.ts";

export interface FairQueueOptions {
  readonly clock: Clock;
  /** Pieces of work under way at once, and those of one peer. */
  readonly parallel: number;
  readonly parallelOfOne: number;
  /** What of one peer may wait. */
  readonly maxPending: number;
  readonly maxPendingBytes: number;
  /** Milliseconds after which other tasks of the thread get their turn. */
  readonly slice: number;
  /** Milliseconds for which nothing may be begun; 0 when something may. */
  readonly hold?: () => number;
  readonly stopwatch?: () => number;
}

interface Piece {
  readonly bytes: number;
  readonly run: () => Promise<void>;
}

interface Lane {
  readonly waiting: Piece[];
  /** Pieces of `waiting` that are done: shifting a long array costs its length. */
  taken: number;
  bytes: number;
  running: number;
}

/**
 * Begins with the next peer's piece after each one, whoever has sent how much: a peer with a thousand pieces delays one
 * with a single piece by one of its own. What is begun at an idle moment begins at once.
 */
export class FairQueue {
  readonly #options: FairQueueOptions;
  readonly #stopwatch: () => number;
  /** In the order of their turns. */
  readonly #lanes = new Map<string, Lane>();
  #running = 0;
  /** When this task has done enough; null before its first piece. */
  #sliceEnd: number | null = null;
  /** Nothing is begun before another task. */
  #resting = false;
  /** A timer will look again. */
  #waking = false;
  #stopped = false;

  constructor(options: FairQueueOptions) {
    this.#options = options;
    this.#stopwatch = options.stopwatch ?? (() => performance.now());
  }

  /** Pieces of a peer that wait for their turn. */
  pending(peer: string): number {
    const lane = this.#lanes.get(peer);
    return lane === undefined ? 0 : lane.waiting.length - lane.taken;
  }

  /**
   * @param run never rejects
   * @returns whether it will be run; `false` when too much of this peer waits
   */
  offer(peer: string, bytes: number, run: () => Promise<void>): boolean {
    if (this.#stopped) return false;
    const lane = this.#lanes.get(peer) ?? { waiting: [], taken: 0, bytes: 0, running: 0 };
    const { maxPending, maxPendingBytes } = this.#options;
    if (lane.waiting.length - lane.taken >= maxPending || lane.bytes + bytes > maxPendingBytes) return false;
    this.#lanes.set(peer, lane);
    lane.waiting.push({ bytes, run });
    lane.bytes += bytes;
    this.#drain();
    return true;
  }

  /** Drops what of this peer has not begun. */
  forget(peer: string): void {
    const lane = this.#lanes.get(peer);
    if (lane === undefined) return;
    lane.waiting.length = 0;
    lane.taken = 0;
    lane.bytes = 0;
    if (lane.running === 0) this.#lanes.delete(peer);
  }

  stop(): void {
    this.#stopped = true;
    this.#lanes.clear();
  }

  #drain(): void {
    while (!this.#stopped && !this.#resting && this.#running < this.#options.parallel) {
      const turn = this.#next();
      if (turn === null) return;
      const held = this.#options.hold?.() ?? 0;
      if (held > 0) {
        this.#wakeAfter(held);
        return;
      }
      if (this.#isLate()) this.#resting = true;
      else this.#begin(...turn);
    }
  }

  /** Counts from the first piece of a task; a timer says when that task is over. */
  #isLate(): boolean {
    const now = this.#stopwatch();
    if (this.#sliceEnd === null) {
      this.#sliceEnd = now + this.#options.slice;
      this.#options.clock.after(0, () => {
        this.#sliceEnd = null;
        this.#resting = false;
        this.#drain();
      });
    }
    return now >= this.#sliceEnd;
  }

  #wakeAfter(ms: number): void {
    if (this.#waking) return;
    this.#waking = true;
    this.#options.clock.after(ms, () => {
      this.#waking = false;
      this.#drain();
    });
  }

  #next(): [string, Lane] | null {
    for (const [peer, lane] of this.#lanes) {
      if (lane.taken < lane.waiting.length && lane.running < this.#options.parallelOfOne) return [peer, lane];
    }
    return null;
  }

  #begin(peer: string, lane: Lane): void {
    const piece = lane.waiting[lane.taken] as Piece;
    lane.taken++;
    if (lane.taken === lane.waiting.length) {
      lane.waiting.length = 0;
      lane.taken = 0;
    } else if (lane.taken >= this.#options.maxPending) {
      lane.waiting.splice(0, lane.taken);
      lane.taken = 0;
    }
    lane.bytes -= piece.bytes;
    lane.running++;
    this.#running++;
    // The next turn is somebody else's.
    this.#lanes.delete(peer);
    this.#lanes.set(peer, lane);
    void piece.run().finally(() => this.#done(peer, lane));
  }

  #done(peer: string, lane: Lane): void {
    lane.running--;
    this.#running--;
    if (lane.running === 0 && lane.taken === lane.waiting.length && this.#lanes.get(peer) === lane) {
      this.#lanes.delete(peer);
    }
    this.#drain();
  }
}
