/**
 * Shapes of every object that peers exchange, as docs/protocol.md section 2 numbers them.
 * Hashes are 32-byte BLAKE3-256 digests, keys 32-byte Ed25519 public keys, times unsigned
 * milliseconds since 1970 UTC, amounts whole uMHR. Absent optionals are `null`, as on the wire.
 */

export type Hash = Uint8Array;
export type NodeKey = Uint8Array;

export interface Scope {
  readonly kind: "geo" | "topic";
  /** From the broadest to the narrowest: `["north-america", "us", "oregon", "portland"]`. */
  readonly segments: readonly string[];
}

export const ObjectType = {
  PostEnvelope: 1,
  SocialPost: 2,
  UserProfile: 3,
  CuratedFeed: 4,
  MediaManifest: 5,
  StorageAgreement: 6,
  ChannelState: 7,
  RetrievalReceipt: 8,
  PromotionCertificate: 9,
  IdentityClaim: 10,
} as const;
export type ObjectTypeName = keyof typeof ObjectType;
export type ObjectTypeNumber = (typeof ObjectType)[ObjectTypeName];

export interface MediaHint {
  contentType: string;
  size: number;
  blurhash: string | null;
  altText: string | null;
}

export interface PostEnvelope {
  type: "PostEnvelope";
  /** Hash of the SocialPost; `null` only for a boost. */
  postHash: Hash | null;
  author: NodeKey;
  headline: string | null;
  summary: string | null;
  mediaHints: MediaHint[];
  scopes: Scope[];
  replyTo: Hash | null;
  boostOf: Hash | null;
  references: Hash[];
  /** Bytes of the post and its media together; 0 for a boost. */
  contentSize: number;
  created: number;
  /** 0-255, the author's share of the retrieval fee. */
  kickbackRate: number;
  signature: Uint8Array;
}

export interface SocialPost {
  type: "SocialPost";
  author: NodeKey;
  text: string | null;
  media: Hash[];
  links: string[];
  signature: Uint8Array;
}

export interface UserProfile {
  type: "UserProfile";
  nodeId: NodeKey;
  displayName: string;
  bio: string | null;
  avatar: Hash | null;
  scopes: Scope[];
  claims: Hash[];
  sequence: number;
  signature: Uint8Array;
}
