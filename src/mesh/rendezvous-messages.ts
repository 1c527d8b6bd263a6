/**
 * `/mehr/rendezvous/1`: how peers of a channel hear of each other, from a relay or a neighbour (docs/protocol.md).
 *
 * A peer registers the channels for which it wants peers; the relay or neighbour answers with some that are there, and tells those of
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
import { blake3 } from "../hash/index.ts";
import type { Hash, NodeKey } from "../wire/types.ts";
import { FrameReader, encodeFrame, malformed } from "./protocols/frame.ts";

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

/** The name under which a relay knows a channel: BLAKE3-256 of its UTF-8 name. */
export function channelHash(channel: string): Hash {
  return blake3(new TextEncoder().encode(channel));
}

export function encodeClientFrame(frame: ClientFrame): Uint8Array {
  return encodeFrame([1, frame.ttl, frame.channels], RENDEZVOUS_LIMITS.maxRegisterBytes);
}

export function encodeServerFrame(frame: ServerFrame): Uint8Array {
  const limit = RENDEZVOUS_LIMITS.maxAnswerBytes;
  if (frame.type === "refuse") return encodeFrame([4, frame.code], limit);
  const introductions = frame.introductions.map(({ channel, peers }) => [channel, peers]);
  return encodeFrame(frame.type === "answer" ? [2, frame.ttl, introductions] : [3, introductions], limit);
}

/** @throws ProtocolError `MALFORMED` */
export function decodeClientFrame(bytes: Uint8Array): ClientFrame {
  const reader = new FrameReader(bytes, RENDEZVOUS_LIMITS.maxRegisterBytes);
  reader.array(3, 3);
  if (reader.uint() !== 1) throw malformed("a registration is the only frame that a peer sends");
  const ttl = reader.uint();
  const channels = readKeys(reader, RENDEZVOUS_LIMITS.maxChannels);
  reader.end();
  return { type: "register", ttl, channels };
}

/** @throws ProtocolError `MALFORMED` */
export function decodeServerFrame(bytes: Uint8Array): ServerFrame {
  const reader = new FrameReader(bytes, RENDEZVOUS_LIMITS.maxAnswerBytes);
  const length = reader.array(2, 3);
  const type = reader.uint();
  if (length !== (type === 2 ? 3 : 2)) throw malformed(`${length} fields in a frame of type ${type}`);
  const frame = readServerFields(reader, type);
  reader.end();
  return frame;
}

function readServerFields(reader: FrameReader, type: number): ServerFrame {
  if (type === 2) return { type: "answer", ttl: reader.uint(), introductions: readIntroductions(reader) };
  if (type === 3) return { type: "introduce", introductions: readIntroductions(reader) };
  if (type !== 4) throw malformed(`frame type ${type}`);
  const text = reader.text(32);
  const code = REFUSAL_CODES.find((known) => known === text);
  if (code === undefined) throw malformed("an unknown refusal");
  return { type: "refuse", code };
}

function readIntroductions(reader: FrameReader): Introduction[] {
  const introductions: Introduction[] = [];
  let room: number = RENDEZVOUS_LIMITS.maxPeersPerFrame;
  for (let left = reader.array(0, RENDEZVOUS_LIMITS.maxChannels); left > 0; left--) {
    reader.array(2, 2);
    const channel = readKey(reader);
    const peers = readKeys(reader, room);
    room -= peers.length;
    introductions.push({ channel, peers });
  }
  return introductions;
}

function readKeys(reader: FrameReader, max: number): Uint8Array[] {
  return Array.from({ length: reader.array(0, max) }, () => readKey(reader));
}

/** A copy, because keys are kept and frames are not. (`slice` of a Node `Buffer` would be a view.) */
function readKey(reader: FrameReader): Uint8Array {
  return new Uint8Array(reader.bytes(32, 32));
}
