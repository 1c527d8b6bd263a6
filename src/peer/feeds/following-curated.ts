import type { Mesh } from "../../mesh/port.ts";
import type { Clock, StoreClient } from "../../mesh/protocols/index.ts";
import { BoundedMap, checkCurated, pageName, type CuratedKey } from "../../social/index.ts";
import type { Store } from "../../store/port.ts";
import { equalBytes, ObjectType, type CuratedFeed, type NodeKey } from "../../wire/index.ts";
import type { Finder } from "../finding/index.ts";
import { indexKey } from "../finding/keys.ts";
import { textOf, type CuratedBook } from "./curated-book.ts";
import { EntrySearch } from "./entry-search.ts";

/** How old what is held of a followed feed may become, in ms. */
const REFETCH = 600_000;
/** Whoever opens a feed again within this time finds what was found then, in ms. */
const VISIT_REST = 60_000;
/** Neighbours asked in a round: the newest version that one of them has counts. */
const NEIGHBOURS = 4;
/** Peers that the DHT names, asked for one feed that no neighbour has. */
const PROVIDERS = 4;
/** To link to somebody and ask takes seconds; longer than this it is tried again with the next round, in ms. */
const PATIENCE = 30_000;
const REMEMBERED_VISITS = 256;

export interface CuratedFollowingOptions {
  readonly mesh: Pick<Mesh, "self" | "peers" | "on" | "report" | "findProviders">;
  readonly store: Store;
  readonly clock: Clock;
  readonly client: Pick<StoreClient, "heads">;
  readonly book: CuratedBook;
  /** The curated feeds that this person follows now. */
  readonly followed: () => readonly CuratedKey[];
  /** Those that are open, followed or not. */
  readonly visited: () => readonly CuratedKey[];
  readonly blocked: (author: NodeKey) => boolean;
  /** Another version is held, or somebody was asked in vain. */
  readonly onChanged: (key: CuratedKey) => void;
  /** Who looks for envelopes; `null` while nobody can. */
  readonly finder: () => Promise<Pick<Finder, "find" | "feeds"> | null>;
  readonly verify?: ((feed: CuratedFeed, bytes: Uint8Array) => Promise<boolean>) | undefined;
  readonly log: (context: string, error: unknown) => void;
}

/**
 * Keeps the curated feeds that a person follows or has open up to date: asks each neighbour when it is met, some of them every
 * ten minutes, and where none has a feed its curator and those whom the DHT names for the feed and for the curator's profile:
 * the curator's own devices announce both. A follower announces nothing, so that nobody but who is asked learns who follows
 * what. Whoever gives a feed is asked for the further pages that it names and that are not here in that version.
 */
export class CuratedFollowing {
  readonly #options: CuratedFollowingOptions;
  readonly #stopped = new AbortController();
  /** Asked for at least once, and everybody within reach has answered; by `textOf`. */
  readonly #asked = new Set<string>();
  /** When this one was last asked for because somebody opened it; by `textOf`. */
  readonly #visits = new BoundedMap<string, number>(REMEMBERED_VISITS);
  readonly #entries: EntrySearch;
  readonly #stopListening: () => void;
  #cancelRound: () => void = () => undefined;

  constructor(options: CuratedFollowingOptions) {
    this.#options = options;
    this.#entries = new EntrySearch({
      ...options,
      signal: this.#stopped.signal,
      keeps: (key) => this.#keeps(key),
    });
    this.#stopListening = options.mesh.on("peerConnected", (peer) => {
      this.#run(this.#met(peer));
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
    this.#run(this.#round(this.#wanted()));
    const { mesh, visited } = this.#options;
    this.#lookInOwn(visited(), mesh.peers().slice(0, NEIGHBOURS));
  }

  /** Somebody has opened this one. */
  visit(key: CuratedKey): void {
    const { clock, mesh } = this.#options;
    const text = textOf(key);
    const now = clock.now();
    // What is followed is asked for anyway.
    if (this.#keeps(key)) return;
    if (now - (this.#visits.get(text) ?? -Infinity) < VISIT_REST) return;
    this.#visits.set(text, now);
    if (equalBytes(key.curator, mesh.self)) this.#lookInOwn([key], mesh.peers().slice(0, NEIGHBOURS));
    else this.#run(this.#round([key]));
  }

  /** A neighbour sends a version unasked in this moment, but asked for once. Resolves when it is judged. */
  async found(key: CuratedKey, bytes: Uint8Array, from: NodeKey): Promise<void> {
    if (!this.#keeps(key) || this.#options.blocked(key.curator)) return;
    await this.#take(key, bytes, from);
    // The pages and envelopes that it names take a while, and the stream that it came by does not wait.
    this.#run(this.#complete([key], from));
  }

  stop(): void {
    this.#stopped.abort();
    this.#stopListening();
    this.#cancelRound();
  }

  /** Each once: a followed feed may be open as well. Own ones are here. */
  #wanted(): CuratedKey[] {
    const { followed, mesh, visited } = this.#options;
    const keys = new Map([...followed(), ...visited()].map((key) => [textOf(key), key]));
    return [...keys.values()].filter(({ curator }) => !equalBytes(curator, mesh.self));
  }

  #keeps(key: CuratedKey): boolean {
    const text = textOf(key);
    return this.#options.followed().some((followed) => textOf(followed) === text);
  }

  /** Somebody waits for what is open: whom else to ask can be found out now. */
  async #met(peer: NodeKey): Promise<void> {
    const { book, onChanged, visited } = this.#options;
    this.#lookInOwn(visited(), [peer]);
    await this.#ask(peer, this.#wanted());
    for (const key of visited()) {
      if (this.wasAsked(key) || (await book.head(key)) !== undefined) continue;
      this.#asked.add(textOf(key));
      await this.#askFurther(key);
      onChanged(key);
    }
  }

  async #round(keys: readonly CuratedKey[]): Promise<void> {
    const { mesh, onChanged } = this.#options;
    if (keys.length === 0) return;
    const neighbours = mesh.peers().slice(0, NEIGHBOURS);
    await Promise.all(neighbours.map((peer) => this.#ask(peer, keys)));
    for (const key of keys) {
      if ((await this.#options.book.head(key)) === undefined) await this.#askFurther(key);
      if (neighbours.length === 0 || this.wasAsked(key)) continue;
      this.#asked.add(textOf(key));
      onChanged(key);
    }
  }

  /**
   * Own feeds are here, but not all that was put into them: a feed that is not followed is kept nowhere, and an envelope may
   * have given way to others.
   * @param keys of them the own ones
   */
  #lookInOwn(keys: readonly CuratedKey[], neighbours: readonly NodeKey[]): void {
    if (neighbours.length === 0) return;
    for (const key of keys) {
      if (equalBytes(key.curator, this.#options.mesh.self)) this.#run(this.#entries.look(key, neighbours));
    }
  }

  /** The curator itself, then whom the DHT names. */
  async #askFurther(key: CuratedKey): Promise<void> {
    const { book, mesh } = this.#options;
    if (mesh.peers().length === 0) return;
    await this.#ask(key.curator, [key]);
    if ((await book.head(key)) !== undefined) return;
    const { signal } = this.#stopped;
    for await (const peer of mesh.findProviders(indexKey("profile", key.curator), { signal, limit: PROVIDERS })) {
      await this.#ask(peer, [key]);
      if ((await book.head(key)) !== undefined) return;
    }
  }

  /** A peer that is not there, or knows nothing, is no fault: the next one is asked, or the same one later. */
  async #ask(peer: NodeKey, keys: readonly CuratedKey[]): Promise<void> {
    const { blocked, log, mesh } = this.#options;
    const wanted = keys.filter(({ curator }) => !blocked(curator));
    if (wanted.length === 0 || equalBytes(peer, mesh.self)) return;
    try {
      await this.#fetch(peer, wanted, wanted);
      await this.#complete(wanted, peer);
    } catch (error) {
      if (!this.#stopped.signal.aborted) log("curated", error);
    }
  }

  /** Further pages from whoever is likely to have them, then what stands on them. */
  async #complete(keys: readonly CuratedKey[], from: NodeKey): Promise<void> {
    const pages: CuratedKey[] = [];
    const feeds: CuratedKey[] = [];
    for (const key of keys) {
      for (const { number } of (await this.#options.book.get(key))?.wanted ?? []) {
        pages.push({ curator: key.curator, name: pageName(key.name, number) });
        feeds.push(key);
      }
    }
    if (pages.length > 0) await this.#fetch(from, pages, feeds);
    for (const key of keys) this.#run(this.#entries.look(key, [from, key.curator]));
  }

  /** @param feeds to which feed each of the keys belongs */
  async #fetch(peer: NodeKey, keys: readonly CuratedKey[], feeds: readonly CuratedKey[]): Promise<void> {
    const { client, clock } = this.#options;
    const timeout = new AbortController();
    const cancel = clock.after(PATIENCE, () => timeout.abort());
    const signal = AbortSignal.any([this.#stopped.signal, timeout.signal]);
    try {
      const found = await client.heads(
        peer,
        keys.map(({ curator, name }) => ({ type: ObjectType.CuratedFeed, owner: curator, name })),
        { signal },
      );
      for (const [at, key] of keys.entries()) {
        for (const bytes of found[at] ?? []) await this.#take(key, bytes, peer, feeds[at]);
      }
    } finally {
      cancel();
    }
  }

  /** @param feed the one whose page this is */
  async #take(key: CuratedKey, bytes: Uint8Array, from: NodeKey, feed: CuratedKey = key): Promise<void> {
    const { book, clock, mesh, onChanged, store, verify } = this.#options;
    const now = clock.now();
    const keep = this.#keeps(feed);
    const current = await (keep ? store.head(ObjectType.CuratedFeed, key.curator, key.name) : book.head(key));
    if (current !== undefined && equalBytes(current.bytes, bytes)) return;
    const verdict = await checkCurated(bytes, key, now, verify);
    if (verdict.kind === "refused") {
      if (verdict.misdeed) mesh.report(from, verdict.code);
      return;
    }
    if (await book.take(verdict.version, keep, now)) onChanged(feed);
  }

  #run(work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (!this.#stopped.signal.aborted) this.#options.log("curated", error);
    });
  }
}
