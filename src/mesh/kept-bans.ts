/** Keeps who is shut out over restarts, one write at a time. */
import type { Misdeeds } from "./misdeeds.ts";
import type { MeshLog, PeerMemory } from "./options.ts";
import type { Clock } from "./protocols/clock.ts";

/** Bans come in groups when a coalition is found out. */
const SAVE_DELAY = 1_000;

export interface KeptBansOptions {
  readonly misdeeds: Misdeeds;
  readonly memory: PeerMemory | undefined;
  readonly clock: Clock;
  readonly log: MeshLog;
}

export class KeptBans {
  readonly #options: KeptBansOptions;
  #cancel: (() => void) | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: KeptBansOptions) {
    this.#options = options;
  }

  async load(): Promise<void> {
    const { log, memory, misdeeds } = this.#options;
    try {
      misdeeds.restore((await memory?.loadBans?.()) ?? []);
    } catch (error) {
      // Whoever does wrong will be found out again.
      log("warn", "memory_not_read", { error });
    }
  }

  changed(): void {
    this.#cancel ??= this.#options.clock.after(SAVE_DELAY, () => void this.#save());
  }

  /** Resolves when what has changed is written. */
  async stop(): Promise<void> {
    if (this.#cancel !== null) await this.#save();
    await this.#writing;
  }

  #save(): Promise<void> {
    this.#cancel?.();
    this.#cancel = null;
    const { log, memory, misdeeds } = this.#options;
    this.#writing = this.#writing.then(async () => {
      try {
        await memory?.saveBans?.(misdeeds.kept());
      } catch (error) {
        log("warn", "memory_not_written", { error });
      }
    });
    return this.#writing;
  }
}
