import type { EnvelopeFilter, Store } from "../store/port.ts";
import { encodeNodeId, fromHex, scopeKey, type Hash, type NodeKey, toHex, type UserProfile } from "../wire/index.ts";
import type { BlockView, EnvelopeView, PostView, ProfileView } from "./api.ts";
import { PeerError } from "./errors.ts";
import type { Blocks } from "./blocks/index.ts";
import { FeedReading, type CuratedBook } from "./feeds/index.ts";
import type { Following } from "./following.ts";
import type { AuthorMarks } from "./marks.ts";
import { claimsOf, type ProfileVersion } from "./people/index.ts";
import type { ProfileBook } from "./profiles.ts";
import { heldPost } from "./reader.ts";
import type { Trust } from "./trust/index.ts";
import type { EnvelopeViews } from "./views.ts";

/** An author may publish several envelopes for one post; more than a few would be a flood. */
const ENVELOPES_OF_A_POST = 16;

export interface QuerySources {
  readonly store: Store;
  readonly self: NodeKey;
  readonly views: EnvelopeViews;
  readonly profiles: ProfileBook;
  readonly following: Following;
  readonly blocks: Blocks;
  readonly trust: Trust;
  readonly marks: AuthorMarks;
  readonly curated: CuratedBook;
  /** Scope key of the home place now. */
  readonly home: () => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** @throws PeerError `HASH_INVALID` */
export function hashFromText(text: string): Hash {
  if (typeof text !== "string" || !/^[0-9a-f]{64}$/u.test(text)) {
    throw new PeerError("HASH_INVALID", "A hash is 64 lower-case hexadecimal digits.");
  }
  return fromHex(text);
}

/** What a person reads, answered from what this store holds. */
export class Queries {
  readonly feeds: FeedReading;
  readonly #sources: QuerySources;

  constructor(sources: QuerySources) {
    this.#sources = sources;
    this.feeds = new FeedReading(sources);
  }

  /** The envelope of this hash, or the oldest held one of the post of this hash. */
  async envelope(hash: Hash): Promise<EnvelopeView | null> {
    const { blocks, store, views } = this.#sources;
    const row = store.envelopes.row(hash);
    if (row !== undefined) return blocks.has(row.author) ? null : ((await views.of([row]))[0] ?? null);
    const filter = this.#withoutBlocked({ kind: "relation", relation: "post", target: hash });
    const oldest = store.envelopes.query({ filter, limit: ENVELOPES_OF_A_POST }).at(-1);
    return oldest === undefined ? null : ((await views.of([oldest]))[0] ?? null);
  }

  /** @throws PeerError `OFFLINE` when the post is not held here, `AUTHOR_BLOCKED` */
  async heldPost(hash: Hash): Promise<PostView> {
    const { blocks, store } = this.#sources;
    const held = await heldPost(store, hash, (author) => blocks.has(author));
    if (held === null) throw new PeerError("OFFLINE", "This post is not kept here, and the network is not there yet.");
    return held;
  }

  async profile(key: NodeKey): Promise<ProfileView> {
    const { blocks, following, marks, profiles, self, store, trust, views } = this.#sources;
    const blocked = blocks.has(key);
    // Nothing of it is shown, and nothing newer comes in.
    const known = blocked ? null : await profiles.get(key);
    const id = encodeNodeId(key);
    return {
      id,
      displayName: known?.profile.displayName ?? null,
      bio: known?.profile.bio ?? null,
      avatar: known === null || known.profile.avatar === null ? null : toHex(known.profile.avatar),
      claims: known === null ? [] : await claimsOf(store, key, known.profile.claims, this.#sources.now()),
      scopes: known?.profile.scopes.map(scopeKey) ?? [],
      sequence: known?.sequence ?? 0,
      own: id === encodeNodeId(self),
      followed: following.has(key),
      trusted: trust.has(key),
      blocked,
      forked: known?.forked ?? false,
      fork:
        known === null || known.fork === null
          ? null
          : { ...versionOf(known.fork), alike: views.guards.alike(key, known.fork.displayName) },
      marks: marks.of(key),
      standing: views.guards.standing(key, id, known?.profile.displayName ?? null),
      envelopes: store.envelopes.count({ kind: "authors", authors: [key] }),
    };
  }

  /** Whoever is followed and blocked is followed again when the block is lifted. */
  async following(): Promise<ProfileView[]> {
    const { blocks, following } = this.#sources;
    const shown = following.keys().filter((key) => !blocks.has(key));
    return await Promise.all(shown.map((key) => this.profile(key)));
  }

  blocked(): BlockView[] {
    const all = this.#sources.blocks.all();
    const { guards } = this.#sources.views;
    return all.map(({ key, name, since }) => ({ id: encodeNodeId(key), name, alike: guards.alike(key, name), since }));
  }

  #withoutBlocked(filter: EnvelopeFilter): EnvelopeFilter {
    const authors = this.#sources.blocks.keys();
    return authors.length === 0 ? filter : { kind: "without", of: filter, authors };
  }
}

function versionOf({ avatar, bio, displayName, scopes }: UserProfile): Omit<ProfileVersion, "alike"> {
  return { displayName, bio, avatar: avatar === null ? null : toHex(avatar), scopes: scopes.map(scopeKey) };
}
