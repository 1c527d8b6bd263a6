/**
 * Offers and answers: signed halves of a WebRTC connection (docs/protocol.md, "Invites").
 *
 * A code is one CBOR array in its deterministic form and 64 bytes of signature after it. The signature covers the
 * fingerprint of the certificate, so whoever ends up at the other end of the encrypted connection is who signed. An
 * answer names its offer by hash, and the offer's author: it is good for that one offer and for nobody else.
 *
 * | kind | items |
 * | --- | --- |
 * | 1 offer | version, 1, key, addressee or null, expiry in seconds since 1970, session |
 * | 2 answer | version, 2, key, addressee, hash of the offer's bytes, expiry in seconds, session |
 */
import { blake3 } from "../../hash/index.ts";
import { concatBytes, verifySignature, type Hash, type NodeKey } from "../../wire/index.ts";
import { ProtocolError } from "../protocols/errors.ts";
import { encodeFrame, FrameReader, malformed } from "../protocols/frame.ts";
import { InviteError } from "./errors.ts";
import { readSession, writeSession, type Session } from "./session.ts";

export interface Offer {
  readonly kind: "offer";
  readonly from: NodeKey;
  /** Null for an invite, which whoever holds it may answer. */
  readonly to: NodeKey | null;
  /** Milliseconds since 1970, in whole seconds. */
  readonly expiresAt: number;
  readonly session: Session;
}

export interface Answer {
  readonly kind: "answer";
  readonly from: NodeKey;
  readonly to: NodeKey;
  /** BLAKE3-256 of the bytes of the offer, its signature included. */
  readonly offer: Hash;
  readonly expiresAt: number;
  readonly session: Session;
}

export type Half = Offer | Answer;

/** Signs for this peer. */
export type Sign = (message: Uint8Array) => Promise<Uint8Array>;

/** A full session (8 candidates under IPv6, the longest credentials) has 378 bytes, the rest 114, the signature 64. */
export const MAX_CODE_BYTES = 576;

const VERSION = 1;
const Kind = { offer: 1, answer: 2 } as const;
const SIGNATURE_BYTES = 64;
const KEY_BYTES = 32;
const SECOND = 1_000;
/** Ends in a zero byte like the domains of objects (wire/signing.ts), none of which begins like it. */
const DOMAIN = new TextEncoder().encode("mehr/1/invite\0");

/** The name of a code. */
export function codeHash(bytes: Uint8Array): Hash {
  return blake3(bytes);
}

/** The bytes of a code. @throws ProtocolError `LIMIT` for a session beyond the limits of sessions */
export async function signHalf(half: Half, sign: Sign): Promise<Uint8Array> {
  const body = encodeBody(half);
  return concatBytes(body, await sign(concatBytes(DOMAIN, body)));
}

/** Reads a code without looking at its signature. @throws InviteError `INVITE_MALFORMED` */
export function decodeHalf(bytes: Uint8Array): Half {
  if (bytes.length > MAX_CODE_BYTES || bytes.length <= SIGNATURE_BYTES) {
    throw new InviteError("INVITE_MALFORMED", `A code of ${bytes.length} bytes.`);
  }
  try {
    return readBody(new FrameReader(bytes.subarray(0, -SIGNATURE_BYTES), MAX_CODE_BYTES));
  } catch (cause) {
    if (cause instanceof ProtocolError) throw new InviteError("INVITE_MALFORMED", "Not a code.", { cause });
    throw cause;
  }
}

/** Whether the peer that `half` (decoded from `bytes`) names has signed it. */
export async function verifyHalf(half: Half, bytes: Uint8Array): Promise<boolean> {
  const body = bytes.subarray(0, -SIGNATURE_BYTES);
  return await verifySignature(half.from, concatBytes(DOMAIN, body), bytes.subarray(-SIGNATURE_BYTES));
}

/** The expiry of something that lasts `lifetime` milliseconds from `now`: codes carry whole seconds. */
export function expiryAfter(now: number, lifetime: number): number {
  return Math.floor((now + lifetime) / SECOND) * SECOND;
}

function encodeBody(half: Half): Uint8Array {
  const expires = half.expiresAt / SECOND;
  const session = writeSession(half.session);
  const items =
    half.kind === "offer"
      ? [VERSION, Kind.offer, half.from, half.to, expires, session]
      : [VERSION, Kind.answer, half.from, half.to, half.offer, expires, session];
  return encodeFrame(items, MAX_CODE_BYTES - SIGNATURE_BYTES);
}

function readBody(reader: FrameReader): Half {
  const items = reader.array(6, 7);
  if (reader.uint() !== VERSION) throw malformed("another version");
  const kind = reader.uint(Kind.answer);
  const half = kind === Kind.offer ? readOffer(reader) : readAnswer(reader);
  if (kind === 0 || items !== (half.kind === "offer" ? 6 : 7)) throw malformed(`${items} items in a code`);
  reader.end();
  return half;
}

function readOffer(reader: FrameReader): Offer {
  const from = readKey(reader);
  const to = reader.isNull() ? null : readKey(reader);
  const expiresAt = readExpiry(reader);
  const session = readSession(reader);
  if (session.setup !== "actpass") throw malformed("an offer that decides about roles");
  return { kind: "offer", from, to, expiresAt, session };
}

function readAnswer(reader: FrameReader): Answer {
  const from = readKey(reader);
  const to = readKey(reader);
  const offer = readKey(reader);
  const expiresAt = readExpiry(reader);
  const session = readSession(reader);
  if (session.setup === "actpass") throw malformed("an answer that leaves the roles open");
  return { kind: "answer", from, to, offer, expiresAt, session };
}

/** Up to the year 10,680: in milliseconds it is an exact number, and the whole code stays within its limit. */
function readExpiry(reader: FrameReader): number {
  return reader.uint(0x3f_ffff_ffff) * SECOND;
}

/** Keys and hashes alike. A copy, because they are kept. */
function readKey(reader: FrameReader): Uint8Array {
  return Uint8Array.from(reader.bytes(KEY_BYTES, KEY_BYTES));
}
