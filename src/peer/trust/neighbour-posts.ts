import type { Arrival, Clock } from "../../mesh/protocols/index.ts";
import type { Mesh } from "../../mesh/port.ts";
import { BoundedMap } from "../../social/index.ts";
import type { Store } from "../../store/port.ts";
import { PeerError } from "../errors.ts";
import { decodeEnvelope, isWhole, toHex, type Hash, type NodeKey, type PostEnvelope } from "../../wire/index.ts";

/** Envelopes without scopes that are looked at when a peer starts, the newest: what a neighbourhood writes in weeks. */
const LOOKED_AT = 256;
/** Posts that wait to be had, 64 KiB each at most; beyond these the oldest wait until somebody opens them. */
const MAX_WAITING = 512;
/** Fetched unasked in one run, 64 MiB at most: they are never collected, and whoever is trusted may have lost the key. */
const MAX_UNASKED = 1_000;
/** Whoever passed the envelope on may just be fetching the post itself. Doubled with each further round; in ms. */
const FIRST_PAUSE = 2_000;
const LAST_PAUSE = 300_000;

export interface NeighbourPostsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly mesh: Pick<Mesh, "on" | "peers">;
  readonly trusts: (peer: NodeKey) => boolean;
  readonly isHeld: (post: Hash) => boolean;
  /** Fetches a post and keeps it. */
  readonly read: (post: Hash, signal: AbortSignal) => Promise<unknown>;
  readonly log: (context: string, error: unknown) => void;
}

/**
 * Fetches the full posts of what trusted people wrote for trusted people, unasked. Whoever gets such an envelope from here
 * may know nobody else who has the post: only those that it trusts are asked for it.
 */
export class NeighbourPosts {
  readonly #options: NeighbourPostsOptions;
  readonly #waiting = new BoundedMap<string, Hash>(MAX_WAITING);
  readonly #ended = new AbortController();
  readonly #unsubscribe: () => void;
  #running = false;
  #left = MAX_UNASKED;
  #pause = FIRST_PAUSE;
  #cancel: () => void = () => undefined;

  constructor(options: NeighbourPostsOptions) {
    this.#options = options;
    this.#unsubscribe = options.mesh.on("peerConnected", (peer) => {
      if (options.trusts(peer)) this.#soon();
    });
  }

  /** Looks for what an earlier run did not get. */
  async start(): Promise<void> {
    const { envelopes } = this.#options.store;
    const rows = envelopes.query({ filter: { kind: "unscoped" }, limit: LOOKED_AT }).toReversed();
    for (const bytes of await envelopes.bytes(rows.map(({ hash }) => hash))) {
      if (bytes !== undefined) this.#note(decodeEnvelope(bytes));
    }
    this.#soon();
  }

  /** What has just been stored. */
  arrived(arrivals: readonly Arrival[]): void {
    const neighbourly = arrivals.filter(({ envelope }) => envelope.scopes.length === 0);
    if (neighbourly.length === 0) return;
    for (const { envelope } of neighbourly) this.#note(envelope);
    this.#soon();
  }

  stop(): void {
    this.#unsubscribe();
    this.#cancel();
    this.#ended.abort();
  }

  #note(envelope: PostEnvelope): void {
    const { postHash } = envelope;
    if (postHash === null || isWhole(envelope) || this.#options.isHeld(postHash)) return;
    this.#waiting.set(toHex(postHash), postHash);
  }

  #soon(): void {
    this.#pause = FIRST_PAUSE;
    this.#poke();
  }

  #poke(): void {
    if (this.#running || this.#waiting.size === 0 || this.#ended.signal.aborted) return;
    this.#running = true;
    this.#cancel();
    this.#run()
      .catch((error: unknown) => this.#options.log("neighbour posts", error))
      .finally(() => {
        this.#running = false;
        if (this.#waiting.size === 0 || this.#ended.signal.aborted) return;
        this.#cancel = this.#options.clock.after(this.#pause, () => this.#poke());
        this.#pause = Math.min(this.#pause * 2, LAST_PAUSE);
      });
  }

  /** One after the other: nobody waits for them. What nobody gives now is asked for again. */
  async #run(): Promise<void> {
    const { isHeld, mesh, read, trusts } = this.#options;
    const { signal } = this.#ended;
    for (const [key, post] of this.#waiting) {
      if (signal.aborted || this.#left === 0 || !mesh.peers().some(trusts)) return;
      try {
        if (!isHeld(post)) {
          await read(post, signal);
          this.#left -= 1;
        }
        this.#waiting.delete(key);
      } catch (error) {
        // Not to be had now, which the pause is for; anything else is a fault.
        if (!(error instanceof PeerError) && !signal.aborted) throw error;
      }
    }
  }
}
