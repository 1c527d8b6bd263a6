import { base64 } from "@scure/base";
import { PeerError } from "../errors.ts";

/** Deeper than anything that this peer stores, and far from what a stack holds. */
const MAX_DEPTH = 64;

/** How values that JSON has no form for are written: as a list of which the first item says what it is. */
const LIST = "a";
const MAP = "m";
const SET = "s";
const DATE = "d";
const BYTES = "b";
const NUMBER = "n";
const UNDEFINED = "u";

/**
 * Whatever a store takes as a value of a setting, as bytes: plain objects, arrays, `Map`, `Set`, `Date`, bytes, texts, numbers,
 * booleans, `null` and `undefined`. JSON rather than CBOR, because every browser brings it.
 * @throws PeerError `VALUE_UNSEALABLE` for anything else
 */
export function encodePlain(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(written(value, 0)));
}

/**
 * The value again.
 * @throws PeerError `VALUE_UNSEALABLE` when the bytes are not those of a value
 */
export function decodePlain(bytes: Uint8Array): unknown {
  let read: unknown;
  try {
    read = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new PeerError("VALUE_UNSEALABLE", "These bytes are not those of a value.", { cause });
  }
  return valueOf(read, 0);
}

function written(value: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) throw unsealable("it is nested too deeply");
  const inner = (item: unknown): unknown => written(item, depth + 1);
  if (value === undefined) return [UNDEFINED];
  if (typeof value === "number")
    return isPlainNumber(value) ? value : [NUMBER, Object.is(value, -0) ? "-0" : `${value}`];
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value !== "object") throw unsealable(`it holds a ${typeof value}`);
  if (Array.isArray(value)) return [LIST, ...value.map(inner)];
  if (value instanceof Uint8Array) return [BYTES, base64.encode(value)];
  if (value instanceof Map) return [MAP, ...[...value].map(inner)];
  if (value instanceof Set) return [SET, ...[...value].map(inner)];
  if (value instanceof Date) return [DATE, timeOf(value)];
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) throw unsealable("its bytes are no Uint8Array");
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, inner(item)]));
}

function isPlainNumber(value: number): boolean {
  return Number.isFinite(value) && !Object.is(value, -0);
}

function valueOf(read: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) throw unsealable("it is nested too deeply");
  const inner = (item: unknown): unknown => valueOf(item, depth + 1);
  if (typeof read !== "object" || read === null) return read;
  // Entries become properties of their own: one called `__proto__` is one like any other.
  if (!Array.isArray(read)) return Object.fromEntries(Object.entries(read).map(([name, item]) => [name, inner(item)]));
  const [kind, ...items]: unknown[] = read;
  const [first] = items;
  if (kind === LIST) return items.map(inner);
  if (kind === SET) return new Set(items.map(inner));
  if (kind === UNDEFINED) return undefined;
  if (kind === BYTES && typeof first === "string") return bytesOf(first);
  if (kind === NUMBER && typeof first === "string") return Number(first);
  if (kind === DATE && typeof first === "number") return new Date(timeOf(new Date(first)));
  if (kind !== MAP) throw unsealable("it holds something unknown");
  return new Map(
    items.map((item): [unknown, unknown] => {
      const entry = inner(item);
      if (!Array.isArray(entry) || entry.length !== 2) throw unsealable("an entry of a map is no pair");
      return [entry[0], entry[1]];
    }),
  );
}

/** JSON has no number for a date that is none. */
function timeOf(date: Date): number {
  const time = date.getTime();
  if (Number.isNaN(time)) throw unsealable("a date in it is none");
  return time;
}

function bytesOf(text: string): Uint8Array {
  try {
    return base64.decode(text);
  } catch (cause) {
    throw new PeerError("VALUE_UNSEALABLE", "These are not bytes.", { cause });
  }
}

function unsealable(why: string): PeerError {
  return new PeerError("VALUE_UNSEALABLE", `This value cannot be kept: ${why}.`);
}
