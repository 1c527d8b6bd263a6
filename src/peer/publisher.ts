import * as v from "valibot";
import { compose, decideHead, startChannels, type Composed } from "../social/index.ts";
import { isForTrusted, type Clock } from "../mesh/protocols/index.ts";
import type { Head, OutboxEntry, Store } from "../store/port.ts";
import { Serial } from "../store/serial.ts";
import {
  channelOf,
  decodeEnvelope,
  decodeObject,
  encodeObject,
  equalBytes,
  hashOf,
  isAvatar,
  OWN_AVATAR_BYTES,
  ObjectType,
  parseScope,
  radioRoom,
  scopeFromKey,
  scopeKey,
  signObject,
  toHex,
  type Hash,
  type PostEnvelope,
  type Scope,
  type UserProfile,
} from "../wire/index.ts";
import type { Draft, DraftPreview, Published } from "./api.ts";
import { PeerError } from "./errors.ts";
import type { OwnIdentity } from "./identity.ts";
import { PublishedDrafts } from "./published.ts";
import type { EnvelopeViews } from "./views.ts";

/** A preview is not signed; its envelope has the size and the shape of the one that would be. */
const NO_SIGNATURE = new Uint8Array(64);
const ANY_HASH = new Uint8Array(32);

export interface PublisherOptions {
  readonly store: Store;
  readonly identity: OwnIdentity;
  readonly views: EnvelopeViews;
  readonly clock: Clock;
  readonly home: () => string;
  /** The sequence number of the next version of the profile. @throws PeerError `HISTORY_PENDING` */
  readonly nextSequence: (current: number) => number;
  /** Whoever decides about a profile reads the head and writes it in one turn of this. */
  readonly heads: Serial;
}

/** What was published, for those who pass it on. */
export interface OwnEnvelope {
  readonly hash: Hash;
  readonly bytes: Uint8Array;
  readonly envelope: PostEnvelope;
  readonly postHash: Hash;
  /** Null when nobody but trusted peers may hear it. */
  readonly channel: string | null;
}

/** Turns drafts and profile edits into signed objects, each stored in one durable transaction before anything is sent. */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #published: PublishedDrafts;
  /** One after the other: each looks first whether another has published its draft. */
  readonly #turn = new Serial();

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#published = new PublishedDrafts(options.store);
  }

  preview(draft: Draft): DraftPreview {
    const composed = this.#compose(draft);
    const { audience, contentSize, envelopeBytes, objects, problems } = composed;
    const unsigned = objects?.envelope(ANY_HASH);
    const envelope = unsigned === undefined ? null : { ...unsigned, signature: NO_SIGNATURE };
    return {
      envelope: envelope === null ? null : this.#options.views.describe(ANY_HASH, envelope, envelopeBytes),
      envelopeBytes,
      radioRoom: radioRoom(envelopeBytes),
      contentSize,
      audience,
      problems,
    };
  }

  /**
   * Once for each draft: who asks again gets what the first time made.
   * @throws PeerError with the code of the draft's first problem
   */
  async publish(draft: Draft): Promise<{ view: Published; made: OwnEnvelope | null }> {
    return await this.#turn.run(async () => {
      const view = await this.#published.find(draft, this.#options.clock.now());
      if (view === null) return await this.#publish(draft);
      await this.#forget(draft);
      return { view, made: null };
    });
  }

  /** Who asks again may also have stored the draft again. Another text of its id stays if it is later. */
  async #forget(draft: Draft): Promise<void> {
    const drafts = await this.#options.store.drafts();
    if (!drafts.some(({ id, updated }) => id === draft.id && updated <= draft.updated)) return;
    await this.#options.store.commit({ draftsRemove: [draft.id] }, { durability: "strict" });
  }

  async #publish(draft: Draft): Promise<{ view: Published; made: OwnEnvelope }> {
    const { clock, identity, store } = this.#options;
    const { objects, problems } = this.#compose(draft);
    if (objects === null) {
      throw new PeerError(problems[0]?.code ?? "DRAFT_INVALID", "The draft cannot be published as it is.");
    }
    const post = await signObject(objects.post, identity.signer);
    const signed = await signObject(objects.envelope(post.hash), identity.signer);
    const [channel] = startChannels(signed.object, this.#home());
    const { bytes, hash, object: envelope } = signed;
    const storedAt = clock.now();
    const view = { hash: toHex(hash), postHash: toHex(post.hash) };
    await this.#published.note(draft, view, storedAt, (settings) =>
      store.commit(
        {
          objects: [{ hash: post.hash, type: ObjectType.SocialPost, bytes: post.bytes, holding: "own", storedAt }],
          envelopes: [{ hash, bytes, envelope }],
          outboxPut: [{ hash, bytes, channels: channel === undefined ? [] : [channel], queuedAt: storedAt }],
          draftsRemove: [draft.id],
          settings,
        },
        { durability: "strict" },
      ),
    );
    return { made: { hash, bytes, envelope, postHash: post.hash, channel: channel ?? null }, view };
  }

  /**
   * Signs an own envelope anew with the date of now, in place of the one that waits in the outbox: its clock was wrong, and
   * nobody has it yet. The post stays the same. `null` where the entry has gone meanwhile.
   */
  async redate(
    entry: OutboxEntry,
  ): Promise<{ hash: Hash; bytes: Uint8Array; envelope: PostEnvelope; channel: string | null } | null> {
    const { clock, identity, store } = this.#options;
    const { signature: _, ...unsigned } = decodeEnvelope(entry.bytes);
    const signed = await signObject({ ...unsigned, created: clock.now() }, identity.signer);
    const { bytes, hash, object: envelope } = signed;
    const waiting = await store.outbox();
    if (!waiting.some((other) => equalBytes(other.hash, entry.hash))) return null;
    await store.commit(
      {
        envelopes: [{ hash, bytes, envelope }],
        removeEnvelopes: [entry.hash],
        outboxRemove: [entry.hash],
        outboxPut: [{ ...entry, hash, bytes, queuedAt: clock.now() }],
      },
      { durability: "strict" },
    );
    return { hash, bytes, envelope, channel: entry.channels[0] ?? null };
  }

  /**
   * A new version of the own profile; nothing happens when nothing changed.
   * @throws PeerError `PROFILE_INVALID`, `SCOPE_INVALID`, `AVATAR_INVALID`, `PROFILE_FROZEN`, `PROFILE_EXHAUSTED`,
   *   `HISTORY_PENDING`
   */
  async saveProfile(input: {
    displayName: string;
    bio: string;
    scopes: readonly string[];
    avatar?: Uint8Array | null;
  }): Promise<void> {
    const { picture, ...fields } = fieldsOf(input);
    // Two at a time would sign two versions with one sequence number, which everybody else takes for a fork.
    await this.#options.heads.run(() => this.#saveProfile(fields, picture));
  }

  /** @param picture `undefined` leaves the one that there is */
  async #saveProfile(fields: ProfileFields, picture: Uint8Array | null | undefined): Promise<void> {
    const { clock, identity, nextSequence, store } = this.#options;
    const current = await store.head(ObjectType.UserProfile, identity.key, "");
    const before = current === undefined ? null : profileIn(current);
    const { avatar: former = null, claims = [] } = before ?? {};
    const avatar = picture === undefined ? former : picture === null ? null : hashOf(picture);
    if (before !== null && saysTheSame(before, fields) && isSame(former, avatar)) return;
    const sequence = nextSequence(current?.sequence ?? 0);
    if (sequence > Number.MAX_SAFE_INTEGER) {
      throw new PeerError("PROFILE_EXHAUSTED", "This profile has the highest number of a version that there is.");
    }
    // Before the profile that names it: without it nobody could show that one.
    if (picture && avatar !== null) await store.blobs.put(avatar, [picture], undefined, "own");
    const unsigned = { type: "UserProfile", nodeId: identity.key, ...fields, avatar, claims, sequence } as const;
    const profile = await this.#signProfile(unsigned);
    const version = {
      type: ObjectType.UserProfile,
      owner: identity.key,
      name: "",
      sequence: unsigned.sequence,
      hash: profile.hash,
      bytes: profile.bytes,
    };
    const { head } = decideHead(current, version, clock.now());
    // A frozen key takes no update: another device signed a version with the same number (protocol section 2).
    if (head === null)
      throw new PeerError("PROFILE_FROZEN", "Two versions of this profile exist; it can change again in a day.");
    await store.commit(
      {
        heads: [head],
        // A version that has not left yet need not: places take few versions an hour, and this one must be among them.
        outboxRemove: current === undefined ? [] : [current.hash],
        outboxPut: [
          { hash: profile.hash, bytes: profile.bytes, channels: [channelOf(this.#home())], queuedAt: clock.now() },
        ],
      },
      { durability: "strict" },
    );
    if (former !== null && !isSame(former, avatar)) await store.blobs.remove(former);
  }

  async #signProfile(unsigned: Omit<UserProfile, "signature">): Promise<{ hash: Hash; bytes: Uint8Array }> {
    try {
      // Refuses what is too long before anything is signed.
      encodeObject({ ...unsigned, signature: NO_SIGNATURE });
    } catch (cause) {
      throw new PeerError("PROFILE_INVALID", "The name or the text about you is too long.", { cause });
    }
    const signed = await signObject(unsigned, this.#options.identity.signer);
    return { hash: hashOf(signed.bytes), bytes: signed.bytes };
  }

  #compose(draft: Draft): Composed {
    const { clock, identity, store } = this.#options;
    const isTrustedOnly = (named: Hash): boolean => isForTrusted(store, named);
    return compose(draft, { author: identity.key, home: this.#home(), now: clock.now(), isTrustedOnly });
  }

  #home(): Scope {
    return scopeFromKey(this.#options.home());
  }
}

type ProfileFields = Pick<UserProfile, "displayName" | "bio" | "scopes">;

const ProfileInput = v.object({
  displayName: v.string(),
  bio: v.string(),
  scopes: v.array(v.string()),
  avatar: v.optional(v.nullable(v.instance(Uint8Array))),
});

function fieldsOf(input: unknown): ProfileFields & { readonly picture: Uint8Array | null | undefined } {
  const result = v.safeParse(ProfileInput, input);
  if (!result.success) throw new PeerError("PROFILE_INVALID", "A profile has a name, a text and scopes.");
  const { avatar: picture, bio, displayName, scopes } = result.output;
  if (picture && !isAvatar(picture, OWN_AVATAR_BYTES)) {
    throw new PeerError(
      "AVATAR_INVALID",
      "A picture is a PNG, JPEG or WebP of up to 32 KiB and 1,024 pixels on a side.",
    );
  }
  return {
    picture,
    displayName: displayName.normalize("NFC").trim(),
    bio: bio.trim() || null,
    scopes: scopes.map(checkedScope),
  };
}

function profileIn(head: Head): UserProfile | null {
  const object = decodeObject(head.bytes);
  return object.type === "UserProfile" ? object : null;
}

function saysTheSame(a: ProfileFields, b: ProfileFields): boolean {
  const scopesOf = (fields: ProfileFields): string => fields.scopes.map(scopeKey).join(" ");
  return a.displayName === b.displayName && a.bio === b.bio && scopesOf(a) === scopesOf(b);
}

function isSame(a: Hash | null, b: Hash | null): boolean {
  return a === null || b === null ? a === b : equalBytes(a, b);
}

function checkedScope(key: string): Scope {
  try {
    return scopeFromKey(key);
  } catch (cause) {
    throw new PeerError("SCOPE_INVALID", "This is not the key of a place or topic.", { cause });
  }
}

/** @throws PeerError `SCOPE_INVALID` */
export function typedScope(kind: Scope["kind"], text: string): Scope {
  const known = kind === "geo" || kind === "topic";
  if (!known || typeof text !== "string") throw new PeerError("SCOPE_INVALID", "A scope is a geo or a topic, as text.");
  try {
    return parseScope(kind, text);
  } catch (cause) {
    throw new PeerError("SCOPE_INVALID", "A place or topic is up to eight words with slashes between them.", { cause });
  }
}

/**
 * What a scope begins with that is being typed: nothing yet, words, or words and the slash after them.
 * @throws PeerError `SCOPE_INVALID`
 */
export function typedPrefix(kind: Scope["kind"], text: string): string {
  if (typeof text !== "string") throw new PeerError("SCOPE_INVALID", "A scope is text.");
  const typed = text.trim();
  if (typed === "" && (kind === "geo" || kind === "topic")) return "";
  const begun = typed.endsWith("/") ? typed.slice(0, -1) : typed;
  const { segments } = typedScope(kind, begun);
  return segments.join("/") + (begun === typed ? "" : "/");
}
