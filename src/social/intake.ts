import {
  createdTooFarAhead,
  decodeObject,
  equalBytes,
  hashOf,
  LIMITS,
  toHex,
  verifyEncoded,
  WireError,
  type Hash,
  type NodeKey,
  type PostEnvelope,
  type Scope,
  type UserProfile,
  type WireErrorCode,
} from "../wire/index.ts";
import { StorageAllowance, type StorageLimits } from "./allowance.ts";
import { BoundedMap } from "./bounded.ts";
import { RefusalCounts } from "./counts.ts";
import { defaultRates, HourlyRate, type RatePolicy } from "./rate.ts";
import { channelRefusal, placeOfChannel, type ChannelRefusal } from "./start.ts";

/** Where bytes came from: what is allowed depends on it. */
export type IntakeSource =
  | { readonly kind: "channel"; readonly channel: string; readonly from: NodeKey }
  | {
      /** An envelope that this peer asked a neighbour for. */
      readonly kind: "pull";
      readonly from: NodeKey;
      /** Whether a subscription covers it. */
      readonly asked: (envelope: Pick<PostEnvelope, "author" | "scopes">) => boolean;
      /** Whether this person follows the author: then nothing of it is too much. */
      readonly followed: (author: NodeKey) => boolean;
    }
  | {
      /**
       * An envelope that this peer asked somebody for by naming a hash: its own, its post's, or that of what it is about.
       * Whoever names it may have it without evidence that it is heard this far.
       */
      readonly kind: "named";
      readonly from: NodeKey;
      /** Whether it is what was asked for. */
      readonly asked: (envelope: PostEnvelope) => boolean;
    }
  /** A profile that this peer asked a neighbour for. */
  | { readonly kind: "head"; readonly from: NodeKey; readonly owner: NodeKey };

/** Stable. What wire refuses keeps its code. */
export type IntakeCode =
  | "ACCEPTED"
  | "DUPLICATE"
  | "OVERLOADED"
  /** This person wants to hear nothing of the author. */
  | "AUTHOR_BLOCKED"
  | "SIGNATURE_INVALID"
  | "FROM_THE_FUTURE"
  | "RATE_EXCEEDED"
  /** More than this author, this neighbour or all of them may have stored here. */
  | "STORAGE_EXCEEDED"
  | "UNSOLICITED"
  | "UNSCOPED"
  | ChannelRefusal
  | WireErrorCode;

export interface AcceptedEnvelope {
  readonly kind: "envelope";
  readonly verdict: "accept";
  readonly code: "ACCEPTED";
  readonly hash: Hash;
  readonly bytes: Uint8Array;
  readonly envelope: PostEnvelope;
}

/** Valid, but whether it is news depends on the head that is held: `decideHead`. */
export interface AcceptedProfile {
  readonly kind: "profile";
  readonly verdict: "accept";
  readonly code: "ACCEPTED";
  readonly hash: Hash;
  readonly bytes: Uint8Array;
  readonly profile: UserProfile;
}

/** Nothing to store. `accept` for a duplicate that others on the channel may still lack. */
export interface Settled {
  readonly kind: "none";
  readonly verdict: "accept" | "ignore" | "reject";
  readonly code: Exclude<IntakeCode, "ACCEPTED">;
}

export type IntakeOutcome = AcceptedEnvelope | AcceptedProfile | Settled;

export interface IntakeOptions {
  /** Whether this envelope is held, or about to be. */
  readonly known: (hash: Hash) => boolean;
  readonly rates?: RatePolicy;
  readonly storage?: StorageLimits;
  /** Whether this person follows the author: then all of it may be stored. */
  readonly followed?: (author: NodeKey) => boolean;
  /** Whether this person wants to hear nothing of the author. */
  readonly blocked?: (author: NodeKey) => boolean;
  /** The verdict on the signatures; given by tests and by the simulator, which checks each object once for all peers. */
  readonly verify?: (object: PostEnvelope | UserProfile, bytes: Uint8Array) => Promise<boolean>;
}

/** Signature checks under way: at 10,000 a second (measured) a tenth of a second of work. Beyond that channels wait for nobody. */
const MAX_IN_FLIGHT = 1_024;

/**
 * A duplicate is passed on while it is young: a peer that got it by a stream is still a link of the channel for others.
 * Older ones would let anybody make the channel repeat all that it ever carried. In ms.
 */
const FORWARD_DUPLICATES = 600_000;

/** Profiles of one owner on channels, each hour: as many as an envelope's author may start in a country. */
const PROFILE_RATE = 6;

/** What is asked for has no channel; topics alone may start anywhere, so they count as the narrowest places do. */
const UNPLACED: Scope = { kind: "geo", segments: ["a", "b", "c", "d"] };

/** Hours of `created` that are counted for what is pulled. */
const REMEMBERED_HOURS = 20_000;
const HOUR = 3_600_000;

/** Wire faults that say "of another version" rather than "broken". */
const FOREIGN: ReadonlySet<string> = new Set<WireErrorCode>(["TYPE_UNKNOWN", "TYPE_UNEXPECTED"]);

/**
 * Decides about everything that comes from outside (protocol section 8): size, canonical form, limits and consistency
 * (all four in wire), the cheap rules of policy, the signature, and last what has a memory: duplicates and rates, which
 * nobody but the signer may use up.
 */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #verify: NonNullable<IntakeOptions["verify"]>;
  readonly #rates: RatePolicy;
  readonly #inFlight = new Map<string, Promise<IntakeOutcome>>();
  readonly #onChannels = new HourlyRate();
  /** By author, place and hour of `created`. */
  readonly #pulled = new BoundedMap<string, number>(REMEMBERED_HOURS);
  readonly #allowance: StorageAllowance;
  readonly counts = new RefusalCounts();

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.#rates = options.rates ?? defaultRates;
    this.#allowance = new StorageAllowance(options.storage);
    this.#verify = options.verify ?? ((object, bytes) => verifyEncoded(object, bytes));
  }

  /**
   * Never rejects for what a peer sent. Many calls may be under way; of two with the same bytes one is checked.
   * @param now milliseconds since 1970 UTC
   */
  async check(bytes: Uint8Array, source: IntakeSource, now: number): Promise<IntakeOutcome> {
    const outcome = await this.#check(bytes, source, now);
    if (outcome.kind === "none" && outcome.code !== "DUPLICATE") this.counts.add(source.from, outcome.code);
    return outcome;
  }

  async #check(bytes: Uint8Array, source: IntakeSource, now: number): Promise<IntakeOutcome> {
    const object = decode(bytes);
    if ("code" in object) return object;
    const refusal = object.type === "PostEnvelope" ? refusalOf(object, source, now) : profileRefusal(object, source);
    if (refusal !== null) return refusal;
    const author = object.type === "PostEnvelope" ? object.author : object.nodeId;
    if (this.#options.blocked?.(author) === true) return ignore("AUTHOR_BLOCKED");
    const hash = hashOf(bytes);
    if (object.type === "PostEnvelope" && this.#options.known(hash)) return duplicate(object, source, now);
    const key = toHex(hash);
    for (let other = this.#inFlight.get(key); other !== undefined; other = this.#inFlight.get(key)) {
      const first = await other;
      // Bad for the one, bad for all; of two that are good one is stored.
      if (first.code === "SIGNATURE_INVALID") return first;
      // A rate is the channel's: who asked for it has another, and would lose it behind the cursor.
      if (first.code === "RATE_EXCEEDED") continue;
      return object.type === "PostEnvelope" ? duplicate(object, source, now) : ignore("DUPLICATE");
    }
    // The signature would change nothing, and is what costs.
    if (source.kind === "channel" && this.#isOverRate(object, source.channel, now)) return ignore("RATE_EXCEEDED");
    // What was asked for has a window of its own, and would be lost behind the cursor.
    if (source.kind === "channel" && this.#inFlight.size >= MAX_IN_FLIGHT) return ignore("OVERLOADED");
    const outcome = this.#judge(object, { bytes, hash }, source, now);
    this.#inFlight.set(key, outcome);
    try {
      return await outcome;
    } finally {
      this.#inFlight.delete(key);
    }
  }

  async #judge(
    object: PostEnvelope | UserProfile,
    { bytes, hash }: { bytes: Uint8Array; hash: Hash },
    source: IntakeSource,
    now: number,
  ): Promise<IntakeOutcome> {
    if (!(await this.#verify(object, bytes))) return reject("SIGNATURE_INVALID");
    if (object.type === "UserProfile") {
      const within = source.kind !== "channel" || this.#onChannels.take(`p:${toHex(object.nodeId)}`, PROFILE_RATE, now);
      if (!within) return ignore("RATE_EXCEEDED");
      return { kind: "profile", verdict: "accept", code: "ACCEPTED", hash, bytes, profile: object };
    }
    if (!this.#withinRate(object, source, now)) return ignore("RATE_EXCEEDED");
    if (!this.#mayBeStored(object, bytes.length, source, now)) return ignore("STORAGE_EXCEEDED");
    return { kind: "envelope", verdict: "accept", code: "ACCEPTED", hash, bytes, envelope: object };
  }

  #isOverRate(object: PostEnvelope | UserProfile, channel: string, now: number): boolean {
    if (object.type === "UserProfile") return this.#onChannels.isFull(`p:${toHex(object.nodeId)}`, PROFILE_RATE, now);
    const place = placeOfChannel(channel) ?? UNPLACED;
    return this.#onChannels.isFull(rateKey(object.author, place), this.#rates(place), now);
  }

  #mayBeStored(envelope: PostEnvelope, bytes: number, source: IntakeSource, now: number): boolean {
    const { author } = envelope;
    if (this.#options.followed?.(author) === true || (source.kind === "pull" && source.followed(author))) return true;
    return this.#allowance.take({ author, bytes, from: source.from, asked: source.kind !== "channel" }, now);
  }

  #withinRate(envelope: PostEnvelope, source: IntakeSource, now: number): boolean {
    if (source.kind === "pull" && source.followed(envelope.author)) return true;
    if (source.kind === "channel") {
      const place = placeOfChannel(source.channel) ?? UNPLACED;
      return this.#onChannels.take(rateKey(envelope.author, place), this.#rates(place), now);
    }
    const place = envelope.scopes.find((scope) => scope.kind === "geo") ?? UNPLACED;
    // Catching up brings days at once, so here the author's own hours count.
    const hour = `${rateKey(envelope.author, place)}:${Math.floor(envelope.created / HOUR)}`;
    const taken = this.#pulled.get(hour) ?? 0;
    if (taken >= this.#rates(place)) return false;
    this.#pulled.set(hour, taken + 1);
    return true;
  }
}

function rateKey(author: NodeKey, place: Scope): string {
  return `${toHex(author)}:${place.segments.join("/")}`;
}

function decode(bytes: Uint8Array): PostEnvelope | UserProfile | Settled {
  // The largest that may come this way; smaller limits of each type are wire's.
  if (bytes.length > Math.max(LIMITS.envelopeBytes, LIMITS.profileBytes)) return reject("TOO_LARGE");
  try {
    const object = decodeObject(bytes);
    // A type that this version does not expect here may be one that a later version does.
    return object.type === "PostEnvelope" || object.type === "UserProfile" ? object : ignore("TYPE_UNEXPECTED");
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return FOREIGN.has(error.code) ? ignore(error.code) : reject(error.code);
  }
}

/** What can be said without any memory, and without the signature: whoever passed it on should have said it, too. */
function refusalOf(envelope: PostEnvelope, source: IntakeSource, now: number): Settled | null {
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
      // Nobody is trusted yet, so nobody may send it, and nobody was asked for it.
      if (envelope.scopes.length === 0) return reject("UNSCOPED");
      return source.asked(envelope) ? null : reject("UNSOLICITED");
    case "named":
      // Those travel by subscription between people who trust each other, and no other way.
      if (envelope.scopes.length === 0) return reject("UNSCOPED");
      return source.asked(envelope) ? null : reject("UNSOLICITED");
    case "head":
      return reject("UNSOLICITED");
  }
}

function profileRefusal(profile: UserProfile, source: IntakeSource): Settled | null {
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

function duplicate(envelope: PostEnvelope, source: IntakeSource, now: number): Settled {
  const forward = source.kind === "channel" && now - envelope.created <= FORWARD_DUPLICATES;
  return { kind: "none", verdict: forward ? "accept" : "ignore", code: "DUPLICATE" };
}

function ignore(code: Settled["code"]): Settled {
  return { kind: "none", verdict: "ignore", code };
}

function reject(code: Settled["code"]): Settled {
  return { kind: "none", verdict: "reject", code };
}
