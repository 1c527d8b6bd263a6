import type { Mesh } from "../../mesh/port.ts";
import type { Clock, StoreClient } from "../../mesh/protocols/index.ts";
import { checkCurated, decideHead, type CuratedKey } from "../../social/index.ts";
import type { Store } from "../../store/port.ts";
import { Serial } from "../../store/serial.ts";
import { equalBytes, ObjectType, toHex, type CuratedFeed, type NodeKey } from "../../wire/index.ts";
import type { Finder } from "../finding/index.ts";
import { indexKey } from "../finding/keys.ts";

/** How old what is held of a followed feed may become, in ms. */
const REFETCH = 600_000;
/** Neighbours asked in a round: the newest version that one of them has counts. */
const NEIGHBOURS = 4;
/** Peers that the DHT names, asked for one feed that no neighbour has. */
const PROVIDERS = 4;
/** Posts in one question of /mehr/index/1. */
const TOGETHER = 4;
/** To link to somebody and ask takes seconds; longer than this it is tried again with the next round, in ms. */
const PATIENCE = 30_000;

export interface CuratedFollowingOptions {
  readonly mesh: Pick<Mesh, "self" | "peers" | "on" | "report" | "findProviders">;
  readonly store: Store;
  readonly clock: Clock;
  readonly client: Pick<StoreClient, "heads">;
  /** The curated feeds that this person follows now. */
  readonly followed: () => readonly CuratedKey[];
  readonly blocked: (author: NodeKey) => boolean;
  /** Another version is held, or somebody was asked in vain. */
  readonly onChanged: (key: CuratedKey) => void;
  /** Who looks for envelopes; `null` while nobody can. */
  readonly finder: () => Promise<Pick<Finder, "find"> | null>;
  readonly verify?: ((feed: CuratedFeed, bytes: Uint8Array) => Promise<boolean>) | undefined;
  readonly log: (context: string, error: unknown) => void;
}

/**
 * Keeps the curated feeds that a person follows up to date: asks each neighbour when it is met, some of them every ten
 * minutes, and where none has a feed its curator and those whom the DHT names for the curator's profile: its own devices
 * announce that. A follower announces nothing, so that nobody but who is asked learns who follows what.
 */
export class CuratedFollowing {
  readonly #options: CuratedFollowingOptions;
  readonly #stopped = new AbortController();
  /** Each decision reads the head that the one before wrote. */
  readonly #heads = new Serial();
  /** Asked for at least once, and everybody within reach has answered; by `textOf`. */
  readonly #asked = new Set<string>();
  readonly #stopListening: () => void;
  #cancelRound: () => void = () => undefined;

  constructor(options: CuratedFollowingOptions) {
    this.#options = options;
    this.#stopListening = options.mesh.on("peerConnected", (peer) => {
      this.#run(this.#ask(peer, options.followed()));
    });
  }

  /** Whether everybody within reach was asked for this feed. */
  wasAsked(key: CuratedKey): boolean {
    return this.#asked.has(textOf(key));
  }

  /** What is followed has changed, or ten minutes have passed: asks now. */
  look(): void {
    this.#cancelRound();
    this.#cancelRound = this.#options.clock.after(REFETCH, () => this.look());
    this.#run(this.#round());
  }

  /** A neighbour sends a version unasked in this moment, but asked for once. Resolves when it is judged. */
  async found(key: CuratedKey, bytes: Uint8Array, from: NodeKey): Promise<void> {
    const isFollowed = this.#options.followed().some((followed) => textOf(followed) === textOf(key));
    if (!isFollowed || this.#options.blocked(key.curator)) return;
    await this.#heads.run(() => this.#take(key, bytes, from));
  }

  stop(): void {
    this.#stopped.abort();
    this.#stopListening();
    this.#cancelRound();
  }

  async #round(): Promise<void> {
    const { followed, mesh, onChanged } = this.#options;
    const keys = followed();
    if (keys.length === 0) return;
    const neighbours = mesh.peers().slice(0, NEIGHBOURS);
    await Promise.all(neighbours.map((peer) => this.#ask(peer, keys)));
    for (const key of keys) {
      if ((await this.#head(key)) === undefined) await this.#askFurther(key);
      if (neighbours.length === 0 || this.wasAsked(key)) continue;
      this.#asked.add(textOf(key));
      onChanged(key);
    }
  }

  /** The curator itself, then whom the DHT names. */
  async #askFurther(key: CuratedKey): Promise<void> {
    const { mesh } = this.#options;
    if (mesh.peers().length === 0) return;
    await this.#ask(key.curator, [key]);
    if ((await this.#head(key)) !== undefined) return;
    const { signal } = this.#stopped;
    for await (const peer of mesh.findProviders(indexKey("profile", key.curator), { signal, limit: PROVIDERS })) {
      await this.#ask(peer, [key]);
      if ((await this.#head(key)) !== undefined) return;
    }
  }

  /** A peer that is not there, or knows nothing, is no fault: the next one is asked, or the same one later. */
  async #ask(peer: NodeKey, keys: readonly CuratedKey[]): Promise<void> {
    const { blocked, client, log, mesh } = this.#options;
    const wanted = keys.filter(({ curator }) => !blocked(curator));
    if (wanted.length === 0 || equalBytes(peer, mesh.self)) return;
    const timeout = new AbortController();
    const cancel = this.#options.clock.after(PATIENCE, () => timeout.abort());
    const signal = AbortSignal.any([this.#stopped.signal, timeout.signal]);
    try {
      const found = await client.heads(
        peer,
        wanted.map(({ curator, name }) => ({ type: ObjectType.CuratedFeed, owner: curator, name })),
        { signal },
      );
      for (const [at, key] of wanted.entries()) {
        for (const bytes of found[at] ?? []) await this.#heads.run(() => this.#take(key, bytes, peer));
      }
    } catch (error) {
      if (!this.#stopped.signal.aborted) log("curated", error);
    } finally {
      cancel();
    }
  }

  async #take(key: CuratedKey, bytes: Uint8Array, from: NodeKey): Promise<void> {
    const { clock, mesh, onChanged, store, verify } = this.#options;
    const now = clock.now();
    const current = await this.#head(key);
    if (current !== undefined && equalBytes(current.bytes, bytes)) return;
    const verdict = await checkCurated(bytes, key, now, verify);
    if (verdict.kind === "refused") {
      if (verdict.misdeed) mesh.report(from, verdict.code);
      return;
    }
    const { head } = decideHead(current, verdict.version, now);
    if (head === null) return;
    await store.commit({ heads: [head] });
    onChanged(key);
    this.#run(this.#lookForEntries(verdict.feed, from));
  }

  /** The envelopes of what was chosen: whoever has the feed is likely to have them. */
  async #lookForEntries({ curator, entries }: CuratedFeed, from: NodeKey): Promise<void> {
    const { envelopes } = this.#options.store;
    const { signal } = this.#stopped;
    const missing = entries
      .map(({ postHash }) => postHash)
      .filter((target) => envelopes.count({ kind: "relation", relation: "post", target }) === 0);
    if (missing.length === 0) return;
    const finder = await this.#options.finder();
    if (finder === null) return;
    for (let at = 0; at < missing.length && !signal.aborted; at += TOGETHER) {
      const hints = [from, curator];
      await finder.find("post", missing.slice(at, at + TOGETHER), { hints, far: false, signal });
    }
  }

  #head({ curator, name }: CuratedKey) {
    return this.#options.store.head(ObjectType.CuratedFeed, curator, name);
  }

  #run(work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (!this.#stopped.signal.aborted) this.#options.log("curated", error);
    });
  }
}

function textOf({ curator, name }: CuratedKey): string {
  return `${toHex(curator)} ${name}`;
}
