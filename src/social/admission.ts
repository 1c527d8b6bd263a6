/** What can be said of something that came in without any memory and without its signature: form, date, channel, question. */
import {
  createdTooFarAhead,
  decodeObject,
  equalBytes,
  LIMITS,
  WireError,
  type PostEnvelope,
  type UserProfile,
  type WireErrorCode,
} from "../wire/index.ts";
import { ignore, reject, type IntakeSource, type Settled } from "./outcomes.ts";
import { channelRefusal, placeOfChannel } from "./start.ts";

/** Wire faults that say "of another version" rather than "broken". */
const FOREIGN: ReadonlySet<string> = new Set<WireErrorCode>(["TYPE_UNKNOWN", "TYPE_UNEXPECTED"]);

/**
 * A duplicate is passed on while it is young: a peer that got it by a stream is still a link of the channel for others.
 * Older ones would let anybody make the channel repeat all that it ever carried. In ms.
 */
const FORWARD_DUPLICATES = 600_000;

export function decodeArrival(bytes: Uint8Array): PostEnvelope | UserProfile | Settled {
  // The largest that may come this way; smaller limits of each type are wire's.
  if (bytes.length > Math.max(LIMITS.envelopeBytes, LIMITS.profileBytes)) return reject("TOO_LARGE");
  return attempted(() => {
    const object = decodeObject(bytes);
    // A type that this version does not expect here may be one that a later version does.
    return object.type === "PostEnvelope" || object.type === "UserProfile" ? object : ignore("TYPE_UNEXPECTED");
  });
}

/** What wire refuses becomes a verdict. */
export function attempted<T>(decode: () => T): T | Settled {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return FOREIGN.has(error.code) ? ignore(error.code) : reject(error.code);
  }
}

/** What whoever passed it on should have said, too. */
export function envelopeRefusal(envelope: PostEnvelope, source: IntakeSource, now: number): Settled | null {
  // Clocks differ: this may be our fault as well as theirs.
  if (createdTooFarAhead(envelope.created, now)) return ignore("FROM_THE_FUTURE");
  switch (source.kind) {
    case "channel": {
      const refusal = channelRefusal(envelope, source.channel);
      // The sender may have seen a certificate that has not come here.
      if (refusal === "NOT_PROMOTED") return ignore(refusal);
      return refusal === null ? null : reject(refusal);
    }
    case "pull":
      return pulledRefusal(envelope, source);
    case "named":
      // Those travel by subscription between people who trust each other, and no other way.
      if (envelope.scopes.length === 0) return reject("UNSCOPED");
      return source.asked(envelope) ? null : reject("UNSOLICITED");
    case "head":
      return reject("UNSOLICITED");
  }
}

function pulledRefusal(
  envelope: PostEnvelope,
  { asked, trusted }: Extract<IntakeSource, { kind: "pull" }>,
): Settled | null {
  if (envelope.scopes.length === 0) {
    if (!asked.unscoped) return reject("UNSCOPED");
    // Only who is trusted is asked for it. If trust ended while it was on its way, that is no fault of theirs.
    return trusted ? null : ignore("UNSCOPED");
  }
  if (asked.mayStart(envelope)) return null;
  // Its certificate may have ended on the way.
  return asked.covers(envelope) ? ignore("NOT_PROMOTED") : reject("UNSOLICITED");
}

export function profileRefusal(profile: UserProfile, source: IntakeSource): Settled | null {
  switch (source.kind) {
    case "channel":
      // Its owner's home, which only the owner knows.
      return placeOfChannel(source.channel)?.kind === "geo" ? null : reject("WRONG_CHANNEL");
    case "pull":
    case "named":
      return reject("UNSOLICITED");
    case "head":
      return equalBytes(profile.nodeId, source.owner) ? null : reject("UNSOLICITED");
  }
}

/** @param since the date of what is repeated, milliseconds since 1970 */
export function duplicate(since: number, source: IntakeSource, now: number): Settled {
  const forward = source.kind === "channel" && now - since <= FORWARD_DUPLICATES;
  return { kind: "none", verdict: forward ? "accept" : "ignore", code: "DUPLICATE" };
}
