/**
 * The rules of promotion, written a second time from docs/protocol.md and from nothing else, so that a fault of the
 * product's own check does not hide itself.
 */
import {
  decodeEnvelope,
  decodeObject,
  ObjectType,
  scopeKey,
  toHex,
  verifyObject,
  type Hash,
  type PostEnvelope,
  type PromotionCertificate,
} from "../../../../src/wire/index.ts";
import type { Store } from "../../../../src/store/index.ts";
import { decodePromoted } from "../../../../src/wire/promoted.ts";

const DAY = 86_400_000;
/** Dates may be ahead of each other by so much. */
const AHEAD = 600_000;
const READERS: Readonly<Record<PromotionCertificate["level"], number>> = {
  topic: 3,
  city: 3,
  region: 10,
  country: 50,
  global: 250,
};

export interface Finding {
  /** Hex. */
  readonly envelope: string;
  /** Scope key that is opened. */
  readonly scope: string;
  /** By the issuer's clock. */
  readonly created: number;
  /** Why it proves nothing, or `null`. */
  readonly fault: string | null;
}

/** Certificates of this envelope that a peer holds, each with the evidence that it holds for them. */
export async function examineHeld(store: Store, envelope: string): Promise<Finding[]> {
  const held = await store.objectHashes(ObjectType.PromotionCertificate);
  const objects = await Promise.all(held.map((hash) => store.object(hash)));
  const findings = objects.map(async (object): Promise<Finding[]> => {
    if (object === undefined) return [];
    const certificate = decodeObject(object.bytes);
    if (certificate.type !== "PromotionCertificate" || toHex(certificate.envelope) !== envelope) return [];
    const [own, ...evidence] = await Promise.all(
      [certificate.envelope, ...certificate.evidence].map((hash) => bytesOf(store, hash)),
    );
    if (own === undefined || evidence.includes(undefined)) return [];
    const fault = await faultOf(certificate, decodeEnvelope(own), envelope, evidence as Uint8Array[]);
    return [{ envelope, scope: scopeKey(certificate.scope), created: certificate.created, fault }];
  });
  return (await Promise.all(findings)).flat();
}

async function bytesOf(store: Store, hash: Hash): Promise<Uint8Array | undefined> {
  return (await store.object(hash))?.bytes ?? (await store.envelopes.bytes([hash]))[0];
}

export async function examine(bytes: Uint8Array): Promise<Finding> {
  const { certificate, envelope, evidence, hash } = decodePromoted(bytes);
  const found = { envelope: toHex(hash), scope: scopeKey(certificate.scope), created: certificate.created };
  return { ...found, fault: await faultOf(certificate, envelope, toHex(hash), evidence) };
}

async function faultOf(
  certificate: PromotionCertificate,
  envelope: PostEnvelope,
  hash: string,
  evidence: readonly Uint8Array[],
): Promise<string | null> {
  const { created, evidenceKind, issuer, level, scope } = certificate;
  if (!(await verifyObject(certificate))) return "certificate not signed by its issuer";
  if (toHex(certificate.envelope) !== hash) return "certificate of another envelope";
  if (toHex(issuer) === toHex(envelope.author)) return "issued by the author";
  if (level !== levelOf(scopeKey(scope))) return `level ${level} for ${scopeKey(scope)}`;
  if (!envelope.scopes.some((own) => isAbove(scopeKey(scope), scopeKey(own)))) return "scope of something else";
  const who = new Set<string>();
  for (const item of evidence) {
    const object = decodeObject(item);
    if (!(await verifyObject(object))) return "evidence that is not signed";
    const [date, witness, concerns] = witnessOf(object, envelope, hash, evidenceKind);
    if (!concerns) return "evidence of something else";
    if (witness === toHex(envelope.author)) return "evidence by the author";
    if (date <= created - DAY || date > created + AHEAD) return "evidence of another day";
    who.add(witness);
  }
  const needed = evidenceKind === "receipts" ? READERS[level] : 1;
  return who.size >= needed ? null : `${who.size} of ${needed} witnesses`;
}

function witnessOf(
  object: ReturnType<typeof decodeObject>,
  envelope: PostEnvelope,
  hash: string,
  kind: PromotionCertificate["evidenceKind"],
): [date: number, witness: string, concerns: boolean] {
  const post = envelope.postHash === null ? null : toHex(envelope.postHash);
  if (object.type === "PostEnvelope" && kind === "boost") {
    const of = object.boostOf === null ? null : toHex(object.boostOf);
    return [object.created, toHex(object.author), of !== null && (of === hash || of === post)];
  }
  if (object.type === "RetrievalReceipt" && kind === "receipts") {
    return [object.created, toHex(object.reader), toHex(object.object) === post];
  }
  if (object.type === "CuratedFeed" && kind === "curation") {
    const entry = object.entries.find(({ postHash }) => toHex(postHash) === post);
    return [entry?.added ?? 0, toHex(object.curator), entry !== undefined];
  }
  return [0, "", false];
}

/** Of a place, by how many segments it has; a topic is a topic. */
function levelOf(scope: string): PromotionCertificate["level"] {
  if (scope.startsWith("t:")) return "topic";
  const segments = scope.split("/").length;
  return (["global", "country", "region", "city"] as const)[Math.min(segments, 4) - 1] ?? "city";
}

/** A topic itself and those above it; of a place only those above it. */
function isAbove(wide: string, own: string): boolean {
  return (own === wide && own.startsWith("t:")) || own.startsWith(`${wide}/`);
}

/** Whether a certificate for `scope` lets the envelope be heard on the channel of `at`. */
export function opens(scope: string, at: string): boolean {
  return scope === at || (scope.startsWith("t:") && scope.startsWith(`${at}/`));
}
