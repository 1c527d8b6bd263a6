/**
 * Peers to which there is to be a link, whatever they read: those whom this person trusts. Half of the links that there may be
 * are for them; where there are more of them than that, they take turns, and the other half is left to the channels. Without that
 * whoever trusts a dozen people who are there would hear of nothing else.
 */
import type { NodeKey } from "../wire/types.ts";
import { keyText } from "./keys.ts";
import type { MaintainedLink } from "./maintainer-port.ts";

type Linked = Pick<MaintainedLink, "peer" | "openedAt">;

/** So often, in ms, whoever has had a place for longest makes room for one that waits: each link costs both ends some forty messages. */
const TURN = 300_000;

export class Wanted {
  readonly #places: number;
  #texts: ReadonlySet<string> = new Set();

  /** @param most links that there may be */
  constructor(most: number) {
    this.#places = most >> 1;
  }

  get size(): number {
    return this.#texts.size;
  }

  has(text: string): boolean {
    return this.#texts.has(text);
  }

  /** Replaces the set. @returns those that are new in it */
  set(peers: readonly NodeKey[]): NodeKey[] {
    const added = peers.filter((peer) => !this.has(keyText(peer)));
    this.#texts = new Set(peers.map(keyText));
    return added;
  }

  /**
   * Text of those that have a place: whoever was linked last. The others are links like any.
   * @param given places that are given to others now
   */
  withPlace(links: readonly Linked[], given = 0): ReadonlySet<string> {
    const latest = this.#latest(links).slice(0, this.#places - given);
    return new Set(latest.map(({ peer }) => keyText(peer)));
  }

  /** Whether more of them are linked than have a place. */
  isCrowded(links: readonly Linked[]): boolean {
    return this.#linked(links).length > this.#places;
  }

  /** Whether there is a place for another one now: a free one, or it is time for a turn. */
  hasPlace(links: readonly Linked[], now: number): boolean {
    const latest = this.#latest(links);
    const [newest] = latest;
    return latest.length < this.#places || (newest !== undefined && now - newest.openedAt >= TURN);
  }

  #latest(links: readonly Linked[]): Linked[] {
    return this.#linked(links)
      .toSorted((a, b) => b.openedAt - a.openedAt)
      .slice(0, this.#places);
  }

  #linked(links: readonly Linked[]): readonly Linked[] {
    return this.#texts.size === 0 ? [] : links.filter(({ peer }) => this.has(keyText(peer)));
  }
}
