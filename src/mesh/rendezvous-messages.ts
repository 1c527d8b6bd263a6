/**
 * `/mehr/rendezvous/1`: how peers of a channel find each other through a relay (docs/protocol.md, "Rendezvous").
 *
 * A peer registers the channels for which it wants peers; the relay answers with some that are there, and tells those of
 * the newcomer. Channels are named by the BLAKE3 hash of their name, so that a relay does not read what is nowhere
 * written; whoever guesses a name can still check the guess. Of a peer the relay gives the key alone: its address is the
 * circuit through this relay. One frame is one CBOR array, led by its type number.
 *
 * | frame | from | fields |
 * | --- | --- | --- |
 * | 1 Register | peer | time to live in ms, channel hashes: the whole set, replacing the one before |
 * | 2 Answer | relay | time to live granted in ms, introductions |
 * | 3 Introduce | relay | introductions of peers that came later |
 * | 4 Refuse | relay | code; the relay ends the stream after it |
 *
 * An introduction is the array (channel hash, array of peer keys).
 */
import { decode, encode } from "cborg";
import { blake3 } from "../hash/index.ts";
import type { Hash, NodeKey } from "../wire/types.ts";
import { MeshError } from "./errors.ts";

export const RENDEZVOUS_PROTOCOL = "/mehr/rendezvous/1";

export const RENDEZVOUS_LIMITS = {
  /** 64 hashes of 34 bytes and the head: 2.2 kB. */
  maxRegisterBytes: 4_096,
  /** Every channel of a full registration and `maxPeersPerFrame` keys: 6.6 kB. */
  maxAnswerBytes: 16_384,
  /** One home place with its ancestors (8) and the topics that a person can follow with pleasure. */
  maxChannels: 64,
  /** A gossipsub mesh wants 6 to 12 neighbours a channel; some of those introduced are always gone or unreachable. */
  maxPeersPerChannel: 16,
  /** Over all channels of a frame; the channels named first are served first. */
  maxPeersPerFrame: 128,
  minTtl: 10_000,
  /** A peer that vanished without closing its connection is introduced no longer than this. */
  maxTtl: 300_000,
} as const;

export type RefusalCode = "RENDEZVOUS_FULL" | "RENDEZVOUS_RATE";

const REFUSAL_CODES: readonly RefusalCode[] = ["RENDEZVOUS_FULL", "RENDEZVOUS_RATE"];

/** The relay does not serve this peer now. Try again later, or another relay. */
export class RendezvousRefused extends Error {
  override readonly name = "RendezvousRefused";
  readonly code: RefusalCode;
  constructor(code: RefusalCode) {
    super(`the relay refused the registration: ${code}`);
    this.code = code;
  }
}

export interface Introduction {
  readonly channel: Hash;
  readonly peers: readonly NodeKey[];
}

export type ClientFrame = { readonly type: "register"; readonly ttl: number; readonly channels: readonly Hash[] };

export type ServerFrame =
  | { readonly type: "answer"; readonly ttl: number; readonly introductions: readonly Introduction[] }
  | { readonly type: "introduce"; readonly introductions: readonly Introduction[] }
  | { readonly type: "refuse"; readonly code: RefusalCode };

/** What the protocol needs of time: milliseconds that never run backwards, and an alarm that can be called off. */
export interface Alarms {
  now(): number;
  /** @returns Calls it off; without effect once it has run. */
  after(milliseconds: number, run: () => void): () => void;
}

/** The name under which a relay knows a channel: BLAKE3-256 of its UTF-8 name. */
export function channelHash(channel: string): Hash {
  return blake3(new TextEncoder().encode(channel));
}

export function encodeClientFrame(frame: ClientFrame): Uint8Array {
  return encode([1, frame.ttl, frame.channels]);
}

export function encodeServerFrame(frame: ServerFrame): Uint8Array {
  if (frame.type === "refuse") return encode([4, frame.code]);
  const introductions = frame.introductions.map(({ channel, peers }) => [channel, peers]);
  return frame.type === "answer" ? encode([2, frame.ttl, introductions]) : encode([3, introductions]);
}

/** @throws MeshError `FRAME_TOO_LARGE`, `PROTOCOL_VIOLATION` */
export function decodeClientFrame(bytes: Uint8Array): ClientFrame {
  const fields = decodeArray(bytes, RENDEZVOUS_LIMITS.maxRegisterBytes);
  if (fields.length !== 3 || fields[0] !== 1) throw violation("not a registration");
  const channels = fields[2];
  if (!Array.isArray(channels) || channels.length > RENDEZVOUS_LIMITS.maxChannels || !channels.every(isKey)) {
    throw violation("channels are not an array of hashes within the limit");
  }
  return { type: "register", ttl: milliseconds(fields[1]), channels };
}

/** @throws MeshError `FRAME_TOO_LARGE`, `PROTOCOL_VIOLATION` */
export function decodeServerFrame(bytes: Uint8Array): ServerFrame {
  const fields = decodeArray(bytes, RENDEZVOUS_LIMITS.maxAnswerBytes);
  const [type] = fields;
  if (type === 2 && fields.length === 3) {
    return { type: "answer", ttl: milliseconds(fields[1]), introductions: introductionsOf(fields[2]) };
  }
  if (type === 3 && fields.length === 2) return { type: "introduce", introductions: introductionsOf(fields[1]) };
  const code = REFUSAL_CODES.find((known) => known === fields[1]);
  if (type === 4 && fields.length === 2 && code !== undefined) return { type: "refuse", code };
  throw violation("unknown frame");
}

function introductionsOf(value: unknown): Introduction[] {
  if (!Array.isArray(value) || value.length > RENDEZVOUS_LIMITS.maxChannels) throw violation("too many introductions");
  let total = 0;
  return value.map((entry: unknown) => {
    if (!Array.isArray(entry) || entry.length !== 2) throw violation("an introduction is a pair");
    const [channel, peers] = entry as [unknown, unknown];
    if (!isKey(channel)) throw violation("an introduction names a channel");
    if (!Array.isArray(peers) || !peers.every(isKey)) throw violation("an introduction names peers");
    total += peers.length;
    if (total > RENDEZVOUS_LIMITS.maxPeersPerFrame) throw violation("too many peers in one frame");
    return { channel, peers };
  });
}

function decodeArray(bytes: Uint8Array, limit: number): unknown[] {
  if (bytes.length > limit) throw new MeshError("FRAME_TOO_LARGE", `${bytes.length} bytes, at most ${limit}`);
  let value: unknown;
  try {
    value = decode(bytes, { strict: true, allowIndefinite: false, allowUndefined: false });
  } catch (cause) {
    throw new MeshError("PROTOCOL_VIOLATION", "not CBOR", { cause });
  }
  if (!Array.isArray(value)) throw violation("not an array");
  return value;
}

function milliseconds(value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw violation("not a duration");
  return value;
}

function isKey(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array && value.length === 32;
}

function violation(message: string): MeshError {
  return new MeshError("PROTOCOL_VIOLATION", `rendezvous: ${message}`);
}
