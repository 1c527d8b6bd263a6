import { decodeEnvelope, equalBytes, type Hash, hashOf } from "../../wire/index.ts";
import type { NewEnvelope } from "../port.ts";
import type { BrokenRecord } from "./damages.ts";
import { HEAD_BYTES, RECORD_BYTES } from "./segment.ts";

/**
 * What is to be done about damaged segments, in this order: store again what is whole of them, then move them aside.
 * The other way round, a full disk or the end of the session in between would cost envelopes that nobody else may have.
 */
export interface Salvage {
  readonly envelopes: readonly NewEnvelope[];
  readonly broken: readonly BrokenRecord[];
}

/** What a damaged segment says that it held. */
export interface Salvaged {
  readonly seq: number;
  readonly hash: Hash;
  /** Undefined when it is damaged itself. */
  readonly envelope: NewEnvelope | undefined;
}

/**
 * Envelopes that are whole within a segment that is not: their hashes prove it. Where the directory is damaged as well,
 * sizes before that place are trusted from the front, those behind it from the end.
 * @param count how many there were
 */
export function salvaged(remains: unknown, count: number): Salvaged[] {
  if (!(remains instanceof Uint8Array)) return [];
  const view = new DataView(remains.buffer, remains.byteOffset, remains.length);
  const readable = Math.min(count, Math.max(0, Math.floor((remains.length - HEAD_BYTES) / RECORD_BYTES)));
  const sizes = Array.from({ length: readable }, (_, at) => view.getUint32(HEAD_BYTES + at * RECORD_BYTES + 8, true));
  const found: Salvaged[] = [];
  let front = HEAD_BYTES + count * RECORD_BYTES;
  let back = remains.length - sizes.reduce((sum, size) => sum + size, 0);
  for (const [at, size] of sizes.entries()) {
    const directory = HEAD_BYTES + at * RECORD_BYTES;
    const hash = remains.slice(directory + 12, directory + RECORD_BYTES);
    const offsets = [...new Set([front, back])].filter((offset) => offset >= 0);
    const envelope = offsets
      .map((offset) => envelopeAt(remains.slice(offset, offset + size), hash))
      .find((candidate) => candidate !== undefined);
    found.push({ seq: view.getFloat64(directory, true), hash, envelope });
    front += size;
    back += size;
  }
  return found;
}

function envelopeAt(bytes: Uint8Array, hash: Uint8Array): NewEnvelope | undefined {
  if (bytes.length === 0 || !equalBytes(hashOf(bytes), hash)) return undefined;
  try {
    return { hash, bytes, envelope: decodeEnvelope(bytes) };
  } catch (error) {
    if (error instanceof Error && error.name === "WireError") return undefined;
    throw error;
  }
}
