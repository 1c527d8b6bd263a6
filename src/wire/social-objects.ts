/** The objects that people read and write: envelopes, posts, profiles, curated feeds, media manifests, identity claims. */
import { hasDuplicate } from "./bytes.ts";
import { WireError } from "./errors.ts";
import {
  bytesUpTo,
  filledText,
  hash,
  list,
  nodeKey,
  optional,
  record,
  safeInteger,
  text,
  timestamp,
  u32,
  u8,
} from "./fields.ts";
import { LIMITS } from "./limits.ts";
import { signedByOne } from "./schema.ts";
import { scopeField, scopesField } from "./scope.ts";
import type {
  CuratedEntry,
  CuratedFeed,
  IdentityClaim,
  MediaHint,
  MediaManifest,
  MediaVariant,
  PostEnvelope,
  SocialPost,
  UserProfile,
} from "./types.ts";

const contentType = filledText(LIMITS.contentTypeCharacters);
const blurhash = optional(filledText(LIMITS.blurhashCharacters));
const altText = optional(filledText(LIMITS.altTextCharacters));

/** A boost points at what it boosts and brings nothing of its own; anything else has a post (protocol section 2). */
function checkEnvelope(envelope: PostEnvelope): void {
  if (envelope.boostOf === null) {
    if (envelope.postHash === null) throw new WireError("POST_MISSING", "postHash", "neither a post nor a boost");
    return;
  }
  if (envelope.replyTo !== null) throw new WireError("REPLY_AND_BOOST", "replyTo", "a boost is no reply");
  if (envelope.postHash !== null) throw new WireError("BOOST_HAS_POST", "postHash", "a boost has no post");
  if (envelope.summary !== null) throw new WireError("BOOST_HAS_SUMMARY", "summary", "a boost has no summary");
  if (envelope.contentSize !== 0) throw new WireError("BOOST_HAS_SIZE", "contentSize", "a boost has no content");
}

export const postEnvelope = signedByOne<PostEnvelope>({
  name: "PostEnvelope",
  maxBytes: LIMITS.envelopeBytes,
  signer: "author",
  fields: {
    postHash: optional(hash),
    author: nodeKey,
    headline: optional(filledText(LIMITS.headlineCharacters)),
    summary: optional(filledText(LIMITS.summaryCharacters)),
    mediaHints: list(record<MediaHint>("mediaHints", { contentType, size: u32, blurhash, altText }), LIMITS.mediaHints),
    scopes: scopesField,
    replyTo: optional(hash),
    boostOf: optional(hash),
    references: list(hash, LIMITS.references),
    contentSize: u32,
    created: timestamp,
    kickbackRate: u8,
  },
  check: checkEnvelope,
});

export const socialPost = signedByOne<SocialPost>({
  name: "SocialPost",
  maxBytes: LIMITS.objectBytes,
  signer: "author",
  fields: {
    author: nodeKey,
    // The size of the whole object bounds it.
    text: optional(filledText(LIMITS.objectBytes)),
    media: list(hash, LIMITS.postMedia),
    links: list(filledText(LIMITS.linkCharacters), LIMITS.postLinks),
  },
});

export const userProfile = signedByOne<UserProfile>({
  name: "UserProfile",
  maxBytes: LIMITS.profileBytes,
  signer: "nodeId",
  fields: {
    nodeId: nodeKey,
    displayName: text(LIMITS.displayNameCharacters),
    bio: optional(filledText(LIMITS.bioCharacters)),
    avatar: optional(hash),
    scopes: scopesField,
    claims: list(hash, LIMITS.profileClaims),
    sequence: safeInteger,
  },
});

export const curatedFeed = signedByOne<CuratedFeed>({
  name: "CuratedFeed",
  maxBytes: LIMITS.objectBytes,
  signer: "curator",
  fields: {
    curator: nodeKey,
    name: filledText(LIMITS.feedNameCharacters),
    description: text(LIMITS.feedDescriptionCharacters),
    entries: list(
      record<CuratedEntry>("entries", {
        postHash: hash,
        added: timestamp,
        note: optional(filledText(LIMITS.entryNoteCharacters)),
      }),
      LIMITS.feedEntries,
    ),
    scope: scopeField,
    updated: timestamp,
    sequence: safeInteger,
    kickbackRate: u8,
  },
  check(feed) {
    if (hasDuplicate(feed.entries.map((entry) => entry.postHash))) {
      throw new WireError("ENTRY_DUPLICATE", "entries", "a post stands there twice");
    }
  },
});

/** Cheapest first, so that a reader who can afford little finds its variant without looking at the rest. */
function checkManifest(manifest: MediaManifest): void {
  let size = 0;
  for (const variant of manifest.variants) {
    if (variant.size < size) throw new WireError("VARIANT_ORDER", "variants", "not in order of size");
    size = variant.size;
    if ((variant.width === null) !== (variant.height === null)) {
      throw new WireError("DIMENSIONS_PARTIAL", "variants", "width without height, or height without width");
    }
  }
  if (hasDuplicate(manifest.variants.map((variant) => variant.hash))) {
    throw new WireError("VARIANT_DUPLICATE", "variants", "a variant stands there twice");
  }
}

export const mediaManifest = signedByOne<MediaManifest>({
  name: "MediaManifest",
  maxBytes: LIMITS.manifestBytes,
  signer: "author",
  fields: {
    author: nodeKey,
    altText,
    blurhash,
    variants: list(
      record<MediaVariant>("variants", {
        contentType,
        size: u32,
        width: optional(u32),
        height: optional(u32),
        duration: optional(u32),
        minBandwidth: u32,
        hash,
      }),
      LIMITS.manifestVariants,
      1,
    ),
  },
  check: checkManifest,
});

export const identityClaim = signedByOne<IdentityClaim>({
  name: "IdentityClaim",
  maxBytes: LIMITS.claimBytes,
  signer: "nodeId",
  fields: {
    nodeId: nodeKey,
    kind: filledText(LIMITS.claimKindCharacters),
    subject: filledText(LIMITS.claimSubjectCharacters),
    proof: optional(bytesUpTo(LIMITS.claimProofBytes)),
    created: timestamp,
    expires: optional(timestamp),
  },
  check(claim) {
    if (claim.expires !== null && claim.expires <= claim.created) {
      throw new WireError("CLAIM_EXPIRY", "expires", "not after created");
    }
  },
});
