/** The topic by which an author says that what a post shows may disturb, so that it comes covered. Pure. */
import type { ScopeKey } from "../../peer/api.ts";
import { isSensitive, SENSITIVE_TOPIC } from "../../social/defence/sensitive.ts";
import { LIMITS } from "../../wire/limits.ts";
import { roomFor } from "./scope-limits.ts";
import { kindOf } from "./scopes.ts";

export function isMarked(scopes: readonly ScopeKey[]): boolean {
  return scopes.some(isSensitive);
}

/**
 * These scopes with the mark as the first topic; where there is no room, the last topics give way. What is for trusted people only
 * stays so: with a topic, everybody would get it.
 */
export function markedFirst(scopes: readonly ScopeKey[]): readonly ScopeKey[] {
  if (scopes.length === 0 || isMarked(scopes)) return scopes;
  const places = scopes.filter((scope) => kindOf(scope) === "geo");
  const topics = [SENSITIVE_TOPIC, ...topicsOf(scopes)];
  let count = Math.min(topics.length, LIMITS.topicScopes);
  while (count > 1 && !fits([...places, ...topics.slice(0, count)])) count -= 1;
  return [...places, ...topics.slice(0, count)];
}

/** `closed`: for trusted people only, so without topics; `full`: no further topic; `large`: no bytes left for one. */
export type MarkRefusal = "closed" | "full" | "large";

/** Why these scopes cannot take the mark; `null` where they can. */
export function markRefusal(scopes: readonly ScopeKey[]): MarkRefusal | null {
  if (scopes.length === 0) return "closed";
  if (topicsOf(scopes).length >= LIMITS.topicScopes) return "full";
  return fits([...scopes, SENSITIVE_TOPIC]) ? null : "large";
}

/**
 * With the mark behind what is there.
 * @param before topics that said so until they were taken away: they come back as far as there is room
 */
export function marked(scopes: readonly ScopeKey[], before: readonly ScopeKey[] = []): readonly ScopeKey[] {
  if (isMarked(scopes) || markRefusal(scopes) !== null) return scopes;
  const again = [...scopes, ...before.slice(0, LIMITS.topicScopes - topicsOf(scopes).length)];
  return before.length > 0 && fits(again) ? again : [...scopes, SENSITIVE_TOPIC];
}

/** Without the topics that say so, and those. */
export function unmarked(scopes: readonly ScopeKey[]): {
  readonly scopes: readonly ScopeKey[];
  readonly marks: readonly ScopeKey[];
} {
  return { scopes: scopes.filter((scope) => !isSensitive(scope)), marks: scopes.filter(isSensitive) };
}

function topicsOf(scopes: readonly ScopeKey[]): ScopeKey[] {
  return scopes.filter((scope) => kindOf(scope) === "topic");
}

function fits(scopes: readonly ScopeKey[]): boolean {
  return roomFor("topic", "", scopes).bytes >= 0;
}
