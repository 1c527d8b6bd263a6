import type { Arrival } from "../mesh/protocols/index.ts";
import type { Store } from "../store/port.ts";
import { toHex } from "../wire/index.ts";

/** Measured: beyond a thousand records a transaction gains little, and a longer one delays what a person wrote. */
const MAX_BATCH = 1_000;

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
  #running: Promise<void> | null = null;

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
    for (const arrival of arrivals) this.#waiting.set(toHex(arrival.hash), arrival);
    while (arrivals.some((arrival) => this.#waiting.has(toHex(arrival.hash)))) {
      this.#running ??= this.#drain().finally(() => {
        this.#running = null;
      });
      await this.#running;
    }
  }

  async #drain(): Promise<void> {
    // Everything that arrives in the same task belongs to the same transaction.
    await Promise.resolve();
    const batch = [...this.#waiting].slice(0, MAX_BATCH);
    try {
      await this.#store.commit({ envelopes: batch.map(([, arrival]) => arrival) });
    } finally {
      for (const [key] of batch) this.#waiting.delete(key);
    }
    this.#onStored(batch.map(([, arrival]) => arrival));
  }
}
