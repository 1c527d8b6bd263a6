/** The part of `PeerApi` about who people are: their pictures, what they claim, and profiles of which there are two. */
import type { HashText, NodeId, ScopeKey } from "../api.ts";

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
  readonly bio: string | null;
  readonly avatar: HashText | null;
  readonly scopes: readonly ScopeKey[];
}

export interface PeopleApi {
  /**
   * The picture of somebody: from here, else from a peer, and checked. `null` where the profile that is held has none, where
   * nobody who could be asked gives it now, and where it is not a picture that may be shown.
   * @throws `NODE_ID_INVALID`, or the signal's reason
   */
  avatar(id: NodeId, options?: { readonly signal?: AbortSignal }): Promise<AvatarView | null>;
}
