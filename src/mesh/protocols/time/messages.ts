import { encodeFrame, FrameReader, malformed } from "../frame.ts";

const Tag = { question: 1, answer: 129 } as const;
/** The head, the tag and a time: 12 bytes at most. */
export const MAX_TIME_FRAME = 12;

export function encodeTimeQuestion(): Uint8Array {
  return encodeFrame([Tag.question], MAX_TIME_FRAME);
}

/** @param now milliseconds since 1970 UTC, whole */
export function encodeTimeAnswer(now: number): Uint8Array {
  return encodeFrame([Tag.answer, Math.max(0, Math.floor(now))], MAX_TIME_FRAME);
}

/** @throws ProtocolError `MALFORMED` */
export function decodeTimeQuestion(frame: Uint8Array): void {
  const reader = new FrameReader(frame, MAX_TIME_FRAME);
  reader.array(1, 1);
  if (reader.uint(255) !== Tag.question) throw malformed("not the question");
  reader.end();
}

/** Milliseconds since 1970 UTC. @throws ProtocolError `MALFORMED` */
export function decodeTimeAnswer(frame: Uint8Array): number {
  const reader = new FrameReader(frame, MAX_TIME_FRAME);
  reader.array(2, 2);
  if (reader.uint(255) !== Tag.answer) throw malformed("not the answer");
  const now = reader.uint();
  reader.end();
  return now;
}
