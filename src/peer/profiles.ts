import type { Head, Store } from "../store/port.ts";
import { decodeObject, ObjectType, toHex, type NodeKey, type UserProfile } from "../wire/index.ts";
import { BoundedMap } from "../social/index.ts";

/** Names shown at the same time are a few hundred; this keeps scrolling a long feed free of disk reads. */
const CACHED_PROFILES = 4_096;

export interface KnownProfile {
  readonly profile: UserProfile;
  readonly sequence: number;
  readonly forked: boolean;
  /** The other version, where there are two with one sequence number. */
  readonly fork: UserProfile | null;
}

/** Profiles as this store knows them, decoded once. */
export class ProfileBook {
  readonly #store: Store;
  readonly #cache = new BoundedMap<string, KnownProfile | "none">(CACHED_PROFILES);

  /** Reads under way. */
  readonly #reading = new Map<string, Promise<KnownProfile | null>>();

  constructor(store: Store) {
    this.#store = store;
  }

  async get(key: NodeKey): Promise<KnownProfile | null> {
    const id = toHex(key);
    const cached = this.#cache.get(id);
    if (cached !== undefined) return cached === "none" ? null : cached;
    const reading = this.#reading.get(id) ?? this.#read(key);
    this.#reading.set(id, reading);
    try {
      const known = await reading;
      // Forgotten meanwhile: what was read may be the version before.
      if (this.#reading.get(id) === reading) this.#cache.set(id, known ?? "none");
      return known;
    } finally {
      if (this.#reading.get(id) === reading) this.#reading.delete(id);
    }
  }

  /** Brings the profiles of `keys` into memory, so that `nameOf` knows them. */
  async load(keys: readonly NodeKey[]): Promise<void> {
    const unknown = new Map<string, NodeKey>();
    for (const key of keys) {
      const id = toHex(key);
      if (this.#cache.get(id) === undefined) unknown.set(id, key);
    }
    const unread = [...unknown].filter(([id]) => !this.#reading.has(id));
    // Together: each in a transaction of its own, a page by a hundred people would wait 30 ms for them.
    const heads = this.#store.headsOf(
      ObjectType.UserProfile,
      unread.map(([, key]) => key),
      "",
    );
    for (const [at, [id]] of unread.entries())
      this.#reading.set(
        id,
        heads.then((found) => knownOf(found[at])),
      );
    await Promise.all([...unknown.values()].map((key) => this.get(key)));
  }

  /** The name, if a profile is in memory: views must not wait for the disk one by one. */
  nameOf(key: NodeKey): string | null {
    const cached = this.#cache.get(toHex(key));
    return cached === undefined || cached === "none" ? null : cached.profile.displayName;
  }

  /** The hash of the picture, in the same way. */
  avatarOf(key: NodeKey): string | null {
    const cached = this.#cache.get(toHex(key));
    const avatar = cached === undefined || cached === "none" ? null : cached.profile.avatar;
    return avatar === null ? null : toHex(avatar);
  }

  /** There is another version now; also for those who are reading the one before. */
  forget(key: NodeKey): void {
    const id = toHex(key);
    this.#cache.delete(id);
    this.#reading.delete(id);
  }

  async #read(key: NodeKey): Promise<KnownProfile | null> {
    const head = await this.#store.head(ObjectType.UserProfile, key, "");
    return knownOf(head);
  }
}

function knownOf(head: Head | undefined): KnownProfile | null {
  if (head === undefined) return null;
  const object = decodeObject(head.bytes);
  if (object.type !== "UserProfile") return null;
  const fork = head.forkBytes === null ? null : decodeObject(head.forkBytes);
  return {
    profile: object,
    sequence: head.sequence,
    forked: fork !== null,
    fork: fork?.type === "UserProfile" ? fork : null,
  };
}
