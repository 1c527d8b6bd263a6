/**
 * How single fields stand on the wire. One declaration is encoder, decoder and limit check at once, so the three
 * cannot drift apart.
 */
import type { CborReader, CborWriter } from "./cbor.ts";
import { WireError } from "./errors.ts";

export interface Field<T> {
  read(from: CborReader, name: string): T;
  write(to: CborWriter, value: T, name: string): void;
}

export type Fields<T> = { readonly [K in keyof T]: Field<T[K]> };

const HASH_BYTES = 32;
const SIGNATURE_BYTES = 64;
const U8_MAX = 0xff;
const U32_MAX = 0xffff_ffff;

function fixedBytes(length: number): Field<Uint8Array> {
  return bytesUpTo(length, length);
}

/** A byte string of `min` to `max` bytes. */
export function bytesUpTo(max: number, min = 1): Field<Uint8Array> {
  return {
    read: (from, name) => from.bytes(name, min, max),
    write: (to, value, name) => to.bytes(name, value, min, max),
  };
}

function integer(max: number): Field<number> {
  return {
    read: (from, name) => from.uint(name, max),
    write: (to, value, name) => to.uint(name, value, max),
  };
}

/** A BLAKE3-256 digest. */
export const hash = fixedBytes(HASH_BYTES);
/** An Ed25519 public key. */
export const nodeKey = fixedBytes(HASH_BYTES);
export const signature = fixedBytes(SIGNATURE_BYTES);
export const u8 = integer(U8_MAX);
export const u32 = integer(U32_MAX);
/** Sequence numbers and times: u64 on paper, refused from 2^53 on, where JavaScript numbers lose count. */
export const safeInteger = integer(Number.MAX_SAFE_INTEGER);
/** Milliseconds since 1970 UTC. */
export const timestamp = safeInteger;
/** uMHR. */
export const amount: Field<bigint> = {
  read: (from, name) => from.uint64(name),
  write: (to, value, name) => to.uint64(name, value),
};

/** A text that may be empty. */
export function text(max: number): Field<string> {
  return {
    read: (from, name) => from.text(name, max),
    write: (to, value, name) => to.text(name, value, max),
  };
}

/** A text of at least one character. */
export function filledText(max: number): Field<string> {
  const inner = text(max);
  return {
    read(from, name) {
      const value = inner.read(from, name);
      if (value === "") throw new WireError("TEXT_EMPTY", name, "empty");
      return value;
    },
    write(to, value, name) {
      if (value === "") throw new WireError("TEXT_EMPTY", name, "empty");
      inner.write(to, value, name);
    },
  };
}

/** Absence is null, and only null. */
export function optional<T>(inner: Field<T>): Field<T | null> {
  return {
    read: (from, name) => (from.skipNull() ? null : inner.read(from, name)),
    write(to, value, name) {
      if (value === null) to.null();
      else inner.write(to, value, name);
    },
  };
}

/** A list of `min` to `max` elements. */
export function list<T>(inner: Field<T>, max: number, min = 0): Field<T[]> {
  const check = (count: number, name: string) => {
    if (count > max) throw new WireError("LIST_TOO_LONG", name, `more than ${max} elements`);
    if (count < min) throw new WireError("LIST_EMPTY", name, `fewer than ${min} elements`);
  };
  return {
    read(from, name) {
      const count = from.array(name);
      check(count, name);
      const values: T[] = [];
      for (let at = 0; at < count; at++) values.push(inner.read(from, name));
      return values;
    },
    write(to, values, name) {
      check(values.length, name);
      to.array(values.length);
      for (const value of values) inner.write(to, value, name);
    },
  };
}

/** One of a fixed set of words, on the wire its place in the list. */
export function oneOf<const Word extends string>(words: readonly Word[]): Field<Word> {
  return {
    read: (from, name) => words[from.uint(name, words.length - 1)] as Word,
    write: (to, value, name) => to.uint(name, words.indexOf(value), words.length - 1),
  };
}

/** A nested array of fixed fields, in the order of `fields`. `path` is what errors call it. */
export function record<T extends object>(path: string, fields: Fields<T>): Field<T> {
  const names = Object.keys(fields) as (keyof T & string)[];
  const parts = names.map((name) => ({ name, path: `${path}.${name}`, field: fields[name] as Field<unknown> }));
  return {
    read(from) {
      if (from.array(path) !== parts.length) throw new WireError("FIELD_COUNT", path, `not ${parts.length} fields`);
      const value: Record<string, unknown> = {};
      for (const part of parts) value[part.name] = part.field.read(from, part.path);
      return value as T;
    },
    write(to, value) {
      to.array(parts.length);
      for (const part of parts) part.field.write(to, value[part.name], part.path);
    },
  };
}
