import { WireError } from "./errors.ts";

/** Character codes of the two digits of each byte. */
const HEX_CODES = Uint8Array.from({ length: 512 }, (_, at) => {
  const digits = (at >>> 1).toString(16).padStart(2, "0");
  return digits.charCodeAt(at & 1);
});
/** Bytes that are made text at once: every hash and key. */
const HEX_PIECE = 64;
const HEX_TEXT = /^(?:[0-9a-f]{2})*$/;

/** Of ECMAScript 2026, in some browsers. */
interface Spelling {
  readonly toHex?: () => string;
}

/** Lower-case hex. */
export function toHex(bytes: Uint8Array): string {
  // Half of the time, and nothing for the collector (measured with Node's).
  const native = (bytes as Spelling).toHex?.();
  return native ?? spelled(bytes);
}

function spelled(bytes: Uint8Array): string {
  let text = "";
  for (let from = 0; from < bytes.length; from += HEX_PIECE) {
    const codes: number[] = [];
    for (let at = from; at < bytes.length && at < from + HEX_PIECE; at += 1) {
      const digits = bytes[at]! * 2;
      codes.push(HEX_CODES[digits]!, HEX_CODES[digits + 1]!);
    }
    // One flat string: joined digit by digit it is a tree of small ones, slower by half (measured) and work for the collector.
    text += String.fromCharCode(...codes);
  }
  return text;
}

/** The inverse of {@link toHex}; upper case is not accepted, so that every hash has one spelling. @throws WireError `HEX_INVALID` */
export function fromHex(text: string): Uint8Array {
  if (!HEX_TEXT.test(text)) throw new WireError("HEX_INVALID", null, "not an even number of lower-case hex digits");
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(text.slice(at * 2, at * 2 + 2), 16);
  return bytes;
}

/** Not constant-time: for public values only. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

/** Lexicographic order of unsigned bytes; a prefix comes before what it begins. Negative, zero or positive, for `sort`. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at++) {
    const difference = (a[at] as number) - (b[at] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Whether two of the values are the same bytes. */
export function hasDuplicate(values: readonly Uint8Array[]): boolean {
  const seen = new Set<string>();
  for (const value of values) seen.add(toHex(value));
  return seen.size !== values.length;
}
