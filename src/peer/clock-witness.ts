import { BoundedMap } from "../social/index.ts";
import { toHex, type NodeKey } from "../wire/index.ts";

/** Between what an author's clock says and ours, for an envelope that has just been written. */
const TIMELY = 600_000;
/** How long a neighbour's testimony counts. */
const VALID_FOR = 3_600_000;
/** Links at a time are a dozen. */
const REMEMBERED = 64;

/**
 * Whether this device's clock can be believed. If it is late, all that arrives seems to come from the future, and nobody
 * is to blame; if others bring what was written just now, it is right.
 */
export class ClockWitness {
  /** When each neighbour last brought something timely, by hex. */
  readonly #timely = new BoundedMap<string, number>(REMEMBERED);

  /** A neighbour has brought an envelope of this moment by a channel. */
  heard(from: NodeKey, created: number, now: number): void {
    if (Math.abs(now - created) <= TIMELY) this.#timely.set(toHex(from), now);
  }

  /** Whether somebody else than `accused` has shown lately that this clock is right. */
  vouches(accused: NodeKey, now: number): boolean {
    const name = toHex(accused);
    for (const [from, at] of this.#timely) if (from !== name && now - at <= VALID_FOR) return true;
    return false;
  }
}
