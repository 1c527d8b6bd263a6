import type { Clock } from "../../mesh/protocols/index.ts";
import { Handing, type HandingPorts } from "../handing.ts";

/**
 * Joined at a time, beside what this person reads: the rendezvous takes 64 channels of one peer (docs/protocol.md,
 * section 15), and each brings three neighbours with it.
 */
const MAX_JOINED = 12;
/** Messages that wait for their channel; the oldest go first. */
const MAX_WAITING = 256;
/** Nobody was there for so long, in ms: then the channel has nobody, or nobody whom this peer can reach. */
const PATIENCE = 600_000;

interface Visit {
  readonly channel: string;
  readonly handing: Handing;
  readonly until: number;
}

export interface VisitsOptions extends HandingPorts {
  readonly clock: Clock;
  /** Which channels `channels` names has changed. */
  readonly onChanged: () => void;
  readonly log: (context: string, error: unknown) => void;
}

/** Messages for channels that this peer is not on: it joins them until somebody who reads there has what it brings. */
export class Visits {
  readonly #options: VisitsOptions;
  #waiting: readonly Visit[] = [];
  #joined: readonly string[] = [];
  #running: Promise<void> | null = null;
  #again = false;
  #stopped = false;

  constructor(options: VisitsOptions) {
    this.#options = options;
  }

  /** Channels to be joined now. */
  channels(): readonly string[] {
    return this.#joined;
  }

  bring(channels: readonly string[], bytes: Uint8Array): void {
    const until = this.#options.clock.now() + PATIENCE;
    const visits = channels.map((channel) => {
      return { channel, handing: new Handing(this.#options, channel, bytes), until };
    });
    this.#waiting = [...this.#waiting, ...visits].slice(-MAX_WAITING);
    this.poke();
  }

  /** Somebody may have come to a channel. */
  poke(): void {
    if (this.#stopped || (this.#waiting.length === 0 && this.#joined.length === 0)) return;
    if (this.#running !== null) {
      this.#again = true;
      return;
    }
    this.#running = this.#rounds()
      .catch((error: unknown) => this.#options.log("visits", error))
      .finally(() => {
        this.#running = null;
      });
  }

  stop(): void {
    this.#stopped = true;
    this.#waiting = [];
  }

  async #rounds(): Promise<void> {
    do {
      this.#again = false;
      this.#tune();
      for (const visit of this.#waiting) if (await this.#isDone(visit)) this.#drop(visit);
      this.#tune();
    } while (this.#again && !this.#stopped);
  }

  async #isDone({ channel, handing, until }: Visit): Promise<boolean> {
    const { clock, log } = this.#options;
    if (clock.now() >= until) return true;
    if (!this.#joined.includes(channel)) return false;
    try {
      return await handing.attempt();
    } catch (error) {
      log("visits", error);
      return false;
    }
  }

  #drop(visit: Visit): void {
    this.#waiting = this.#waiting.filter((other) => other !== visit);
  }

  /** Joins what is waited for first and leaves what nothing waits for any more. */
  #tune(): void {
    const wanted = [...new Set(this.#waiting.map(({ channel }) => channel))].slice(0, MAX_JOINED);
    const same = wanted.length === this.#joined.length && wanted.every((name) => this.#joined.includes(name));
    if (same) return;
    this.#joined = wanted;
    this.#options.onChanged();
  }
}
