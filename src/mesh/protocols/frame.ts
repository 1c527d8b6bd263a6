/**
 * Frames of the `/mehr/*` protocols: one CBOR array each, in the core deterministic form of RFC 8949 section 4.2.
 *
 * A frame is read item by item against what the message expects, instead of being decoded into a tree first: every
 * count and length is compared with its limit before anything is allocated, nesting is as deep as the message says and
 * no deeper, and a longer spelling of a number is refused where it stands, so no second encoding pass is needed.
 */
import { CborWriter } from "../../wire/index.ts";
import { ProtocolError } from "./errors.ts";

const Major = { Unsigned: 0, Bytes: 2, Text: 3, Array: 4, Simple: 7 } as const;
const NULL = 0xf6;
const FALSE = 0xf4;
const TRUE = 0xf5;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export type FrameItem = number | boolean | null | string | Uint8Array | readonly FrameItem[];

/** @throws ProtocolError `LIMIT` when the frame would be longer than `limit` bytes. */
export function encodeFrame(items: readonly FrameItem[], limit: number): Uint8Array {
  const writer = new CborWriter();
  write(writer, items);
  const { length } = writer;
  if (length > limit) throw new ProtocolError("LIMIT", `A frame of ${length} bytes; ${limit} are allowed.`);
  return writer.finish();
}

function write(writer: CborWriter, item: FrameItem): void {
  if (typeof item === "number") writer.uint("frame", item, Number.MAX_SAFE_INTEGER);
  else if (typeof item === "string") writer.text("frame", item.toWellFormed(), Number.POSITIVE_INFINITY);
  else if (typeof item === "boolean") writer.boolean(item);
  else if (item === null) writer.null();
  else if (item instanceof Uint8Array) writer.bytes("frame", item, 0, Number.POSITIVE_INFINITY);
  else {
    writer.array(item.length);
    for (const each of item) write(writer, each);
  }
}

/** Reads one frame from left to right. Every method throws ProtocolError `MALFORMED` on anything but what it names. */
export class FrameReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  /** Size first: a longer frame is not looked at. */
  constructor(bytes: Uint8Array, limit: number) {
    if (bytes.length > limit) throw malformed(`a frame of ${bytes.length} bytes; ${limit} are allowed`);
    this.#bytes = plain(bytes);
  }

  /** The head of an array; its items are read by the calls that follow. */
  array(min: number, max: number): number {
    const length = this.#head(Major.Array);
    if (length < min || length > max) throw malformed(`${length} items where ${min} to ${max} belong`);
    return length;
  }

  uint(max: number = Number.MAX_SAFE_INTEGER): number {
    const value = this.#head(Major.Unsigned);
    if (value > max) throw malformed(`${value} is above ${max}`);
    return value;
  }

  /** A view into the frame, not a copy. */
  bytes(min: number, max: number): Uint8Array {
    const length = this.#head(Major.Bytes);
    if (length < min || length > max) throw malformed(`${length} bytes where ${min} to ${max} belong`);
    return this.#take(length);
  }

  /** @param max in bytes of UTF-8 */
  text(max: number): string {
    const length = this.#head(Major.Text);
    if (length > max) throw malformed(`a text of ${length} bytes; ${max} are allowed`);
    const bytes = this.#take(length);
    try {
      return utf8.decode(bytes);
    } catch (cause) {
      throw malformed("text that is not UTF-8", cause);
    }
  }

  boolean(): boolean {
    const byte = this.#byte();
    if (byte !== TRUE && byte !== FALSE) throw malformed("no boolean where one belongs");
    return byte === TRUE;
  }

  /** Skips a null if one stands here. */
  isNull(): boolean {
    if (this.#bytes[this.#at] !== NULL) return false;
    this.#at++;
    return true;
  }

  /** Nothing may follow. */
  end(): void {
    if (this.#at !== this.#bytes.length) throw malformed("bytes after the end of the message");
  }

  #head(major: number): number {
    const first = this.#byte();
    if (first >> 5 !== major) throw malformed(`major type ${first >> 5} where ${major} belongs`);
    const info = first & 0x1f;
    if (info < 24) return info;
    if (info === 24) return shortest(this.#number(1), 24);
    if (info === 25) return shortest(this.#number(2), 0x1_00);
    if (info === 26) return shortest(this.#number(4), 0x1_0000);
    if (info === 27) return shortest(this.#number(8), 0x1_0000_0000);
    throw malformed("an indefinite length");
  }

  #number(size: number): number {
    let value = 0;
    for (const byte of this.#take(size)) value = value * 256 + byte;
    if (value > Number.MAX_SAFE_INTEGER) throw malformed("a number above 2^53 - 1");
    return value;
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw malformed("the frame ends early");
    this.#at++;
    return byte;
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw malformed("the frame ends early");
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}

/** In Node sockets give a Buffer, whose `slice` shares memory where a Uint8Array's copies. */
function plain(bytes: Uint8Array): Uint8Array {
  // Another view costs as much as reading a short frame.
  return bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function shortest(value: number, least: number): number {
  if (value < least) throw malformed("a number that is not in its shortest form");
  return value;
}

export function malformed(what: string, cause?: unknown): ProtocolError {
  return new ProtocolError("MALFORMED", `Not a message: ${what}.`, cause === undefined ? {} : { cause });
}
