/** Scope keys (`g:europe/nl/utrecht`, `t:music/jazz`) as people read them and as addresses of pages. Pure. */
import type { ScopeKey } from "../../peer/api.ts";
import { displayLine } from "./display.ts";

export type ScopeKind = "geo" | "topic";

export const COMMONS: ScopeKey = "g:cyberspace/commons";

export function kindOf(scope: ScopeKey): ScopeKind {
  return scope.startsWith("g:") ? "geo" : "topic";
}

export function segmentsOf(scope: ScopeKey): string[] {
  return scope.slice(2).split("/");
}

/** `new york` becomes "New York"; codes of countries (`nl`) become capitals. Scripts without case stay as they are. */
function placeName(segment: string): string {
  if (/^[a-z]{2}$/.test(segment)) return segment.toUpperCase();
  return segment.replace(/(^|[\s-])(\p{Ll})/gu, (_, before: string, letter: string) => before + letter.toUpperCase());
}

/** The narrowest part: "Utrecht", "jazz". */
export function scopeName(scope: ScopeKey): string {
  const last = displayLine(segmentsOf(scope).at(-1) ?? "");
  return kindOf(scope) === "geo" ? placeName(last) : last;
}

/** Longer paths are cut to their last part on chips. */
const SHORT_PATH = 24;

/** For a chip: places by their last part, topics by their path, since "early" alone says nothing of music. */
export function scopeLabel(scope: ScopeKey): string {
  const path = scopePath(scope);
  return kindOf(scope) === "topic" && path.length <= SHORT_PATH ? path : scopeName(scope);
}

/** All parts, widest first: "Europe / NL / Utrecht". */
export function scopePath(scope: ScopeKey): string {
  return segmentsOf(scope)
    .map((segment) => (kindOf(scope) === "geo" ? placeName(displayLine(segment)) : displayLine(segment)))
    .join(" / ");
}

/** The scopes around this one, widest first, without itself. */
export function ancestorsOf(scope: ScopeKey): ScopeKey[] {
  const segments = segmentsOf(scope);
  return segments.slice(0, -1).map((_, index) => scope.slice(0, 2) + segments.slice(0, index + 1).join("/"));
}

/** Path of the page of a scope, without the app's base. */
export function scopeHref(scope: ScopeKey): string {
  const kind = kindOf(scope) === "geo" ? "place" : "topic";
  return `/s/${kind}/${segmentsOf(scope).map(encodeURIComponent).join("/")}`;
}

/** What `scopeHref` made, back; `null` when the path names no scope. Expects decoded segments. */
export function scopeOfPath(kind: string, segments: readonly string[]): ScopeKey | null {
  const prefix = kind === "place" ? "g:" : kind === "topic" ? "t:" : null;
  const parts = segments.filter((segment) => segment !== "");
  return prefix === null || parts.length === 0 ? null : prefix + parts.join("/");
}
