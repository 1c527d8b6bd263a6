import type { Arrival } from "../mesh/protocols/index.ts";
import type { Store } from "../store/port.ts";
import { toHex } from "../wire/index.ts";

/** Measured: beyond a thousand records a transaction gains little, and a longer one delays what a person wrote. */
const MAX_BATCH = 1_000;

interface Batch {
  /** By hash. */
  readonly arrivals: ReadonlyMap<string, Arrival>;
  /** Why nothing of it was kept. */
  readonly fault: { readonly cause: unknown } | null;
}

/**
 * Writes verified envelopes behind the network, one transaction a batch. An idle writer starts at once, so a single
 * envelope is on screen without waiting; while a transaction runs, what arrives gathers for the next one.
 */
export class EnvelopeWriter {
  readonly #store: Store;
  /** Called after each commit with what it stored, in order. */
  readonly #onStored: (arrivals: readonly Arrival[]) => void;
  /** By hash, so that two neighbours pushing the same envelope make one write. */
  readonly #waiting = new Map<string, Arrival>();
  #running: Promise<Batch> | null = null;

  constructor(store: Store, onStored: (arrivals: readonly Arrival[]) => void) {
    this.#store = store;
    this.#onStored = onStored;
  }

  /** Whether this envelope is stored or about to be. */
  knows(hash: Uint8Array): boolean {
    return this.#store.envelopes.has(hash) || this.#waiting.has(toHex(hash));
  }

  /**
   * Resolves when all of these are durable.
   * @throws StoreError when the batch they went into could not be written; a neighbour can deliver them again
   */
  async write(arrivals: readonly Arrival[]): Promise<void> {
    const keys = arrivals.map((arrival) => toHex(arrival.hash));
    for (const [at, arrival] of arrivals.entries()) this.#waiting.set(keys[at] as string, arrival);
    while (keys.some((key) => this.#waiting.has(key))) {
      this.#running ??= this.#drain().finally(() => {
        this.#running = null;
      });
      const batch = await this.#running;
      // The failure of somebody else's batch is not theirs who still wait for the next one.
      if (batch.fault !== null && keys.some((key) => batch.arrivals.has(key))) throw batch.fault.cause;
    }
  }

  async #drain(): Promise<Batch> {
    // Everything that arrives in the same task belongs to the same transaction.
    await Promise.resolve();
    const batch = new Map([...this.#waiting].slice(0, MAX_BATCH));
    const envelopes = [...batch.values()];
    try {
      await this.#store.commit({ envelopes });
      this.#onStored(envelopes);
      return { arrivals: batch, fault: null };
    } catch (cause) {
      return { arrivals: batch, fault: { cause } };
    } finally {
      for (const key of batch.keys()) this.#waiting.delete(key);
    }
  }
}
