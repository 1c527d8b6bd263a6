import { BoundedMap } from "../../../social/index.ts";
import { toHex, type NodeKey } from "../../../wire/index.ts";

/** Somebody who asks every half hour and is silent for longer than this has gone. In ms. */
const GONE_AFTER = 2_700_000;
/** A dozen neighbours; a relay has thousands, of which those who asked lately count. */
const REMEMBERED = 4_096;
/** More devices of one person than this are not told apart. */
const MAX_INSTANCES = 8;

interface Seen {
  readonly first: number;
  readonly last: number;
}

/**
 * Who asks with which number of its own. A page that was loaded anew has another number and the old one is never heard again;
 * where two numbers of one key come in turns, two devices run the same identity.
 */
export class Instances {
  /** By hex of the key, by hex of the number. */
  readonly #seen = new BoundedMap<string, Map<string, Seen>>(REMEMBERED);

  /** Notes down a question. Resolves whether another one with this key has asked since this one first did. */
  asked(peer: NodeKey, instance: Uint8Array, now: number): boolean {
    const key = toHex(peer);
    const name = toHex(instance);
    const all = this.#seen.get(key) ?? new Map<string, Seen>();
    this.#seen.set(key, all);
    for (const [other, { last }] of all) if (now - last > GONE_AFTER) all.delete(other);
    const first = all.get(name)?.first ?? now;
    all.delete(name);
    const twin = [...all.values()].some(({ last }) => last > first);
    if (all.size < MAX_INSTANCES) all.set(name, { first, last: now });
    return twin;
  }
}
