/** The peers linked to most recently, kept for the next start. */
import type { NodeKey } from "../wire/index.ts";
import { keyText } from "./keys.ts";
import type { MeshLog, PeerMemory } from "./options.ts";

/** Enough that some are there again after a night; each one that is gone costs the relay one refused circuit. */
const REMEMBERED = 32;

export class RecentPeers {
  readonly #memory: PeerMemory | undefined;
  readonly #log: MeshLog;
  /** Oldest first. */
  readonly #peers = new Map<string, NodeKey>();
  #saving = false;
  #dirty = false;

  constructor(memory: PeerMemory | undefined, log: MeshLog) {
    this.#memory = memory;
    this.#log = log;
  }

  async load(): Promise<readonly NodeKey[]> {
    if (this.#memory === undefined) {
      return [];
    }
    try {
      const peers = (await this.#memory.load()).slice(0, REMEMBERED);
      const since = [...this.#peers];
      this.#peers.clear();
      for (const peer of peers.toReversed()) {
        this.#peers.set(keyText(peer), peer);
      }
      for (const [text, peer] of since) {
        this.#put(text, peer);
      }
      return peers;
    } catch (error) {
      // The mesh works without a memory; it finds peers anew.
      this.#log("warn", "memory_not_read", { error });
      return [];
    }
  }

  linked(peer: NodeKey): void {
    this.#put(keyText(peer), peer);
    this.#dirty = true;
    if (!this.#saving) {
      void this.#save();
    }
  }

  #put(text: string, peer: NodeKey): void {
    this.#peers.delete(text);
    this.#peers.set(text, peer);
    for (const oldest of this.#peers.keys()) {
      if (this.#peers.size <= REMEMBERED) {
        break;
      }
      this.#peers.delete(oldest);
    }
  }

  /** One write at a time; what changes meanwhile is in the next one. */
  async #save(): Promise<void> {
    this.#saving = true;
    while (this.#dirty) {
      this.#dirty = false;
      try {
        await this.#memory?.save([...this.#peers.values()].toReversed());
      } catch (error) {
        this.#log("warn", "memory_not_written", { error });
      }
    }
    this.#saving = false;
  }
}
