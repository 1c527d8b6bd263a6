import type { Clock } from "../mesh/protocols/index.ts";
import { pause } from "../mesh/protocols/index.ts";
import type { Mesh } from "../mesh/port.ts";
import { toHex, type Hash } from "../wire/index.ts";

/**
 * Keys that wait to be announced. Announcing costs queries, and neighbours are asked directly before the DHT is, so
 * this covers what was read and written of late rather than everything that is held.
 */
export const MAX_ANNOUNCED = 512;
/** Between two announcements, in ms: upkeep must not compete with reading. */
const PACE = 2_000;
/** After one that failed, in ms; a new link does not wait for it. */
const RETRY = 60_000;

/** What goes first, and what goes last when there is too much: what is own, what was read just now, what lay here. */
export type ProvidingRank = "own" | "read" | "kept";
const RANKS: readonly ProvidingRank[] = ["own", "read", "kept"];

interface Waiting {
  readonly hash: Hash;
  readonly rank: ProvidingRank;
}

export interface ProvidingOptions {
  readonly mesh: Pick<Mesh, "provide" | "peers">;
  readonly clock: Clock;
  readonly log: (context: string, error: unknown) => void;
}

/**
 * Announces in the DHT what can be had here (posts and envelopes by their hashes, answers to something by the key of the
 * relation), one at a time, by rank, and the latest first.
 */
export class Providing {
  readonly #options: ProvidingOptions;
  /** The latest last. */
  readonly #waiting = new Map<string, Waiting>();
  readonly #stopped = new AbortController();
  #running = false;
  #rouse: AbortController | null = null;

  constructor(options: ProvidingOptions) {
    this.#options = options;
  }

  add(hashes: readonly Hash[], rank: ProvidingRank = "read"): void {
    for (const hash of hashes) {
      const key = toHex(hash);
      const before = this.#waiting.get(key);
      this.#waiting.delete(key);
      this.#waiting.set(key, { hash, rank: before === undefined ? rank : firstOf(before.rank, rank) });
    }
    const excess = Math.max(0, this.#waiting.size - MAX_ANNOUNCED);
    const unimportant = RANKS.toReversed().flatMap((each) => this.#of(each));
    for (const [key] of unimportant.slice(0, excess)) this.#waiting.delete(key);
    this.poke();
  }

  /** There may be somebody to tell now. */
  poke(): void {
    this.#rouse?.abort();
    if (this.#running || this.#stopped.signal.aborted) return;
    if (this.#waiting.size === 0 || this.#options.mesh.peers().length === 0) return;
    this.#running = true;
    void this.#work()
      .catch((error: unknown) => this.#options.log("provide", error))
      .finally(() => {
        this.#running = false;
      });
  }

  stop(): void {
    this.#stopped.abort();
    this.#rouse?.abort();
  }

  async #work(): Promise<void> {
    const { mesh } = this.#options;
    const { signal } = this.#stopped;
    while (this.#waiting.size > 0 && mesh.peers().length > 0 && !signal.aborted) {
      const [key, { hash }] = this.#next();
      let announced = true;
      try {
        await mesh.provide(hash, { signal });
        this.#waiting.delete(key);
      } catch (error) {
        if (signal.aborted) return;
        announced = false;
        this.#options.log("provide", error);
      }
      await this.#pause(announced ? PACE : RETRY);
    }
  }

  #of(rank: ProvidingRank): [string, Waiting][] {
    return [...this.#waiting].filter(([, waiting]) => waiting.rank === rank);
  }

  #next(): [string, Waiting] {
    return RANKS.map((rank) => this.#of(rank).at(-1)).find((last) => last !== undefined) as [string, Waiting];
  }

  /** Cut short by `poke` and by `stop`. */
  async #pause(ms: number): Promise<void> {
    if (this.#stopped.signal.aborted) return;
    this.#rouse = new AbortController();
    try {
      await pause(this.#options.clock, ms, this.#rouse.signal);
    } catch (error) {
      if (!this.#rouse.signal.aborted) throw error;
    } finally {
      this.#rouse = null;
    }
  }
}

function firstOf(a: ProvidingRank, b: ProvidingRank): ProvidingRank {
  return RANKS.indexOf(a) < RANKS.indexOf(b) ? a : b;
}
