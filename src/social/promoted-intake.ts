import {
  createdTooFarAhead,
  decodeObject,
  decodePromoted,
  hashOf,
  toHex,
  type Hash,
  type NodeKey,
  type PostEnvelope,
  type Promoted,
} from "../wire/index.ts";
import { attempted, duplicate } from "./admission.ts";
import { EVIDENCE_LIMITS, StorageAllowance, type StorageLimits } from "./allowance.ts";
import type { ArrivalRates } from "./arrival-rates.ts";
import { BoundedMap } from "./bounded.ts";
import { ignore, reject, type IntakeOutcome, type IntakeSource, type Settled } from "./outcomes.ts";
import {
  certificateRefusal,
  giverOf,
  isBelieved,
  missingEvidence,
  opensScope,
  standing,
  vouchersOf,
  type CertificateRefusal,
  type Doubted,
  type EvidenceItem,
  type Verify,
  type Vouching,
} from "./promotion/index.ts";
import { channelRefusal, placeOfChannel } from "./start.ts";

export interface PromotedIntakeOptions {
  /** Whether this envelope is held, or about to be. */
  readonly known: (hash: Hash) => boolean;
  /** Whether this certificate is held. */
  readonly knownCertificate: (hash: Hash) => boolean;
  readonly blocked: (key: NodeKey) => boolean;
  /** Whose word counts for nothing here. */
  readonly doubted: Doubted;
  /** Somebody has vouched for an author; also where nobody believes them here. */
  readonly vouched: (vouching: Vouching) => void;
  readonly verify: Verify;
  readonly rates: ArrivalRates;
  readonly mayBeStored: (envelope: PostEnvelope, bytes: number, source: IntakeSource, now: number) => boolean;
  /** What strangers may have kept here of certificates and evidence. */
  readonly evidenceLimits?: StorageLimits;
  /** Evidence that the message names and does not hold, from whoever brought it; `null` where it is not to be had. */
  readonly evidence: (hashes: readonly Hash[], from: NodeKey) => Promise<readonly Uint8Array[] | null>;
}

/** Messages that are being looked at, each with signatures and perhaps with evidence that is on its way. */
const MAX_IN_FLIGHT = 128;
/** Of what is not believed: it is worth a look only where there is time. */
const MAX_STUDIED = 16;

/** Evidence that was counted lately: a feed that carries many certificates is kept once. The same of certificates that are refused. */
const REMEMBERED = 4_096;

/** Clocks differ, certificates end on the way, and evidence may be with somebody who has just left. */
const NOBODYS_FAULT: ReadonlySet<CertificateRefusal> = new Set<CertificateRefusal>([
  "CERTIFICATE_EXPIRED",
  "CERTIFICATE_AHEAD",
  "EVIDENCE_MISSING",
]);

/**
 * Decides about promoted messages: the same order as for everything else, what is cheap first. Whoever passes one on has to
 * have checked it, so what does not stand is rejected.
 */
export class PromotedIntake {
  readonly #options: PromotedIntakeOptions;
  #studying = 0;
  /** By hex of the certificate's hash. */
  readonly #inFlight = new Map<string, Promise<IntakeOutcome>>();
  readonly #kept: StorageAllowance;
  /** By hex of the hash. */
  readonly #counted = new BoundedMap<string, true>(REMEMBERED);
  /** Not believed, and looked at for who vouches for whom, by hex of the hash: that costs its signatures once. */
  readonly #studied = new BoundedMap<string, true>(REMEMBERED);

  constructor(options: PromotedIntakeOptions) {
    this.#options = options;
    this.#kept = new StorageAllowance(options.evidenceLimits ?? EVIDENCE_LIMITS);
  }

  async check(bytes: Uint8Array, source: IntakeSource, now: number): Promise<IntakeOutcome> {
    const message = attempted(() => decodePromoted(bytes));
    if ("verdict" in message) return message;
    const refusal = refusalOf(message, source, now);
    if (refusal !== null) return refusal;
    const { blocked, doubted, knownCertificate, rates } = this.#options;
    const { certificate, envelope } = message;
    if (blocked(certificate.issuer)) return ignore("AUTHOR_BLOCKED");
    if (blocked(envelope.author) || (doubted.size > 0 && !this.#isBelieved(message, givers(message)))) {
      await this.#study(message, source, now);
      return ignore(blocked(envelope.author) ? "AUTHOR_BLOCKED" : "VOUCHER_DOUBTED");
    }
    const hash = hashOf(message.certificateBytes);
    if (knownCertificate(hash)) return duplicate(certificate.created, source, now);
    const key = toHex(hash);
    for (let other = this.#inFlight.get(key); other !== undefined; other = this.#inFlight.get(key)) {
      const first = await other;
      // What is wrong with it is wrong whoever brings it; what was too much, or lacking, of the one may come by the other.
      if (first.verdict === "reject") return first;
      if (first.verdict === "accept") return duplicate(certificate.created, source, now);
    }
    if (source.kind === "channel" && rates.isPromotionFull(certificate, envelope.author, now)) {
      return ignore("RATE_EXCEEDED");
    }
    if (this.#inFlight.size >= MAX_IN_FLIGHT) return ignore("OVERLOADED");
    const outcome = this.#judge(message, hash, source, now);
    this.#inFlight.set(key, outcome);
    try {
      return await outcome;
    } finally {
      this.#inFlight.delete(key);
    }
  }

  async #judge(message: Promoted, certificateHash: Hash, source: IntakeSource, now: number): Promise<IntakeOutcome> {
    const { blocked, known, rates, verify } = this.#options;
    const { certificate, certificateBytes, envelope, envelopeBytes, hash } = message;
    // Whatever is held has been verified: the same hash is the same bytes.
    const isNew = !known(hash);
    if (isNew && !(await verify(envelope, envelopeBytes))) return reject("SIGNATURE_INVALID");
    const evidence = await this.#evidenceOf(message, source);
    if (evidence === null) return ignore("EVIDENCE_MISSING");
    const verdict = await standing(certificate, certificateBytes, message, evidence, now, verify);
    if (verdict.kind === "refused") return refused(verdict.code);
    // Nobody is left who says so whom this person wants to hear.
    if (verdict.who.every(blocked)) return ignore("AUTHOR_BLOCKED");
    const isTaken = this.#isBelieved(message, verdict.who);
    this.#vouched(message, verdict.items, isTaken);
    if (!isTaken) return ignore("VOUCHER_DOUBTED");
    if (!rates.takePromotion(certificate, envelope.author, source, now)) return ignore("RATE_EXCEEDED");
    if (!this.#mayBeKept(message, verdict.items, source, now)) return ignore("STORAGE_EXCEEDED");
    const { items, who } = verdict;
    const promotion = { hash: certificateHash, bytes: certificateBytes, certificate, evidence: items, who };
    // Meanwhile another message may have brought the envelope.
    if (known(hash)) return { kind: "certificate", verdict: "accept", code: "ACCEPTED", hash, envelope, promotion };
    if (!this.#options.mayBeStored(envelope, envelopeBytes.length, source, now)) return ignore("STORAGE_EXCEEDED");
    return { kind: "envelope", verdict: "accept", code: "ACCEPTED", hash, bytes: envelopeBytes, envelope, promotion };
  }

  #isBelieved({ certificate, envelope }: Promoted, who: readonly NodeKey[]): boolean {
    return isBelieved(certificate, envelope.author, who, this.#options.doubted);
  }

  /**
   * What is not believed says who vouches for whom all the same, if it is signed. Nothing is fetched for that, the time is
   * charged to whoever brought it, and it uses up no rates: those of the author are not for others to spend.
   */
  async #study(message: Promoted, source: IntakeSource, now: number): Promise<void> {
    const { rates, verify } = this.#options;
    const { certificate, certificateBytes, envelope, envelopeBytes, evidence } = message;
    const key = toHex(hashOf(certificateBytes));
    if (this.#studied.has(key) || this.#studying >= MAX_STUDIED) return;
    if (missingEvidence(certificate, evidence).length > 0) return;
    if (source.kind === "channel" && rates.isPromotionFull(certificate, envelope.author, now)) return;
    this.#studied.set(key, true);
    this.#studying++;
    try {
      if (!(await verify(envelope, envelopeBytes))) return;
      const verdict = await standing(certificate, certificateBytes, message, evidence, now, verify);
      if (verdict.kind === "stands") this.#vouched(message, verdict.items, false);
    } finally {
      this.#studying--;
    }
  }

  #vouched({ certificate, envelope }: Promoted, items: readonly EvidenceItem[], isTaken: boolean): void {
    const vouchers = vouchersOf(
      certificate,
      items.map(({ object }) => object),
    );
    this.#options.vouched({ author: envelope.author, vouchers, isBelieved: isTaken });
  }

  /** Whoever the author is: the issuer chose what it rests on. */
  #mayBeKept(
    { certificate, certificateBytes }: Promoted,
    items: readonly EvidenceItem[],
    source: IntakeSource,
    now: number,
  ): boolean {
    const fresh = items.filter(({ bytes }) => this.#counted.get(toHex(hashOf(bytes))) === undefined);
    const bytes = fresh.reduce((sum, item) => sum + item.bytes.length, certificateBytes.length);
    const storing = { author: certificate.issuer, from: source.from, bytes, asked: source.kind !== "channel" };
    if (!this.#kept.take(storing, now)) return false;
    for (const hash of certificate.evidence) this.#counted.set(toHex(hash), true);
    return true;
  }

  async #evidenceOf(
    { certificate, evidence }: Promoted,
    { from }: IntakeSource,
  ): Promise<readonly Uint8Array[] | null> {
    const missing = missingEvidence(certificate, evidence);
    if (missing.length === 0) return evidence;
    const fetched = await this.#options.evidence(missing, from);
    return fetched === null ? null : [...evidence, ...fetched];
  }
}

/** Whose boost or feed came with the message, as it says. Receipts count together, and most of them are fetched. */
function givers({ certificate, evidence }: Promoted): NodeKey[] {
  if (certificate.evidenceKind === "receipts") return [];
  return evidence.flatMap((bytes) => {
    const object = attempted(() => decodeObject(bytes));
    return "verdict" in object ? [] : (giverOf(object) ?? []);
  });
}

function refused(code: CertificateRefusal): Settled {
  return NOBODYS_FAULT.has(code) ? ignore(code) : reject(code);
}

/** What can be said without signatures, memory and evidence that is elsewhere. */
function refusalOf(message: Promoted, source: IntakeSource, now: number): Settled | null {
  const { certificate, envelope } = message;
  if (createdTooFarAhead(envelope.created, now)) return ignore("FROM_THE_FUTURE");
  const misplaced = placementRefusal(message, source);
  if (misplaced !== null) return misplaced;
  const refusal = certificateRefusal(certificate, message, now);
  if (refusal !== null) return refused(refusal);
  const named = new Set(certificate.evidence.map(toHex));
  return message.evidence.some((bytes) => !named.has(toHex(hashOf(bytes)))) ? reject("EVIDENCE_INVALID") : null;
}

function placementRefusal({ certificate, envelope }: Promoted, source: IntakeSource): Settled | null {
  switch (source.kind) {
    case "channel": {
      const refusal = channelRefusal(envelope, source.channel);
      // Where it starts, a promoted message says how far the envelope is heard elsewhere.
      if (refusal === null) return null;
      if (refusal !== "NOT_PROMOTED") return reject(refusal);
      const at = placeOfChannel(source.channel);
      return at !== null && opensScope(certificate, at) ? null : reject("CERTIFICATE_SCOPE");
    }
    case "pull":
      if (envelope.scopes.length === 0) return reject("UNSCOPED");
      if (!source.asked.covers(envelope)) return reject("UNSOLICITED");
      return source.asked.mayStart(envelope) || source.asked.opens(certificate) ? null : ignore("NOT_PROMOTED");
    case "named":
    case "head":
      return reject("UNSOLICITED");
  }
}
