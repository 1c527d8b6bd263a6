import { decode, encode } from "cborg";
import { PeerError } from "../errors.ts";

/** Deeper than anything that this peer stores, and far from what a stack holds. */
const MAX_DEPTH = 64;

/** How values that CBOR has no own form for are written: as an array of which the first item says what it is. */
const LIST = "a";
const MAP = "m";
const SET = "s";
const DATE = "d";

/**
 * Whatever a store takes as a value of a setting, as bytes: plain objects, arrays, `Map`, `Set`, `Date`, bytes, texts, numbers,
 * booleans, `null` and `undefined`.
 * @throws PeerError `VALUE_UNSEALABLE` for anything else
 */
export function encodePlain(value: unknown): Uint8Array {
  return encode(written(value, 0));
}

/**
 * The value again.
 * @throws PeerError `VALUE_UNSEALABLE` when the bytes are not those of a value
 */
export function decodePlain(bytes: Uint8Array): unknown {
  let read: unknown;
  try {
    // As maps: a key called `__proto__` is a key like any other.
    read = decode(bytes, { useMaps: true, strict: true, rejectDuplicateMapKeys: true });
  } catch (cause) {
    throw new PeerError("VALUE_UNSEALABLE", "These bytes are not those of a value.", { cause });
  }
  return valueOf(read, 0);
}

function written(value: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) throw unsealable("it is nested too deeply");
  const inner = (item: unknown): unknown => written(item, depth + 1);
  if (Array.isArray(value)) return [LIST, ...value.map(inner)];
  if (value instanceof Uint8Array) return value;
  if (value instanceof Map) return [MAP, ...[...value].map((entry) => inner(entry))];
  if (value instanceof Set) return [SET, ...[...value].map(inner)];
  if (value instanceof Date) return [DATE, value.getTime()];
  if (typeof value === "function" || typeof value === "symbol" || typeof value === "bigint") {
    throw unsealable(`it holds a ${typeof value}`);
  }
  if (typeof value !== "object" || value === null) return value;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) throw unsealable("its bytes are no Uint8Array");
  return new Map(Object.entries(value).map(([name, item]) => [name, inner(item)]));
}

function valueOf(read: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) throw unsealable("it is nested too deeply");
  const inner = (item: unknown): unknown => valueOf(item, depth + 1);
  if (read instanceof Map) {
    return Object.fromEntries([...read].map(([name, item]): [string, unknown] => [String(name), inner(item)]));
  }
  // A Buffer in Node, whose `slice` shares memory.
  if (read instanceof Uint8Array) return new Uint8Array(read);
  if (!Array.isArray(read)) return read;
  const [kind, ...items]: unknown[] = read;
  if (kind === LIST) return items.map(inner);
  if (kind === SET) return new Set(items.map(inner));
  if (kind === DATE && typeof items[0] === "number") return new Date(items[0]);
  if (kind === MAP) {
    return new Map(
      items.map((item): [unknown, unknown] => {
        const entry = inner(item);
        if (!Array.isArray(entry) || entry.length !== 2) throw unsealable("an entry of a map is no pair");
        return [entry[0], entry[1]];
      }),
    );
  }
  throw unsealable("it holds something unknown");
}

function unsealable(why: string): PeerError {
  return new PeerError("VALUE_UNSEALABLE", `This value cannot be kept: ${why}.`);
}
