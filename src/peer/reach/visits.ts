import type { Clock } from "../../mesh/protocols/index.ts";
import { toHex, type Hash, type NodeKey } from "../../wire/index.ts";
import { Handing, type Gift, type HandingPorts } from "../handing.ts";

/**
 * Joined at a time as a guest, beside what this person reads: the rendezvous takes 64 channels of one peer (docs/protocol.md,
 * section 15), and each brings three neighbours with it.
 */
const MAX_JOINED = 12;
/** Messages that wait for their channel; the oldest go first. */
const MAX_WAITING = 256;
/** After so long, in ms, the channel has nobody else, or nobody whom this peer can reach. */
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

/** Messages for channels that this peer may not be on: it joins them until somebody who reads there has what it brings. */
export class Visits {
  readonly #options: VisitsOptions;
  #waiting: readonly Visit[] = [];
  #joined: readonly string[] = [];
  #running: Promise<void> | null = null;
  #again = false;
  #stopped = false;
  /** Of the moment in which the first of what waits has waited long enough. */
  #cancelEnd: (() => void) | null = null;

  constructor(options: VisitsOptions) {
    this.#options = options;
  }

  /** Channels to be joined now. */
  channels(): readonly string[] {
    return this.#joined;
  }

  bring(channels: readonly string[], gift: Gift): void {
    for (const channel of channels) this.#add(new Handing(this.#options, channel, gift), 1);
    this.poke();
  }

  /** Goes on with what one who reads there has already. */
  goOn(handing: Handing): void {
    this.#add(handing, ENOUGH);
    this.poke();
  }

  /** A neighbour was given this on another way, or says that it has it. */
  taken(hash: Hash, by: NodeKey): void {
    if (this.#waiting.length === 0) return;
    const name = toHex(hash);
    const named = this.#waiting.filter(({ handing }) => handing.name === name);
    const news = named.filter(({ handing }) => handing.taken(by));
    if (news.length > 0) this.poke();
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
    this.#cancelEnd?.();
  }

  async #rounds(): Promise<void> {
    do {
      this.#again = false;
      this.#tune();
      for (const visit of this.#waiting) if (await this.#isDone(visit)) this.#drop(visit);
      this.#tune();
      this.#endInTime();
    } while (this.#again && !this.#stopped);
  }

  #add(handing: Handing, enough: number): void {
    const until = this.#options.clock.now() + PATIENCE;
    this.#waiting = [...this.#waiting, { handing, enough, until }].slice(-MAX_WAITING);
  }

  /** By then nothing else may happen for long, and each channel that one is on is work for its neighbours. */
  #endInTime(): void {
    const { clock } = this.#options;
    this.#cancelEnd?.();
    this.#cancelEnd = null;
    const [first] = this.#waiting;
    if (first === undefined || this.#stopped) return;
    // They wait equally long, so the first is the first to end. Timers of browsers may come a moment early.
    const wait = Math.max(1, first.until - clock.now());
    this.#cancelEnd = clock.after(wait, () => this.poke());
  }

  async #isDone({ enough, handing, until }: Visit): Promise<boolean> {
    const { clock, isGuest, log } = this.#options;
    if (clock.now() >= until) return true;
    if (isGuest(handing.channel) && !this.#joined.includes(handing.channel)) return false;
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

  /** Joins what is waited for first, what nobody has yet before the rest, and leaves what nothing waits for any more. */
  #tune(): void {
    const { isGuest, onChanged } = this.#options;
    const inOrder = this.#waiting.toSorted((a, b) => a.enough - b.enough);
    const guest = inOrder.map(({ handing }) => handing.channel).filter((channel) => isGuest(channel));
    const wanted = [...new Set(guest)].slice(0, MAX_JOINED);
    const same = wanted.length === this.#joined.length && wanted.every((name) => this.#joined.includes(name));
    if (same) return;
    this.#joined = wanted;
    onChanged();
  }
}
