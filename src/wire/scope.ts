/**
 * Places and topics: their one normal form, their text keys, and the gossip channels named after them.
 * Two spellings of one place must not be two places, so the wire carries normal forms only and whatever
 * a person types is brought into it here (docs/protocol.md, "Scopes and channels").
 */
import type { CborReader, CborWriter } from "./cbor.ts";
import { countCharacters } from "./cbor.ts";
import { WireError } from "./errors.ts";
import type { Field } from "./fields.ts";
import { LIMITS } from "./limits.ts";
import type { Scope } from "./types.ts";

const KINDS = ["geo", "topic"] as const;
const KEY_PREFIX = { geo: "g:", topic: "t:" } as const;
const CHANNEL_PREFIX = { geo: "mehr/1/g/", topic: "mehr/1/t/" } as const;

/** Most segments are plain ASCII in normal form already; this saves them the Unicode machinery. */
const PLAIN_SEGMENT = /^[a-z0-9](?:-?[a-z0-9])*$/;

/** A fullwidth solidus is what a Japanese or Chinese keyboard gives for a slash. */
const TYPED_SEPARATOR = /[/\uff0f]/;
/**
 * Where a person sees a gap: white space, any dash, and the zero-width non-joiner, which Persian writes inside
 * words where others leave them apart. All become one hyphen.
 */
const GAP = /[\p{White_Space}\p{Pd}\u200c\u2212]+/gu;
/** What telephones and typographers put for an apostrophe. */
const APOSTROPHE = /[\u0060\u00b4\u02bc\u2018\u2019\uff07]/g;
/** Invisible: joiners, bidi controls, variation selectors, fillers. They would make two places that look like one. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;
/** A leading "#" only says that a topic follows; hyphens at the ends are gaps at the ends. */
const EDGES = /^[#-]+|-+$/g;
/** Control, format, private-use, unassigned and surrogate code points, and what looks like the separator. */
const FORBIDDEN = /[\p{C}/\u2044\u2215\uff0f]/u;
/** Would attach to the separator before it. */
const LEADING_MARK = /^\p{M}/u;

/** The normal form of one segment. Idempotent. May be empty or still forbidden: {@link checkSegment} tells. */
function normaliseSegment(typed: string): string {
  return typed
    .normalize("NFC")
    .toLowerCase()
    .replace(GAP, "-")
    .replace(INVISIBLE, "")
    .replace(APOSTROPHE, "'")
    .replace(/-{2,}/g, "-")
    .replace(EDGES, "")
    .normalize("NFC");
}

function invalid(field: string, detail: string): WireError {
  return new WireError("SCOPE_INVALID", field, detail);
}

/** @throws WireError `SCOPE_INVALID` unless the segment is in normal form and within its limits */
function checkSegment(segment: string, field: string): void {
  if (segment.length <= LIMITS.segmentCharacters && PLAIN_SEGMENT.test(segment)) return;
  if (segment === "") throw invalid(field, "empty segment");
  if (countCharacters(segment) > LIMITS.segmentCharacters) {
    throw invalid(field, `segment of more than ${LIMITS.segmentCharacters} characters`);
  }
  // "." and ".." would vanish from addresses that carry a scope as a path.
  if (segment === "." || segment === ".." || FORBIDDEN.test(segment) || LEADING_MARK.test(segment)) {
    throw invalid(field, "character that a scope cannot hold");
  }
  if (normaliseSegment(segment) !== segment) throw invalid(field, "segment not in normal form");
}

/** @throws WireError `SCOPE_INVALID` */
function checkDepth(depth: number, field: string): void {
  if (depth === 0) throw invalid(field, "no segments");
  if (depth > LIMITS.scopeSegments) throw invalid(field, `more than ${LIMITS.scopeSegments} segments`);
}

/** @throws WireError `SCOPE_INVALID` unless the scope is in normal form and within its limits */
export function checkScope(scope: Scope, field = "scope"): void {
  checkDepth(scope.segments.length, field);
  for (const segment of scope.segments) checkSegment(segment, field);
}

function sameScope(a: Scope, b: Scope): boolean {
  return a.kind === b.kind && a.segments.length === b.segments.length && scopeWithin(a, b);
}

function checkScopes(scopes: readonly Scope[], bytes: number, field: string): void {
  if (bytes > LIMITS.scopesBytes) throw new WireError("SCOPE_SIZE", field, `more than ${LIMITS.scopesBytes} bytes`);
  let geo = 0;
  for (const [at, scope] of scopes.entries()) {
    if (scope.kind === "geo") geo++;
    for (let before = 0; before < at; before++) {
      if (sameScope(scopes[before] as Scope, scope)) throw new WireError("SCOPE_DUPLICATE", field, "named twice");
    }
  }
  if (geo > LIMITS.geoScopes) throw new WireError("SCOPE_COUNT", field, `more than ${LIMITS.geoScopes} place`);
  if (scopes.length - geo > LIMITS.topicScopes) {
    throw new WireError("SCOPE_COUNT", field, `more than ${LIMITS.topicScopes} topics`);
  }
}

/** One scope: an array of its kind (0 place, 1 topic) and its segments. */
export const scopeField: Field<Scope> = {
  read(from: CborReader, name) {
    const depth = from.array(name) - 1;
    if (depth < 0) throw invalid(name, "no kind");
    const kind = KINDS[from.uint(name, KINDS.length - 1)] as Scope["kind"];
    checkDepth(depth, name);
    const segments: string[] = [];
    for (let at = 0; at < depth; at++) {
      // A longer text is no segment, which checkSegment says; here only what could not even fit the list is refused.
      const segment = from.text(name, LIMITS.scopesBytes);
      checkSegment(segment, name);
      segments.push(segment);
    }
    return { kind, segments };
  },
  write(to: CborWriter, scope, name) {
    checkScope(scope, name);
    to.array(scope.segments.length + 1);
    to.uint(name, KINDS.indexOf(scope.kind), KINDS.length - 1);
    for (const segment of scope.segments) to.text(name, segment, LIMITS.segmentCharacters);
  },
};

/** The scopes of an envelope or a profile. */
export const scopesField: Field<Scope[]> = {
  read(from, name) {
    const start = from.position;
    const count = from.array(name);
    if (count > LIMITS.geoScopes + LIMITS.topicScopes) throw new WireError("SCOPE_COUNT", name, `${count} scopes`);
    const scopes: Scope[] = [];
    for (let at = 0; at < count; at++) scopes.push(scopeField.read(from, name));
    checkScopes(scopes, from.position - start, name);
    return scopes;
  },
  write(to, scopes, name) {
    const start = to.length;
    to.array(scopes.length);
    for (const scope of scopes) scopeField.write(to, scope, name);
    checkScopes(scopes, to.length - start, name);
  },
};

/** `g:europe/nl/utrecht`, `t:gaming/pokemon`. The scope must be in normal form, as every decoded or parsed one is. */
export function scopeKey(scope: Scope): string {
  return KEY_PREFIX[scope.kind] + scope.segments.join("/");
}

/** The gossip channel of a scope: `mehr/1/g/europe/nl/utrecht`. */
export function channelOf(scope: Scope): string {
  return CHANNEL_PREFIX[scope.kind] + scope.segments.join("/");
}

function fromPrefixed(text: string, prefixes: Readonly<Record<Scope["kind"], string>>): Scope {
  for (const kind of KINDS) {
    if (text.startsWith(prefixes[kind])) {
      const scope = { kind, segments: text.slice(prefixes[kind].length).split("/") };
      checkScope(scope);
      return scope;
    }
  }
  throw invalid("scope", "neither a place nor a topic");
}

/** The inverse of {@link scopeKey}; normal forms only. @throws WireError `SCOPE_INVALID` */
export function scopeFromKey(key: string): Scope {
  return fromPrefixed(key, KEY_PREFIX);
}

/** The inverse of {@link channelOf}; normal forms only. @throws WireError `SCOPE_INVALID` */
export function scopeFromChannel(channel: string): Scope {
  return fromPrefixed(channel, CHANNEL_PREFIX);
}

/**
 * The scope that a person means by what they typed: `Europe / NL / Utrecht`, `utrecht`, `#Pokémon`.
 * Case, spacing, dashes, quotes and invisible characters do not matter; empty segments are left out.
 * @throws WireError `SCOPE_INVALID` when nothing is left, a limit is passed, or a character cannot be in a scope
 */
export function parseScope(kind: Scope["kind"], text: string): Scope {
  if (!text.isWellFormed()) throw invalid("scope", "lone surrogate");
  const segments = text
    .split(TYPED_SEPARATOR)
    .map(normaliseSegment)
    .filter((segment) => segment !== "");
  const scope = { kind, segments };
  checkScope(scope);
  return scope;
}

/** Whether `scope` is `ancestor` itself or lies below it. */
export function scopeWithin(scope: Scope, ancestor: Scope): boolean {
  return (
    scope.kind === ancestor.kind &&
    scope.segments.length >= ancestor.segments.length &&
    ancestor.segments.every((segment, at) => segment === scope.segments[at])
  );
}
