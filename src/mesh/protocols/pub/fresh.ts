import { BoundedMap } from "../../../social/index.ts";
import { toHex, type Hash, type NodeKey, type PostEnvelope, type Scope } from "../../../wire/index.ts";

/** An envelope that has just been stored. */
export interface Arrival {
  readonly hash: Hash;
  readonly bytes: Uint8Array;
  readonly envelope: PostEnvelope;
  /** Who handed it over; `null` for one written here. */
  readonly from: NodeKey | null;
  /** The gossip channel on which it came, or on which it was published here; `null` when it came by a stream. */
  readonly channel: string | null;
  /** Of one with topics alone that came by a stream: the place where it started, if what was asked for left no doubt. */
  readonly start?: Scope | undefined;
}

/** An envelope that was held before, and that may be had by more subscriptions now: by evidence, or by where it was heard. */
export interface Opened extends Pick<Arrival, "hash" | "envelope"> {
  /** Of one with topics alone: the place where it turned out to have started. */
  readonly start?: Scope;
}

/** An arrival as the subscribers see it: what is the same for all of them is looked up once. */
export interface FreshArrival extends Arrival {
  /** Hex of its hash. */
  readonly name: string;
  /** Hex of the neighbours who were on the channel on which it came. */
  readonly listeners: ReadonlySet<string>;
  /** Hex of those of them to whom it was passed on there. */
  readonly passedTo: ReadonlySet<string>;
}

/** A burst of gossip between two turns of a subscriber: at the largest envelope size 4 MiB. */
const KEPT = 1_024;

/** Whoever has not had its turn by then reads from the store, in ms: ten times the delay of what is told late. */
const FRESH_FOR = 30_000;

interface Fresh {
  readonly arrival: FreshArrival;
  readonly at: number;
}

/** The latest arrivals: pushing one needs its bytes and its way here, which the store does not know. */
export class FreshArrivals {
  readonly #arrivals = new BoundedMap<string, Fresh>(KEPT);

  /** @param now milliseconds of any clock that goes evenly */
  add(arrival: FreshArrival, now: number): void {
    // A quiet day would keep the last thousand in memory all day long.
    for (const [hash, { at }] of this.#arrivals) {
      if (at > now - FRESH_FOR) break;
      this.#arrivals.delete(hash);
    }
    this.#arrivals.set(arrival.name, { arrival, at: now });
  }

  get(hash: Hash): FreshArrival | undefined {
    return this.#arrivals.get(toHex(hash))?.arrival;
  }
}
