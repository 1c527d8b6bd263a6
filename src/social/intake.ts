import {
  hashOf,
  isPromoted,
  toHex,
  verifyEncoded,
  type Hash,
  type NodeKey,
  type PostEnvelope,
  type UserProfile,
} from "../wire/index.ts";
import { decodeArrival, duplicate, envelopeRefusal, profileRefusal } from "./admission.ts";
import { StorageAllowance, type StorageLimits } from "./allowance.ts";
import { ArrivalRates } from "./arrival-rates.ts";
import { RefusalCounts } from "./counts.ts";
import { ignore, reject, type IntakeOutcome, type IntakeSource } from "./outcomes.ts";
import { PromotedIntake } from "./promoted-intake.ts";
import { NOBODY_DOUBTED, type Doubted, type Verify, type Vouching } from "./promotion/index.ts";
import { defaultRates, type RatePolicy } from "./rate.ts";

export interface IntakeOptions {
  /** Whether this envelope is held, or about to be. */
  readonly known: (hash: Hash) => boolean;
  readonly rates?: RatePolicy;
  readonly storage?: StorageLimits;
  /** The same of certificates and what they rest on. */
  readonly evidenceLimits?: StorageLimits;
  /** Whether this person follows the author: then all of it may be stored. */
  readonly followed?: (author: NodeKey) => boolean;
  /** Whether this person wants to hear nothing of the author. */
  readonly blocked?: (author: NodeKey) => boolean;
  /** Whose word that others should hear something counts for nothing here. */
  readonly doubted?: Doubted;
  /** Somebody has vouched for an author; also where nobody believes them here. */
  readonly vouched?: (vouching: Vouching) => void;
  /** Whether this certificate is held. */
  readonly knownCertificate?: (hash: Hash) => boolean;
  /** Evidence that a promoted message names and does not hold, from whoever brought it; `null` where it is not to be had. */
  readonly evidence?: (hashes: readonly Hash[], from: NodeKey) => Promise<readonly Uint8Array[] | null>;
  /** The verdict on the signatures; given by tests and by the simulator, which checks each object once for all peers. */
  readonly verify?: Verify;
}

/** Signature checks under way: at 10,000 a second (measured) a tenth of a second of work. Beyond that channels wait for nobody. */
const MAX_IN_FLIGHT = 1_024;

/**
 * Decides about everything that comes from outside (protocol section 8): size, canonical form, limits and consistency
 * (all four in wire), the cheap rules of policy, the signature, and last what has a memory: duplicates and rates, which
 * nobody but the signer may use up.
 */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #verify: NonNullable<IntakeOptions["verify"]>;
  readonly #rates: ArrivalRates;
  readonly #promoted: PromotedIntake;
  readonly #inFlight = new Map<string, Promise<IntakeOutcome>>();
  readonly #allowance: StorageAllowance;
  readonly counts = new RefusalCounts();

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.#rates = new ArrivalRates(options.rates ?? defaultRates);
    this.#allowance = new StorageAllowance(options.storage);
    this.#verify = options.verify ?? ((object, bytes) => verifyEncoded(object, bytes));
    this.#promoted = new PromotedIntake({
      known: options.known,
      knownCertificate: options.knownCertificate ?? (() => false),
      blocked: (key) => options.blocked?.(key) === true,
      doubted: options.doubted ?? NOBODY_DOUBTED,
      vouched: options.vouched ?? (() => undefined),
      verify: this.#verify,
      rates: this.#rates,
      mayBeStored: (envelope, bytes, source, now) => this.#mayBeStored(envelope, bytes, source, now),
      evidence: options.evidence ?? (async () => null),
      ...(options.evidenceLimits === undefined ? {} : { evidenceLimits: options.evidenceLimits }),
    });
  }

  /**
   * Never rejects for what a peer sent. Many calls may be under way; of two with the same bytes one is checked.
   * @param now milliseconds since 1970 UTC
   */
  async check(bytes: Uint8Array, source: IntakeSource, now: number): Promise<IntakeOutcome> {
    const outcome = isPromoted(bytes)
      ? await this.#promoted.check(bytes, source, now)
      : await this.#check(bytes, source, now);
    if (outcome.kind === "none" && outcome.code !== "DUPLICATE") this.counts.add(source.from, outcome.code);
    return outcome;
  }

  async #check(bytes: Uint8Array, source: IntakeSource, now: number): Promise<IntakeOutcome> {
    const object = decodeArrival(bytes);
    if ("code" in object) return object;
    const refusal =
      object.type === "PostEnvelope" ? envelopeRefusal(object, source, now) : profileRefusal(object, source);
    if (refusal !== null) return refusal;
    const author = object.type === "PostEnvelope" ? object.author : object.nodeId;
    if (this.#options.blocked?.(author) === true) return ignore("AUTHOR_BLOCKED");
    const hash = hashOf(bytes);
    if (object.type === "PostEnvelope" && this.#options.known(hash)) {
      return duplicate(object.created, source, now);
    }
    const key = toHex(hash);
    for (let other = this.#inFlight.get(key); other !== undefined; other = this.#inFlight.get(key)) {
      const first = await other;
      // Bad for the one, bad for all; of two that are good one is stored.
      if (first.code === "SIGNATURE_INVALID") return first;
      // A rate is the channel's: who asked for it has another, and would lose it behind the cursor.
      if (first.code === "RATE_EXCEEDED") continue;
      return object.type === "PostEnvelope" ? duplicate(object.created, source, now) : ignore("DUPLICATE");
    }
    // The signature would change nothing, and is what costs.
    if (source.kind === "channel" && this.#rates.isFull(object, source.channel, now)) return ignore("RATE_EXCEEDED");
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
      const within = source.kind !== "channel" || this.#rates.takeProfile(object.nodeId, now);
      if (!within) return ignore("RATE_EXCEEDED");
      return { kind: "profile", verdict: "accept", code: "ACCEPTED", hash, bytes, profile: object };
    }
    if (!this.#rates.takeEnvelope(object, source, now)) return ignore("RATE_EXCEEDED");
    if (!this.#mayBeStored(object, bytes.length, source, now)) return ignore("STORAGE_EXCEEDED");
    return { kind: "envelope", verdict: "accept", code: "ACCEPTED", hash, bytes, envelope: object, promotion: null };
  }

  #mayBeStored(envelope: PostEnvelope, bytes: number, source: IntakeSource, now: number): boolean {
    const { author } = envelope;
    if (this.#options.followed?.(author) === true || (source.kind === "pull" && source.followed(author))) return true;
    return this.#allowance.take({ author, bytes, from: source.from, asked: source.kind !== "channel" }, now);
  }
}
