/** Who signs what: signers, the bytes that a signature covers, signing and verifying whole objects. */
import { concatBytes } from "./bytes.ts";
import { encodeObject, hashOf, schemaOf } from "./codec.ts";
import { WireError } from "./errors.ts";
import type { Hash, NodeKey, ObjectOf, ObjectTypeName, UnsignedOf, WireObject } from "./types.ts";
import { ObjectType } from "./types.ts";
import { hasNativeEd25519, verifySignature } from "./verdict.ts";

export interface Signer {
  /** 32 bytes, the NodeID. */
  readonly publicKey: Uint8Array;
  /** @returns 64 bytes */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

export interface SignedObject<T extends WireObject> {
  readonly object: T;
  readonly bytes: Uint8Array;
  readonly hash: Hash;
}

export interface VerifyOptions {
  /** The keys of both parties, for a ChannelState: it names them by parts of their hashes only. */
  readonly parties?: readonly NodeKey[];
  /** Accept an object of two parties that one of them has yet to sign. Default false. */
  readonly partial?: boolean;
}

const SEED_BYTES = 32;
/** PKCS #8 around a 32-byte Ed25519 seed (RFC 8410 section 7). */
const PKCS8_HEAD = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20);

const utf8 = new TextEncoder();
/** Ends in a zero byte, so that no type's name can be the beginning of another's. */
const DOMAINS = new Map(
  (Object.keys(ObjectType) as ObjectTypeName[]).map((name) => [name, utf8.encode(`mehr/1/${name}\0`)]),
);

/** Never verifies and is never sent: holds the place of a signature while the bytes to be signed are cut. */
const PLACEHOLDER = new Uint8Array(64).fill(0xff);

/**
 * A signer with the key of a 32-byte seed, as `identitySeed` derives it. The secret key stays in WebCrypto, not
 * extractable, where that knows Ed25519.
 * @throws WireError `FIELD_LENGTH` for a seed of another length
 */
export async function createSigner(seed: Uint8Array): Promise<Signer> {
  if (seed.length !== SEED_BYTES) throw new WireError("FIELD_LENGTH", "seed", `${seed.length} bytes`);
  if (!(await hasNativeEd25519())) {
    const { createPortableSigner } = await import("./ed25519-portable.ts");
    return createPortableSigner(seed);
  }
  const wrapped = concatBytes(PKCS8_HEAD, seed) as Uint8Array<ArrayBuffer>;
  const extractable = await crypto.subtle.importKey("pkcs8", wrapped, "Ed25519", true, ["sign"]);
  const { x } = await crypto.subtle.exportKey("jwk", extractable);
  const secret = await crypto.subtle.importKey("pkcs8", wrapped, "Ed25519", false, ["sign"]);
  wrapped.fill(0);
  return {
    publicKey: fromBase64Url(x as string),
    async sign(message) {
      return new Uint8Array(await crypto.subtle.sign("Ed25519", secret, message as BufferSource));
    },
  };
}

function fromBase64Url(text: string): Uint8Array {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/**
 * What the signatures of an object cover: `mehr/1/`, the type's name and a zero byte, then the canonical bytes of the
 * array without its last element. Cut from `bytes`, not encoded again.
 * @param object what `bytes` decode to
 */
export function signingPayload(object: WireObject, bytes: Uint8Array): Uint8Array {
  return concatBytes(DOMAINS.get(object.type) as Uint8Array, schemaOf(object.type).signedPart(bytes, object));
}

/**
 * Signs an object, or adds a party's signature to one that two sign.
 * @throws WireError `SIGNER_MISMATCH` when the object names another author or other parties, and whatever
 *   `encodeObject` throws; nothing is signed that a peer would refuse
 */
export async function signObject<Name extends ObjectTypeName>(
  unsigned: { type: Name } & UnsignedOf<Name>,
  signer: Signer,
): Promise<SignedObject<ObjectOf<Name>>> {
  const schema = schemaOf(unsigned.type);
  const draft = schema.withSignature(unsigned, signer.publicKey, PLACEHOLDER);
  const signature = await signer.sign(signingPayload(draft, encodeObject(draft)));
  const object = schema.withSignature(unsigned, signer.publicKey, signature);
  const bytes = encodeObject(object);
  return { object: object as ObjectOf<Name>, bytes, hash: hashOf(bytes) };
}

/**
 * Whether everyone who has to sign the object has, and validly (with `partial`: at least one has, and nobody invalidly).
 * For bytes just decoded {@link verifyEncoded} saves the encoding.
 * @throws WireError `PARTIES_UNKNOWN` for a ChannelState without both parties' keys, and whatever `encodeObject` throws
 */
export async function verifyObject(object: WireObject, options?: VerifyOptions): Promise<boolean> {
  return verifyEncoded(object, encodeObject(object), options);
}

/**
 * As {@link verifyObject}, over bytes that `object` was decoded from.
 * @throws WireError `PARTIES_UNKNOWN` for a ChannelState without both parties' keys
 */
export async function verifyEncoded(
  object: WireObject,
  bytes: Uint8Array,
  options: VerifyOptions = {},
): Promise<boolean> {
  const payload = signingPayload(object, bytes);
  for (const slot of schemaOf(object.type).slots(object, options.parties ?? [])) {
    if (slot.signature === null) {
      if (options.partial !== true) return false;
    } else if (!(await verifySignature(slot.key, payload, slot.signature))) {
      return false;
    }
  }
  return true;
}
