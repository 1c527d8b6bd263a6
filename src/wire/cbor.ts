/**
 * The subset of CBOR that the protocol uses, in the core deterministic form of RFC 8949 section 4.2: unsigned
 * integers, byte strings, text strings, arrays and null; heads of the shortest length, no indefinite lengths.
 *
 * Hand-written rather than a general codec with a re-encoding behind it: a reader that knows which type comes next
 * accepts only the one encoding of each value by construction, never recurses on input, and names the field at
 * fault. It also decodes and validates an envelope in half the time that cborg takes to decode and re-encode one.
 * The tests hold it against cborg, which decodes and re-encodes everything that this reader accepts.
 */
import { WireError } from "./errors.ts";

const UINT = 0;
const BYTES = 2;
const TEXT = 3;
const ARRAY = 4;
const NULL = 0xf6;
const FALSE = 0xf4;
const TRUE = 0xf5;

const TYPE_NAMES = ["a number", "a negative number", "bytes", "text", "a list", "a map", "a tag", "a simple value"];

/** Below this length joining char codes beats the call into TextDecoder. */
const SHORT_TEXT_BYTES = 48;

// Without ignoreBOM a leading U+FEFF would vanish and two encodings would decode to one text.
const utf8Decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const utf8Encoder = new TextEncoder();

/** Code points of a well-formed string. */
export function countCharacters(text: string): number {
  let count = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= 0xd800 && unit < 0xdc00) count--;
  }
  return count;
}

/** Reads one canonical array from the front to the end. Byte strings are copied, so the result outlives the input. */
export class CborReader {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    // A subclass such as Buffer slices without copying; a plain view does not.
    this.#bytes =
      bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get position(): number {
    return this.#position;
  }

  /** Whether the next value is null; if so it is consumed. */
  skipNull(): boolean {
    if (this.#bytes[this.#position] !== NULL) return false;
    this.#position++;
    return true;
  }

  /** A safe integer of at most `max`. */
  uint(field: string, max: number): number {
    const value = this.#head(UINT, field);
    if (value > max) throw new WireError("NUMBER_RANGE", field, `greater than ${max}`);
    return value;
  }

  /** Any unsigned integer of 64 bits. */
  uint64(field: string): bigint {
    if (this.#bytes[this.#position] !== 0x1b) return BigInt(this.#head(UINT, field));
    const [high, low] = this.#words(field);
    return (BigInt(high) << 32n) | BigInt(low);
  }

  /** A byte string of `min` to `max` bytes. */
  bytes(field: string, min: number, max: number): Uint8Array {
    const length = this.#head(BYTES, field);
    if (length < min || length > max) throw new WireError("FIELD_LENGTH", field, `${length} bytes`);
    const start = this.#take(length, field);
    return this.#bytes.slice(start, start + length);
  }

  /** A text of at most `max` characters. */
  text(field: string, max: number): string {
    const length = this.#head(TEXT, field);
    // UTF-8 takes at most four bytes a character: refuse before decoding.
    if (length > max * 4) throw new WireError("TEXT_TOO_LONG", field, `more than ${max} characters`);
    const start = this.#take(length, field);
    const text = this.#utf8(start, start + length, field);
    if (text.length > max && countCharacters(text) > max) {
      throw new WireError("TEXT_TOO_LONG", field, `more than ${max} characters`);
    }
    return text;
  }

  /** The number of elements of the array that begins here. */
  array(field: string): number {
    return this.#head(ARRAY, field);
  }

  /** @throws WireError `TRAILING_BYTES` unless everything was read */
  end(): void {
    if (this.#position !== this.#bytes.length) {
      throw new WireError("TRAILING_BYTES", null, `${this.#bytes.length - this.#position} bytes after the object`);
    }
  }

  #utf8(start: number, end: number, field: string): string {
    const bytes = this.#bytes;
    if (end - start <= SHORT_TEXT_BYTES) {
      let text = "";
      let at = start;
      for (; at < end; at++) {
        const byte = bytes[at] as number;
        if (byte >= 0x80) break;
        text += String.fromCharCode(byte);
      }
      if (at === end) return text;
    }
    try {
      return utf8Decoder.decode(bytes.subarray(start, end));
    } catch (cause) {
      throw new WireError("TEXT_MALFORMED", field, "not UTF-8", { cause });
    }
  }

  #take(length: number, field: string): number {
    const start = this.#position;
    if (length > this.#bytes.length - start) throw new WireError("TRUNCATED", field, "ends within a string");
    this.#position = start + length;
    return start;
  }

  /** Reads a head of the given major type and returns its argument. */
  #head(major: number, field: string): number {
    const bytes = this.#bytes;
    const at = this.#position;
    const initial = bytes[at];
    if (initial === undefined) throw new WireError("TRUNCATED", field, "missing");
    if (initial >> 5 !== major) throw unexpected(initial, major, field);
    const info = initial & 31;
    if (info < 24) {
      this.#position = at + 1;
      return info;
    }
    let value: number;
    let least: number;
    if (info === 24) {
      this.#need(2, field);
      value = bytes[at + 1] as number;
      least = 24;
      this.#position = at + 2;
    } else if (info === 25) {
      this.#need(3, field);
      value = ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
      least = 0x100;
      this.#position = at + 3;
    } else if (info === 26) {
      this.#need(5, field);
      value = word(bytes, at + 1);
      least = 0x1_0000;
      this.#position = at + 5;
    } else if (info === 27) {
      const [high, low] = this.#words(field);
      if (high > 0x1f_ffff) throw new WireError("NUMBER_RANGE", field, "not below 2^53");
      return high * 0x1_0000_0000 + low;
    } else {
      throw new WireError("NOT_CANONICAL", field, info === 31 ? "indefinite length" : "reserved head");
    }
    if (value < least) throw new WireError("NOT_CANONICAL", field, "head longer than needed");
    return value;
  }

  /** The two words of an eight-byte argument. */
  #words(field: string): [high: number, low: number] {
    this.#need(9, field);
    const high = word(this.#bytes, this.#position + 1);
    const low = word(this.#bytes, this.#position + 5);
    if (high === 0) throw new WireError("NOT_CANONICAL", field, "head longer than needed");
    this.#position += 9;
    return [high, low];
  }

  #need(length: number, field: string): void {
    if (this.#position + length > this.#bytes.length) throw new WireError("TRUNCATED", field, "ends within a head");
  }
}

function word(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) * 0x100_0000 +
    (((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number))
  );
}

function unexpected(initial: number, wanted: number, field: string): WireError {
  const major = initial >> 5;
  const inSubset = major === UINT || (major >= BYTES && major <= ARRAY) || initial === NULL;
  const detail = `${initial === NULL ? "null" : TYPE_NAMES[major]} where ${TYPE_NAMES[wanted]} belongs`;
  return new WireError(inSubset ? "FIELD_TYPE" : "NOT_CANONICAL", field, detail);
}

/**
 * What the writer that finished last has written into: objects are written one after the other, and room for each anew
 * costs as much as writing it (measured). What is larger than this is left to the collector.
 */
let spare: Uint8Array<ArrayBuffer> | null = null;
const LARGEST_SPARE = 65_536;

function roomy(): Uint8Array<ArrayBuffer> {
  const bytes = spare ?? new Uint8Array(512);
  spare = null;
  return bytes;
}

/** Writes what {@link CborReader} reads. Grows as needed. */
export class CborWriter {
  #bytes = roomy();
  #length = 0;

  get length(): number {
    return this.#length;
  }

  null(): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = NULL;
  }

  boolean(value: boolean): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value ? TRUE : FALSE;
  }

  uint(field: string, value: number, max: number): void {
    if (!Number.isSafeInteger(value) || value < 0 || value > max) {
      throw new WireError("NUMBER_RANGE", field, `not an integer from 0 to ${max}`);
    }
    this.#head(UINT, value);
  }

  uint64(field: string, value: bigint): void {
    if (value < 0n || value > 0xffff_ffff_ffff_ffffn) throw new WireError("NUMBER_RANGE", field, "not within 64 bits");
    if (value <= 0xffff_ffffn) {
      this.#head(UINT, Number(value));
    } else {
      this.#reserve(9);
      this.#bytes[this.#length++] = 0x1b;
      this.#word(Number(value >> 32n));
      this.#word(Number(value & 0xffff_ffffn));
    }
  }

  bytes(field: string, value: Uint8Array, min: number, max: number): void {
    if (value.length < min || value.length > max) throw new WireError("FIELD_LENGTH", field, `${value.length} bytes`);
    this.#head(BYTES, value.length);
    this.#append(value);
  }

  text(field: string, value: string, max: number): void {
    if (!value.isWellFormed()) throw new WireError("TEXT_MALFORMED", field, "lone surrogate");
    if (value.length > max && countCharacters(value) > max) {
      throw new WireError("TEXT_TOO_LONG", field, `more than ${max} characters`);
    }
    const encoded = utf8Encoder.encode(value);
    this.#head(TEXT, encoded.length);
    this.#append(encoded);
  }

  array(length: number): void {
    this.#head(ARRAY, length);
  }

  /** A copy of everything written; the writer is empty then. */
  finish(): Uint8Array {
    const written = this.#bytes.slice(0, this.#length);
    if (this.#bytes.length <= LARGEST_SPARE) spare = this.#bytes;
    this.#bytes = new Uint8Array(0);
    this.#length = 0;
    return written;
  }

  #head(major: number, argument: number): void {
    this.#reserve(9);
    const bytes = this.#bytes;
    const high = major << 5;
    if (argument < 24) {
      bytes[this.#length++] = high | argument;
    } else if (argument < 0x100) {
      bytes[this.#length++] = high | 24;
      bytes[this.#length++] = argument;
    } else if (argument < 0x1_0000) {
      bytes[this.#length++] = high | 25;
      bytes[this.#length++] = argument >> 8;
      bytes[this.#length++] = argument & 0xff;
    } else if (argument < 0x1_0000_0000) {
      bytes[this.#length++] = high | 26;
      this.#word(argument);
    } else {
      bytes[this.#length++] = high | 27;
      this.#word(Math.floor(argument / 0x1_0000_0000));
      this.#word(argument % 0x1_0000_0000);
    }
  }

  #word(value: number): void {
    const bytes = this.#bytes;
    bytes[this.#length++] = value >>> 24;
    bytes[this.#length++] = (value >>> 16) & 0xff;
    bytes[this.#length++] = (value >>> 8) & 0xff;
    bytes[this.#length++] = value & 0xff;
  }

  #append(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
