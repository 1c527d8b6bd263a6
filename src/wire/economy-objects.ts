/** The objects that carry value or evidence of it: storage agreements, receipts, promotion certificates. */
import { hasDuplicate } from "./bytes.ts";
import { WireError } from "./errors.ts";
import { amount, hash, list, nodeKey, oneOf, optional, timestamp, u32, u8 } from "./fields.ts";
import { LIMITS } from "./limits.ts";
import { signedByOne, signedByTwo } from "./schema.ts";
import { scopeField } from "./scope.ts";
import type { PromotionCertificate, RetrievalReceipt, StorageAgreement } from "./types.ts";
import { EVIDENCE_KINDS, PROMOTION_LEVELS } from "./types.ts";

function checkAgreement(agreement: StorageAgreement): void {
  if (agreement.size === 0) throw new WireError("NUMBER_RANGE", "size", "nothing to store");
  if (agreement.epochs === 0) throw new WireError("NUMBER_RANGE", "epochs", "no epochs");
  if (agreement.challengeInterval === 0 || agreement.challengeInterval > agreement.epochs) {
    throw new WireError("CHALLENGE_INTERVAL", "challengeInterval", "not from 1 to the number of epochs");
  }
  if (agreement.kickbackRecipient === null && agreement.kickbackRate !== 0) {
    throw new WireError("KICKBACK_RECIPIENT", "kickbackRecipient", "a kickback for nobody");
  }
}

export const storageAgreement = signedByTwo<StorageAgreement, "payerSignature" | "providerSignature">({
  name: "StorageAgreement",
  maxBytes: LIMITS.contractBytes,
  parties: [
    { key: "payer", signature: "payerSignature" },
    { key: "provider", signature: "providerSignature" },
  ],
  fields: {
    object: hash,
    payer: nodeKey,
    provider: nodeKey,
    size: u32,
    costPerEpoch: amount,
    firstEpoch: u32,
    epochs: u32,
    challengeInterval: u32,
    kickbackRecipient: optional(nodeKey),
    kickbackRate: u8,
  },
  check: checkAgreement,
});

export const retrievalReceipt = signedByTwo<RetrievalReceipt, "readerSignature" | "providerSignature">({
  name: "RetrievalReceipt",
  maxBytes: LIMITS.contractBytes,
  parties: [
    { key: "reader", signature: "readerSignature" },
    { key: "provider", signature: "providerSignature" },
  ],
  fields: {
    object: hash,
    reader: nodeKey,
    provider: nodeKey,
    author: nodeKey,
    amount,
    kickback: amount,
    created: timestamp,
  },
  check(receipt) {
    if (receipt.kickback > receipt.amount) {
      throw new WireError("KICKBACK_OVER_AMOUNT", "kickback", "more than was paid");
    }
  },
});

function checkCertificate(certificate: PromotionCertificate): void {
  if ((certificate.level === "topic") !== (certificate.scope.kind === "topic")) {
    throw new WireError("LEVEL_SCOPE", "level", "a topic's level for a place, or a place's for a topic");
  }
  if (certificate.evidenceKind !== "receipts" && certificate.evidence.length !== 1) {
    throw new WireError("EVIDENCE_COUNT", "evidence", "not exactly one boost or curated feed");
  }
  if (hasDuplicate(certificate.evidence)) throw new WireError("EVIDENCE_DUPLICATE", "evidence", "named twice");
}

export const promotionCertificate = signedByOne<PromotionCertificate>({
  name: "PromotionCertificate",
  maxBytes: LIMITS.certificateBytes,
  signer: "issuer",
  fields: {
    envelope: hash,
    issuer: nodeKey,
    level: oneOf(PROMOTION_LEVELS),
    scope: scopeField,
    evidenceKind: oneOf(EVIDENCE_KINDS),
    evidence: list(hash, LIMITS.evidence, 1),
    created: timestamp,
  },
  check: checkCertificate,
});
