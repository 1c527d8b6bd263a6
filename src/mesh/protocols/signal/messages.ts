/**
 * Frames of /mehr/signal/1 (docs/protocol.md, "Signalling through neighbours"): one CBOR array each, led by its type.
 *
 * | type | from | to | fields |
 * | --- | --- | --- | --- |
 * | 1 ask | caller | neighbour | key of the peer that is wanted |
 * | 2 knock | neighbour | that peer | key of the caller |
 * | 3 offer | caller | that peer | bytes of an offer, addressed to it |
 * | 128 ready | that peer | caller | |
 * | 129 answer | that peer | caller | bytes of the answer |
 * | 255 refused | neighbour or that peer | caller | code |
 */
import type { NodeKey } from "../../../wire/index.ts";
import { MAX_CODE_BYTES } from "../../invite/index.ts";
import { encodeFrame, FrameReader, malformed } from "../frame.ts";
import { MAX_SIGNAL_FRAME } from "./constants.ts";

const Tag = { ask: 1, knock: 2, offer: 3, ready: 128, answer: 129, refused: 255 } as const;

/**
 * On the wire as numbers.
 *
 * - `NOT_LINKED`: the neighbour has no direct link to that peer.
 * - `UNWILLING`: the neighbour introduces nobody at present.
 * - `BUSY`: a budget is used up.
 * - `REFUSED`: that peer does not want this link now.
 * - `DIALLING`: that peer is about to dial the caller itself, and goes first.
 * - `FAILED`: it was tried.
 */
export const SignalRefusal = { NOT_LINKED: 1, UNWILLING: 2, BUSY: 3, REFUSED: 4, DIALLING: 5, FAILED: 6 } as const;
export type SignalRefusalCode = keyof typeof SignalRefusal;
const REFUSALS = new Map<number, SignalRefusalCode>(
  (Object.keys(SignalRefusal) as SignalRefusalCode[]).map((code) => [SignalRefusal[code], code]),
);

export type SignalMessage =
  | { readonly kind: "ask"; readonly to: NodeKey }
  | { readonly kind: "knock"; readonly from: NodeKey }
  | { readonly kind: "offer"; readonly code: Uint8Array }
  | { readonly kind: "ready" }
  | { readonly kind: "answer"; readonly code: Uint8Array }
  | { readonly kind: "refused"; readonly code: SignalRefusalCode };

const KEY_BYTES = 32;

export function encodeSignal(message: SignalMessage): Uint8Array {
  switch (message.kind) {
    case "ask":
      return encodeFrame([Tag.ask, message.to], MAX_SIGNAL_FRAME);
    case "knock":
      return encodeFrame([Tag.knock, message.from], MAX_SIGNAL_FRAME);
    case "offer":
      return encodeFrame([Tag.offer, message.code], MAX_SIGNAL_FRAME);
    case "ready":
      return encodeFrame([Tag.ready], MAX_SIGNAL_FRAME);
    case "answer":
      return encodeFrame([Tag.answer, message.code], MAX_SIGNAL_FRAME);
    case "refused":
      return encodeFrame([Tag.refused, SignalRefusal[message.code]], MAX_SIGNAL_FRAME);
  }
}

/** @throws ProtocolError `MALFORMED` */
export function decodeSignal(frame: Uint8Array): SignalMessage {
  const reader = new FrameReader(frame, MAX_SIGNAL_FRAME);
  const items = reader.array(1, 2);
  const tag = reader.uint(255);
  if (items !== (tag === Tag.ready ? 1 : 2)) throw malformed(`${items} items in a message of type ${tag}`);
  const message = readFields(reader, tag);
  reader.end();
  return message;
}

function readFields(reader: FrameReader, tag: number): SignalMessage {
  switch (tag) {
    case Tag.ask:
      return { kind: "ask", to: readKey(reader) };
    case Tag.knock:
      return { kind: "knock", from: readKey(reader) };
    case Tag.offer:
      return { kind: "offer", code: readCode(reader) };
    case Tag.ready:
      return { kind: "ready" };
    case Tag.answer:
      return { kind: "answer", code: readCode(reader) };
    case Tag.refused:
      // A reason of a later version still means no.
      return { kind: "refused", code: REFUSALS.get(reader.uint(255)) ?? "FAILED" };
    default:
      throw malformed(`a message of type ${tag}`);
  }
}

/** Copies: both outlive their frame. */
function readKey(reader: FrameReader): Uint8Array {
  return Uint8Array.from(reader.bytes(KEY_BYTES, KEY_BYTES));
}

function readCode(reader: FrameReader): Uint8Array {
  return Uint8Array.from(reader.bytes(1, MAX_CODE_BYTES));
}
