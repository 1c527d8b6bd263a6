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
  const topics = [SENSITIVE_TOPIC, ...scopes.filter((scope) => kindOf(scope) === "topic")];
  let count = Math.min(topics.length, LIMITS.topicScopes);
  while (count > 1 && !fits([...places, ...topics.slice(0, count)])) count -= 1;
  return [...places, ...topics.slice(0, count)];
}

function fits(scopes: readonly ScopeKey[]): boolean {
  return roomFor("topic", "", scopes).bytes >= 0;
}
