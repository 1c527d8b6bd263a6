/** Objects to canonical bytes and back. */
import { blake3 } from "../hash/index.ts";
import { CborReader, CborWriter } from "./cbor.ts";
import { channelState } from "./channel-state.ts";
import { promotionCertificate, retrievalReceipt, storageAgreement } from "./economy-objects.ts";
import { WireError } from "./errors.ts";
import { LIMITS } from "./limits.ts";
import type { Schema } from "./schema.ts";
import { curatedFeed, identityClaim, mediaManifest, postEnvelope, socialPost, userProfile } from "./social-objects.ts";
import type { Hash, ObjectTypeName, PostEnvelope, WireObject } from "./types.ts";
import { ObjectType } from "./types.ts";

const SCHEMAS: { readonly [Name in ObjectTypeName]: Schema<Extract<WireObject, { type: Name }>> } = {
  PostEnvelope: postEnvelope,
  SocialPost: socialPost,
  UserProfile: userProfile,
  CuratedFeed: curatedFeed,
  MediaManifest: mediaManifest,
  StorageAgreement: storageAgreement,
  ChannelState: channelState,
  RetrievalReceipt: retrievalReceipt,
  PromotionCertificate: promotionCertificate,
  IdentityClaim: identityClaim,
};

const BY_NUMBER = new Map(
  (Object.keys(ObjectType) as ObjectTypeName[]).map((name) => [ObjectType[name] as number, schemaOf(name)]),
);

/** The one schema for all types together: a caller passes it only objects of that schema's type. */
export function schemaOf(name: ObjectTypeName): Schema<WireObject> {
  return SCHEMAS[name];
}

/**
 * The canonical bytes of an object.
 * @throws WireError when the object breaks a limit or a consistency rule
 */
export function encodeObject(object: WireObject): Uint8Array {
  const schema = schemaOf(object.type);
  schema.check(object);
  const to = new CborWriter();
  to.array(schema.elements);
  to.uint("type", ObjectType[object.type], Number.MAX_SAFE_INTEGER);
  schema.write(to, object);
  if (to.length > schema.maxBytes) throw tooLarge(to.length, schema.maxBytes);
  return to.finish();
}

/**
 * Decodes bytes from anyone: size first, then canonical form, limits and consistency. The signature is not
 * looked at; see `verifyEncoded`.
 * @throws WireError with the code of the first rule broken, `TYPE_UNKNOWN` for a type of a later version
 */
export function decodeObject(bytes: Uint8Array): WireObject {
  if (bytes.length > LIMITS.objectBytes) throw tooLarge(bytes.length, LIMITS.objectBytes);
  const from = new CborReader(bytes);
  const elements = from.array("type");
  const number = from.uint("type", Number.MAX_SAFE_INTEGER);
  const schema = BY_NUMBER.get(number);
  if (schema === undefined) throw new WireError("TYPE_UNKNOWN", "type", `number ${number}`);
  return decodeRest(schema, from, elements, bytes.length);
}

/**
 * As {@link decodeObject}, for where only an envelope may stand.
 * @throws WireError as decodeObject, `TYPE_UNEXPECTED` for another known type
 */
export function decodeEnvelope(bytes: Uint8Array): PostEnvelope {
  if (bytes.length > LIMITS.envelopeBytes) throw tooLarge(bytes.length, LIMITS.envelopeBytes);
  const from = new CborReader(bytes);
  const elements = from.array("type");
  const number = from.uint("type", Number.MAX_SAFE_INTEGER);
  if (number !== ObjectType.PostEnvelope) {
    throw new WireError(BY_NUMBER.has(number) ? "TYPE_UNEXPECTED" : "TYPE_UNKNOWN", "type", `number ${number}`);
  }
  return decodeRest(postEnvelope, from, elements, bytes.length);
}

function decodeRest<T extends WireObject>(schema: Schema<T>, from: CborReader, elements: number, size: number): T {
  if (size > schema.maxBytes) throw tooLarge(size, schema.maxBytes);
  if (elements !== schema.elements) {
    throw new WireError("FIELD_COUNT", null, `${elements} elements instead of ${schema.elements}`);
  }
  const object = schema.read(from);
  from.end();
  schema.check(object);
  return object;
}

function tooLarge(size: number, limit: number): WireError {
  return new WireError("TOO_LARGE", null, `${size} bytes, at most ${limit}`);
}

/** The address of an object: BLAKE3-256 of its canonical bytes, signature included. */
export function hashOf(bytes: Uint8Array): Hash {
  return blake3(bytes);
}
