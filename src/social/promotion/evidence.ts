import {
  decodeObject,
  equalBytes,
  hashOf,
  LIMITS,
  toHex,
  WireError,
  type CuratedFeed,
  type Hash,
  type NodeKey,
  type PostEnvelope,
  type PromotionCertificate,
  type RetrievalReceipt,
  type WireObject,
} from "../../wire/index.ts";
import { RECEIPTS_NEEDED } from "./levels.ts";

/** The envelope that a certificate and its evidence are held against. */
export interface Promotable {
  readonly hash: Hash;
  readonly envelope: PostEnvelope;
}

/** Why evidence proves nothing. Stable. */
export type EvidenceRefusal =
  /** Something that the certificate names is not there. */
  | "EVIDENCE_MISSING"
  /** Something is there that it does not name, or of another kind, or not valid. */
  | "EVIDENCE_INVALID"
  /** About another post, or another envelope. */
  | "EVIDENCE_OTHER_POST"
  /** The author boosts, reads or chooses the own words. */
  | "EVIDENCE_BY_AUTHOR"
  /** A boost for trusted people only: naming it would tell of it. */
  | "EVIDENCE_PRIVATE"
  /** Two receipts of one reader. */
  | "EVIDENCE_REPEATED"
  | "EVIDENCE_TOO_FEW"
  /** More than a day older than the certificate, or ahead of it. */
  | "EVIDENCE_STALE"
  | "EVIDENCE_SIGNATURE";

export interface EvidenceItem<T extends WireObject = WireObject> {
  readonly object: T;
  readonly bytes: Uint8Array;
}

export type ReadEvidence =
  | { readonly items: readonly EvidenceItem[]; readonly who: readonly NodeKey[] }
  | { readonly refusal: EvidenceRefusal };

/** What a certificate names and `given` lacks. */
export function missingEvidence(certificate: PromotionCertificate, given: readonly Uint8Array[]): Hash[] {
  const there = new Set(given.map((bytes) => toHex(hashOf(bytes))));
  return certificate.evidence.filter((hash) => !there.has(toHex(hash)));
}

/** Everything about the evidence but its signatures. */
export function readEvidence(
  certificate: PromotionCertificate,
  promotable: Promotable,
  given: readonly Uint8Array[],
): ReadEvidence {
  const named = new Set(certificate.evidence.map(toHex));
  if (given.some((bytes) => !named.has(toHex(hashOf(bytes))))) return { refusal: "EVIDENCE_INVALID" };
  if (missingEvidence(certificate, given).length > 0) return { refusal: "EVIDENCE_MISSING" };
  const items = decoded(given);
  if (items === null) return { refusal: "EVIDENCE_INVALID" };
  switch (certificate.evidenceKind) {
    case "boost":
      return readBoost(certificate, promotable, items);
    case "receipts":
      return readReceipts(certificate, promotable, items);
    case "curation":
      return readCuration(certificate, promotable, items);
  }
}

/** Whether a boost is one of this envelope: it may name the envelope or its post. */
export function isBoostOf(boost: Pick<PostEnvelope, "boostOf">, { envelope, hash }: Promotable): boolean {
  if (boost.boostOf === null) return false;
  if (equalBytes(boost.boostOf, hash)) return true;
  return envelope.postHash !== null && equalBytes(boost.boostOf, envelope.postHash);
}

/** When a curator chose the post; `null` for one that is not in the feed. */
export function chosenAt(feed: Pick<CuratedFeed, "entries">, post: Hash): number | null {
  return feed.entries.find((entry) => equalBytes(entry.postHash, post))?.added ?? null;
}

function readBoost(
  certificate: PromotionCertificate,
  promotable: Promotable,
  items: readonly EvidenceItem[],
): ReadEvidence {
  const [boost] = ofType(items, "PostEnvelope");
  if (boost === undefined) return { refusal: "EVIDENCE_INVALID" };
  const { author, created, scopes } = boost.object;
  if (!isBoostOf(boost.object, promotable)) return { refusal: "EVIDENCE_OTHER_POST" };
  if (equalBytes(author, promotable.envelope.author)) return { refusal: "EVIDENCE_BY_AUTHOR" };
  if (scopes.length === 0) return { refusal: "EVIDENCE_PRIVATE" };
  if (!isFresh(certificate, created)) return { refusal: "EVIDENCE_STALE" };
  return { items: [boost], who: [author] };
}

function readReceipts(
  certificate: PromotionCertificate,
  { envelope }: Promotable,
  items: readonly EvidenceItem[],
): ReadEvidence {
  const receipts = ofType(items, "RetrievalReceipt");
  if (receipts.length < items.length) return { refusal: "EVIDENCE_INVALID" };
  for (const { object: receipt } of receipts) {
    const refusal = receiptRefusal(certificate, envelope, receipt);
    if (refusal !== null) return { refusal };
  }
  const readers = new Map(receipts.map(({ object }) => [toHex(object.reader), object.reader]));
  if (readers.size < receipts.length) return { refusal: "EVIDENCE_REPEATED" };
  if (readers.size < RECEIPTS_NEEDED[certificate.level]) return { refusal: "EVIDENCE_TOO_FEW" };
  return { items: receipts, who: [...readers.values()] };
}

function receiptRefusal(
  certificate: PromotionCertificate,
  { author, postHash }: PostEnvelope,
  receipt: RetrievalReceipt,
): EvidenceRefusal | null {
  if (postHash === null || !equalBytes(receipt.object, postHash)) return "EVIDENCE_OTHER_POST";
  if (equalBytes(receipt.reader, author)) return "EVIDENCE_BY_AUTHOR";
  return isFresh(certificate, receipt.created) ? null : "EVIDENCE_STALE";
}

function readCuration(
  certificate: PromotionCertificate,
  { envelope }: Promotable,
  items: readonly EvidenceItem[],
): ReadEvidence {
  const [feed] = ofType(items, "CuratedFeed");
  if (feed === undefined) return { refusal: "EVIDENCE_INVALID" };
  const added = envelope.postHash === null ? null : chosenAt(feed.object, envelope.postHash);
  if (added === null) return { refusal: "EVIDENCE_OTHER_POST" };
  if (equalBytes(feed.object.curator, envelope.author)) return { refusal: "EVIDENCE_BY_AUTHOR" };
  if (!isFresh(certificate, added)) return { refusal: "EVIDENCE_STALE" };
  return { items: [feed], who: [feed.object.curator] };
}

/** Demand falls, reach falls: evidence carries a certificate for a day, and is not dated ahead of it by more than clocks differ. */
function isFresh({ created }: Pick<PromotionCertificate, "created">, date: number): boolean {
  return date > created - LIMITS.certificateLifetimeMs && date <= created + LIMITS.clockAheadMs;
}

function ofType<Name extends WireObject["type"]>(
  items: readonly EvidenceItem[],
  type: Name,
): EvidenceItem<Extract<WireObject, { type: Name }>>[] {
  return items.filter((item): item is EvidenceItem<Extract<WireObject, { type: Name }>> => item.object.type === type);
}

function decoded(given: readonly Uint8Array[]): EvidenceItem[] | null {
  try {
    return given.map((bytes) => ({ bytes, object: decodeObject(bytes) }));
  } catch (error) {
    if (error instanceof WireError) return null;
    throw error;
  }
}
