import type { Clock } from "../mesh/protocols/index.ts";
import { pause } from "../mesh/protocols/index.ts";
import type { Mesh } from "../mesh/port.ts";
import { toHex, type Hash } from "../wire/index.ts";

/**
 * Posts that wait to be announced. Announcing costs queries, and neighbours are asked directly before the DHT is, so
 * this covers what was read and written of late rather than everything that is held.
 */
export const MAX_ANNOUNCED = 512;
/** Between two announcements, in ms: upkeep must not compete with reading. */
const PACE = 2_000;
/** After one that failed, in ms; a new link does not wait for it. */
const RETRY = 60_000;

export interface ProvidingOptions {
  readonly mesh: Pick<Mesh, "provide" | "peers">;
  readonly clock: Clock;
  readonly log: (context: string, error: unknown) => void;
}

/** Announces in the DHT which posts can be had here, one at a time, the latest first. */
export class Providing {
  readonly #options: ProvidingOptions;
  readonly #waiting = new Map<string, Hash>();
  readonly #stopped = new AbortController();
  #running = false;
  #rouse: AbortController | null = null;

  constructor(options: ProvidingOptions) {
    this.#options = options;
  }

  add(hashes: readonly Hash[]): void {
    for (const hash of hashes) this.#waiting.set(toHex(hash), hash);
    const excess = this.#waiting.size - MAX_ANNOUNCED;
    for (const key of [...this.#waiting.keys()].slice(0, Math.max(0, excess))) this.#waiting.delete(key);
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
      const [key, hash] = [...this.#waiting].at(-1) as [string, Hash];
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
