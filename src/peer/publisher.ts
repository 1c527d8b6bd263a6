import type { Clock } from "../mesh/protocols/index.ts";
import type { OutboxEntry, Store } from "../store/port.ts";
import type { Serial } from "../store/serial.ts";
import type { Hash, PostEnvelope } from "../wire/index.ts";
import type { Draft, DraftPreview, Published } from "./api.ts";
import type { OwnIdentity } from "./identity.ts";
import type { Posts } from "./publishing/posts.ts";
import type { OwnProfile } from "./publishing/profile.ts";
import type { EnvelopeViews } from "./views.ts";

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

/** What an envelope says of its post that does not change with its date. The post alone has neither headline nor place. */
export type Foreseen = Pick<PostEnvelope, "headline" | "summary" | "scopes" | "replyTo"> & { readonly postHash: Hash };

/**
 * Turns drafts and profile edits into signed objects, each stored in one durable transaction before anything is sent. How that
 * is done is loaded when somebody first writes: most of the time people read.
 */
export class Publisher {
  readonly #options: PublisherOptions;
  #posts: Promise<Posts> | null = null;
  #profile: Promise<OwnProfile> | null = null;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  async preview(draft: Draft): Promise<DraftPreview> {
    return await (await this.#writing()).preview(draft);
  }

  /**
   * Once for each draft: who asks again gets what the first time made.
   * @throws PeerError with the code of the draft's first problem
   */
  async publish(draft: Draft): Promise<{ view: Published; made: OwnEnvelope | null }> {
    return await (await this.#writing()).publish(draft);
  }

  /** The envelope that this draft becomes, whenever that is; `null` where it cannot be published as it is. */
  async foresee(draft: Draft): Promise<Foreseen | null> {
    return await (await this.#writing()).foresee(draft);
  }

  /**
   * Signs an own envelope anew with the date of now, in place of the one that waits in the outbox: its clock was wrong, and
   * nobody has it yet. The post stays the same. `null` where the entry has gone meanwhile.
   */
  async redate(
    entry: OutboxEntry,
  ): Promise<{ hash: Hash; bytes: Uint8Array; envelope: PostEnvelope; channel: string | null } | null> {
    return await (await this.#writing()).redate(entry);
  }

  /**
   * A new version of the own profile; nothing happens when nothing changed.
   * @throws PeerError `PROFILE_INVALID`, `SCOPE_INVALID`, `AVATAR_INVALID`, `PROFILE_FROZEN`, `PROFILE_EXHAUSTED`,
   *   `HISTORY_PENDING`
   */
  async saveProfile(input: Parameters<OwnProfile["save"]>[0]): Promise<void> {
    this.#profile ??= import("./publishing/profile.ts").then(({ OwnProfile }) => new OwnProfile(this.#options));
    // A chunk that could not be loaded is tried again by the next who needs it.
    this.#profile.catch(() => (this.#profile = null));
    await (await this.#profile).save(input);
  }

  #writing(): Promise<Posts> {
    this.#posts ??= import("./publishing/posts.ts").then(({ Posts }) => new Posts(this.#options));
    this.#posts.catch(() => (this.#posts = null));
    return this.#posts;
  }
}
