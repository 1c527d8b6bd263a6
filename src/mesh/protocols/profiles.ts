import { BoundedMap } from "../../social/index.ts";
import { ObjectType, toHex, type NodeKey } from "../../wire/index.ts";
import type { Clock } from "./clock.ts";
import { MAX_HEADS } from "./store/constants.ts";
import type { StoreClient } from "./store/client.ts";

/** A page of a feed brings its authors within milliseconds of each other: one question for all of them, in ms. */
const GATHER = 200;
/** Between two questions to one neighbour, in ms: 64 profiles each make 128 names a second, faster than anyone reads. */
const PACE = 500;
/** Authors waiting at one neighbour; beyond that the next envelope of the author asks again. */
const MAX_WAITING = 1_024;
/** Neighbours tried for one author: those that brought envelopes of it. */
const MAX_SOURCES = 4;
/**
 * When an author whose profile a neighbour did not have is asked for again, in ms: a profile often travels right behind
 * the first envelope. After the last of them the next envelope of the author asks again.
 */
const RETRIES = [5_000, 30_000, 300_000] as const;
/** Who has chosen no name may choose one, and few do: each time in vain the rest is twice as long, up to this, in ms. */
const LONGEST_REST = 21_600_000;
const REMEMBERED_MISSES = 4_096;
/** As many are remembered whose profile is held: each look at the disk takes as long as checking a signature (measured). */
const REMEMBERED_HELD = 4_096;

/**
 * What its owner, or so many neighbours, have answered is not refreshed again for so long, in ms. A name lasts for days, links come
 * and go by the minute, and each question is a stream of its own.
 */
const FRESH_FOR = 3_600_000;
const ENOUGH_ANSWERS = 3;
const REMEMBERED_ANSWERS = 1_024;

export interface FoundProfile {
  /** Whose profile was asked for; the versions may claim anything. */
  readonly owner: NodeKey;
  /** One, or two when the neighbour saw a fork. Nothing about them is checked but their number and size. */
  readonly versions: readonly Uint8Array[];
  readonly from: NodeKey;
}

export interface ProfilesOptions {
  readonly client: Pick<StoreClient, "heads">;
  readonly clock: Clock;
  /** Whether a profile of this author is held here. */
  readonly has: (author: NodeKey) => Promise<boolean>;
  readonly receive: (found: FoundProfile) => Promise<void>;
  /** Why a neighbour was of no help; for the log. */
  readonly onFailure?: (from: NodeKey, error: unknown) => void;
}

export interface Profiles {
  /** Envelopes of these authors came from `from`: asks it for the profiles that are not held yet. */
  met(authors: readonly NodeKey[], from: NodeKey): void;
  /** Asks `from` for these profiles even when they are held: there may be newer ones, unless they have been asked for lately. */
  refresh(authors: readonly NodeKey[], from: NodeKey): void;
  stop(): void;
}

/** Fetches profiles of authors from the neighbours that brought their envelopes. */
export function createProfiles(options: ProfilesOptions): Profiles {
  return new Fetching(options);
}

interface Wanted {
  readonly author: NodeKey;
  /** Neighbours not asked yet. */
  readonly sources: NodeKey[];
}

interface Miss {
  readonly tries: number;
  /** When the next envelope of the author may ask again. */
  readonly until: number;
}

interface Answers {
  readonly since: number;
  readonly count: number;
}

interface Queue {
  readonly peer: NodeKey;
  readonly waiting: Map<string, NodeKey>;
  cancel: (() => void) | null;
  /** The question under way. */
  asking: AbortController | null;
}

class Fetching implements Profiles {
  readonly #options: ProfilesOptions;
  readonly #queues = new Map<string, Queue>();
  readonly #wanted = new Map<string, Wanted>();
  /** Authors that were asked for in vain. */
  readonly #misses = new BoundedMap<string, Miss>(REMEMBERED_MISSES);
  /** Authors whose profile was seen to be held: none is given up while a peer runs. */
  readonly #held = new BoundedMap<string, true>(REMEMBERED_HELD);
  /** Who has answered lately, by hex of the author. */
  readonly #answers = new BoundedMap<string, Answers>(REMEMBERED_ANSWERS);
  readonly #retries = new Set<() => void>();
  #stopped = false;

  constructor(options: ProfilesOptions) {
    this.#options = options;
  }

  met(authors: readonly NodeKey[], from: NodeKey): void {
    for (const author of authors) {
      const key = toHex(author);
      if (this.#held.get(key) !== undefined) continue;
      if ((this.#misses.get(key)?.until ?? 0) > this.#options.clock.now()) continue;
      this.#want(key, author, from);
    }
  }

  refresh(authors: readonly NodeKey[], from: NodeKey): void {
    // A queue is forgotten when its question is answered, so one is made only where there is something to ask.
    for (const author of authors) {
      const key = toHex(author);
      if (!this.#isFresh(key)) this.#enqueue(this.#queue(from), key, author);
    }
  }

  stop(): void {
    this.#stopped = true;
    for (const cancel of this.#retries) cancel();
    this.#retries.clear();
    for (const queue of this.#queues.values()) {
      queue.cancel?.();
      queue.asking?.abort();
    }
    this.#queues.clear();
    this.#wanted.clear();
  }

  #want(key: string, author: NodeKey, from: NodeKey): void {
    const wanted = this.#wanted.get(key);
    if (wanted !== undefined) {
      const known = wanted.sources.some((source) => toHex(source) === toHex(from));
      if (!known && wanted.sources.length < MAX_SOURCES) wanted.sources.push(from);
      return;
    }
    if (this.#wanted.size >= MAX_WAITING) return;
    this.#wanted.set(key, { author, sources: [] });
    this.#check(key, author, from).catch((error: unknown) => {
      this.#wanted.delete(key);
      this.#options.onFailure?.(from, error);
    });
  }

  async #check(key: string, author: NodeKey, from: NodeKey): Promise<void> {
    if (await this.#isHeld(key, author)) this.#wanted.delete(key);
    else this.#enqueue(this.#queue(from), key, author);
  }

  #isFresh(key: string): boolean {
    const known = this.#answers.get(key);
    if (known === undefined || known.count < ENOUGH_ANSWERS) return false;
    return this.#options.clock.now() - known.since < FRESH_FOR;
  }

  /** Nobody knows better than the owner; of others those count who have a version. */
  #answered(key: string, from: NodeKey, found: boolean): void {
    const isOwner = toHex(from) === key;
    if (!isOwner && !found) return;
    const now = this.#options.clock.now();
    const known = this.#answers.get(key);
    const { count, since } = known !== undefined && now - known.since < FRESH_FOR ? known : { count: 0, since: now };
    this.#answers.set(key, { since, count: count + (isOwner ? ENOUGH_ANSWERS : 1) });
  }

  async #isHeld(key: string, author: NodeKey): Promise<boolean> {
    const held = await this.#options.has(author);
    if (held) this.#held.set(key, true);
    return held;
  }

  #queue(peer: NodeKey): Queue {
    const key = toHex(peer);
    const known = this.#queues.get(key);
    if (known !== undefined) return known;
    const queue: Queue = { peer, waiting: new Map(), cancel: null, asking: null };
    this.#queues.set(key, queue);
    return queue;
  }

  #enqueue(queue: Queue, key: string, author: NodeKey): void {
    if (this.#stopped) {
      this.#queues.clear();
      return;
    }
    if (queue.waiting.size < MAX_WAITING) queue.waiting.set(key, author);
    else this.#wanted.delete(key);
    this.#schedule(queue, GATHER);
  }

  #schedule(queue: Queue, delay: number): void {
    if (queue.asking !== null || queue.cancel !== null) return;
    queue.cancel = this.#options.clock.after(delay, () => {
      queue.cancel = null;
      void this.#ask(queue);
    });
  }

  async #ask(queue: Queue): Promise<void> {
    const batch = [...queue.waiting].slice(0, MAX_HEADS);
    for (const [key] of batch) queue.waiting.delete(key);
    queue.asking = new AbortController();
    try {
      await this.#fetch(queue.peer, batch, queue.asking.signal);
    } catch (error) {
      for (const [key, author] of batch) this.#missed(key, author, queue.peer);
      if (!this.#stopped) this.#options.onFailure?.(queue.peer, error);
    } finally {
      queue.asking = null;
    }
    if (queue.waiting.size > 0) this.#schedule(queue, PACE);
    else if (queue.cancel === null) this.#queues.delete(toHex(queue.peer));
  }

  async #fetch(from: NodeKey, batch: readonly (readonly [string, NodeKey])[], signal: AbortSignal): Promise<void> {
    const keys = batch.map(([, owner]) => ({ type: ObjectType.UserProfile, owner, name: "" }));
    const found = await this.#options.client.heads(from, keys, { signal });
    for (const [at, [key, owner]] of batch.entries()) {
      const versions = found[at] ?? [];
      if (versions.length > 0) await this.#options.receive({ owner, versions, from });
      this.#answered(key, from, versions.length > 0);
      if (versions.length === 0 || !(await this.#isHeld(key, owner))) this.#missed(key, owner, from);
      else this.#wanted.delete(key);
    }
  }

  /** The next neighbour that may know this author, or the same one once more after a while. */
  #missed(key: string, author: NodeKey, from: NodeKey): void {
    const next = this.#wanted.get(key)?.sources.shift();
    if (next !== undefined) {
      this.#enqueue(this.#queue(next), key, author);
      return;
    }
    if (!this.#wanted.delete(key) || this.#stopped) return;
    const tries = (this.#misses.get(key)?.tries ?? 0) + 1;
    const longest = RETRIES[Math.min(tries, RETRIES.length) - 1] as number;
    const delay = Math.min(longest * 2 ** Math.max(0, tries - RETRIES.length), LONGEST_REST);
    this.#misses.set(key, { tries, until: this.#options.clock.now() + delay });
    if (tries <= RETRIES.length) this.#retry(delay, () => this.#want(key, author, from));
  }

  #retry(delay: number, task: () => void): void {
    const cancel = this.#options.clock.after(delay, () => {
      this.#retries.delete(cancel);
      task();
    });
    this.#retries.add(cancel);
  }
}
