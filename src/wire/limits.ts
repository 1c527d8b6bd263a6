/**
 * Every limit of the protocol in one place (docs/protocol.md, "Limits").
 * Characters are Unicode code points: they count alike in every language, unlike UTF-16 units or bytes.
 */
export const LIMITS = {
  /** Envelopes travel free and everywhere, so they must stay small (protocol section 2). */
  envelopeBytes: 4_096,
  /** What one LoRa frame carries; the composer shows whether an envelope fits (protocol section 2). */
  radioFrameBytes: 484,
  /** `/mehr/store/1` answers inline up to 64 KiB (protocol section 7); anything longer is media and streams as a tree. */
  objectBytes: 65_536,
  /** A full name, biography, scopes and claims take under 5 KiB. */
  profileBytes: 8_192,
  /** 16 variants with everything set and a long description take under 4 KiB. */
  manifestBytes: 4_096,
  /** The largest certificate lists 256 hashes of 34 bytes. */
  certificateBytes: 10_240,
  /**
   * A promoted message: the largest certificate, envelope and boost together take 18,432 and some heads. What is larger
   * is fetched by hash, so that a channel carries nothing that only a few look at.
   */
  promotedBytes: 24_576,
  /** A boost or a feed is one; of receipts the few that fit would prove nothing. */
  promotedEvidence: 4,
  /** Five keys or hashes, numbers and two signatures take under 400 bytes. */
  contractBytes: 512,
  /** Subject and proof at their limits take just over 2 KiB. */
  claimBytes: 4_096,
  /** `ChannelState`: 200 bytes of layout behind a constant head of four. */
  channelLayoutBytes: 200,

  /** The seed: "title (~100 chars)". */
  headlineCharacters: 100,
  /** The seed: a text under 280 characters stands whole in its envelope. */
  summaryCharacters: 280,
  mediaHints: 16,
  references: 32,
  /** The longest registered media types stay under 100 characters. */
  contentTypeCharacters: 100,
  /** The seed: thumbnails of some 30 to 64 bytes. */
  blurhashCharacters: 64,
  /** As long as a summary: enough to describe a picture to someone who cannot see it. */
  altTextCharacters: 280,

  geoScopes: 1,
  topicScopes: 3,
  /** Scope limits of the Mehr wire format. */
  scopeSegments: 8,
  segmentCharacters: 32,
  /** Encoded bytes of an object's list of scopes. */
  scopesBytes: 1_024,

  /** One hint an attachment, so no more attachments than hints. */
  postMedia: 16,
  /** As many as an envelope's references. */
  postLinks: 32,
  /** What browsers and servers handle everywhere. */
  linkCharacters: 2_048,

  displayNameCharacters: 64,
  bioCharacters: 500,
  profileClaims: 32,

  feedNameCharacters: 64,
  feedDescriptionCharacters: 500,
  /** The seed: 256 entries a page; more go on further pages. */
  feedEntries: 256,
  entryNoteCharacters: 280,

  manifestVariants: 16,
  /** The widest count of distinct readers asked for is 250 (protocol section 4). */
  evidence: 256,
  claimKindCharacters: 32,
  claimSubjectCharacters: 256,
  /** A wallet's signature takes 65 bytes, one by a passkey with its client data several hundred. */
  claimProofBytes: 1_024,

  /** How far `created` may lie ahead of the receiver's clock, in milliseconds: 10 minutes (protocol section 2). */
  clockAheadMs: 600_000,
  /** How long a certificate carries an envelope without fresh evidence: 24 hours (protocol section 4). */
  certificateLifetimeMs: 86_400_000,
} as const;

/**
 * Whether an object claims to come from further in the future than clocks may differ.
 * @param created the object's time, milliseconds since 1970 UTC
 * @param now the receiver's clock, in the same unit
 */
export function createdTooFarAhead(created: number, now: number): boolean {
  return created > now + LIMITS.clockAheadMs;
}
