import { type Hash } from "../../wire/index.ts";
import { xxHash32 } from "./xxhash32.ts";

/**
 * A segment is some hundred envelopes in one value: IndexedDB pays for values and index entries, not for bytes
 * (docs/architecture.md, "Storage"; measured in Chromium: 30 times faster than a record each).
 *
 * Layout, little-endian: format, count, checksum (u32 each; the checksum covers all that follows), then a directory of
 * `count` records of seq (f64), size (u32) and hash (32 bytes), then the envelopes one after another.
 */
const FORMAT = 1;
export const HEAD_BYTES = 12;
export const RECORD_BYTES = 44;

/**
 * Bytes of envelopes at which a segment is full. Chromium keeps values over 64 KiB in a file of their own, which costs
 * a file for each write and read; 48 KiB and the directory stay below that.
 */
export const FULL_SEGMENT_BYTES = 48 * 1024;

export interface SegmentRecord {
  readonly seq: number;
  readonly hash: Hash;
  readonly bytes: Uint8Array;
}

/** Where an envelope stands in its segment. */
export interface SegmentEntry {
  readonly seq: number;
  readonly hash: Hash;
  readonly offset: number;
  readonly size: number;
}

/** What makes bytes from the disk no segment. */
export class SegmentFault extends Error {
  override readonly name = "SegmentFault";
  /** What was read instead of a segment. */
  readonly remains: unknown;
  constructor(message: string, remains?: unknown) {
    super(message);
    this.remains = remains;
  }
}

/** Splits records into runs that make full segments. */
export function* segmentRuns<T extends { readonly bytes: Uint8Array }>(records: readonly T[]): Generator<T[]> {
  let run: T[] = [];
  let size = 0;
  for (const record of records) {
    if (run.length > 0 && size + record.bytes.length > FULL_SEGMENT_BYTES) {
      yield run;
      run = [];
      size = 0;
    }
    run.push(record);
    size += record.bytes.length;
  }
  if (run.length > 0) yield run;
}

export function packSegment(records: readonly SegmentRecord[]): { value: Uint8Array; entries: SegmentEntry[] } {
  let offset = HEAD_BYTES + records.length * RECORD_BYTES;
  const entries = records.map(({ seq, hash, bytes }) => {
    const entry = { seq, hash, offset, size: bytes.length };
    offset += bytes.length;
    return entry;
  });
  const value = new Uint8Array(offset);
  const view = new DataView(value.buffer);
  view.setUint32(0, FORMAT, true);
  view.setUint32(4, records.length, true);
  records.forEach(({ seq, hash, bytes }, index) => {
    const at = HEAD_BYTES + index * RECORD_BYTES;
    view.setFloat64(at, seq, true);
    view.setUint32(at + 8, bytes.length, true);
    value.set(hash, at + 12);
    value.set(bytes, entries[index]!.offset);
  });
  view.setUint32(8, xxHash32(value.subarray(HEAD_BYTES)), true);
  return { value, entries };
}

/** @throws SegmentFault when the bytes are not what `packSegment` made */
export function checkSegment(value: unknown, count: number): asserts value is Uint8Array {
  if (!(value instanceof Uint8Array)) {
    throw new SegmentFault(value === undefined ? "missing" : "not bytes", value);
  }
  if (value.length < HEAD_BYTES + count * RECORD_BYTES) throw new SegmentFault("cut short", value);
  const view = new DataView(value.buffer, value.byteOffset, value.length);
  if (view.getUint32(0, true) !== FORMAT) throw new SegmentFault("unknown format", value);
  if (view.getUint32(4, true) !== count) throw new SegmentFault("wrong count", value);
  if (view.getUint32(8, true) !== xxHash32(value.subarray(HEAD_BYTES))) throw new SegmentFault("wrong checksum", value);
}

/** The directory of a segment that passed `checkSegment`. */
export function segmentEntries(value: Uint8Array): SegmentEntry[] {
  const view = new DataView(value.buffer, value.byteOffset, value.length);
  const entries: SegmentEntry[] = [];
  const count = view.getUint32(4, true);
  let offset = HEAD_BYTES + count * RECORD_BYTES;
  for (let at = HEAD_BYTES; at < HEAD_BYTES + count * RECORD_BYTES; at += RECORD_BYTES) {
    const size = view.getUint32(at + 8, true);
    entries.push({ seq: view.getFloat64(at, true), hash: value.slice(at + 12, at + RECORD_BYTES), offset, size });
    offset += size;
  }
  return entries;
}
