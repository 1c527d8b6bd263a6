import { xxHash32 } from "./xxhash32.ts";

/**
 * A value as it lies on the disk: with a checksum, so that a record that a failing disk or a broken browser has altered is
 * noticed when it is read. Against accidents, not against people.
 */
export interface Checked<T> {
  readonly value: T;
  readonly checksum: number;
}

/** What makes a value from the disk no record. */
export class RecordFault extends Error {
  override readonly name = "RecordFault";
}

export function checked<T>(value: T): Checked<T> {
  return { value, checksum: checksumOf(value) };
}

/** @throws RecordFault when this is not what `checked` made */
export function intact<T>(record: Checked<T>): T {
  const { checksum, value } = shapeOf<T>(record);
  if (checksum !== checksumOf(value)) throw new RecordFault("wrong checksum");
  return value;
}

/** The parts of a record whose checksum is still to be looked at. @throws RecordFault when it has none */
export function shapeOf<T>(record: unknown): Checked<T> {
  const isRecord = typeof record === "object" && record !== null && "value" in record && "checksum" in record;
  if (!isRecord || typeof record.checksum !== "number") throw new RecordFault("not a record");
  return record as Checked<T>;
}

/**
 * The same for every value and its structured clone. What cannot be looked into (a CryptoKey, a Blob) counts by its kind
 * alone.
 */
export function checksumOf(value: unknown): number {
  return digest(0, value, []);
}

/** Seeds of the kinds, so that `1`, `"1"` and `[1]` differ. */
const Kind = { plain: 1, number: 2, text: 3, bytes: 4, list: 5, entries: 6, date: 7, opaque: 8 } as const;
const number = new Float64Array(1);
const numberBytes = new Uint8Array(number.buffer);
const text = new TextEncoder();

function digest(seed: number, value: unknown, within: readonly object[]): number {
  if (typeof value === "number") return ofNumber(seed ^ Kind.number, value);
  if (typeof value === "string") return xxHash32(text.encode(value), seed ^ Kind.text);
  if (typeof value !== "object" || value === null) return ofText(seed ^ Kind.plain, `${typeof value} ${String(value)}`);
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return xxHash32(bytes, ofText(seed ^ Kind.bytes, tagOf(value)));
  }
  if (value instanceof ArrayBuffer) return xxHash32(new Uint8Array(value), seed ^ Kind.bytes);
  if (value instanceof Date) return ofNumber(seed ^ Kind.date, value.getTime());
  // A value that contains itself says nothing new the second time.
  if (within.includes(value)) return ofNumber(seed ^ Kind.opaque, within.indexOf(value));
  const inner = [...within, value];
  const fold = (start: number, parts: Iterable<unknown>): number => {
    let sum = start;
    for (const part of parts) sum = digest(sum, part, inner);
    return sum;
  };
  if (Array.isArray(value)) return fold(ofNumber(seed ^ Kind.list, value.length), value);
  if (value instanceof Map) return fold(ofNumber(seed ^ Kind.entries, value.size), [...value].flat());
  if (value instanceof Set) return fold(ofNumber(seed ^ Kind.list, value.size), value);
  if (tagOf(value) !== "[object Object]") return ofText(seed ^ Kind.opaque, tagOf(value));
  return fold(
    seed ^ Kind.entries,
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flat(),
  );
}

function ofNumber(seed: number, value: number): number {
  number[0] = value;
  return xxHash32(numberBytes, seed);
}

function ofText(seed: number, value: string): number {
  return xxHash32(text.encode(value), seed);
}

function tagOf(value: object): string {
  return Object.prototype.toString.call(value);
}
