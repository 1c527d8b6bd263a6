/**
 * A promoted message: an envelope with the certificate that opens a wider channel to it and, where there is room, the
 * evidence. No object: it is signed by nobody and addressed by nothing, only its parts are.
 *
 * | item | |
 * | --- | --- |
 * | 64 | no object type, so that the first bytes tell the two apart |
 * | certificate | bytes of a PromotionCertificate |
 * | envelope | bytes of the PostEnvelope that it names |
 * | evidence | up to 4 byte strings; what is left out is fetched by its hash from whoever brought the message |
 */
import { equalBytes } from "./bytes.ts";
import { CborReader, CborWriter } from "./cbor.ts";
import { decodeEnvelope, decodeObject, hashOf } from "./codec.ts";
import { WireError } from "./errors.ts";
import { LIMITS } from "./limits.ts";
import type { Hash, PostEnvelope, PromotionCertificate } from "./types.ts";

const TAG = 64;
const ITEMS = 4;
/** Array of four, then 64 in its shortest form. */
const HEAD = Uint8Array.of(0x80 | ITEMS, 0x18, TAG);

/** The parts as bytes. */
export interface PromotedParts {
  readonly certificate: Uint8Array;
  readonly envelope: Uint8Array;
  readonly evidence: readonly Uint8Array[];
}

/** What a promoted message says; neither signatures nor whether the certificate stands have been looked at. */
export interface Promoted {
  readonly certificate: PromotionCertificate;
  readonly certificateBytes: Uint8Array;
  readonly envelope: PostEnvelope;
  readonly envelopeBytes: Uint8Array;
  /** Hash of the envelope. */
  readonly hash: Hash;
  readonly evidence: readonly Uint8Array[];
}

/** Whether these bytes claim to be a promoted message; an object's first number is another. */
export function isPromoted(bytes: Uint8Array): boolean {
  return bytes.length > HEAD.length && equalBytes(bytes.subarray(0, HEAD.length), HEAD);
}

/** @throws WireError `TOO_LARGE`, `FIELD_LENGTH`, `LIST_TOO_LONG` */
export function encodePromoted({ certificate, envelope, evidence }: PromotedParts): Uint8Array {
  const to = new CborWriter();
  to.array(ITEMS);
  to.uint("type", TAG, TAG);
  to.bytes("certificate", certificate, 1, LIMITS.certificateBytes);
  to.bytes("envelope", envelope, 1, LIMITS.envelopeBytes);
  checkCount(evidence.length);
  to.array(evidence.length);
  for (const item of evidence) to.bytes("evidence", item, 1, LIMITS.promotedBytes);
  if (to.length > LIMITS.promotedBytes) throw tooLarge(to.length);
  return to.finish();
}

/**
 * Size first, then canonical form, then the two objects by their own rules. Evidence stays bytes: what it has to be, the
 * certificate says.
 * @throws WireError with the code of the first rule broken; `ENVELOPE_MISMATCH` when the certificate names another one
 */
export function decodePromoted(bytes: Uint8Array): Promoted {
  if (bytes.length > LIMITS.promotedBytes) throw tooLarge(bytes.length);
  const from = new CborReader(bytes);
  if (from.array("type") !== ITEMS) throw new WireError("FIELD_COUNT", null, `not ${ITEMS} items`);
  if (from.uint("type", TAG) !== TAG) throw new WireError("TYPE_UNEXPECTED", "type", "no promoted message");
  const certificateBytes = from.bytes("certificate", 1, LIMITS.certificateBytes);
  const envelopeBytes = from.bytes("envelope", 1, LIMITS.envelopeBytes);
  const count = from.array("evidence");
  checkCount(count);
  const evidence = Array.from({ length: count }, () => from.bytes("evidence", 1, LIMITS.promotedBytes));
  from.end();
  const certificate = decodeObject(certificateBytes);
  if (certificate.type !== "PromotionCertificate") {
    throw new WireError("TYPE_UNEXPECTED", "certificate", `a ${certificate.type}`);
  }
  const envelope = decodeEnvelope(envelopeBytes);
  const hash = hashOf(envelopeBytes);
  if (!equalBytes(certificate.envelope, hash)) {
    throw new WireError("ENVELOPE_MISMATCH", "certificate", "names another envelope");
  }
  return { certificate, certificateBytes, envelope, envelopeBytes, hash, evidence };
}

function checkCount(count: number): void {
  if (count > LIMITS.promotedEvidence) {
    throw new WireError("LIST_TOO_LONG", "evidence", `more than ${LIMITS.promotedEvidence} elements`);
  }
}

function tooLarge(size: number): WireError {
  return new WireError("TOO_LARGE", null, `${size} bytes, at most ${LIMITS.promotedBytes}`);
}
