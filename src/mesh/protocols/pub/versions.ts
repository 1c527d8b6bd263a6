import { toHex } from "../../../wire/index.ts";
import type { Library } from "../library.ts";
import { MAX_KEYS } from "./constants.ts";
import type { KeyTarget } from "./subscription.ts";
import { targetKey } from "./subscription.ts";
import type { Placed } from "./told.ts";
import type { VersionMessage } from "./told-messages.ts";

/** Which mutable object has a new version. */
export type VersionKey = Omit<KeyTarget, "kind">;

/** Versions of mutable objects that one subscriber waits for: what is newer than it has, and then what comes. */
export class VersionLane {
  readonly #library: Library;
  /** By `targetKey`. */
  readonly #waiting = new Map<string, Placed<KeyTarget>>();
  /** Sequence that the subscriber has. */
  readonly #sent = new Map<string, number>();
  readonly #due: Set<string>;

  /** Those beyond MAX_KEYS are not served. */
  constructor(library: Library, subscriptions: readonly Placed<KeyTarget>[]) {
    this.#library = library;
    for (const each of subscriptions.slice(0, MAX_KEYS)) {
      const key = targetKey(each.target);
      this.#waiting.set(key, each);
      this.#sent.set(key, each.since);
    }
    this.#due = new Set(this.#waiting.keys());
  }

  get isDue(): boolean {
    return this.#due.size > 0;
  }

  /** Whether the subscriber waits for it. */
  changed(key: VersionKey): boolean {
    // Nearly everybody waits for none, and this is told of each profile that comes.
    if (this.#waiting.size === 0) return false;
    const name = `k:${key.type}:${toHex(key.owner)}:${key.name}`;
    if (!this.#waiting.has(name)) return false;
    this.#due.add(name);
    return true;
  }

  /** The versions of one object that is due; two where it is forked. */
  async next(generation: number): Promise<VersionMessage[]> {
    const [key] = this.#due;
    const placed = key === undefined ? undefined : this.#waiting.get(key);
    if (key === undefined || placed === undefined) return [];
    this.#due.delete(key);
    const { name, owner, type } = placed.target;
    const head = await this.#library.head(type, owner, name);
    if (head === undefined || head.sequence <= (this.#sent.get(key) ?? 0)) return [];
    this.#sent.set(key, head.sequence);
    const versions = [head.bytes, ...(head.forkBytes === null ? [] : [head.forkBytes])];
    const { at } = placed;
    return versions.map((bytes) => ({ kind: "version", generation, at, sequence: head.sequence, bytes }));
  }
}
