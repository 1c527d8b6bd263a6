import type { Store } from "../store/port.ts";
import { decodeNodeId, encodeNodeId, toHex, type NodeKey } from "../wire/index.ts";
import { PeerError } from "./errors.ts";

const FOLLOWING_KEY = "following";

/** @throws PeerError `NODE_ID_INVALID` */
export function nodeKeyOf(id: string): NodeKey {
  try {
    return decodeNodeId(id.trim());
  } catch (cause) {
    throw new PeerError("NODE_ID_INVALID", "This is not a NodeID: it starts with mehr1 and a typo is noticed.", {
      cause,
    });
  }
}

/** Whom this person follows. Kept here and told to nobody but the neighbours asked (protocol section 3). */
export class Following {
  readonly #store: Store;
  /** By hex of the key, in the order in which they were followed. */
  readonly #keys = new Map<string, NodeKey>();

  private constructor(store: Store) {
    this.#store = store;
  }

  static async open(store: Store): Promise<Following> {
    const following = new Following(store);
    const stored = await store.setting(FOLLOWING_KEY);
    if (!Array.isArray(stored)) return following;
    for (const id of stored) {
      if (typeof id !== "string") continue;
      const key = nodeKeyOf(id);
      following.#keys.set(toHex(key), key);
    }
    return following;
  }

  has(key: NodeKey): boolean {
    return this.#keys.has(toHex(key));
  }

  keys(): NodeKey[] {
    return [...this.#keys.values()];
  }

  /** Resolves with whether anything changed, once it is durable. */
  async set(key: NodeKey, follow: boolean): Promise<boolean> {
    const id = toHex(key);
    if (this.#keys.has(id) === follow) return false;
    const next = new Map(this.#keys);
    if (follow) next.set(id, key);
    else next.delete(id);
    const stored = [...next.values()].map(encodeNodeId);
    await this.#store.commit({ settings: { [FOLLOWING_KEY]: stored } }, { durability: "strict" });
    if (follow) this.#keys.set(id, key);
    else this.#keys.delete(id);
    return true;
  }
}
