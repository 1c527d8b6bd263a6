import {
  createdTooFarAhead,
  equalBytes,
  verifyEncoded,
  type NodeKey,
  type PromotionCertificate,
  type WireObject,
} from "../../wire/index.ts";
import { readEvidence, type EvidenceItem, type EvidenceRefusal, type Promotable } from "./evidence.ts";
import { levelOf } from "./levels.ts";
import { concerns, endOf } from "./opening.ts";

/** Why a certificate says nothing here. Stable. */
export type CertificateRefusal =
  /** It names another envelope. */
  | "CERTIFICATE_OTHER_ENVELOPE"
  /** Its level is not that of its scope. */
  | "CERTIFICATE_LEVEL"
  /** Its scope is neither an ancestor of the envelope's place nor one of its topics or above one. */
  | "CERTIFICATE_SCOPE"
  /** Nobody vouches for the own words. */
  | "CERTIFICATE_BY_AUTHOR"
  | "CERTIFICATE_EXPIRED"
  | "CERTIFICATE_AHEAD"
  | "CERTIFICATE_SIGNATURE"
  | EvidenceRefusal;

/** The verdict on signatures, as wire's `verifyEncoded`. */
export type Verify = (object: WireObject, bytes: Uint8Array) => Promise<boolean>;

export type Standing =
  /** `who`: those whose boosts, reading or selection are the evidence. */
  | { readonly kind: "stands"; readonly who: readonly NodeKey[]; readonly items: readonly EvidenceItem[] }
  | { readonly kind: "refused"; readonly code: CertificateRefusal };

/**
 * What can be said of a certificate without its evidence and without its signature.
 * @param now the receiver's clock, milliseconds since 1970
 */
export function certificateRefusal(
  certificate: PromotionCertificate,
  { envelope, hash }: Promotable,
  now: number,
): CertificateRefusal | null {
  if (!equalBytes(certificate.envelope, hash)) return "CERTIFICATE_OTHER_ENVELOPE";
  if (certificate.level !== levelOf(certificate.scope)) return "CERTIFICATE_LEVEL";
  if (!concerns(certificate, envelope)) return "CERTIFICATE_SCOPE";
  if (equalBytes(certificate.issuer, envelope.author)) return "CERTIFICATE_BY_AUTHOR";
  if (createdTooFarAhead(certificate.created, now)) return "CERTIFICATE_AHEAD";
  return now >= endOf(certificate) ? "CERTIFICATE_EXPIRED" : null;
}

/**
 * Whether a certificate stands: everything about it and its evidence, signatures last, since they are what costs. The signature
 * of the envelope itself is not looked at.
 * @param evidence bytes of what the certificate names, in any order
 */
export async function standing(
  certificate: PromotionCertificate,
  certificateBytes: Uint8Array,
  promotable: Promotable,
  evidence: readonly Uint8Array[],
  now: number,
  verify: Verify = verifyEncoded,
): Promise<Standing> {
  const refusal = certificateRefusal(certificate, promotable, now);
  if (refusal !== null) return { kind: "refused", code: refusal };
  const read = readEvidence(certificate, promotable, evidence);
  if ("refusal" in read) return { kind: "refused", code: read.refusal };
  if (!(await verify(certificate, certificateBytes))) return { kind: "refused", code: "CERTIFICATE_SIGNATURE" };
  for (const { bytes, object } of read.items) {
    if (!(await verify(object, bytes))) return { kind: "refused", code: "EVIDENCE_SIGNATURE" };
  }
  return { kind: "stands", who: read.who, items: read.items };
}
