import { MAX_TARGETS } from "../../mesh/protocols/finding/constants.ts";
import { isKnownPrivately, type Clock } from "../../mesh/protocols/index.ts";
import type { Mesh } from "../../mesh/port.ts";
import type { EnvelopeRow, Store } from "../../store/port.ts";
import { decodeEnvelope, toHex, type Hash, type PostEnvelope } from "../../wire/index.ts";
import type { FindingView } from "./api.ts";
import { branchesOf } from "./branches.ts";
import type { Finder, Found } from "./finder.ts";
import { indexKey } from "./keys.ts";

/**
 * Between two rounds while a post is open, in ms; the last one repeats. Whoever reads a thread sees an answer to it within
 * half a minute, and a page that was left open costs its neighbours a question in five minutes.
 */
const PAUSES = [30_000, 60_000, 120_000, 300_000] as const;
/** A new link brings somebody else to ask; several come together. In ms. */
const AFTER_LINK = 2_000;
/** Of all rounds so many ask the DHT, too: the first, and then every fourth. Each is three searches. */
const FAR_EVERY = 4;
/** Pages taken of one peer: more in each round that left something, up to some 4,000 answers. */
const PAGES = { first: 4, most: 32 } as const;
/** Names of answers of which a round asks whether somebody has answered them: four questions. */
const BRANCHES = 16;
/** Envelopes that name one post: honest ones are one or two. */
const ENVELOPES_OF_A_POST = 16;

export interface LookoutOptions {
  readonly mesh: Pick<Mesh, "peers" | "on">;
  readonly clock: Clock;
  readonly store: Store;
  readonly finder: Finder;
  /** Another state of the search for what belongs to this. */
  readonly onView: (target: Hash, view: FindingView) => void;
  /** These can be had here from now on, and may be announced. */
  readonly onHeld: (keys: readonly Hash[]) => void;
  readonly log: (context: string, error: unknown) => void;
}

interface Watched {
  readonly target: Hash;
  readonly ended: AbortController;
  /** Names of answers that were asked about. */
  readonly asked: Set<string>;
  rounds: number;
  found: number;
  looked: boolean;
  more: boolean;
  pages: number;
  running: boolean;
  cancel: () => void;
}

/** Looks for the envelope of what a person has opened, and for what others have said to it, for as long as it is open. */
export class Lookout {
  readonly #options: LookoutOptions;
  readonly #watched = new Map<string, Watched>();
  readonly #unsubscribe: () => void;

  constructor(options: LookoutOptions) {
    this.#options = options;
    this.#unsubscribe = options.mesh.on("peerConnected", () => {
      for (const watched of this.#watched.values()) if (!watched.running) this.#soon(watched, AFTER_LINK);
    });
  }

  /** @param target hash of an envelope or of a post */
  open(target: Hash): void {
    const key = toHex(target);
    if (this.#watched.has(key)) return;
    const watched: Watched = {
      target,
      ended: new AbortController(),
      asked: new Set(),
      rounds: 0,
      found: 0,
      looked: false,
      more: false,
      pages: PAGES.first,
      running: false,
      cancel: () => undefined,
    };
    this.#watched.set(key, watched);
    this.#look(watched);
  }

  close(target: Hash): void {
    const key = toHex(target);
    const watched = this.#watched.get(key);
    this.#watched.delete(key);
    watched?.cancel();
    watched?.ended.abort();
  }

  stop(): void {
    this.#unsubscribe();
    for (const { target } of this.#watched.values()) this.close(target);
  }

  #soon(watched: Watched, ms: number): void {
    watched.cancel();
    watched.cancel = this.#options.clock.after(ms, () => this.#look(watched));
  }

  #look(watched: Watched): void {
    if (this.#options.mesh.peers().length === 0) {
      // The next link begins a round.
      this.#tell(watched, "offline");
      return;
    }
    watched.running = true;
    this.#tell(watched, "looking");
    this.#round(watched)
      .catch((error: unknown) => {
        if (!watched.ended.signal.aborted) this.#options.log("finding", error);
      })
      .finally(() => {
        watched.running = false;
        if (watched.ended.signal.aborted) return;
        const pause = PAUSES[Math.min(watched.rounds, PAUSES.length) - 1] ?? PAUSES[0];
        this.#tell(watched, "resting");
        this.#soon(watched, pause);
      });
  }

  async #round(watched: Watched): Promise<void> {
    const { finder } = this.#options;
    const { ended, target } = watched;
    const { signal } = ended;
    const far = watched.rounds++ % FAR_EVERY === 0;
    let row = this.#rowOf(target);
    // What is for trusted people only is named to nobody, not even by a question; it comes with what they give.
    if (row === undefined && isKnownPrivately(this.#options.store, target)) return;
    if (row === undefined) {
      this.#count(watched, await finder.envelope(target, signal));
      if (this.#rowOf(target) === undefined) this.#count(watched, await finder.find("post", target, { far, signal }));
      row = this.#rowOf(target);
    }
    if (row === undefined) return;
    const envelope = await this.#envelopeOf(row);
    // What is for trusted people only is named to nobody, not even by a question.
    if (envelope === undefined || envelope.scopes.length === 0) return;
    const targets = envelope.postHash === null ? [row.hash] : [envelope.postHash, row.hash];
    if (watched.more) watched.pages = Math.min(watched.pages * 2, PAGES.most);
    const options = { far, hints: [envelope.author], pages: watched.pages, signal };
    this.#count(watched, await finder.find(["reply", "boost", "reference"], targets, options));
    if (watched.rounds === 1) this.#announce(row.hash, envelope);
    await this.#branches(watched, targets);
  }

  /** What was said to the answers, of neighbours alone; each round goes on where the last one ended. */
  async #branches(watched: Watched, targets: readonly Hash[]): Promise<void> {
    const { finder, store } = this.#options;
    const { asked, ended } = watched;
    const names = await branchesOf(store, targets, asked, BRANCHES);
    for (let at = 0; at < names.length; at += MAX_TARGETS) {
      const together = names.slice(at, at + MAX_TARGETS);
      for (const name of together) asked.add(toHex(name));
      this.#count(watched, await finder.find("reply", together, { far: false, signal: ended.signal }));
    }
    // All of them were asked about: it begins anew.
    if (names.length < BRANCHES) asked.clear();
  }

  #count(watched: Watched, { answered, envelopes, more }: Found): void {
    watched.found += envelopes.length;
    watched.looked ||= answered > 0;
    watched.more = more;
  }

  /** Whoever has read a thread can answer for it. */
  #announce(hash: Hash, { postHash }: PostEnvelope): void {
    const { onHeld, store } = this.#options;
    const target = postHash ?? hash;
    const filter = { kind: "relation", relation: "reply", target } as const;
    const replies = store.envelopes.count(filter) > 0 ? [indexKey("reply", target)] : [];
    onHeld([hash, ...(postHash === null ? [] : [indexKey("post", postHash)]), ...replies]);
  }

  /** The envelope of this hash, or the oldest of the post of this hash. */
  #rowOf(target: Hash): EnvelopeRow | undefined {
    const { envelopes } = this.#options.store;
    const filter = { kind: "relation", relation: "post", target } as const;
    return envelopes.row(target) ?? envelopes.query({ filter, limit: ENVELOPES_OF_A_POST }).at(-1);
  }

  async #envelopeOf({ hash }: EnvelopeRow): Promise<PostEnvelope | undefined> {
    const [bytes] = await this.#options.store.envelopes.bytes([hash]);
    return bytes === undefined ? undefined : decodeEnvelope(bytes);
  }

  #tell({ ended, found, looked, more, target }: Watched, state: FindingView["state"]): void {
    if (!ended.signal.aborted) this.#options.onView(target, { state, looked, found, more });
  }
}
