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
  readonly start?: Scope;
}

/** An envelope that was held before, and that evidence has opened to more subscriptions now. */
export type Opened = Pick<Arrival, "hash" | "envelope">;

/** A burst of gossip between two turns of a subscriber: at the largest envelope size 4 MiB. */
const KEPT = 1_024;

/** The latest arrivals: pushing one needs its bytes and its way here, which the store does not know. */
export class FreshArrivals {
  readonly #arrivals = new BoundedMap<string, Arrival>(KEPT);

  add(arrival: Arrival): void {
    this.#arrivals.set(toHex(arrival.hash), arrival);
  }

  get(hash: Hash): Arrival | undefined {
    return this.#arrivals.get(toHex(hash));
  }
}
