import type { Mesh } from "../mesh/port.ts";
import type { OutboxEntry, Store } from "../store/port.ts";
import { equalBytes, type Hash } from "../wire/index.ts";

export interface OutboxOptions {
  readonly store: Store;
  readonly mesh: Pick<Mesh, "channelPeers" | "publish">;
  /** Whether others would take this now; what they would not stays, however many of them are there. */
  readonly mayLeave: (entry: OutboxEntry) => boolean;
  /** An object reached its first other peer. */
  readonly onSent: (hash: Hash) => void;
  readonly onError: (error: unknown) => void;
}

/**
 * What was written and has not reached others on all of its channels yet. An entry forgets each channel on which a peer
 * took the object, and leaves with the last one. What a crash sends again is harmless, since every peer knows an object
 * by its hash. What declares no scope has no channels: it waits until a trusted peer was given it over /mehr/pub/1.
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

  /** A trusted peer was given this; what waited for that alone waits no more. */
  async delivered(hash: Hash): Promise<void> {
    const { onSent, store } = this.#options;
    const waiting = await store.outbox();
    if (!waiting.some((entry) => entry.channels.length === 0 && equalBytes(entry.hash, hash))) return;
    await store.commit({ outboxRemove: [hash] }, { durability: "strict" });
    onSent(hash);
  }

  async #rounds(): Promise<void> {
    do {
      this.#again = false;
      for (const entry of await this.#options.store.outbox()) await this.#send(entry);
    } while (this.#again);
  }

  async #send(entry: OutboxEntry): Promise<void> {
    const { mayLeave, onError, onSent, store } = this.#options;
    // What is for trusted peers only is on no channel: `delivered` ends its wait.
    if (entry.channels.length === 0 || !mayLeave(entry)) return;
    const left: string[] = [];
    try {
      for (const channel of entry.channels) if (!(await this.#taken(channel, entry.bytes))) left.push(channel);
      if (left.length === 0) {
        await store.commit({ outboxRemove: [entry.hash] }, { durability: "strict" });
        onSent(entry.hash);
      } else if (left.length < entry.channels.length) {
        await store.commit({ outboxPut: [{ ...entry, channels: left }] }, { durability: "strict" });
      }
    } catch (error) {
      // It stays in the outbox; the next link or channel peer starts another round.
      onError(error);
    }
  }

  /** Whether somebody has it from this channel now. One channel that fails does not hold up the others. */
  async #taken(channel: string, bytes: Uint8Array): Promise<boolean> {
    const { mesh, onError } = this.#options;
    if (mesh.channelPeers(channel).length === 0) return false;
    try {
      return (await mesh.publish(channel, bytes)) > 0;
    } catch (error) {
      onError(error);
      return false;
    }
  }
}
