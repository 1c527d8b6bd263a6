import { Judge, type JudgeContext } from "../../social/defence/judge.ts";
import { coversByStart, hidden, SHOWN, type Mute, type Verdict } from "../../social/index.ts";
import { decodeEnvelope, toHex, type Hash, type NodeKey, type PostEnvelope } from "../../wire/index.ts";
import type { FeedSpec } from "../api.ts";
import type { PeerCore } from "../core.ts";
import { wantedOf } from "../feeds/index.ts";
import { ThreadPlaces } from "./threads.ts";

/** Judged envelopes that are remembered, at some 100 bytes each. */
const REMEMBERED = 131_072;
/** Boosts of boosts: nobody's are longer, and somebody's may go in a circle. */
const MAX_BOOSTS = 3;

export type JudgingCore = Pick<PeerCore, "feeds" | "following" | "identity" | "reaching" | "settings" | "store">;

/** Applies what is muted and doubted to envelopes that are held, and remembers what it found. */
export class Judging {
  readonly #core: JudgingCore;
  readonly #isFamiliar: (author: NodeKey) => boolean;
  readonly #threads: ThreadPlaces;
  #judge: Judge;
  #isActive = false;
  /** By hex of the envelope. */
  readonly #verdicts = new Map<string, Verdict>();
  /** Hex of those of which something may come that changes what is to become of them. */
  readonly #open = new Set<string>();
  /** Counts changes of the rules: what was judged before counts no more. */
  #generation = 0;

  constructor(core: JudgingCore, isFamiliar: (author: NodeKey) => boolean) {
    this.#core = core;
    this.#isFamiliar = isFamiliar;
    this.#threads = new ThreadPlaces(core.store);
    this.#judge = new Judge([], { self: core.identity.key, flagged: () => null });
  }

  /** Other rules from now on. */
  rule(mutes: readonly Mute[], flagged: JudgeContext["flagged"] | null): void {
    const { identity, reaching } = this.#core;
    this.#judge = new Judge(mutes, { self: identity.key, flagged: flagged ?? (() => null) });
    this.#isActive = mutes.length > 0 || flagged !== null || reaching.doubts.hushesAny;
    this.forget();
  }

  /** Whether anything may be hidden or covered. */
  get isActive(): boolean {
    return this.#isActive;
  }

  /** Everything is judged anew when somebody looks. */
  forget(): void {
    this.#generation += 1;
    this.#verdicts.clear();
    this.#open.clear();
  }

  /** Envelopes have come: what somebody lacked may be among them. */
  arrived(): void {
    for (const key of this.#open) this.#verdicts.delete(key);
    this.#open.clear();
  }

  /** As far as it is known at once: deep in a thread, and of what is boosted, only what was looked at. */
  verdict(envelope: PostEnvelope, hash: Hash): Verdict {
    const known = this.known(toHex(hash));
    if (known !== undefined || !this.#isActive) return known ?? SHOWN;
    const names = [hash, envelope.postHash, envelope.replyTo].flatMap((name) => (name === null ? [] : [toHex(name)]));
    const muted = names.find((name) => this.#judge.threads.has(name)) ?? null;
    return this.#believed(hash, envelope, this.#judge.verdict(envelope, muted));
  }

  /** Of one that was looked at, by its hex. */
  known(key: string): Verdict | undefined {
    return this.#isActive ? this.#verdicts.get(key) : undefined;
  }

  /** Of a post of which only the headline is known. */
  ofHeadline(headline: string): Verdict {
    return this.#judge.ofHeadline(headline);
  }

  async look(rows: readonly { readonly hash: Hash }[]): Promise<void> {
    while (this.#isActive) {
      const missing = rows.filter(({ hash }) => !this.#verdicts.has(toHex(hash)));
      if (missing.length === 0) return;
      const generation = this.#generation;
      const found = await this.#core.store.envelopes.bytes(missing.map(({ hash }) => hash));
      for (const [at, { hash }] of missing.entries()) {
        const bytes = found[at];
        const verdict = bytes === undefined ? SHOWN : await this.#judged(hash, decodeEnvelope(bytes), MAX_BOOSTS);
        if (generation !== this.#generation) break;
        this.#remember(toHex(hash), verdict);
      }
      if (generation === this.#generation) return;
    }
  }

  hides(hash: Hash, feed: FeedSpec): boolean {
    const verdict = this.known(toHex(hash));
    if (verdict?.kind !== "hidden") return false;
    const { by, code } = verdict.reason;
    switch (feed.kind) {
      case "author":
        return code !== "PERSON_MUTED" && code !== "AUTHOR_FLAGGED" && code !== "VOUCHER_DOUBTED";
      case "scope":
        // Who goes to a muted place, or below it, wants to see it.
        return code !== "SCOPE_MUTED" || by === null || (feed.scope !== by && !feed.scope.startsWith(`${by}/`));
      case "replies":
        return code !== "THREAD_MUTED" && code !== "VOUCHER_DOUBTED";
      default:
        return true;
    }
  }

  /** The topmost post above this one that is held; both in hex. */
  topOfThread(post: string): Promise<string> {
    return this.#threads.top(post);
  }

  /** An envelope's own verdict; of a boost that of what is boosted, where its own is to show it. */
  async #judged(hash: Hash, envelope: PostEnvelope, boosts: number): Promise<Verdict> {
    const judge = this.#judge;
    const place = judge.threads.size === 0 ? null : await this.#threads.place(hash, envelope, judge.threads);
    if (place?.lost === true) this.#open.add(toHex(hash));
    const own = this.#believed(hash, envelope, judge.verdict(envelope, place?.muted ?? null));
    if (envelope.boostOf === null || own.kind !== "shown" || boosts === 0) return own;
    const original = await this.#original(envelope.boostOf);
    if (original === null) {
      this.#open.add(toHex(hash));
      return own;
    }
    const verdict = await this.#judged(original.hash, original.envelope, boosts - 1);
    // Under its own cover the original is shown within the boost.
    return verdict.kind === "hidden" ? verdict : own;
  }

  /** What came on the word of people whose word counts no more is as if it had not come, unless it would have anyway. */
  #believed(hash: Hash, envelope: PostEnvelope, verdict: Verdict): Verdict {
    const { feeds, following, identity, reaching } = this.#core;
    if (verdict.kind !== "shown" || !reaching.doubts.hushes(hash) || this.#isFamiliar(envelope.author)) return verdict;
    const reading = {
      self: identity.key,
      home: this.#core.settings().home,
      following: following.keys(),
      feeds: feeds.saved.all(),
    };
    const places = reaching.heardAt.places(hash);
    const starts = wantedOf(reading).some(({ target }) => coversByStart(target, envelope, places));
    return starts ? verdict : hidden("VOUCHER_DOUBTED");
  }

  async #original(named: Hash): Promise<{ readonly hash: Hash; readonly envelope: PostEnvelope } | null> {
    const { envelopes } = this.#core.store;
    const ofPost = { filter: { kind: "relation", relation: "post", target: named }, limit: 1 } as const;
    const row = envelopes.row(named) ?? envelopes.query(ofPost)[0];
    const [bytes] = row === undefined ? [] : await envelopes.bytes([row.hash]);
    return row === undefined || bytes === undefined ? null : { hash: row.hash, envelope: decodeEnvelope(bytes) };
  }

  #remember(key: string, verdict: Verdict): void {
    if (this.#verdicts.size >= REMEMBERED) {
      this.#verdicts.clear();
      this.#open.clear();
    }
    this.#verdicts.set(key, verdict);
  }
}
