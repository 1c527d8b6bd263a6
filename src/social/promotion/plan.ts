import {
  LIMITS,
  scopeKey,
  scopeWithin,
  toHex,
  type EvidenceKind,
  type Hash,
  type NodeKey,
  type PostEnvelope,
  type PromotionCertificate,
  type PromotionLevel,
  type Scope,
} from "../../wire/index.ts";
import { levelOf, parentOf, RECEIPTS_NEEDED } from "./levels.ts";
import { endOf } from "./opening.ts";
import { placeOf, sameScope } from "./start-set.ts";

/** Something that may carry a certificate: one boost, one feed, or the receipts of so many readers. */
export interface Endorsement {
  readonly kind: EvidenceKind;
  /** When it was given; of several receipts the oldest. Milliseconds since 1970. */
  readonly date: number;
  readonly items: readonly { readonly hash: Hash; readonly bytes: Uint8Array }[];
  readonly who: readonly NodeKey[];
}

/** A certificate to be issued. */
export interface PlannedPromotion {
  readonly level: PromotionLevel;
  readonly scope: Scope;
  readonly endorsement: Endorsement;
}

export interface PlanInput {
  readonly envelope: Pick<PostEnvelope, "scopes">;
  /** Certificates that are known to carry it; those that have ended count for nothing. */
  readonly standing: readonly PromotionCertificate[];
  readonly endorsements: readonly Endorsement[];
  /** Whether whoever plans sits on the channel of this place: nobody speaks for a town that it does not hear. */
  readonly sits: (place: Scope) => boolean;
  /** Where an envelope with topics alone was heard. */
  readonly heardAt: readonly Scope[];
  readonly now: number;
}

/** A certificate is renewed once half of its day is over: others have the other half to hear of it. */
const RENEW = LIMITS.certificateLifetimeMs / 2;

/**
 * What a relay is to issue now: for each topic, and for the next place above the one at which the envelope stands already.
 * Each step of places takes an endorsement of its own; what opened the town does not open the country.
 */
export function planPromotions(input: PlanInput): PlannedPromotion[] {
  const { endorsements, envelope, heardAt, now, sits } = input;
  const standing = input.standing.filter((certificate) => endOf(certificate) > now);
  const fresh = endorsements
    .filter(({ date }) => date > now - LIMITS.certificateLifetimeMs && date <= now + LIMITS.clockAheadMs)
    .toSorted((a, b) => b.date - a.date);
  const place = placeOf(envelope);
  const starts = place === undefined ? heardAt : [place];
  const planned: PlannedPromotion[] = [];
  if (starts.some(sits)) {
    for (const topic of narrowestTopics(envelope)) {
      const endorsement = fresh.find((one) => isEnough(one, topic) && isNeeded(topic, one, standing, now));
      if (endorsement !== undefined) planned.push({ level: levelOf(topic), scope: topic, endorsement });
    }
  }
  const step = place === undefined ? null : nextPlace(place, { ...input, standing, endorsements: fresh });
  return step === null ? planned : [...planned, step];
}

/** Of topics within each other the narrowest: its certificate opens those above as well. */
function narrowestTopics({ scopes }: Pick<PostEnvelope, "scopes">): Scope[] {
  const topics = scopes.filter(({ kind }) => kind === "topic");
  return topics.filter((topic) => !topics.some((other) => other !== topic && scopeWithin(other, topic)));
}

function nextPlace(start: Scope, { endorsements, now, sits, standing }: PlanInput): PlannedPromotion | null {
  const used = new Set<string>();
  let usedDate = 0;
  let at = start;
  for (let next = parentOf(at); next !== null; next = parentOf(at)) {
    const scope = next;
    const there = standing.filter((certificate) => sameScope(certificate.scope, scope));
    const mine = sits(start) || sits(at);
    const endorsement = endorsements.find(
      (one) => !isUsed(one, used) && one.date >= usedDate && isEnough(one, scope) && isNeeded(scope, one, there, now),
    );
    if (mine && endorsement !== undefined) return { level: levelOf(scope), scope, endorsement };
    if (there.length === 0) return null;
    for (const certificate of there) for (const hash of certificate.evidence) used.add(toHex(hash));
    usedDate = Math.max(usedDate, ...endorsements.filter((one) => isUsed(one, used)).map(({ date }) => date));
    at = scope;
  }
  return null;
}

function isUsed({ items }: Endorsement, used: ReadonlySet<string>): boolean {
  return items.some(({ hash }) => used.has(toHex(hash)));
}

function isEnough({ kind, who }: Endorsement, scope: Scope): boolean {
  return kind !== "receipts" || who.length >= RECEIPTS_NEEDED[levelOf(scope)];
}

/** Whether nothing carries the scope yet, or what does is ageing and this endorsement is newer. */
function isNeeded(
  scope: Scope,
  { date, items }: Endorsement,
  standing: readonly PromotionCertificate[],
  now: number,
): boolean {
  const there = standing.filter((certificate) => scopeKey(certificate.scope) === scopeKey(scope));
  if (there.length === 0) return true;
  const latest = Math.max(...there.map(({ created }) => created));
  const named = new Set(there.flatMap(({ evidence }) => evidence.map(toHex)));
  return now - latest >= RENEW && date > latest && !items.some(({ hash }) => named.has(toHex(hash)));
}
