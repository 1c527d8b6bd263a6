/** The part of `PeerApi` about who people are: their pictures, what they claim, and profiles of which there are two. */
import type { HashText, NodeId, ScopeKey } from "../api.ts";
import type { AlikeView, PersonView, StandingView } from "../defence/api.ts";

/** The picture of a profile, checked: of this type, small, and still. */
export interface AvatarView {
  readonly hash: HashText;
  readonly type: "image/png" | "image/jpeg" | "image/webp";
  readonly bytes: Uint8Array;
}

/** What somebody says of itself: that a name elsewhere is its own. Signed by that somebody, and proven by nobody. */
export interface ClaimView {
  readonly hash: HashText;
  /** What kind of name it is, as its author wrote it: `website`, `wallet`. */
  readonly kind: string;
  readonly subject: string;
  readonly created: number;
  /** `null`: it does not end. One that has ended is not told. */
  readonly expires: number | null;
}

/** What one version of a profile says. */
export interface ProfileVersion {
  readonly displayName: string;
  /** Of this version's name: see `PersonView`. */
  readonly alike: AlikeView | null;
  readonly bio: string | null;
  readonly avatar: HashText | null;
  readonly scopes: readonly ScopeKey[];
}

export interface ProfileView {
  readonly id: NodeId;
  /** `null` until a profile of this peer was received. */
  readonly displayName: string | null;
  readonly bio: string | null;
  /** Names the picture; `avatar` gives it. */
  readonly avatar: HashText | null;
  /** What it says that it is elsewhere, as far as it was fetched. */
  readonly claims: readonly ClaimView[];
  readonly scopes: readonly ScopeKey[];
  readonly sequence: number;
  readonly own: boolean;
  readonly followed: boolean;
  /** It may read what this person writes for trusted people. */
  readonly trusted: boolean;
  /** This person wants to see nothing of it: the name, the bio and the scopes are not told then. */
  readonly blocked: boolean;
  /** Two versions with one sequence number were seen. */
  readonly forked: boolean;
  /** The other of those versions; the one that came first is the one that is shown. */
  readonly fork: ProfileVersion | null;
  /** What this peer noticed about the author by itself, as stable codes: `SIZE_MISMATCH` when an envelope lied. */
  readonly marks: readonly string[];
  /** What this person has said of it: mutes, judgements, and whose name it is that its own looks like. */
  readonly standing: StandingView;
  /** Envelopes of this author held here. */
  readonly envelopes: number;
}

/** Somebody of whom this person wants to see nothing. */
export interface BlockView extends PersonView {
  /** As the person was called when it was blocked. */
  readonly name: string | null;
  readonly since: number;
}

export interface PeopleApi {
  /** @throws `NODE_ID_INVALID` */
  follow(id: NodeId): Promise<void>;
  unfollow(id: NodeId): Promise<void>;
  /**
   * The next version of the own profile.
   * @param profile `avatar`: a PNG, JPEG or WebP of up to 32 KiB and 1,024 pixels on a side; `null` removes it; left out, it stays
   * @throws `PROFILE_INVALID`, `SCOPE_INVALID`, `AVATAR_INVALID`, `PROFILE_FROZEN`, `PROFILE_EXHAUSTED`, `HISTORY_PENDING`
   */
  saveProfile(profile: {
    displayName: string;
    bio: string;
    scopes: readonly ScopeKey[];
    avatar?: Uint8Array | null;
  }): Promise<ProfileView>;
  /**
   * The picture of somebody: from here, else from a peer, and checked. `null` where the profile that is held has none, where
   * nobody who could be asked gives it now, and where it is not a picture that may be shown.
   * @throws `NODE_ID_INVALID`, or the signal's reason
   */
  avatar(id: NodeId, options?: { readonly signal?: AbortSignal }): Promise<AvatarView | null>;
}
