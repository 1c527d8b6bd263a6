import type { Store } from "../store/port.ts";
import { Serial } from "../store/serial.ts";
import { decodeNodeId, encodeNodeId, toHex, WireError, type NodeKey } from "../wire/index.ts";
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
  /** Changes, one after the other: each writes the whole list, so two at a time would lose one of them. */
  readonly #changes = new Serial();

  private constructor(store: Store) {
    this.#store = store;
  }

  static async open(store: Store): Promise<Following> {
    const following = new Following(store);
    const stored = await store.setting(FOLLOWING_KEY);
    if (!Array.isArray(stored)) return following;
    for (const id of stored) {
      const key = storedKey(id);
      if (key !== null) following.#keys.set(toHex(key), key);
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
  set(key: NodeKey, follow: boolean): Promise<boolean> {
    return this.#changes.run(() => this.#set(key, follow));
  }

  async #set(key: NodeKey, follow: boolean): Promise<boolean> {
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

/** A damaged entry costs that entry, not the start of the peer. */
function storedKey(id: unknown): NodeKey | null {
  if (typeof id !== "string") return null;
  try {
    return decodeNodeId(id);
  } catch (error) {
    if (error instanceof WireError) return null;
    throw error;
  }
}
