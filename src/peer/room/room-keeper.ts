import type { Clock } from "../../mesh/protocols/index.ts";
import type { Collected, Store } from "../../store/port.ts";
import type { StorageEstimates } from "../network.ts";
import { STALE } from "./keeping.ts";

/** Between two looks: storage fills over days. */
const PERIOD = 5 * 60_000;
/** The first look waits until the app is up and the first posts are in. */
const FIRST = 60_000;
/** Collected from here on, as a share of the quota: browsers refuse to write when it is used up. */
const FULL = 0.8;
/** Collected down to here, so that it is not done again at once. */
const ENOUGH = 0.7;
/**
 * Envelopes that the index is good for: at a million a page of a feed still takes 25 ms, and the index some 150 MB of
 * memory (docs/architecture.md, "Storage"). Chromium tells no quota that could be reached, so this is the bound there.
 */
const MAX_ENVELOPES = 1_000_000;
const ENOUGH_ENVELOPES = 950_000;

export interface RoomKeeperOptions {
  readonly store: Pick<Store, "collect" | "envelopes" | "usage">;
  readonly estimates: StorageEstimates | null;
  readonly clock: Clock;
  readonly log: (context: string, error: unknown) => void;
  /** It is time to look after the store; what was found damaged while it was read, for instance. */
  readonly onLook: () => Promise<void>;
  /** Something was collected. */
  readonly onCollected: (collected: Collected) => void;
}

/** Looks now and then whether room is getting scarce, and collects caches before it runs out. */
export class RoomKeeper {
  readonly #options: RoomKeeperOptions;
  readonly #stopped = new AbortController();
  #cancel: () => void = () => undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: RoomKeeperOptions) {
    this.#options = options;
  }

  start(): void {
    this.#next(FIRST);
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#cancel();
    await this.#running;
  }

  /** What a person frees by hand: everything fetched, and what strangers wrote more than a month ago. */
  async free(): Promise<Collected> {
    const collected = await this.#options.store.collect({ upTo: STALE, signal: this.#stopped.signal });
    this.#options.onCollected(collected);
    return collected;
  }

  #next(delay: number): void {
    this.#cancel = this.#options.clock.after(delay, () => {
      this.#running = this.#look()
        .catch((error: unknown) => {
          if (!this.#stopped.signal.aborted) this.#options.log("room", error);
        })
        .finally(() => {
          if (!this.#stopped.signal.aborted) this.#next(PERIOD);
        });
    });
  }

  async #look(): Promise<void> {
    const { estimates, onCollected, onLook, store } = this.#options;
    await onLook();
    const { signal } = this.#stopped;
    const { quota = Infinity, usage = 0 } = (await estimates?.estimate()) ?? {};
    if (usage > quota * FULL) onCollected(await store.collect({ bytes: usage - quota * ENOUGH, signal }));
    const { envelopeBytes, envelopes } = await store.usage();
    if (envelopes > MAX_ENVELOPES) {
      const bytes = (envelopes - ENOUGH_ENVELOPES) * (envelopeBytes / envelopes);
      onCollected(await store.collect({ bytes, kinds: ["envelopes"], signal }));
    }
  }
}
