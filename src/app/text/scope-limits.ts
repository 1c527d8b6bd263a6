/** What is left of the limits of the wire while a place or topic is typed. Pure. */
import { countCharacters, LIMITS, parseScope, scopeKey, WireError } from "../../wire/index.ts";
import type { ScopeKey } from "../../peer/api.ts";
import type { ScopeKind } from "./scopes.ts";

export interface ScopeRoom {
  /** As it would be sent; `null` while what is typed is no place or topic yet. */
  readonly key: string | null;
  /** Further parts that fit behind it. */
  readonly segments: number;
  /** Characters that fit into the part that is being typed, negative when there are too many. */
  readonly characters: number;
  /** Bytes that scopes may still take in an envelope, negative when there are too many. */
  readonly bytes: number;
}

/** @param others keys of scopes that the same envelope already has */
export function roomFor(kind: ScopeKind, typed: string, others: readonly string[]): ScopeRoom {
  const parts = typed.split(/[/\uff0f]/u).map((part) => part.trim());
  const filled = parts.filter((part) => part !== "");
  const used = others.reduce((sum, key) => sum + bytesOf(key.slice(2).split("/")), LIST_BYTES);
  return {
    key: typedKey(kind, typed),
    segments: LIMITS.scopeSegments - filled.length,
    characters: LIMITS.segmentCharacters - countCharacters((parts.at(-1) ?? "").normalize("NFC")),
    bytes: LIMITS.scopesBytes - used - bytesOf(filled.map((part) => part.normalize("NFC").toLowerCase())),
  };
}

/** The head of a short list and the number of a kind each take one byte (RFC 8949). */
const LIST_BYTES = 1;
/** Longer texts have a head of two bytes. */
const SHORT_TEXT = 24;

function bytesOf(segments: readonly string[]): number {
  if (segments.length === 0) return 0;
  const texts = segments.map((segment) => new TextEncoder().encode(segment).length);
  return texts.reduce((sum, length) => sum + length + (length < SHORT_TEXT ? 1 : 2), LIST_BYTES + 1);
}

/** The key for what was typed, as the peer's `normaliseScope` gives it; `null` when it is no place or topic. */
export function typedKey(kind: ScopeKind, typed: string): ScopeKey | null {
  try {
    return scopeKey(parseScope(kind, typed));
  } catch (error) {
    if (error instanceof WireError) return null;
    throw error;
  }
}
