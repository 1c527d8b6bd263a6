import type { Head, Store } from "../store/port.ts";
import { decodeObject, ObjectType, toHex, type NodeKey, type UserProfile } from "../wire/index.ts";
import { BoundedMap } from "../social/index.ts";

/** Names shown at the same time are a few hundred; this keeps scrolling a long feed free of disk reads. */
const CACHED_PROFILES = 4_096;

export interface KnownProfile {
  readonly profile: UserProfile;
  readonly sequence: number;
  readonly forked: boolean;
}

/** Profiles as this store knows them, decoded once. */
export class ProfileBook {
  readonly #store: Store;
  readonly #cache = new BoundedMap<string, KnownProfile | "none">(CACHED_PROFILES);

  constructor(store: Store) {
    this.#store = store;
  }

  async get(key: NodeKey): Promise<KnownProfile | null> {
    const id = toHex(key);
    const cached = this.#cache.get(id);
    if (cached !== undefined) return cached === "none" ? null : cached;
    const head = await this.#store.head(ObjectType.UserProfile, key, "");
    const known = head === undefined ? null : decodeHead(head);
    this.#cache.set(id, known ?? "none");
    return known;
  }

  /** Brings the profiles of `keys` into memory, so that `nameOf` knows them. */
  async load(keys: readonly NodeKey[]): Promise<void> {
    for (const key of keys) await this.get(key);
  }

  /** The name, if a profile is in memory: views must not wait for the disk one by one. */
  nameOf(key: NodeKey): string | null {
    const cached = this.#cache.get(toHex(key));
    return cached === undefined || cached === "none" ? null : cached.profile.displayName;
  }

  forget(key: NodeKey): void {
    this.#cache.delete(toHex(key));
  }
}

function decodeHead(head: Head): KnownProfile | null {
  const object = decodeObject(head.bytes);
  if (object.type !== "UserProfile") return null;
  return { profile: object, sequence: head.sequence, forked: head.forkBytes !== null };
}
