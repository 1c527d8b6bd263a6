import type { OutboxEntry, Store } from "../store/port.ts";
import { decodeObject, equalBytes, LIMITS, toHex, type Hash, type NodeKey } from "../wire/index.ts";
import { Handing, type HandingPorts } from "./handing.ts";

export interface OutboxOptions extends HandingPorts {
  readonly store: Store;
  /** Whether others would take this now; what they would not stays, however many of them are there. */
  readonly mayLeave: (entry: OutboxEntry) => boolean;
  /** What need not be handed over any more, although nobody has taken it. */
  readonly isSpent: (entry: OutboxEntry) => boolean;
  /** As a guest of a channel this peer has handed something to the first who reads there: others may have it from here, too. */
  readonly onHanded: (handing: Handing) => void;
  /** An object has reached others. */
  readonly onSent: (hash: Hash) => void;
  readonly onError: (error: unknown) => void;
}

/**
 * What was written and has not reached others on all of its channels yet. An entry forgets each channel that has the object
 * (handing.ts), and leaves with the last one. What a crash sends again is harmless, since every peer knows an object
 * by its hash. What declares no scope has no channels: it waits until a trusted peer was given it over /mehr/pub/1.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  #running: Promise<void> | null = null;
  #again = false;
  /** By hex of the hash, and by channel: what waits, and who has it. */
  readonly #handings = new Map<string, Map<string, Handing>>();

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

  /** A neighbour was given this on another way, or says that it has it. */
  taken(hash: Hash, by: NodeKey): void {
    // Called with whatever any neighbour takes, and nearly always nothing waits.
    const handings = this.#handings.size === 0 ? undefined : this.#handings.get(toHex(hash));
    if (handings === undefined) return;
    const news = [...handings.values()].filter((handing) => handing.taken(by));
    if (news.length > 0) void this.flush().catch(this.#options.onError);
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
      const entries = await this.#options.store.outbox();
      // Some leave it on another way: what is dated anew, or a profile of which there is a newer version.
      const waiting = new Set(entries.map(({ hash }) => toHex(hash)));
      for (const name of this.#handings.keys()) if (!waiting.has(name)) this.#handings.delete(name);
      for (const entry of entries) await this.#send(entry);
    } while (this.#again);
  }

  async #send(entry: OutboxEntry): Promise<void> {
    const { isGuest, isSpent, mayLeave, onError, onHanded, onSent, store } = this.#options;
    // What is for trusted peers only is on no channel: `delivered` ends its wait.
    if (entry.channels.length === 0 || !mayLeave(entry)) return;
    const left: string[] = [];
    try {
      if (entry.channels.every(isGuest) && isSpent(entry)) {
        await store.commit({ outboxRemove: [entry.hash] }, { durability: "strict" });
        this.#handings.delete(toHex(entry.hash));
        return;
      }
      const handed = new Map(entry.channels.map((channel) => [channel, this.#handing(entry, channel)]));
      for (const [channel, handing] of handed) if (!(await this.#isTaken(handing))) left.push(channel);
      if (left.length === 0) {
        await store.commit({ outboxRemove: [entry.hash] }, { durability: "strict" });
        this.#handings.delete(toHex(entry.hash));
        for (const [channel, handing] of handed) if (isGuest(channel)) onHanded(handing);
        onSent(entry.hash);
      } else if (left.length < entry.channels.length) {
        await store.commit({ outboxPut: [{ ...entry, channels: left }] }, { durability: "strict" });
      }
    } catch (error) {
      // It stays in the outbox; the next link or channel peer starts another round.
      onError(error);
    }
  }

  /** Whether the channel has it now. One channel that fails does not hold up the others. */
  async #isTaken(handing: Handing): Promise<boolean> {
    try {
      return await handing.isDone(1);
    } catch (error) {
      this.#options.onError(error);
      return false;
    }
  }

  #handing(entry: OutboxEntry, channel: string): Handing {
    const key = toHex(entry.hash);
    const handings = this.#handings.get(key) ?? new Map<string, Handing>();
    this.#handings.set(key, handings);
    const handing = handings.get(channel) ?? new Handing(this.#options, channel, entry);
    handings.set(channel, handing);
    return handing;
  }
}

/** A boost that nobody has taken within its day: it counts for nothing any more (docs/protocol.md, section 18). */
export function isSpentBoost({ bytes, channels }: OutboxEntry, now: number): boolean {
  if (channels.length === 0) return false;
  const object = decodeObject(bytes);
  return (
    object.type === "PostEnvelope" && object.boostOf !== null && object.created <= now - LIMITS.certificateLifetimeMs
  );
}
