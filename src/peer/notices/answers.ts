import type { Clock } from "../../mesh/protocols/index.ts";
import { LOOKED_FOR, nextLook } from "../../social/notices/index.ts";
import { toHex } from "../../wire/index.ts";
import type { Finder } from "../finding/index.ts";
import type { OwnPost } from "./own-posts.ts";

/** Links take some seconds to form; a page that is only looked at asks for nothing. In ms. */
const FIRST = 45_000;
/** Between two questions, in ms: at most thirty an hour, of which each neighbour gets as many. */
const PAUSE = 120_000;
/** The same where bytes are dear or few. */
const THRIFTY_PAUSE = 600_000;
/** Own posts that are looked after at once. */
const MAX_POSTS = 32;
/** A post is named by two hashes, and a question has four. */
const TOGETHER = 2;
/** Of all questions about one post so many go to whom the DHT names, too: the first, and every third after it. */
const FAR_EVERY = 3;
/** 256 answers of one peer; more with the next question. */
const PAGES = 2;

export interface AnswersOptions {
  readonly clock: Clock;
  readonly posts: () => Promise<readonly OwnPost[]>;
  /** `null` while there is no network. */
  readonly finder: () => Promise<Pick<Finder, "find"> | null>;
  /** Whether somebody is there to be asked. */
  readonly isLinked: () => boolean;
  readonly isThrifty: () => boolean;
  readonly log: (context: string, error: unknown) => void;
}

interface Asked {
  rounds: number;
  at: number;
}

/**
 * Asks for answers, references and boosts of own posts of the last days, slowly and for as long as the peer runs: somebody in
 * another town says what they say there, and nobody would bring it here. What is found is stored like everything else.
 */
export class Answers {
  readonly #options: AnswersOptions;
  readonly #stopped = new AbortController();
  /** By hex of the envelope. */
  readonly #asked = new Map<string, Asked>();
  /** When somebody last said something to a post, by hex of the envelope. */
  readonly #answered = new Map<string, number>();
  #cancel: () => void = () => undefined;

  constructor(options: AnswersOptions) {
    this.#options = options;
  }

  start(): void {
    this.#cancel = this.#options.clock.after(FIRST, () => this.#look());
  }

  /** Somebody has said something to this post now: more is likely to come. */
  answered({ hash }: OwnPost): void {
    this.#answered.set(toHex(hash), this.#options.clock.now());
  }

  stop(): void {
    this.#cancel();
    this.#stopped.abort();
  }

  #look(): void {
    const { clock, isThrifty, log } = this.#options;
    this.#round()
      .catch((error: unknown) => {
        if (!this.#stopped.signal.aborted) log("notices", error);
      })
      .finally(() => {
        if (this.#stopped.signal.aborted) return;
        this.#cancel = clock.after(isThrifty() ? THRIFTY_PAUSE : PAUSE, () => this.#look());
      });
  }

  async #round(): Promise<void> {
    const { finder, isLinked, isThrifty } = this.#options;
    if (!isLinked()) return;
    const due = await this.#due();
    const [first] = due;
    if (first === undefined) return;
    const asking = await finder();
    if (asking === null) return;
    const { signal } = this.#stopped;
    signal.throwIfAborted();
    const far = !isThrifty() && (this.#asked.get(toHex(first.hash))?.rounds ?? 0) % FAR_EVERY === 0;
    const together = far ? [first] : due.slice(0, TOGETHER);
    for (const post of together) this.#note(post);
    if (!far) {
      const targets = together.flatMap(({ envelope, hash }) => [
        ...(envelope.postHash === null ? [] : [envelope.postHash]),
        hash,
      ]);
      await asking.find(["reply", "reference", "boost"], targets, { far, pages: PAGES, signal });
      return;
    }
    // Each pair of relation and target is a search of the DHT: answers name the post, boosts the envelope.
    const post = first.envelope.postHash ?? first.hash;
    await asking.find(["reply", "reference"], post, { far, pages: PAGES, signal });
    await asking.find("boost", first.hash, { far, pages: PAGES, signal });
  }

  #note({ hash }: OwnPost): void {
    const key = toHex(hash);
    const at = this.#options.clock.now();
    this.#asked.set(key, { at, rounds: (this.#asked.get(key)?.rounds ?? 0) + 1 });
  }

  /** Posts that are to be asked for now, the one that has waited longest first. Not even the hash of a private one is told. */
  async #due(): Promise<OwnPost[]> {
    const now = this.#options.clock.now();
    const recent = (await this.#options.posts()).filter((post) => now - this.#alive(post) < LOOKED_FOR);
    const open = recent.filter(({ envelope }) => envelope.scopes.length > 0).slice(0, MAX_POSTS);
    const keys = new Set(open.map(({ hash }) => toHex(hash)));
    for (const map of [this.#asked, this.#answered]) for (const key of map.keys()) if (!keys.has(key)) map.delete(key);
    return open
      .map((post) => {
        const asked = this.#asked.get(toHex(post.hash))?.at ?? null;
        return { post, at: nextLook({ alive: this.#alive(post), asked }, now) };
      })
      .filter((each): each is { post: OwnPost; at: number } => each.at !== null && each.at <= now)
      .toSorted((a, b) => a.at - b.at)
      .map(({ post }) => post);
  }

  #alive({ envelope, hash }: OwnPost): number {
    return Math.max(envelope.created, this.#answered.get(toHex(hash)) ?? 0);
  }
}
