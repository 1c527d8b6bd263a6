import type { Arrival } from "../mesh/protocols/index.ts";
import type { Store } from "../store/port.ts";
import { toHex } from "../wire/index.ts";

/**
 * Bytes that may wait for the disk: two seconds of it in a slow browser. Whoever brings more waits until there is room, and
 * so does what it brings after that.
 */
const MAX_WAITING = 8_388_608;

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
  /** Bytes of `#waiting`. */
  #bytes = 0;
  #running: Promise<Batch> | null = null;

  constructor(store: Store, onStored: (arrivals: readonly Arrival[]) => void) {
    this.#store = store;
    this.#onStored = onStored;
  }

  /** Whether this envelope is stored or about to be. */
  knows(hash: Uint8Array): boolean {
    return this.#store.envelopes.has(hash) || this.#waiting.has(toHex(hash));
  }

  /** Resolves when none of these waits any more: they are stored, or could not be. */
  async settled(hashes: readonly Uint8Array[]): Promise<void> {
    const keys = hashes.map(toHex);
    while (keys.some((key) => this.#waiting.has(key))) await this.#running;
  }

  /** Resolves when so many bytes may be handed over without too much waiting for the disk. */
  async room(bytes: number): Promise<void> {
    while (!this.#hasRoom(bytes)) await this.#running;
  }

  /**
   * Resolves when all of these are durable.
   * @throws StoreError when the batch they went into could not be written; a neighbour can deliver them again
   */
  async write(arrivals: readonly Arrival[]): Promise<void> {
    const size = arrivals.reduce((sum, { bytes }) => sum + bytes.length, 0);
    // Without waiting where there is room, so that `knows` holds from now on.
    if (!this.#hasRoom(size)) await this.room(size);
    const keys = arrivals.map((arrival) => toHex(arrival.hash));
    for (const [at, arrival] of arrivals.entries()) this.#add(keys[at] as string, arrival);
    while (keys.some((key) => this.#waiting.has(key))) {
      this.#running ??= this.#drain().finally(() => {
        this.#running = null;
      });
      const batch = await this.#running;
      // The failure of somebody else's batch is not theirs who still wait for the next one.
      if (batch.fault !== null && keys.some((key) => batch.arrivals.has(key))) throw batch.fault.cause;
    }
  }

  #hasRoom(bytes: number): boolean {
    return this.#bytes === 0 || this.#bytes + bytes <= MAX_WAITING;
  }

  #add(key: string, arrival: Arrival): void {
    if (!this.#waiting.has(key)) this.#bytes += arrival.bytes.length;
    this.#waiting.set(key, arrival);
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
      for (const [key, { bytes }] of batch) {
        this.#waiting.delete(key);
        this.#bytes -= bytes.length;
      }
    }
  }
}
