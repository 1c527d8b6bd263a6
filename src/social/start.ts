import { channelOf, scopeFromChannel, scopeKey, scopeWithin } from "../wire/index.ts";
import { isStart } from "./promotion/start-set.ts";
import { WireError, type PostEnvelope, type Scope } from "../wire/index.ts";

/** Who hears an envelope when it starts out (protocol section 4). */
export interface Audience {
  /** `place`: starts on the channel of `startsAt`, whoever is there hears it; `trusted`: only trusted peers. */
  readonly kind: "place" | "trusted";
  /** Key of the place; `null` for `trusted`. */
  readonly startsAt: string | null;
}

/** The place where an envelope with these scopes starts: its own, else the author's home; `null` without any scope. */
function startPlace(scopes: readonly Scope[], home: Scope): Scope | null {
  const place = scopes.find((scope) => scope.kind === "geo");
  if (place !== undefined) return place;
  return scopes.length > 0 ? home : null;
}

export function audienceOf(scopes: readonly Scope[], home: Scope): Audience {
  const place = startPlace(scopes, home);
  return place === null ? { kind: "trusted", startsAt: null } : { kind: "place", startsAt: scopeKey(place) };
}

/** The channels on which its author publishes an envelope; none for one without scopes. */
export function startChannels(envelope: Pick<PostEnvelope, "scopes">, home: Scope): string[] {
  const place = startPlace(envelope.scopes, home);
  return place === null ? [] : [channelOf(place)];
}

export type ChannelRefusal =
  /** No scopes: for trusted peers only, on any channel a breach. */
  | "UNSCOPED_ON_CHANNEL"
  /** A channel that has nothing to do with its scopes, whatever evidence there may be. */
  | "WRONG_CHANNEL"
  /** A wider channel, which takes it only with a promotion certificate. */
  | "NOT_PROMOTED";

/** Why this envelope may not be on this channel, or `null`. */
export function channelRefusal(envelope: Pick<PostEnvelope, "scopes">, channel: string): ChannelRefusal | null {
  const { scopes } = envelope;
  if (scopes.length === 0) return "UNSCOPED_ON_CHANNEL";
  const at = placeOfChannel(channel);
  if (at === null) return "WRONG_CHANNEL";
  if (at.kind === "topic") return scopes.some((scope) => scopeWithin(scope, at)) ? "NOT_PROMOTED" : "WRONG_CHANNEL";
  const place = scopes.find((scope) => scope.kind === "geo");
  // Only its author knows the author's home, so topics alone may start anywhere.
  if (place === undefined || isStart(envelope, at)) return null;
  return scopeWithin(place, at) ? "NOT_PROMOTED" : "WRONG_CHANNEL";
}

/** The scope that a channel stands for; `null` for a name that no scope has. */
export function placeOfChannel(channel: string): Scope | null {
  try {
    return scopeFromChannel(channel);
  } catch (error) {
    if (error instanceof WireError) return null;
    throw error;
  }
}
