/**
 * What peers exchange: the shapes of all objects, their canonical bytes, limits and rules, signatures and the verdict
 * on them, identities, and the names of places, topics and channels. Pure: no clock, no network, no storage;
 * the only thing taken from the platform is WebCrypto. docs/protocol.md is the text to this code.
 */
export * from "./types.ts";
export { LIMITS, createdTooFarAhead } from "./limits.ts";
export { WireError } from "./errors.ts";
export type { WireErrorCode } from "./errors.ts";
export { compareBytes, concatBytes, equalBytes, fromHex, toHex } from "./bytes.ts";
export { CborWriter, countCharacters } from "./cbor.ts";
export { decodeEnvelope, decodeObject, encodeObject, hashOf } from "./codec.ts";
export { channelIdOf, channelParty } from "./channel-state.ts";
export { createSigner, signObject, signingPayload, verifyEncoded, verifyObject } from "./signing.ts";
export type { SignedObject, Signer, VerifyOptions } from "./signing.ts";
export { verifySignature } from "./verdict.ts";
export { decodeNodeId, encodeNodeId } from "./identity.ts";
export { channelOf, checkScope, parseScope, scopeFromChannel, scopeFromKey, scopeKey, scopeWithin } from "./scope.ts";
export { decodePromoted, encodePromoted, isPromoted, type Promoted, type PromotedParts } from "./promoted.ts";
export { isAvatar, MAX_AVATAR_BYTES, MAX_AVATAR_SIDE, OWN_AVATAR_BYTES, pictureHead } from "./picture.ts";
export type { PictureHead, PictureType } from "./picture.ts";
export { familyOf, type MediaFamily } from "./family.ts";
export { contentTypeOf, MAX_ATTACHMENT_BYTES, MAX_PICTURE_PIXELS, showingOf } from "./media.ts";
export type { Showing } from "./media.ts";
export { envelopeSize, isWhole, postSize, radioRoom } from "./size.ts";
