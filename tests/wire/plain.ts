/**
 * What docs/protocol.md says stands on the wire, as plain arrays for a general CBOR encoder. Written out field by
 * field, apart from the codec's own declarations, so that a slip in one shows against the other.
 */
import { decode, encode, rfc8949EncodeOptions } from "cborg";
import type { Scope, WireObject } from "../../src/wire/index.ts";
import { concatBytes } from "../../src/wire/index.ts";

export type Plain = number | bigint | string | Uint8Array | null | Plain[];

function plainScope(scope: Scope): Plain[] {
  return [scope.kind === "geo" ? 0 : 1, ...scope.segments];
}

function u64(value: bigint | number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

const DUE = new Uint8Array(64);

export function plain(object: WireObject): Plain[] {
  switch (object.type) {
    case "PostEnvelope":
      return [
        1,
        object.postHash,
        object.author,
        object.headline,
        object.summary,
        object.mediaHints.map((hint) => [hint.contentType, hint.size, hint.blurhash, hint.altText]),
        object.scopes.map(plainScope),
        object.replyTo,
        object.boostOf,
        object.references,
        object.contentSize,
        object.created,
        object.kickbackRate,
        object.signature,
      ];
    case "SocialPost":
      return [2, object.author, object.text, object.media, object.links, object.signature];
    case "UserProfile":
      return [
        3,
        object.nodeId,
        object.displayName,
        object.bio,
        object.avatar,
        object.scopes.map(plainScope),
        object.claims,
        object.sequence,
        object.signature,
      ];
    case "CuratedFeed":
      return [
        4,
        object.curator,
        object.name,
        object.description,
        object.entries.map((entry) => [entry.postHash, entry.added, entry.note]),
        plainScope(object.scope),
        object.updated,
        object.sequence,
        object.kickbackRate,
        object.signature,
      ];
    case "MediaManifest":
      return [
        5,
        object.author,
        object.altText,
        object.blurhash,
        object.variants.map((variant) => [
          variant.contentType,
          variant.size,
          variant.width,
          variant.height,
          variant.duration,
          variant.minBandwidth,
          variant.hash,
        ]),
        object.signature,
      ];
    case "StorageAgreement":
      return [
        6,
        object.object,
        object.payer,
        object.provider,
        object.size,
        object.costPerEpoch,
        object.firstEpoch,
        object.epochs,
        object.challengeInterval,
        object.kickbackRecipient,
        object.kickbackRate,
        [object.payerSignature, object.providerSignature],
      ];
    case "ChannelState":
      return [
        7,
        concatBytes(
          object.channelId,
          object.partyA,
          object.partyB,
          u64(object.balanceA),
          u64(object.balanceB),
          u64(object.sequence),
          object.signatureA ?? DUE,
          object.signatureB ?? DUE,
        ),
      ];
    case "RetrievalReceipt":
      return [
        8,
        object.object,
        object.reader,
        object.provider,
        object.author,
        object.amount,
        object.kickback,
        object.created,
        [object.readerSignature, object.providerSignature],
      ];
    case "PromotionCertificate":
      return [
        9,
        object.envelope,
        object.issuer,
        ["topic", "city", "region", "country", "global"].indexOf(object.level),
        plainScope(object.scope),
        ["boost", "receipts", "curation"].indexOf(object.evidenceKind),
        object.evidence,
        object.created,
        object.signature,
      ];
    case "IdentityClaim":
      return [
        10,
        object.nodeId,
        object.kind,
        object.subject,
        object.proof,
        object.created,
        object.expires,
        object.signature,
      ];
  }
}

/** Deterministic CBOR by a general encoder. */
export function plainBytes(value: Plain): Uint8Array {
  return new Uint8Array(encode(value, rfc8949EncodeOptions));
}

/** What a general strict decoder and encoder make of bytes. */
export function recoded(bytes: Uint8Array): Uint8Array {
  return plainBytes(decode(bytes, { strict: true, allowIndefinite: false, allowUndefined: false }) as Plain);
}
