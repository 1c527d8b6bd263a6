import type { Hash } from "../../../wire/index.ts";

export interface AnswerPage {
  readonly objects: readonly Uint8Array[];
  readonly next: Uint8Array | null;
}

/** Rows whose bytes are read at once. */
export const BATCH = 64;

/** A place in the order of time, newest first. */
export interface Place {
  readonly created: number;
  readonly hash: Hash;
}

/** A millisecond in 8 bytes, and a hash. */
const CURSOR_BYTES = 40;

export function cursorOf(row: Place | undefined): Uint8Array | null {
  if (row === undefined) return null;
  const cursor = new Uint8Array(CURSOR_BYTES);
  new DataView(cursor.buffer).setBigUint64(0, BigInt(row.created));
  cursor.set(row.hash, 8);
  return cursor;
}

/** `null` for a cursor that was never given out here. */
export function placeOf(cursor: Uint8Array): Place | null {
  if (cursor.length !== CURSOR_BYTES) return null;
  const created = new DataView(cursor.buffer, cursor.byteOffset).getBigUint64(0);
  if (created > BigInt(Number.MAX_SAFE_INTEGER)) return null;
  return { created: Number(created), hash: cursor.slice(8) };
}
