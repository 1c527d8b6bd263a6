import {
  scopeKey,
  toHex,
  type NodeKey,
  type PostEnvelope,
  type PromotionCertificate,
  type Scope,
  type UserProfile,
} from "../wire/index.ts";
import { BoundedMap } from "./bounded.ts";
import type { IntakeSource } from "./outcomes.ts";
import { HourlyRate, type RatePolicy } from "./rate.ts";
import { placeOfChannel } from "./start.ts";

/** Profiles of one owner on channels, each hour: as many as an envelope's author may start in a country. */
const PROFILE_RATE = 6;

/** What is asked for has no channel; topics alone may start anywhere, so they count as the narrowest places do. */
const UNPLACED: Scope = { kind: "geo", segments: ["a", "b", "c", "d"] };

/** Hours of `created` that are counted for what is pulled. */
const REMEMBERED_HOURS = 20_000;
const HOUR = 3_600_000;

/**
 * Certificates of one issuer for one topic in an hour, and new ones for envelopes of one author: a relay that sits in a
 * busy town opens a topic to three posts an hour on average, and an author who is heard everywhere is heard six times.
 */
const TOPIC_OF_ISSUER = 20;
const TOPIC_OF_AUTHOR = 6;

type Promotion = Pick<PromotionCertificate, "envelope" | "issuer" | "scope" | "created">;

/** How much of somebody is taken in an hour. Local policy (docs/protocol.md, "Belief"). */
export class ArrivalRates {
  readonly #rates: RatePolicy;
  readonly #onChannels = new HourlyRate();
  readonly #promoted = new HourlyRate();
  /** Envelopes and scopes that their authors' rates were charged for. */
  readonly #opened = new BoundedMap<string, true>(REMEMBERED_HOURS);
  /** By author, place and hour of `created`. */
  readonly #pulled = new BoundedMap<string, number>(REMEMBERED_HOURS);

  constructor(rates: RatePolicy) {
    this.#rates = rates;
  }

  /** Whether what its author may start on this channel is used up; counts nothing. */
  isFull(object: PostEnvelope | UserProfile, channel: string, now: number): boolean {
    if (object.type === "UserProfile") return this.#onChannels.isFull(profileKey(object.nodeId), PROFILE_RATE, now);
    const place = placeOfChannel(channel) ?? UNPLACED;
    return this.#onChannels.isFull(rateKey(object.author, place), this.#rates(place), now);
  }

  takeProfile(owner: NodeKey, now: number): boolean {
    return this.#onChannels.take(profileKey(owner), PROFILE_RATE, now);
  }

  takeEnvelope(envelope: PostEnvelope, source: IntakeSource, now: number): boolean {
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

  /** Whether issuer or author have used up what may be opened of this scope on channels; counts nothing. */
  isPromotionFull(certificate: Promotion, author: NodeKey, now: number): boolean {
    const { issuer, scope } = certificate;
    const { ofAuthor, ofIssuer } = this.#promotionLimits(scope);
    if (this.#promoted.isFull(promotedKey("i", issuer, scope), ofIssuer, now)) return true;
    return this.#isNew(certificate) && this.#promoted.isFull(promotedKey("a", author, scope), ofAuthor, now);
  }

  /** Whether one more is allowed; if so it is counted for both. */
  takePromotion(certificate: Promotion, author: NodeKey, source: IntakeSource, now: number): boolean {
    if (source.kind !== "channel") return this.#takePulledPromotion(certificate, author);
    if (this.isPromotionFull(certificate, author, now)) return false;
    const { issuer, scope } = certificate;
    const { ofAuthor, ofIssuer } = this.#promotionLimits(scope);
    this.#promoted.take(promotedKey("i", issuer, scope), ofIssuer, now);
    if (this.#isNew(certificate)) {
      this.#promoted.take(promotedKey("a", author, scope), ofAuthor, now);
      this.#opened.set(openedKey(certificate), true);
    }
    return true;
  }

  /** Catching up brings a day at once, so here the hours of the certificates count. */
  #takePulledPromotion(certificate: Promotion, author: NodeKey): boolean {
    const { created, issuer, scope } = certificate;
    const { ofAuthor, ofIssuer } = this.#promotionLimits(scope);
    const isNew = this.#isNew(certificate);
    const hour = Math.floor(created / HOUR);
    const byIssuer = `${promotedKey("i", issuer, scope)}:${hour}`;
    const byAuthor = `${promotedKey("a", author, scope)}:${hour}`;
    const issued = this.#pulled.get(byIssuer) ?? 0;
    const written = this.#pulled.get(byAuthor) ?? 0;
    if (issued >= ofIssuer || (isNew && written >= ofAuthor)) return false;
    this.#pulled.set(byIssuer, issued + 1);
    if (isNew) {
      this.#pulled.set(byAuthor, written + 1);
      this.#opened.set(openedKey(certificate), true);
    }
    return true;
  }

  /**
   * Whether the envelope has not been opened to this scope before. Another certificate for the same costs its issuer alone:
   * or anybody could use up what the author may have opened.
   */
  #isNew(certificate: Promotion): boolean {
    return this.#opened.get(openedKey(certificate)) === undefined;
  }

  #promotionLimits(scope: Scope): { ofIssuer: number; ofAuthor: number } {
    if (scope.kind === "topic") return { ofIssuer: TOPIC_OF_ISSUER, ofAuthor: TOPIC_OF_AUTHOR };
    const limit = this.#rates(scope);
    return { ofIssuer: limit, ofAuthor: limit };
  }
}

function rateKey(author: NodeKey, place: Scope): string {
  return `${toHex(author)}:${place.segments.join("/")}`;
}

function profileKey(owner: NodeKey): string {
  return `p:${toHex(owner)}`;
}

function promotedKey(role: "a" | "i", key: NodeKey, scope: Scope): string {
  return `${role}:${toHex(key)}:${scopeKey(scope)}`;
}

function openedKey({ envelope, scope }: Promotion): string {
  return `${toHex(envelope)}:${scopeKey(scope)}`;
}
