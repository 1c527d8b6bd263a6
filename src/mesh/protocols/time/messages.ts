import { encodeFrame, FrameReader, malformed } from "../frame.ts";

const Tag = { question: 1, answer: 129 } as const;
/** Numbers of that size never meet by chance among the few devices of one person. */
const INSTANCE_BYTES = 8;
/** The head, the tag, a time of 9 bytes and a boolean, or the head, the tag and a number with its head. */
export const MAX_TIME_FRAME = 16;

export interface TimeQuestion {
  /** Drawn at random by each run of a peer, 8 bytes: tells two devices with one identity apart. */
  readonly instance: Uint8Array;
}

export interface TimeAnswer {
  /** Milliseconds since 1970 UTC. */
  readonly now: number;
  /** Whether another instance with the asker's key has asked since the asker first did. */
  readonly twin: boolean;
}

export function encodeTimeQuestion({ instance }: TimeQuestion): Uint8Array {
  return encodeFrame([Tag.question, instance], MAX_TIME_FRAME);
}

export function encodeTimeAnswer({ now, twin }: TimeAnswer): Uint8Array {
  return encodeFrame([Tag.answer, Math.max(0, Math.floor(now)), twin], MAX_TIME_FRAME);
}

/** @throws ProtocolError `MALFORMED` */
export function decodeTimeQuestion(frame: Uint8Array): TimeQuestion {
  const reader = new FrameReader(frame, MAX_TIME_FRAME);
  reader.array(2, 2);
  if (reader.uint(255) !== Tag.question) throw malformed("not the question");
  const instance = reader.bytes(INSTANCE_BYTES, INSTANCE_BYTES);
  reader.end();
  return { instance };
}

/** @throws ProtocolError `MALFORMED` */
export function decodeTimeAnswer(frame: Uint8Array): TimeAnswer {
  const reader = new FrameReader(frame, MAX_TIME_FRAME);
  reader.array(3, 3);
  if (reader.uint(255) !== Tag.answer) throw malformed("not the answer");
  const now = reader.uint();
  const twin = reader.boolean();
  reader.end();
  return { now, twin };
}
