import * as v from "valibot";
import { decideHead } from "../../social/index.ts";
import type { Head } from "../../store/port.ts";
import {
  channelOf,
  decodeObject,
  encodeObject,
  equalBytes,
  hashOf,
  isAvatar,
  OWN_AVATAR_BYTES,
  ObjectType,
  scopeFromKey,
  scopeKey,
  signObject,
  type Hash,
  type Scope,
  type UserProfile,
} from "../../wire/index.ts";
import { PeerError } from "../errors.ts";
import type { PublisherOptions } from "../publisher.ts";

/** Its shape says how long what it signs will be. */
const NO_SIGNATURE = new Uint8Array(64);

/** Writes new versions of the own profile. */
export class OwnProfile {
  readonly #options: PublisherOptions;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /**
   * A new version of the own profile; nothing happens when nothing changed.
   * @throws PeerError `PROFILE_INVALID`, `SCOPE_INVALID`, `AVATAR_INVALID`, `PROFILE_FROZEN`, `PROFILE_EXHAUSTED`,
   *   `HISTORY_PENDING`
   */
  async save(input: {
    displayName: string;
    bio: string;
    scopes: readonly string[];
    avatar?: Uint8Array | null;
  }): Promise<void> {
    const { picture, ...fields } = fieldsOf(input);
    // Two at a time would sign two versions with one sequence number, which everybody else takes for a fork.
    await this.#options.heads.run(() => this.#save(fields, picture));
  }

  /** @param picture `undefined` leaves the one that there is */
  async #save(fields: ProfileFields, picture: Uint8Array | null | undefined): Promise<void> {
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
    const profile = await this.#sign(unsigned);
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
          {
            hash: profile.hash,
            bytes: profile.bytes,
            channels: [channelOf(scopeFromKey(this.#options.home()))],
            queuedAt: clock.now(),
          },
        ],
      },
      { durability: "strict" },
    );
    if (former !== null && !isSame(former, avatar)) await store.blobs.remove(former);
  }

  async #sign(unsigned: Omit<UserProfile, "signature">): Promise<{ hash: Hash; bytes: Uint8Array }> {
    try {
      // Refuses what is too long before anything is signed.
      encodeObject({ ...unsigned, signature: NO_SIGNATURE });
    } catch (cause) {
      throw new PeerError("PROFILE_INVALID", "The name or the text about you is too long.", { cause });
    }
    const signed = await signObject(unsigned, this.#options.identity.signer);
    return { hash: hashOf(signed.bytes), bytes: signed.bytes };
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
