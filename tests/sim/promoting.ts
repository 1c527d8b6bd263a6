/** Boosts, certificates and promoted messages for tests, the same on every run. */
import {
  encodePromoted,
  scopeFromKey,
  signObject,
  type EvidenceKind,
  type Hash,
  type PromotionCertificate,
  type PromotionLevel,
  type Signer,
} from "../../src/wire/index.ts";
import { COMMONS, type SignedEnvelope } from "./author.ts";
import { SIM_START } from "./clock.ts";

export async function signBoost(
  signer: Signer,
  boostOf: Hash,
  { created = SIM_START, scopes = [COMMONS] }: { created?: number; scopes?: readonly string[] } = {},
): Promise<SignedEnvelope> {
  const { object, bytes, hash } = await signObject(
    {
      type: "PostEnvelope",
      author: signer.publicKey,
      postHash: null,
      headline: null,
      summary: null,
      mediaHints: [],
      scopes: scopes.map(scopeFromKey),
      replyTo: null,
      boostOf,
      references: [],
      contentSize: 0,
      created,
      kickbackRate: 0,
    },
    signer,
  );
  return { envelope: object, bytes, hash };
}

export interface CertificateText {
  readonly envelope: Hash;
  readonly scope: string;
  readonly level?: PromotionLevel;
  readonly kind?: EvidenceKind;
  readonly evidence: readonly Hash[];
  readonly created?: number;
}

export interface SignedCertificate {
  readonly certificate: PromotionCertificate;
  readonly bytes: Uint8Array;
  readonly hash: Hash;
}

/** The level is the scope's unless another one is given. */
export async function signCertificate(issuer: Signer, text: CertificateText): Promise<SignedCertificate> {
  const scope = scopeFromKey(text.scope);
  const byDepth = ["global", "country", "region", "city"] as const;
  const level = scope.kind === "topic" ? "topic" : (byDepth[Math.min(scope.segments.length, 4) - 1] ?? "city");
  const { object, bytes, hash } = await signObject(
    {
      type: "PromotionCertificate",
      envelope: text.envelope,
      issuer: issuer.publicKey,
      level: text.level ?? level,
      scope,
      evidenceKind: text.kind ?? "boost",
      evidence: [...text.evidence],
      created: text.created ?? SIM_START,
    },
    issuer,
  );
  return { certificate: object, bytes, hash };
}

/** A retrieval that both sides have signed. */
export async function signReceipt(
  reader: Signer,
  { author, provider }: { readonly author: Signer; readonly provider: Signer },
  { object, created = SIM_START }: { readonly object: Hash; readonly created?: number },
) {
  const unsigned = {
    type: "RetrievalReceipt",
    object,
    reader: reader.publicKey,
    provider: provider.publicKey,
    author: author.publicKey,
    amount: 25n,
    kickback: 12n,
    created,
    readerSignature: null,
    providerSignature: null,
  } as const;
  const half = await signObject(unsigned, reader);
  return await signObject(half.object, provider);
}

export interface Promoting {
  readonly boost: SignedEnvelope;
  readonly certificate: SignedCertificate;
  readonly message: Uint8Array;
}

/** An envelope, a boost of it and a certificate, as they travel together. */
export async function promote(
  { bytes, hash }: Pick<SignedEnvelope, "bytes" | "hash">,
  scope: string,
  { booster, issuer }: { booster: Signer; issuer: Signer },
  { boostOf = hash, created = SIM_START }: { boostOf?: Hash; created?: number } = {},
): Promise<Promoting> {
  const boost = await signBoost(booster, boostOf, { created });
  const certificate = await signCertificate(issuer, { envelope: hash, scope, evidence: [boost.hash], created });
  const message = encodePromoted({ certificate: certificate.bytes, envelope: bytes, evidence: [boost.bytes] });
  return { boost, certificate, message };
}
