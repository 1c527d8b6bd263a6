import type { EnvelopeRow, Store } from "../store/port.ts";
import {
  decodeEnvelope,
  encodeNodeId,
  equalBytes,
  isWhole,
  ObjectType,
  scopeKey,
  toHex,
  type Hash,
  type NodeKey,
  type PostEnvelope,
} from "../wire/index.ts";
import type { EnvelopeView, HeardView } from "./api.ts";
import { UNGUARDED, type Guards } from "./defence/guards.ts";
import type { Blocks } from "./blocks/index.ts";
import { sameData } from "./live/equal.ts";
import { BoundedMap, kindOf } from "../social/index.ts";
import type { ProfileBook } from "./profiles.ts";
import { countNaming } from "./threads/counts.ts";

/**
 * More than a feed of 10,000, at about 1 kB each: a live list is compared by the identity of its rows, so one that does not
 * fit would be sent anew with every page. Fills only as far as somebody scrolls.
 */
const CACHED_VIEWS = 12_288;

interface Known {
  readonly author: NodeKey;
  readonly hash: Hash;
  readonly postHash: Hash | null;
  readonly view: EnvelopeView;
}

type HeardOf = (target: { readonly hash: Hash; readonly postHash: Hash | null }) => HeardView;

/** Turns stored envelopes into what a person sees. A view that did not change keeps its identity, so diffs stay small. */
export class EnvelopeViews {
  readonly #store: Store;
  readonly #profiles: ProfileBook;
  readonly #self: NodeKey;
  readonly #blocks: Pick<Blocks, "keys">;
  readonly #cache = new BoundedMap<string, Known>(CACHED_VIEWS);
  readonly #heldPosts = new Set<string>();
  readonly #waiting = new Set<string>();

  readonly #heard: HeardOf;
  #guards: Guards = UNGUARDED;

  /** @param heard how far an envelope is heard now */
  constructor(store: Store, profiles: ProfileBook, self: NodeKey, blocks: Pick<Blocks, "keys">, heard: HeardOf) {
    this.#store = store;
    this.#profiles = profiles;
    this.#self = self;
    this.#blocks = blocks;
    this.#heard = heard;
  }

  /** What this person wants to see of envelopes; until it is said all is shown. */
  get guards(): Guards {
    return this.#guards;
  }

  guardBy(guards: Guards): void {
    this.#guards = guards;
  }

  /** Reads which posts are held and which envelopes wait, so that views need not ask the disk for each. */
  async load(): Promise<void> {
    for (const hash of await this.#store.objectHashes(ObjectType.SocialPost)) this.#heldPosts.add(toHex(hash));
    for (const entry of await this.#store.outbox()) this.#waiting.add(toHex(entry.hash));
  }

  /** Objects in the outbox. */
  get waiting(): number {
    return this.#waiting.size;
  }

  isWaiting(hash: Hash): boolean {
    return this.#waiting.has(toHex(hash));
  }

  markHeld(postHash: Hash, held = true): void {
    if (held) this.#heldPosts.add(toHex(postHash));
    else this.#heldPosts.delete(toHex(postHash));
  }

  markWaiting(hash: Hash, waiting: boolean): void {
    if (waiting) this.#waiting.add(toHex(hash));
    else this.#waiting.delete(toHex(hash));
  }

  /**
   * Views in the order of `rows`; rows whose bytes are gone or damaged are left out.
   * @param bytesOf envelopes that somebody has read already
   */
  async of(
    rows: readonly Pick<EnvelopeRow, "author" | "hash">[],
    bytesOf: (hash: Hash) => Uint8Array | undefined = () => undefined,
  ): Promise<EnvelopeView[]> {
    const keys = rows.map((row) => toHex(row.hash));
    const known = new Map<string, Known>();
    const missing: Hash[] = [];
    for (const [at, row] of rows.entries()) {
      const key = keys[at] as string;
      const cached = this.#cache.get(key);
      if (cached === undefined) missing.push(row.hash);
      else known.set(key, cached);
    }
    // Asked once: whoever keeps them may have forgotten them by the time that the rest is read.
    const bytes = new Map(missing.map((hash) => [hash, bytesOf(hash)]));
    const unread = missing.filter((hash) => bytes.get(hash) === undefined);
    const authors = rows.map(({ author }) => author);
    // At the same time: the index knows whose they are, and the disk takes as long for the profiles as for the envelopes.
    const [read] = await Promise.all([
      unread.length === 0 ? [] : this.#store.envelopes.bytes(unread),
      this.#profiles.load(authors),
    ]);
    for (const [at, hash] of unread.entries()) bytes.set(hash, read[at]);
    await this.#guards.look(rows);
    // Of whoever has another profile since then.
    await this.#profiles.load(authors);
    const fresh = new Map<string, EnvelopeView>();
    for (const hash of missing) {
      const found = bytes.get(hash);
      if (found !== undefined) fresh.set(toHex(hash), this.#first(hash, found));
    }
    return keys.flatMap((key) => {
      const entry = known.get(key);
      return entry === undefined ? (fresh.get(key) ?? []) : [this.#refresh(key, entry)];
    });
  }

  /** The view of an envelope that need not be stored, such as the preview of a draft. */
  describe(hash: Hash, envelope: PostEnvelope, size: number): EnvelopeView {
    const key = toHex(hash);
    const postHash = envelope.postHash === null ? null : toHex(envelope.postHash);
    const own = equalBytes(envelope.author, this.#self);
    const scopes = envelope.scopes.map(scopeKey);
    return {
      hash: key,
      postHash,
      author: encodeNodeId(envelope.author),
      authorName: this.#profiles.nameOf(envelope.author),
      authorAvatar: this.#profiles.avatarOf(envelope.author),
      headline: envelope.headline,
      summary: envelope.summary,
      kind: kindOf(envelope),
      media: envelope.mediaHints,
      scopes,
      replyTo: envelope.replyTo === null ? null : toHex(envelope.replyTo),
      boostOf: envelope.boostOf === null ? null : toHex(envelope.boostOf),
      references: envelope.references.map(toHex),
      ...this.#named(hash, envelope.postHash),
      contentSize: envelope.contentSize,
      created: envelope.created,
      kickbackRate: envelope.kickbackRate,
      size,
      own,
      whole: isWhole(envelope),
      held: this.#held(postHash),
      delivery: this.#delivery(key, own),
      heard: this.#heard({ hash, postHash: envelope.postHash }),
      guard: null,
    };
  }

  /** Whether this post is held here. */
  isHeld(post: Hash): boolean {
    return this.#heldPosts.has(toHex(post));
  }

  #named(hash: Hash, postHash: Hash | null): Pick<EnvelopeView, "replies" | "referencedBy"> {
    const names = postHash === null ? [hash] : [hash, postHash];
    const hidden = (): NodeKey[] => this.#blocks.keys();
    return {
      replies: countNaming(this.#store, "reply", names, hidden),
      referencedBy: countNaming(this.#store, "reference", names, hidden),
    };
  }

  #held(postHash: string | null): boolean {
    return postHash !== null && this.#heldPosts.has(postHash);
  }

  #delivery(key: string, own: boolean): EnvelopeView["delivery"] {
    if (!own) return null;
    return this.#waiting.has(key) ? "waiting" : "sent";
  }

  #first(hash: Hash, bytes: Uint8Array): EnvelopeView {
    const envelope = decodeEnvelope(bytes);
    const { author, postHash } = envelope;
    const described = this.describe(hash, envelope, bytes.length);
    const guard = this.#guards.guard(described, author, described.authorName);
    const view = { ...described, guard };
    this.#cache.set(view.hash, { author, postHash, hash, view });
    return view;
  }

  #refresh(key: string, entry: Known): EnvelopeView {
    const old = entry.view;
    const held = this.#held(old.postHash);
    const delivery = this.#delivery(key, old.own);
    const authorName = this.#profiles.nameOf(entry.author);
    const authorAvatar = this.#profiles.avatarOf(entry.author);
    const known = this.#heard(entry);
    const heard = sameData(known, old.heard) ? old.heard : known;
    const guard = this.#guards.guard(old, entry.author, authorName);
    const named = this.#named(entry.hash, entry.postHash);
    const same =
      heard === old.heard &&
      sameData(guard, old.guard) &&
      named.replies === old.replies &&
      named.referencedBy === old.referencedBy &&
      held === old.held &&
      delivery === old.delivery &&
      authorName === old.authorName &&
      authorAvatar === old.authorAvatar;
    const view = same ? old : { ...old, ...named, guard, heard, held, delivery, authorName, authorAvatar };
    this.#cache.set(key, { ...entry, view });
    return view;
  }
}
