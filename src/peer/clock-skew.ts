import { askTime, type Clock } from "../mesh/protocols/index.ts";
import type { Mesh } from "../mesh/port.ts";
import { BoundedMap } from "../social/index.ts";
import { equalBytes, LIMITS, toHex, type NodeKey } from "../wire/index.ts";

/** Relays are few, and where two devices with one identity meet for sure. In ms. */
const ASK_RELAYS = 600_000;
/** Clocks drift by a second a day, and jump when somebody sets them: this is for neighbours who do not notice a jump. */
const ASK_SOME = 3 * ASK_RELAYS;
/** Of a dozen neighbours those asked longest ago: as many witnesses are enough, and each was asked when it was met. */
const SOME = 5;
/** A testimony counts for longer than it takes to renew as many. */
const VALID_FOR = 2 * ASK_SOME;
/** How often the own clock is looked at for a jump, and what counts as one: timers in the background are a minute late. */
const LOOK_EVERY = 60_000;
const JUMP = 120_000;
/** Where another device with this identity may be, the question is put again so soon: it shows only when it has asked in between. */
const ASK_AGAIN = [10_000, 25_000] as const;
/**
 * Such a device is likely for so long after this one has started, and where a link has ended so lately: a neighbour has one link
 * to a key, so two devices take it from each other, and leave it alone for half a minute at most (docs/protocol.md, section 13).
 */
const LATELY = 120_000;
/** Two witnesses who differ by more than this contradict each other, and nobody can tell who is right. */
const AGREEMENT = 60_000;
/**
 * Others refuse what is dated more than 10 minutes ahead (protocol section 4). What they would take is not held back: who has
 * it by another way would get it twice once it is dated anew. A minute is left to the faults of their clocks.
 */
const TOO_FAR_AHEAD = LIMITS.clockAheadMs - AGREEMENT;
/** Below this a clock is right: most devices are within a second, those without a time server within a minute or two. */
const RIGHT = 120_000;
/** Neighbours of which it is known when they went: more than come and go within LATELY. */
const REMEMBERED = 64;

export interface ClockSkewOptions {
  readonly mesh: Pick<Mesh, "openStream" | "report" | "peers" | "relays">;
  readonly clock: Clock;
  /** Of this run, 8 random bytes. */
  readonly instance: Uint8Array;
  /** The estimate has changed. */
  readonly onChanged: () => void;
}

interface Testimony {
  readonly offset: number;
  readonly twin: boolean;
  readonly at: number;
}

interface Opinions {
  /** In order. */
  readonly offsets: readonly number[];
  readonly estimate: number | null;
  /** Between these two moments they are what the testimonies say. */
  readonly from: number;
  readonly until: number;
}

/**
 * How far this device's clock is off, by what neighbours and relays say over /mehr/time/1. Each is one witness, the own
 * clock is another, and the one in the middle counts, so that liars need a majority.
 */
export class ClockSkew {
  readonly #options: ClockSkewOptions;
  /** By hex of the key. */
  readonly #testimonies = new Map<string, Testimony>();
  /** Asked, without an answer yet. Each question ends by a signal of its own: one for all would gather a listener for each. */
  readonly #asking = new Map<string, AbortController>();
  /** Relays asked since the last round. */
  readonly #asked = new Set<string>();
  #held: Opinions | null = null;
  /** When links ended, by hex of the key. */
  readonly #parted = new BoundedMap<string, number>(REMEMBERED);
  /** Questions that are to be asked again. */
  readonly #again = new Set<() => void>();
  #stopped = false;
  #cancelLook: () => void = () => undefined;
  #lookedAt: number;
  #askedAt: number;
  #askedSomeAt: number;
  readonly #startedAt: number;

  constructor(options: ClockSkewOptions) {
    this.#options = options;
    this.#lookedAt = options.clock.now();
    this.#askedAt = this.#lookedAt;
    this.#askedSomeAt = this.#lookedAt;
    this.#startedAt = this.#lookedAt;
    this.#lookLater();
  }

  /** Milliseconds that the own clock is ahead, negative when behind; `null` while no two clocks agree. */
  estimate(): number | null {
    return this.#opinions().estimate;
  }

  /**
   * Whether others would take something of this date now. Where there is a single other clock that says otherwise it is held
   * back, since that one would refuse it; while the first answers are on their way, nothing is sent either.
   * @param created milliseconds since 1970 by the own clock
   */
  wouldBeTaken(created: number): boolean {
    if (this.#testimonies.size === 0) return this.#asking.size === 0;
    const { offsets } = this.#opinions();
    // The middle of two is nobody's clock: half of a fault would seem small to both.
    const ahead = offsets.length === 2 ? Math.max(...offsets) : median(offsets);
    return !this.#isTooFar(created, ahead);
  }

  /**
   * Whether others are known to refuse something of this date. A single clock that says so is not believed.
   * @param created milliseconds since 1970 by the own clock
   */
  wouldBeRefused(created: number): boolean {
    const estimate = this.estimate();
    return estimate !== null && this.#isTooFar(created, estimate);
  }

  /** Whether what is dated ahead of this moment is so by a fault that is over: the clock is right now. */
  get isRight(): boolean {
    const estimate = this.estimate();
    return estimate !== null && Math.abs(estimate) <= RIGHT;
  }

  /** Whether somebody hears another device with this identity. */
  get twin(): boolean {
    const now = this.#options.clock.now();
    return [...this.#testimonies.values()].some(({ at, twin }) => twin && Math.abs(now - at) <= VALID_FOR);
  }

  /** A neighbour is there: it is asked. */
  met(peer: NodeKey): void {
    void this.#ask(peer);
    if (this.#isLate(this.#startedAt) || this.#isLate(this.#parted.get(toHex(peer)))) this.#askAgain(peer);
  }

  /** A neighbour has gone. */
  parted(peer: NodeKey): void {
    this.#parted.set(toHex(peer), this.#options.clock.now());
  }

  #isLate(at: number | undefined): boolean {
    return at !== undefined && Math.abs(this.#options.clock.now() - at) < LATELY;
  }

  #askAgain(peer: NodeKey): void {
    for (const wait of ASK_AGAIN) {
      const cancel = this.#options.clock.after(wait, () => {
        this.#again.delete(cancel);
        // Only over a link that there is: this is no reason to dial.
        if (this.#isThere(peer)) void this.#ask(peer);
      });
      this.#again.add(cancel);
    }
  }

  stop(): void {
    this.#cancelLook();
    for (const cancel of this.#again) cancel();
    this.#stopped = true;
    for (const question of this.#asking.values()) question.abort();
  }

  /** Asked at every change of the network, and the same until somebody is heard or is no witness any more. */
  #opinions(): Opinions {
    const now = this.#options.clock.now();
    const known = this.#held;
    if (known !== null && now >= known.from && now <= known.until) return known;
    // The own clock is off by nothing in its own opinion.
    const offsets = [0];
    let until = Number.POSITIVE_INFINITY;
    for (const { at, offset } of this.#testimonies.values()) {
      const counts = Math.abs(now - at) <= VALID_FOR;
      if (counts) offsets.push(offset);
      // What is not from the future has counted before, and does no more.
      if (counts || at > now) until = Math.min(until, counts ? at + VALID_FOR : at - VALID_FOR - 1);
    }
    offsets.sort((a, b) => a - b);
    this.#held = { offsets, estimate: agreed(offsets), from: now, until };
    return this.#held;
  }

  /** @param ahead how far the own clock is, in milliseconds */
  #isTooFar(created: number, ahead: number): boolean {
    return created - (this.#options.clock.now() - ahead) > TOO_FAR_AHEAD;
  }

  async #ask(peer: NodeKey): Promise<void> {
    const { clock, instance, mesh, onChanged } = this.#options;
    const key = toHex(peer);
    if (this.#stopped || this.#asking.has(key)) return;
    const question = new AbortController();
    this.#asking.set(key, question);
    try {
      const { offset, twin } = await askTime({ mesh, clock, instance }, peer, question.signal);
      this.#testimonies.set(key, { offset, twin, at: clock.now() });
      this.#held = null;
    } catch {
      // Gone again, or of a version that does not tell: then it is no witness. Misdeeds are reported where they are seen.
      this.#testimonies.delete(key);
      this.#held = null;
    } finally {
      this.#asking.delete(key);
    }
    if (!this.#stopped) onChanged();
  }

  #lookLater(): void {
    this.#cancelLook = this.#options.clock.after(LOOK_EVERY, () => {
      const now = this.#options.clock.now();
      const jumped = Math.abs(now - this.#lookedAt - LOOK_EVERY) > JUMP;
      this.#lookedAt = now;
      if (jumped) this.#forget();
      if (jumped || now < this.#askedSomeAt) this.#askAgainOf(Number.POSITIVE_INFINITY);
      else if (now - this.#askedSomeAt >= ASK_SOME) this.#askAgainOf(SOME);
      else if (now - this.#askedAt >= ASK_RELAYS) this.#askRelays();
      this.#lookLater();
    });
  }

  /** What was said of the clock before it was set, or before this device slept, says nothing of now. */
  #forget(): void {
    this.#testimonies.clear();
    this.#held = null;
  }

  /** All relays, and so many neighbours. */
  #askAgainOf(count: number): void {
    this.#askedSomeAt = this.#options.clock.now();
    this.#held = null;
    // Those who have gone are witnesses for a while, and then nobody's.
    for (const [key, { at }] of this.#testimonies) {
      if (Math.abs(this.#askedSomeAt - at) > VALID_FOR) this.#testimonies.delete(key);
    }
    const askedAt = (peer: NodeKey): number => this.#testimonies.get(toHex(peer))?.at ?? Number.NEGATIVE_INFINITY;
    const longest = this.#options.mesh.peers().toSorted((a, b) => askedAt(a) - askedAt(b));
    for (const peer of longest.slice(0, count)) void this.#ask(peer);
    this.#askRelays();
  }

  #askRelays(): void {
    this.#askedAt = this.#options.clock.now();
    this.#asked.clear();
    for (const relay of this.#relays()) {
      this.#asked.add(toHex(relay));
      void this.#ask(relay);
    }
  }

  /** Those that are there now. */
  #relays(): NodeKey[] {
    const relays = this.#options.mesh.relays();
    return relays.flatMap(({ nodeId, state }) => (nodeId !== null && isThere(state) ? [nodeId] : []));
  }

  #isThere(peer: NodeKey): boolean {
    return [...this.#options.mesh.peers(), ...this.#relays()].some((other) => equalBytes(other, peer));
  }

  /** Relays that have been reached since the last round are asked. */
  look(): void {
    for (const relay of this.#relays()) {
      const key = toHex(relay);
      if (this.#asked.has(key)) continue;
      this.#asked.add(key);
      void this.#ask(relay);
      this.#askAgain(relay);
    }
  }
}

function isThere(state: string): boolean {
  return state === "connected" || state === "reserved";
}

/** What they agree on; `null` while no two do. */
function agreed(sorted: readonly number[]): number | null {
  const middle = median(sorted);
  return sorted.filter((offset) => Math.abs(offset - middle) <= AGREEMENT).length < 2 ? null : middle;
}

function median(sorted: readonly number[]): number {
  const { length } = sorted;
  const [below = 0, above = 0] = [sorted[(length - 1) >> 1], sorted[length >> 1]];
  return Math.round((below + above) / 2);
}
