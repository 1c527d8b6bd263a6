import type { Mesh } from "../mesh/port.ts";
import type { OutboxEntry, Store } from "../store/port.ts";
import type { Hash } from "../wire/index.ts";

export interface OutboxOptions {
  readonly store: Store;
  readonly mesh: Mesh;
  /** An object reached its first other peer. */
  readonly onSent: (hash: Hash) => void;
  readonly onError: (error: unknown) => void;
}

/**
 * What was written and has reached nobody yet. An entry leaves once another peer took the object on every one of its
 * channels; sending it again is harmless, since every peer knows an object by its hash.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  #running: Promise<void> | null = null;
  #again = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Tries to send whatever waits; calls while one is under way make one more round. */
  flush(): Promise<void> {
    if (this.#running !== null) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#rounds().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #rounds(): Promise<void> {
    do {
      this.#again = false;
      for (const entry of await this.#options.store.outbox()) await this.#send(entry);
    } while (this.#again);
  }

  async #send(entry: OutboxEntry): Promise<void> {
    const { mesh, onError, onSent, store } = this.#options;
    const channels = entry.channels.filter((channel) => mesh.channelPeers(channel).length > 0);
    if (channels.length < entry.channels.length || channels.length === 0) return;
    try {
      for (const channel of channels) {
        if ((await mesh.publish(channel, entry.bytes)) === 0) return;
      }
      await store.commit({ outboxRemove: [entry.hash] }, { durability: "strict" });
      onSent(entry.hash);
    } catch (error) {
      // It stays in the outbox; the next link or channel peer starts another round.
      onError(error);
    }
  }
}
