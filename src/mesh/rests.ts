/**
 * Peers whose links end again and again soon after this side has opened them, and how long each is left in peace. Two devices
 * with one identity are such a case: to a neighbour they are one peer, which has one link, so that each new link of the one
 * ends that of the other. Both get their turns, further and further apart.
 */
import { BoundedMap } from "../social/index.ts";
import type { NodeKey } from "../wire/index.ts";
import { keyText } from "./keys.ts";
import type { Clock } from "./protocols/clock.ts";

/** A link that lived longer was of use, and what ended it is new. */
const LONG_ENOUGH = 120_000;
/** Reloads of the page, a change of the network, a restart over there: so many are nothing to wonder at. */
const FREE = 5;
/** Doubled each time. */
const FIRST_REST = 2_000;
/** A person who writes on one device waits no longer than this, and the other one's turn, until the other one has it. */
const LONGEST_REST = 30_000;
/** A dozen neighbours, and those of the last hour. */
const REMEMBERED = 64;

interface Record {
  readonly endings: number;
  readonly until: number;
}

export class Rests {
  readonly #clock: Clock;
  readonly #random: () => number;
  /** By the text of the key. */
  readonly #records = new BoundedMap<string, Record>(REMEMBERED);
  readonly #openedAt = new BoundedMap<string, number>(REMEMBERED);

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  /** This side has opened a link that stands now. */
  opened(peer: NodeKey): void {
    this.#openedAt.set(keyText(peer), this.#clock.now());
  }

  /** The last link to this peer has ended. */
  ended(peer: NodeKey): void {
    const text = keyText(peer);
    const openedAt = this.#openedAt.get(text);
    this.#openedAt.delete(text);
    if (openedAt === undefined) {
      return;
    }
    const now = this.#clock.now();
    if (now - openedAt >= LONG_ENOUGH) {
      this.#records.delete(text);
      return;
    }
    const endings = (this.#records.get(text)?.endings ?? 0) + 1;
    // Half of the wait is random, or the two would go on meeting.
    const wait = Math.min(LONGEST_REST, FIRST_REST * 2 ** (endings - FREE - 1)) * (0.5 + this.#random());
    this.#records.set(text, { endings, until: endings <= FREE ? now : now + wait });
  }

  /** Whether this peer is to be left in peace now. */
  resting(peer: NodeKey): boolean {
    return (this.#records.get(keyText(peer))?.until ?? 0) > this.#clock.now();
  }

  /** The network is another one now: what happened before says nothing. */
  forget(): void {
    for (const [text] of this.#records) {
      this.#records.delete(text);
    }
  }
}
