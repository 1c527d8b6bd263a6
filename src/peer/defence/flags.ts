import * as v from "valibot";
import type { Store } from "../../store/port.ts";
import { Serial } from "../../store/serial.ts";
import { toHex, type NodeKey } from "../../wire/index.ts";
import { PeerError } from "../errors.ts";
import { KeptKey, readPeople } from "../kept-people.ts";

/** Also the name by which a backup carries it. */
export const FLAGS_KEY = "flags";
/** As many as can be blocked (src/peer/blocks). */
const MAX_AUTHORS = 2_000;
/** Posts remembered of one author, the latest: whoever has found so many not worth it does not change their mind about one. */
const MAX_POSTS = 16;

export interface Flag {
  readonly key: NodeKey;
  /** As the author was called then. */
  readonly name: string | null;
  /** Hex of the envelopes that were not worth it, the latest last. */
  readonly posts: readonly string[];
  /** When it was said last, milliseconds since 1970. */
  readonly since: number;
}

const Stored = v.object({
  key: KeptKey,
  name: v.nullable(v.string()),
  posts: v.pipe(
    v.array(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u))),
    v.minLength(1),
    v.transform((posts) => [...new Set(posts)].slice(-MAX_POSTS)),
  ),
  since: v.number(),
});

/** Authors whose posts this person found not worth reading. */
export class Flags {
  readonly #store: Store;
  /** By hex of the key, the latest last. */
  #flags: ReadonlyMap<string, Flag>;
  /** Changes, one after the other: each writes the whole list. */
  readonly #changes = new Serial();

  private constructor(store: Store, flags: ReadonlyMap<string, Flag>) {
    this.#store = store;
    this.#flags = flags;
  }

  static async open(store: Store): Promise<Flags> {
    return new Flags(store, await readPeople(store, FLAGS_KEY, Stored, MAX_AUTHORS));
  }

  get size(): number {
    return this.#flags.size;
  }

  /** Latest first. */
  all(): Flag[] {
    return [...this.#flags.values()].toReversed();
  }

  of(author: NodeKey): Flag | undefined {
    return this.#flags.size === 0 ? undefined : this.#flags.get(toHex(author));
  }

  /**
   * Resolves with the authors of whom anything changed, once it is durable.
   * @throws PeerError `FLAGS_FULL`: then none was added
   */
  add(flags: readonly Flag[]): Promise<NodeKey[]> {
    return this.#changes.run(async () => {
      const next = new Map(this.#flags);
      const changed: NodeKey[] = [];
      for (const flag of flags) {
        const id = toHex(flag.key);
        const known = next.get(id);
        const posts = [...new Set([...(known?.posts ?? []), ...flag.posts])].slice(-MAX_POSTS);
        if (known !== undefined && posts.every((post) => known.posts.includes(post))) continue;
        changed.push(flag.key);
        // The latest last.
        next.delete(id);
        next.set(id, { ...flag, name: flag.name ?? known?.name ?? null, posts });
      }
      if (next.size > MAX_AUTHORS) {
        throw new PeerError("FLAGS_FULL", `At most ${MAX_AUTHORS} authors can be flagged.`);
      }
      if (changed.length > 0) await this.#write(next);
      return changed;
    });
  }

  /**
   * Resolves with whether anything changed, once it is durable.
   * @param posts hex of envelopes; `null`: everything about the author
   */
  remove(author: NodeKey, posts: readonly string[] | null): Promise<boolean> {
    return this.#changes.run(async () => {
      const id = toHex(author);
      const known = this.#flags.get(id);
      if (known === undefined) return false;
      const left = posts === null ? [] : known.posts.filter((post) => !posts.includes(post));
      if (left.length === known.posts.length) return false;
      const next = new Map(this.#flags);
      if (left.length === 0) next.delete(id);
      else next.set(id, { ...known, posts: left });
      await this.#write(next);
      return true;
    });
  }

  async #write(flags: ReadonlyMap<string, Flag>): Promise<void> {
    await this.#store.commit({ settings: { [FLAGS_KEY]: [...flags.values()] } }, { durability: "strict" });
    this.#flags = flags;
  }
}
