import { equalBytes, scopeKey, type NodeKey, type PostEnvelope, type Scope } from "../../wire/index.ts";

/** What the rules need to know of an envelope to say where it starts. */
export type Scoped = Pick<PostEnvelope, "author" | "scopes">;

/** A target of a subscription, as far as the rules look at it; those of `/mehr/pub/1` fit. */
export type ReachTarget =
  | { readonly kind: "node"; readonly key: NodeKey }
  | { readonly kind: "scope"; readonly scope: Scope; readonly match: "exact" | "prefix" }
  /** A mutable object, and what trusted people write without scopes: neither is about envelopes with scopes. */
  | { readonly kind: "key" }
  | { readonly kind: "trusted" };

/** The place that an envelope names; `undefined` for one with topics alone. */
export function placeOf({ scopes }: Pick<PostEnvelope, "scopes">): Scope | undefined {
  return scopes.find((scope) => scope.kind === "geo");
}

export function sameScope(a: Scope, b: Scope): boolean {
  return scopeKey(a) === scopeKey(b);
}

/**
 * Whether an envelope starts on the channel of this scope.
 * @param home the author's, where it is known; without it, topics alone may start in any place
 */
export function isStart(envelope: Pick<PostEnvelope, "scopes">, scope: Scope, home?: Scope): boolean {
  if (envelope.scopes.length === 0 || scope.kind === "topic") return false;
  const place = placeOf(envelope) ?? home;
  return place === undefined || sameScope(place, scope);
}

/**
 * Whether a subscription to this target may have the envelope without any evidence.
 * @param heardAt the places on whose channels the giver heard an envelope with topics alone, or wrote it itself
 */
export function coversByStart(target: ReachTarget, envelope: Scoped, heardAt: readonly Scope[]): boolean {
  if (envelope.scopes.length === 0) return false;
  if (target.kind === "node") return equalBytes(target.key, envelope.author);
  if (target.kind !== "scope" || target.scope.kind === "topic") return false;
  const place = placeOf(envelope);
  const starts = place === undefined ? heardAt : [place];
  return starts.some((start) => sameScope(start, target.scope));
}

/**
 * Whether whoever asked for this target may be given the envelope without evidence, as far as the asker can tell: where the
 * author of topics alone lives, only the giver knows.
 */
export function mayStartFor(target: ReachTarget, envelope: Scoped): boolean {
  if (coversByStart(target, envelope, [])) return true;
  return target.kind === "scope" && isStart(envelope, target.scope);
}
