import { covered, isSensitive, SHOWN, type Mute, type Verdict } from "../../social/index.ts";
import type { StoreChange } from "../../store/port.ts";
import { equalBytes, ObjectType, toHex, type Hash, type NodeKey, type PostEnvelope } from "../../wire/index.ts";
import type { EnvelopeView, FeedSpec } from "../api.ts";
import type { PeerCore } from "../core.ts";
import type { Part } from "../parts.ts";
import type { AlikeNames } from "./alike.ts";
import type { AlikeView, DefencePolicy, GuardView, StandingView } from "./api.ts";
import { Flags, type Flag } from "./flags.ts";
import type { Guards } from "./guards.ts";
import type { Judging } from "./judging.ts";
import { MuteList } from "./mute-list.ts";
import { DEFAULT_POLICY, DEFENCE_KEY, loadPolicy } from "./policy.ts";

/** Timers of browsers take less than 25 days; looking once a day costs nothing. In ms. */
const LONGEST_WAIT = 86_400_000;
/** Settings of the store that say whom this person knows and what it reads, which decides what is believed. */
const READING: ReadonlySet<string> = new Set(["feeds", "following", "settings", "trust"]);
/** And which decide whose names others could be taken for. */
const KNOWN: ReadonlySet<string> = new Set(["blocks", "following", "trust"]);
/** For how long names are waited for, in ms: what compares them may have to be fetched first. */
const COMPARING = 3_000;

/**
 * What this person does not want to see and whom it believes less: what is kept of it, and what follows for each envelope. How
 * envelopes are judged is loaded with the first rule, how names are compared behind the first screen.
 */
export class Defence implements Part, Guards {
  readonly #core: PeerCore;
  #judging: Judging | null = null;
  #alike: AlikeNames | null = null;
  #mutes!: MuteList;
  #flags!: Flags;
  #policy = DEFAULT_POLICY;
  #namesAreOld = true;
  #comparing: Promise<void> = Promise.resolve();
  #cancelEnd: () => void = () => undefined;
  #stopped = false;
  readonly #stopListening: () => void;

  constructor(core: PeerCore) {
    this.#core = core;
    core.reaching.doubts.spare((key) => this.isFamiliar(key));
    this.#stopListening = core.reaching.onDoubted(() => {
      this.#changedOwn().catch((error: unknown) => core.ports.log("doubts", error));
    });
  }

  async open(): Promise<void> {
    const { store, views } = this.#core;
    [this.#mutes, this.#flags, this.#policy] = await Promise.all([
      MuteList.open(store),
      Flags.open(store),
      loadPolicy(store),
    ]);
    await this.#renew();
    views.guardBy(this);
  }

  changed({ envelopes, heads, settings }: StoreChange): void {
    if (envelopes.length > 0) this.#judging?.arrived();
    if (settings.some((name) => READING.has(name))) this.#judging?.forget();
    const isName = heads.some(({ owner, type }) => type === ObjectType.UserProfile && this.isFamiliar(owner));
    if (settings.includes("following") || settings.includes("trust")) this.#core.reaching.doubts.look();
    if (isName || settings.some((name) => KNOWN.has(name))) this.#namesAreOld = true;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stopListening();
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

  /** This person itself, and whom it trusts or follows, and has not blocked. */
  isFamiliar(key: NodeKey): boolean {
    const { blocks, following, identity, trust } = this.#core;
    return equalBytes(key, identity.key) || trust.has(key) || (following.has(key) && !blocks.has(key));
  }

  /** Mutes of now, the latest last. */
  inForce(): Mute[] {
    return this.#mutes.inForce(this.#core.ports.clock.now());
  }

  get isActive(): boolean {
    return this.#judging?.isActive === true;
  }

  /**
   * What is to become of an envelope, as far as is known at once: of an answer deep in a muted thread, or of the boost of
   * something muted, only after `look` has seen it.
   */
  verdict(envelope: PostEnvelope, hash: Hash): Verdict {
    return this.#judging?.verdict(envelope, hash) ?? SHOWN;
  }

  /** The same of one that is held, once everything that it takes has been looked at. */
  async verdictOf(hash: Hash): Promise<Verdict> {
    await this.#judging?.look([{ hash }]);
    return this.#judging?.known(toHex(hash)) ?? SHOWN;
  }

  /** What is to become of a post that was told of and is not held: a muted word in its headline hides or covers that. */
  ofHeadline(headline: string): Verdict {
    return this.#judging?.ofHeadline(headline) ?? SHOWN;
  }

  async look(rows: readonly { readonly hash: Hash }[]): Promise<void> {
    await this.#judging?.look(rows);
    if (this.#namesAreOld) this.#readNames();
  }

  hides(hash: Hash, feed: FeedSpec): boolean {
    return this.#judging?.hides(hash, feed) === true;
  }

  guard(
    view: Pick<EnvelopeView, "hash" | "media" | "own" | "scopes">,
    author: NodeKey,
    authorName: string | null,
  ): GuardView | null {
    if (view.own) return null;
    const judged = this.#judging?.known(view.hash) ?? SHOWN;
    const verdict = judged.kind === "shown" ? this.#ofMedia(view, author) : judged;
    const flagged = this.#flags.of(author)?.posts.length ?? 0;
    const alike = this.alike(author, authorName);
    if (verdict.kind === "shown" && flagged === 0 && alike === null) return null;
    return { verdict: verdict.kind === "shown" ? null : { what: "post", ...verdict }, flagged, alike };
  }

  alike(key: NodeKey, name: string | null): AlikeView | null {
    if (this.#namesAreOld) this.#readNames();
    return this.#alike?.of(key, name) ?? null;
  }

  async compared(): Promise<void> {
    if (this.#namesAreOld) this.#readNames();
    let cancel = (): void => undefined;
    const late = new Promise<void>((resolve) => {
      cancel = this.#core.ports.clock.after(COMPARING, resolve);
    });
    await Promise.race([this.#comparing, late]);
    cancel();
  }

  /** What this person has said of somebody, and whose name it is that theirs looks like. */
  standing(key: NodeKey, id: string, name: string | null): StandingView {
    const mute = this.#mutes.get(`person ${id}`);
    const now = this.#core.ports.clock.now();
    return {
      flagged: this.#flags.of(key)?.posts.length ?? 0,
      alike: this.alike(key, name),
      muted: mute === undefined || (mute.until !== null && mute.until <= now) ? null : { until: mute.until },
    };
  }

  /** @throws PeerError `MUTES_FULL` */
  async mute(mutes: readonly Mute[]): Promise<void> {
    await this.#mutes.add(mutes, this.#core.ports.clock.now());
    await this.#changedOwn();
  }

  async unmute(ids: readonly string[]): Promise<void> {
    if (await this.#mutes.remove(ids)) await this.#changedOwn();
  }

  /** @throws PeerError `FLAGS_FULL` */
  async flag(flags: readonly Flag[]): Promise<void> {
    const changed = await this.#flags.add(flags);
    if (changed.length > 0) await this.#changedOwn();
    // What came by their word stays: one dull post is no reason to take a day's reading away.
    for (const author of changed) if (await this.#core.reaching.turnedAway(author, false)) await this.#changedOwn();
  }

  /** @param posts hex of envelopes that were worth it after all; `null`: all of the author's were */
  async unflag(author: NodeKey, posts: readonly string[] | null): Promise<void> {
    if (await this.#flags.remove(author, posts)) await this.#changedOwn();
    await this.letIn(author);
  }

  /** The author is blocked now: whoever vouched for it is believed less, also of what came before. */
  async blocked(author: NodeKey): Promise<void> {
    if (await this.#core.reaching.turnedAway(author, true)) await this.#changedOwn();
  }

  /** The author is blocked or flagged no more, or for one reason less. */
  async letIn(author: NodeKey): Promise<void> {
    if (this.#core.blocks.has(author) || this.#flags.of(author) !== undefined) return;
    if (await this.#core.reaching.doubts.forgive(author)) await this.#changedOwn();
  }

  /** Somebody is believed again, whomever it vouched for. */
  async believe(key: NodeKey): Promise<void> {
    if (await this.#core.reaching.doubts.believe(key)) await this.#changedOwn();
  }

  async setPolicy(patch: Partial<DefencePolicy>): Promise<DefencePolicy> {
    const next = { ...this.#policy, ...patch };
    await this.#core.store.commit({ settings: { [DEFENCE_KEY]: next } }, { durability: "strict" });
    this.#policy = next;
    await this.#changedOwn();
    return next;
  }

  /** The topmost post of the thread that a post belongs to, as far as it is held; both in hex. */
  async topOfThread(post: string): Promise<string> {
    return await (await this.#load()).topOfThread(post);
  }

  #ofMedia({ media, scopes }: Pick<EnvelopeView, "media" | "scopes">, author: NodeKey): Verdict {
    if (media.length === 0 || this.#policy.media === "show") return SHOWN;
    const said = scopes.find(isSensitive);
    if (said !== undefined) return covered("media", "MEDIA_COVERED", said);
    if (this.#policy.media === "sensitive" || this.isFamiliar(author)) return SHOWN;
    return covered("media", "MEDIA_COVERED");
  }

  /** What is kept has changed. */
  async #changedOwn(): Promise<void> {
    await this.#renew();
    this.#core.live.invalidate("defence", "envelopes", "feeds", "profiles", "reach");
  }

  async #renew(): Promise<void> {
    const { flagged } = this.#policy;
    const judges = flagged !== "mark" && this.#flags.size > 0;
    const isNeeded = judges || this.#mutes.size > 0 || this.#core.reaching.doubts.hushesAny;
    const judging = isNeeded ? await this.#load() : this.#judging;
    judging?.rule(this.inForce(), judges ? (author) => (this.#flags.of(author) === undefined ? null : flagged) : null);
    this.#waitForEnd();
  }

  async #load(): Promise<Judging> {
    const { Judging } = await import("./judging.ts");
    return (this.#judging ??= new Judging(this.#core, (author) => this.isFamiliar(author)));
  }

  /** For the next mute that ends. */
  #waitForEnd(): void {
    const { clock, log } = this.#core.ports;
    this.#cancelEnd();
    const end = this.#mutes.nextEnd();
    if (end === null || this.#stopped) return;
    const wait = Math.min(Math.max(0, end - clock.now()), LONGEST_WAIT);
    this.#cancelEnd = clock.after(wait, () => {
      this.#mutes
        .sweep(clock.now())
        .then(() => this.#changedOwn())
        .catch((error: unknown) => log("mutes", error));
    });
  }

  #readNames(): void {
    this.#namesAreOld = false;
    this.#comparing = this.#compareNames().catch((error: unknown) => this.#core.ports.log("names", error));
  }

  async #compareNames(): Promise<void> {
    const { blocks, following, identity, live, profiles, trust } = this.#core;
    const followed = (): NodeKey[] => [...following.keys()].filter((key) => !blocks.has(key));
    const familiar = (): NodeKey[] => [identity.key, ...trust.keys(), ...followed()];
    await profiles.load(familiar());
    // A newcomer knows nobody whom somebody could be taken for.
    if (this.#alike === null && familiar().every((key) => profiles.nameOf(key) === null)) return;
    const { AlikeNames } = await import("./alike.ts");
    this.#alike ??= new AlikeNames({ profiles, familiar, isFamiliar: (key) => this.isFamiliar(key) });
    if (await this.#alike.refresh()) live.invalidate("envelopes", "profiles");
  }
}
