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

export interface CuratedEntry {
  postHash: Hash;
  added: number;
  note: string | null;
}

/** One page of a curator's selection; mutable under the key (CuratedFeed, curator, name). */
export interface CuratedFeed {
  type: "CuratedFeed";
  curator: NodeKey;
  name: string;
  description: string;
  entries: CuratedEntry[];
  scope: Scope;
  updated: number;
  sequence: number;
  /** 0-255, the curator's share of the fee for retrieving this feed. */
  kickbackRate: number;
  signature: Uint8Array;
}

/** One rendering of a medium, cheapest first in its manifest. */
export interface MediaVariant {
  contentType: string;
  /** Bytes. */
  size: number;
  /** Pixels; `null` together with `height` for what has none. */
  width: number | null;
  height: number | null;
  /** Milliseconds; `null` for stills. */
  duration: number | null;
  /** Bit/s that a link must carry before this variant is fetched unasked; 0 for any link. */
  minBandwidth: number;
  /** Hash of the variant's bytes. */
  hash: Hash;
}

export interface MediaManifest {
  type: "MediaManifest";
  author: NodeKey;
  altText: string | null;
  blurhash: string | null;
  variants: MediaVariant[];
  signature: Uint8Array;
}

/** A provider's promise to hold an object. Epochs are `floor(unix seconds / 600)`. */
export interface StorageAgreement {
  type: "StorageAgreement";
  /** Hash of the object that is stored. */
  object: Hash;
  payer: NodeKey;
  provider: NodeKey;
  /** Bytes of the object. */
  size: number;
  costPerEpoch: bigint;
  firstEpoch: number;
  epochs: number;
  /** Epochs between two challenges. */
  challengeInterval: number;
  /** Who gets the kickback on retrievals from this provider; `null` for nobody. */
  kickbackRecipient: NodeKey | null;
  kickbackRate: number;
  payerSignature: Uint8Array | null;
  providerSignature: Uint8Array | null;
}

/**
 * The standing of a payment channel. Parties are the first 16 bytes of the BLAKE3 of their keys, A the lower one;
 * balances only ever grow: what the other party has paid this one in all.
 */
export interface ChannelState {
  type: "ChannelState";
  channelId: Uint8Array;
  partyA: Uint8Array;
  partyB: Uint8Array;
  balanceA: bigint;
  balanceB: bigint;
  sequence: number;
  signatureA: Uint8Array | null;
  signatureB: Uint8Array | null;
}

/** Proof that `reader` retrieved and paid for an object. */
export interface RetrievalReceipt {
  type: "RetrievalReceipt";
  object: Hash;
  reader: NodeKey;
  provider: NodeKey;
  author: NodeKey;
  /** Paid by the reader in all. */
  amount: bigint;
  /** The author's part of `amount`. */
  kickback: bigint;
  created: number;
  readerSignature: Uint8Array | null;
  providerSignature: Uint8Array | null;
}

/** How wide a channel the certificate opens, from the narrowest. */
export const PROMOTION_LEVELS = ["topic", "city", "region", "country", "global"] as const;
export type PromotionLevel = (typeof PROMOTION_LEVELS)[number];
/** What the evidence of a certificate consists of. */
export const EVIDENCE_KINDS = ["boost", "receipts", "curation"] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

/** Says why an envelope may be heard on a channel wider than the one it started on. */
export interface PromotionCertificate {
  type: "PromotionCertificate";
  /** Hash of the envelope. */
  envelope: Hash;
  issuer: NodeKey;
  level: PromotionLevel;
  /** The scope whose channel it opens. */
  scope: Scope;
  evidenceKind: EvidenceKind;
  /** Hashes of the boost's envelope, of the receipts, or of the curated feed. */
  evidence: Hash[];
  created: number;
  signature: Uint8Array;
}

/** Ties a NodeID to a name elsewhere: a wallet, a site. */
export interface IdentityClaim {
  type: "IdentityClaim";
  nodeId: NodeKey;
  /** What kind of name `subject` is: `wallet`, `website`. */
  kind: string;
  subject: string;
  /** The subject's own word, e.g. a wallet's signature; what it signs is fixed per kind. */
  proof: Uint8Array | null;
  created: number;
  expires: number | null;
  signature: Uint8Array;
}

export type WireObject =
  | PostEnvelope
  | SocialPost
  | UserProfile
  | CuratedFeed
  | MediaManifest
  | StorageAgreement
  | ChannelState
  | RetrievalReceipt
  | PromotionCertificate
  | IdentityClaim;

export type ObjectOf<Name extends ObjectTypeName> = Extract<WireObject, { type: Name }>;

/** An object before its author signs it. What two parties sign carries its signatures as `null` until they stand. */
export type UnsignedOf<Name extends ObjectTypeName> =
  ObjectOf<Name> extends { signature: Uint8Array } ? Omit<ObjectOf<Name>, "signature"> : ObjectOf<Name>;
