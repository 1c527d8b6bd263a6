import { BoundedMap } from "../../social/index.ts";
import type { Clock } from "../../mesh/protocols/index.ts";
import type { Store } from "../../store/port.ts";
import {
  decodeObject,
  equalBytes,
  fromHex,
  isAvatar,
  MAX_AVATAR_BYTES,
  ObjectType,
  pictureHead,
  toHex,
  type Hash,
  type NodeKey,
} from "../../wire/index.ts";
import type { ProfileBook } from "../profiles.ts";
import type { AvatarView } from "./api.ts";

/** Asked for at the same time; a page of a feed has some twenty authors. */
const PARALLEL = 4;
/** After an attempt that came to nothing, in ms: a feed that is scrolled up and down asks nobody again. */
const REST = 120_000;
const REMEMBERED = 1_024;
/** Profiles that are decoded in one go: some 5 ms. */
const SLICE = 256;

export interface PicturesOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly self: NodeKey;
  readonly profiles: ProfileBook;
  readonly blocked: (key: NodeKey) => boolean;
  /** Bytes that hash to this, from peers; rejects when there is no network. */
  readonly fetch: (hash: Hash, signal: AbortSignal) => Promise<Uint8Array>;
  readonly log: (context: string, error: unknown) => void;
}

/** Pictures of people: blobs under their hashes, kept and told only where a profile that is held names them. */
export class Pictures {
  readonly #options: PicturesOptions;
  readonly #fetching = new Map<string, Promise<void>>();
  readonly #failed = new BoundedMap<string, number>(REMEMBERED);
  readonly #waiting: (() => void)[] = [];
  readonly #ended = new AbortController();
  readonly #unsubscribe: () => void;
  #running = 0;
  /** Profiles that name each picture; read when somebody first asks for one that lies here. */
  #naming: Promise<Map<string, Set<string>>> | null = null;

  constructor(options: PicturesOptions) {
    this.#options = options;
    this.#unsubscribe = options.store.subscribe(({ heads }) => {
      if (heads.some(({ type }) => type === ObjectType.UserProfile)) this.#naming = null;
    });
  }

  /** The picture of this person, fetched where it has to be. @throws the signal's reason */
  async of(key: NodeKey, signal?: AbortSignal): Promise<AvatarView | null> {
    const hash = await this.#named(key);
    if (hash === null) return null;
    const held = await this.#held(hash);
    if (held !== null) return held;
    const name = toHex(hash);
    if ((this.#failed.get(name) ?? 0) > this.#options.clock.now()) return null;
    const fetching = this.#fetching.get(name) ?? this.#fetch(name, hash, key);
    await fetching;
    signal?.throwIfAborted();
    return await this.#held(hash);
  }

  /** Whose picture this is by the profiles held here, in hex; nobody's where it could not be shown as one. */
  async ownersOf(hash: Hash): Promise<readonly string[]> {
    const { blocked, store } = this.#options;
    const size = await store.blobs.size(hash);
    if (size === undefined || size > MAX_AVATAR_BYTES) return [];
    this.#naming ??= this.#readNaming();
    // One read that failed is not to stand for all that come after it.
    this.#naming.catch(() => (this.#naming = null));
    const owners = [...((await this.#naming).get(toHex(hash)) ?? [])].filter((owner) => !blocked(fromHex(owner)));
    return owners.length > 0 && (await this.#held(hash)) !== null ? owners : [];
  }

  stop(): void {
    this.#unsubscribe();
    this.#ended.abort();
  }

  async #named(key: NodeKey): Promise<Hash | null> {
    const { blocked, profiles } = this.#options;
    if (blocked(key)) return null;
    return (await profiles.get(key))?.profile.avatar ?? null;
  }

  async #held(hash: Hash): Promise<AvatarView | null> {
    const bytes = await this.#options.store.blobs.read(hash);
    const head = bytes === undefined || !isAvatar(bytes) ? null : pictureHead(bytes);
    return bytes === undefined || head === null ? null : { hash: toHex(hash), type: head.type, bytes };
  }

  #fetch(name: string, hash: Hash, owner: NodeKey): Promise<void> {
    const fetching = this.#turn(() => this.#take(name, hash, owner)).finally(() => this.#fetching.delete(name));
    this.#fetching.set(name, fetching);
    return fetching;
  }

  async #take(name: string, hash: Hash, owner: NodeKey): Promise<void> {
    const { clock, fetch, log, self, store } = this.#options;
    try {
      const bytes = await fetch(hash, this.#ended.signal);
      // Whoever gave it is not to blame: these are the bytes that the profile names.
      if (!isAvatar(bytes)) throw new TypeError("What a profile names as its picture is none.");
      await store.blobs.put(hash, [bytes], undefined, equalBytes(owner, self) ? "own" : "cache");
    } catch (error) {
      this.#failed.set(name, clock.now() + REST);
      if (!this.#ended.signal.aborted) log("pictures", error);
    }
  }

  async #turn(task: () => Promise<void>): Promise<void> {
    if (this.#running >= PARALLEL) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running++;
    try {
      await task();
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }

  async #readNaming(): Promise<Map<string, Set<string>>> {
    const naming = new Map<string, Set<string>>();
    const heads = await this.#options.store.heads(ObjectType.UserProfile);
    for (const [at, { bytes, owner }] of heads.entries()) {
      if (at % SLICE === SLICE - 1) await new Promise<void>((resolve) => void this.#options.clock.after(0, resolve));
      const profile = decodeObject(bytes);
      if (profile.type !== "UserProfile" || profile.avatar === null) continue;
      const name = toHex(profile.avatar);
      naming.set(name, (naming.get(name) ?? new Set()).add(toHex(owner)));
    }
    return naming;
  }
}
