import { covered, isSensitive, Judge, SHOWN, type Mute, type Verdict } from "../../social/index.ts";
import type { StoreChange } from "../../store/port.ts";
import { decodeEnvelope, ObjectType, toHex, type Hash, type NodeKey, type PostEnvelope } from "../../wire/index.ts";
import type { EnvelopeView, FeedSpec } from "../api.ts";
import type { PeerCore } from "../core.ts";
import type { Part } from "../parts.ts";
import { AlikeNames } from "./alike.ts";
import type { AlikeView, DefencePolicy, GuardView } from "./api.ts";
import { Flags, type Flag } from "./flags.ts";
import type { Guards } from "./guards.ts";
import { MuteList } from "./mute-list.ts";
import { DEFAULT_POLICY, DEFENCE_KEY, loadPolicy } from "./policy.ts";
import { ThreadPlaces } from "./threads.ts";

/** Judged envelopes that are remembered, at some 100 bytes each. */
const REMEMBERED = 131_072;
/** Timers of browsers take less than 25 days; looking once a day costs nothing. In ms. */
const LONGEST_WAIT = 86_400_000;
/** Boosts of boosts: nobody's are longer, and somebody's may go in a circle. */
const MAX_BOOSTS = 3;

/** What this person does not want to see: what is kept of it, and what follows for each envelope. */
export class Defence implements Part, Guards {
  readonly #core: PeerCore;
  readonly #threads: ThreadPlaces;
  readonly #alike: AlikeNames;
  #mutes!: MuteList;
  #flags!: Flags;
  #policy = DEFAULT_POLICY;
  #judge!: Judge;
  /** By hex of the envelope; only what is not simply shown is worth more than a word. */
  readonly #verdicts = new Map<string, Verdict>();
  /** Hex of those of which something may come that changes what is to become of them. */
  readonly #open = new Set<string>();
  /** Counts changes of what is kept: what was judged before counts no more. */
  #generation = 0;
  #namesAreOld = true;
  #cancelEnd: () => void = () => undefined;
  #stopped = false;

  constructor(core: PeerCore) {
    this.#core = core;
    this.#threads = new ThreadPlaces(core.store);
    this.#alike = new AlikeNames({
      profiles: core.profiles,
      familiar: () => [core.identity.key, ...core.trust.keys(), ...core.following.keys()],
      isFamiliar: (key) => this.isFamiliar(key),
    });
    core.reaching.doubts.spare((key) => this.isFamiliar(key));
  }

  async open(): Promise<void> {
    const { store } = this.#core;
    [this.#mutes, this.#flags, this.#policy] = await Promise.all([
      MuteList.open(store),
      Flags.open(store),
      loadPolicy(store),
    ]);
    this.#renew();
    this.#core.views.guardBy(this);
  }

  changed({ envelopes, heads, settings }: StoreChange): void {
    // What was lacking may be among them.
    if (envelopes.length > 0) this.#forgetOpen();
    const isName = heads.some(({ owner, type }) => type === ObjectType.UserProfile && this.isFamiliar(owner));
    if (isName || settings.includes("following") || settings.includes("trust")) this.#namesAreOld = true;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelEnd();
  }

  get mutes(): MuteList {
    return this.#mutes;
  }

  get flags(): Flags {
    return this.#flags;
  }

  get policy(): DefencePolicy {
    return this.#policy;
  }

  /** This person itself, and whom it trusts or follows. */
  isFamiliar(key: NodeKey): boolean {
    const { following, identity, trust } = this.#core;
    return toHex(key) === toHex(identity.key) || trust.has(key) || following.has(key);
  }

  /** Mutes of now, in force. */
  inForce(): Mute[] {
    return this.#mutes.inForce(this.#core.ports.clock.now());
  }

  get isActive(): boolean {
    return this.#isJudging;
  }
  #isJudging = false;

  /**
   * What is to become of an envelope, as far as is known at once: of an answer deep in a muted thread, or of the boost of
   * something muted, only after `look` has seen it.
   */
  verdict(envelope: PostEnvelope, hash: Hash): Verdict {
    const known = this.#verdicts.get(toHex(hash));
    if (known !== undefined || !this.#isJudging) return known ?? SHOWN;
    const names = [hash, envelope.postHash, envelope.replyTo].flatMap((name) => (name === null ? [] : [toHex(name)]));
    return this.#judge.verdict(envelope, names.find((name) => this.#judge.threads.has(name)) ?? null);
  }

  /** The same of one that is held, once everything that it takes has been looked at. */
  async verdictOf(hash: Hash): Promise<Verdict> {
    await this.look([{ hash }]);
    return this.#verdicts.get(toHex(hash)) ?? SHOWN;
  }

  async look(rows: readonly { readonly hash: Hash }[]): Promise<void> {
    while (this.#isJudging) {
      const missing = rows.filter(({ hash }) => !this.#verdicts.has(toHex(hash)));
      if (missing.length === 0) break;
      const generation = this.#generation;
      const found = await this.#core.store.envelopes.bytes(missing.map(({ hash }) => hash));
      for (const [at, { hash }] of missing.entries()) {
        const bytes = found[at];
        const verdict = bytes === undefined ? SHOWN : await this.#judged(hash, decodeEnvelope(bytes), MAX_BOOSTS);
        if (generation !== this.#generation) break;
        this.#remember(toHex(hash), verdict);
      }
      if (generation === this.#generation) break;
    }
    if (this.#namesAreOld) this.#readNames();
  }

  hides(hash: Hash, feed: FeedSpec): boolean {
    const verdict = this.#verdicts.get(toHex(hash));
    if (verdict?.kind !== "hidden") return false;
    const { by, code } = verdict.reason;
    switch (feed.kind) {
      case "author":
        return code !== "PERSON_MUTED" && code !== "AUTHOR_FLAGGED";
      case "scope":
        // Who goes to a muted place, or below it, wants to see it.
        return code !== "SCOPE_MUTED" || by === null || (feed.scope !== by && !feed.scope.startsWith(`${by}/`));
      case "replies":
        return code !== "THREAD_MUTED";
      default:
        return true;
    }
  }

  guard(
    view: Pick<EnvelopeView, "hash" | "media" | "own" | "scopes">,
    author: NodeKey,
    authorName: string | null,
  ): GuardView | null {
    if (view.own) return null;
    const judged = this.#isJudging ? this.#verdicts.get(view.hash) : undefined;
    const verdict = judged === undefined || judged.kind === "shown" ? this.#ofMedia(view, author) : judged;
    const flagged = this.#flags.of(author)?.posts.length ?? 0;
    const alike = this.#alike.of(author, authorName);
    if (verdict.kind === "shown" && flagged === 0 && alike === null) return null;
    return { verdict: verdict.kind === "shown" ? null : { what: "post", ...verdict }, flagged, alike };
  }

  /** What is to be said beside a name: whose it looks like. */
  alike(key: NodeKey, name: string | null): AlikeView | null {
    return this.#alike.of(key, name);
  }

  /** @throws PeerError `MUTES_FULL` */
  async mute(mutes: readonly Mute[]): Promise<void> {
    await this.#mutes.add(mutes, this.#core.ports.clock.now());
    this.#changedOwn();
  }

  async unmute(ids: readonly string[]): Promise<void> {
    if (await this.#mutes.remove(ids)) this.#changedOwn();
  }

  /** Resolves with the authors of whom anything is new. @throws PeerError `FLAGS_FULL` */
  async flag(flags: readonly Flag[]): Promise<readonly NodeKey[]> {
    const changed = await this.#flags.add(flags);
    if (changed.length > 0) this.#changedOwn();
    return changed;
  }

  /** Resolves with the authors who are flagged no more. */
  async unflag(author: NodeKey, post: string | null): Promise<readonly NodeKey[]> {
    const freed = await this.#flags.remove(author, post);
    this.#changedOwn();
    return freed;
  }

  async setPolicy(patch: Partial<DefencePolicy>): Promise<DefencePolicy> {
    const next = { ...this.#policy, ...patch };
    await this.#core.store.commit({ settings: { [DEFENCE_KEY]: next } }, { durability: "strict" });
    this.#policy = next;
    this.#changedOwn();
    return next;
  }

  /** The topmost post of the thread that a post belongs to, as far as it is held; both in hex. */
  topOfThread(post: string): Promise<string> {
    return this.#threads.top(post);
  }

  /** An envelope's own verdict; of a boost that of what is boosted, where its own is to show it. */
  async #judged(hash: Hash, envelope: PostEnvelope, boosts: number): Promise<Verdict> {
    const judge = this.#judge;
    const place = judge.threads.size === 0 ? null : await this.#threads.place(hash, envelope, judge.threads);
    if (place?.lost === true) this.#open.add(toHex(hash));
    const own = judge.verdict(envelope, place?.muted ?? null);
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

  async #original(named: Hash): Promise<{ readonly hash: Hash; readonly envelope: PostEnvelope } | null> {
    const { envelopes } = this.#core.store;
    const ofPost = { filter: { kind: "relation", relation: "post", target: named }, limit: 1 } as const;
    const row = envelopes.row(named) ?? envelopes.query(ofPost)[0];
    const [bytes] = row === undefined ? [] : await envelopes.bytes([row.hash]);
    return row === undefined || bytes === undefined ? null : { hash: row.hash, envelope: decodeEnvelope(bytes) };
  }

  #ofMedia({ media, scopes }: Pick<EnvelopeView, "media" | "scopes">, author: NodeKey): Verdict {
    if (media.length === 0 || this.#policy.media === "show") return SHOWN;
    const said = scopes.find(isSensitive);
    if (said !== undefined) return covered("media", "MEDIA_COVERED", said);
    if (this.#policy.media === "sensitive" || this.isFamiliar(author)) return SHOWN;
    return covered("media", "MEDIA_COVERED");
  }

  #remember(key: string, verdict: Verdict): void {
    if (this.#verdicts.size >= REMEMBERED) {
      this.#verdicts.clear();
      this.#open.clear();
    }
    this.#verdicts.set(key, verdict);
  }

  #forgetOpen(): void {
    for (const key of this.#open) this.#verdicts.delete(key);
    this.#open.clear();
  }

  /** What is kept has changed: everything is judged anew when somebody looks. */
  #changedOwn(): void {
    this.#renew();
    this.#core.live.invalidate("defence", "envelopes", "feeds", "profiles");
  }

  #renew(): void {
    const { clock } = this.#core.ports;
    const { flagged } = this.#policy;
    const mutes = this.inForce();
    this.#generation += 1;
    this.#verdicts.clear();
    this.#open.clear();
    this.#judge = new Judge(mutes, {
      self: this.#core.identity.key,
      flagged: (author) => (flagged === "mark" || this.#flags.of(author) === undefined ? null : flagged),
    });
    this.#isJudging = mutes.length > 0 || (flagged !== "mark" && this.#flags.size > 0);
    this.#cancelEnd();
    const end = this.#mutes.nextEnd();
    if (end === null || this.#stopped) return;
    const wait = Math.min(Math.max(0, end - clock.now()), LONGEST_WAIT);
    this.#cancelEnd = clock.after(wait, () => {
      this.#mutes
        .sweep(clock.now())
        .then(() => this.#changedOwn())
        .catch((error: unknown) => this.#core.ports.log("mutes", error));
    });
  }

  #readNames(): void {
    this.#namesAreOld = false;
    this.#alike
      .refresh()
      .then((isNew) => {
        if (isNew) this.#core.live.invalidate("envelopes", "profiles");
      })
      .catch((error: unknown) => this.#core.ports.log("names", error));
  }
}
