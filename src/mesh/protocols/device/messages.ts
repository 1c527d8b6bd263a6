import { encodeFrame, FrameReader, malformed } from "../frame.ts";
import { Refusal } from "./constants.ts";
import { NONCE_BYTES } from "./proof.ts";

const Tag = { hello: 1, received: 2, welcome: 129, file: 130, piece: 131, no: 132 } as const;
const PROOF_BYTES = 32;
/** Small enough that progress is seen to be made, large enough that heads do not count. */
export const MAX_PIECE = 65_536;
/** A piece, and the heads of two items. */
const MAX_FRAME = MAX_PIECE + 16;

export type TakerMessage =
  | { readonly kind: "hello"; readonly nonce: Uint8Array; readonly proof: Uint8Array }
  | { readonly kind: "received" };

export type GiverMessage =
  | { readonly kind: "welcome"; readonly nonce: Uint8Array; readonly proof: Uint8Array }
  | { readonly kind: "file"; readonly size: number }
  | { readonly kind: "piece"; readonly bytes: Uint8Array }
  | { readonly kind: "no"; readonly reason: number };

export function encodeTaker(message: TakerMessage): Uint8Array {
  return message.kind === "hello"
    ? encodeFrame([Tag.hello, message.nonce, message.proof], MAX_FRAME)
    : encodeFrame([Tag.received], MAX_FRAME);
}

/** @throws ProtocolError `MALFORMED` */
export function decodeTaker(frame: Uint8Array): TakerMessage {
  const reader = new FrameReader(frame, MAX_FRAME);
  const items = reader.array(1, 3);
  const tag = reader.uint(255);
  let message: TakerMessage;
  if (tag === Tag.hello && items === 3) message = { kind: "hello", ...readProof(reader) };
  else if (tag === Tag.received && items === 1) message = { kind: "received" };
  else throw malformed("no message of a taker");
  reader.end();
  return message;
}

export function encodeGiver(message: GiverMessage): Uint8Array {
  switch (message.kind) {
    case "welcome":
      return encodeFrame([Tag.welcome, message.nonce, message.proof], MAX_FRAME);
    case "file":
      return encodeFrame([Tag.file, message.size], MAX_FRAME);
    case "piece":
      return encodeFrame([Tag.piece, message.bytes], MAX_FRAME);
    case "no":
      return encodeFrame([Tag.no, message.reason], MAX_FRAME);
  }
}

/** @throws ProtocolError `MALFORMED` */
export function decodeGiver(frame: Uint8Array): GiverMessage {
  const reader = new FrameReader(frame, MAX_FRAME);
  const items = reader.array(2, 3);
  const tag = reader.uint(255);
  if ((tag === Tag.welcome) !== (items === 3)) throw malformed(`${items} items`);
  const message = readGiver(reader, tag);
  reader.end();
  return message;
}

function readGiver(reader: FrameReader, tag: number): GiverMessage {
  switch (tag) {
    case Tag.welcome:
      return { kind: "welcome", ...readProof(reader) };
    case Tag.file:
      return { kind: "file", size: reader.uint() };
    case Tag.piece:
      return { kind: "piece", bytes: Uint8Array.from(reader.bytes(1, MAX_PIECE)) };
    case Tag.no:
      return { kind: "no", reason: reader.uint(Refusal.ended) };
    default:
      throw malformed("no message of a giver");
  }
}

function readProof(reader: FrameReader): { nonce: Uint8Array; proof: Uint8Array } {
  const nonce = Uint8Array.from(reader.bytes(NONCE_BYTES, NONCE_BYTES));
  return { nonce, proof: Uint8Array.from(reader.bytes(PROOF_BYTES, PROOF_BYTES)) };
}
