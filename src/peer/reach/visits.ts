import type { Clock } from "../../mesh/protocols/index.ts";
import { Handing, type HandingPorts } from "../handing.ts";

/**
 * Joined at a time, beside what this person reads: the rendezvous takes 64 channels of one peer (docs/protocol.md,
 * section 15), and each brings three neighbours with it.
 */
const MAX_JOINED = 12;
/** Messages that wait for their channel; the oldest go first. */
const MAX_WAITING = 256;
/** Nobody came for so long, in ms: then the channel has nobody else, or nobody whom this peer can reach. */
const PATIENCE = 600_000;

/**
 * Who reads there and has what is in nobody else's hands. One of them may be somebody whom the others have turned away, and
 * whoever has no friends has room for guests; a relay's message others of the place where it comes from have as well.
 */
const ENOUGH = 3;

interface Visit {
  readonly handing: Handing;
  readonly enough: number;
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
    for (const channel of channels) this.#add(new Handing(this.#options, channel, bytes), 1);
    this.poke();
  }

  /** Goes on with what one who reads there has already. */
  goOn(handing: Handing): void {
    this.#add(handing, ENOUGH);
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

  #add(handing: Handing, enough: number): void {
    const { clock } = this.#options;
    this.#waiting = [...this.#waiting, { handing, enough, until: clock.now() + PATIENCE }].slice(-MAX_WAITING);
    // By then nothing else may happen for long, and each channel that one is on is work for its neighbours.
    clock.after(PATIENCE, () => this.poke());
  }

  async #isDone({ enough, handing, until }: Visit): Promise<boolean> {
    const { clock, log } = this.#options;
    if (clock.now() >= until) return true;
    if (!this.#joined.includes(handing.channel)) return false;
    try {
      return await handing.isDone(enough);
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
    const wanted = [...new Set(this.#waiting.map(({ handing }) => handing.channel))].slice(0, MAX_JOINED);
    const same = wanted.length === this.#joined.length && wanted.every((name) => this.#joined.includes(name));
    if (same) return;
    this.#joined = wanted;
    this.#options.onChanged();
  }
}
