import { pause, type Clock } from "../mesh/protocols/index.ts";
import type { EnvelopeRow, Store } from "../store/port.ts";
import { decodeEnvelope, toHex, type Hash, type NodeKey } from "../wire/index.ts";
import type { HistoryView } from "./api.ts";
import { PeerError } from "./errors.ts";

const HISTORY_KEY = "history";
/** Between two looks at what the neighbours have delivered meanwhile, in ms. */
const LOOK_INTERVAL = 500;
/** The first neighbour that has delivered everything may know little: others get this long to be met, in ms. */
const OTHERS_GRACE = 5_000;
/** Posts that are fetched at the same time: more would keep a person's own reading waiting. */
const FETCHES = 4;
/** Own envelopes that are looked at in one go. */
const PAGE = 500;

/** `pending`: planted by a restoration; `over`: the person or the search has ended it. */
export type HistoryStage = "none" | "pending" | "over";

/** What history asks of whatever is connected to others. */
export interface HistorySource {
  /** Neighbours that have delivered everything they hold. */
  caughtUp(): readonly NodeKey[];
  /** Asks this neighbour for the own profile; resolves when its answer is stored. */
  askOwnProfile(peer: NodeKey, signal: AbortSignal): Promise<void>;
  /** Fetches a post, and stores it. */
  fetch(post: Hash, signal: AbortSignal): Promise<unknown>;
}

export interface HistoryOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly self: NodeKey;
  readonly isHeld: (post: Hash) => boolean;
  readonly onChanged: () => void;
  readonly log: (context: string, error: unknown) => void;
}

export async function loadHistoryStage(store: Store): Promise<HistoryStage> {
  const stored = await store.setting(HISTORY_KEY);
  return stored === "pending" || stored === "over" ? stored : "none";
}

/** Written into the store of an identity that is restored. */
export const HISTORY_PENDING: Readonly<Record<string, unknown>> = { [HISTORY_KEY]: "pending" };

/**
 * What an identity wrote before it was restored here: its envelopes come as those of anybody who is followed, its profile
 * and its posts are asked for. Until neighbours were asked, no new version of the profile is signed: a number that was
 * given out before would make a fork.
 */
export class History {
  readonly #options: HistoryOptions;
  #stage: HistoryStage;
  /** Neighbours that answered for the profile. */
  readonly #asked = new Set<string>();
  /** Posts that nobody could give so far. */
  readonly #missing = new Set<string>();
  /** Posts that are being fetched or wait to be. */
  #waiting = 0;
  /** Own envelopes that have been looked at for their posts. */
  #seen = -1;
  /** When the first neighbour had told everything, the profile included. */
  #metAt: number | null = null;
  #search: AbortController | null = null;

  constructor(options: HistoryOptions, stage: HistoryStage) {
    this.#options = options;
    this.#stage = stage;
  }

  /** Whether what this identity wrote before is still looked for. */
  get isPending(): boolean {
    return this.#stage === "pending";
  }

  view(): HistoryView {
    const envelopes = this.#count();
    const posts = envelopes - this.#missing.size - this.#waiting;
    return { state: this.#state(), envelopes, posts, missing: this.#missing.size };
  }

  /**
   * The sequence number for a new version of the profile. One that was restored counts in seconds from then on: beyond
   * whatever it gave out where nobody was met who knows it.
   * @throws PeerError `HISTORY_PENDING`
   */
  nextSequence(current: number): number {
    if (this.#stage === "pending") {
      throw new PeerError("HISTORY_PENDING", "Nobody was met yet who knows the profile of this identity.");
    }
    const next = current + 1;
    return this.#stage === "over" ? Math.max(next, Math.floor(this.#options.clock.now() / 1_000)) : next;
  }

  /** Looks for the history at whoever is connected now and later, until it is found. */
  search(source: HistorySource): void {
    this.stop();
    if (this.#stage !== "pending") return;
    const search = new AbortController();
    this.#search = search;
    this.#run(source, search.signal).catch((error: unknown) => {
      if (!search.signal.aborted) this.#options.log("history", error);
    });
  }

  stop(): void {
    this.#search?.abort(new PeerError("PEER_ENDED", "The search for the history has ended."));
    this.#search = null;
  }

  /** Goes on with what is here. */
  async close(): Promise<void> {
    if (this.#stage !== "pending") return;
    await this.#options.store.commit({ settings: { [HISTORY_KEY]: "over" } }, { durability: "strict" });
    this.#stage = "over";
    this.stop();
    this.#options.onChanged();
  }

  #state(): HistoryView["state"] {
    if (this.#stage === "none") return "none";
    if (this.#stage === "over") return "done";
    return this.#waiting > 0 ? "fetching" : "looking";
  }

  async #run(source: HistorySource, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    while (!signal.aborted) {
      await this.#askForProfile(source, signal);
      await this.#fetchPosts(source, signal);
      if (this.#isWhole()) return await this.close();
      await pause(clock, LOOK_INTERVAL, signal);
    }
  }

  /** Somebody has told all, the profile was asked for there, and others had their time. Whether they still are here is nothing to it. */
  #isWhole(): boolean {
    return this.#metAt !== null && this.#options.clock.now() - this.#metAt >= OTHERS_GRACE;
  }

  async #askForProfile(source: HistorySource, signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options;
    for (const peer of source.caughtUp()) {
      if (this.#asked.has(toHex(peer))) continue;
      try {
        await source.askOwnProfile(peer, signal);
        this.#asked.add(toHex(peer));
        this.#metAt ??= clock.now();
        // Whoever is new may have what the others lack.
        this.#missing.clear();
        this.#seen = -1;
      } catch (error) {
        signal.throwIfAborted();
        log("history", error);
      }
    }
  }

  async #fetchPosts(source: HistorySource, signal: AbortSignal): Promise<void> {
    const count = this.#count();
    if (count === this.#seen) return;
    const wanted = await this.#wanted();
    this.#seen = count;
    this.#waiting = wanted.length;
    this.#options.onChanged();
    const queue = wanted.values();
    const fetchNext = async (): Promise<void> => {
      for (const post of queue) {
        try {
          await source.fetch(post, signal);
        } catch (error) {
          signal.throwIfAborted();
          this.#missing.add(toHex(post));
          if (!(error instanceof PeerError)) this.#options.log("history", error);
        }
        this.#waiting -= 1;
        this.#options.onChanged();
      }
    };
    try {
      await Promise.all(Array.from({ length: FETCHES }, fetchNext));
    } finally {
      this.#waiting = 0;
      this.#options.onChanged();
    }
  }

  /** Posts of own envelopes that are neither held nor known to be out of reach. */
  async #wanted(): Promise<Hash[]> {
    const { envelopes } = this.#options.store;
    const wanted: Hash[] = [];
    let before: EnvelopeRow | undefined;
    for (;;) {
      const filter = { kind: "authors", authors: [this.#options.self] } as const;
      const rows = envelopes.query({ filter, limit: PAGE, ...(before === undefined ? {} : { before }) });
      for (const bytes of await envelopes.bytes(rows.map(({ hash }) => hash))) {
        const post = bytes === undefined ? null : decodeEnvelope(bytes).postHash;
        if (post !== null && !this.#options.isHeld(post) && !this.#missing.has(toHex(post))) wanted.push(post);
      }
      before = rows.at(-1);
      if (rows.length < PAGE) return wanted;
    }
  }

  #count(): number {
    return this.#options.store.envelopes.count({ kind: "authors", authors: [this.#options.self] });
  }
}
