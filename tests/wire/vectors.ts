/** What docs/vectors.json holds: enough to check another implementation of docs/protocol.md. Deterministic. */
import {
  channelOf,
  createSigner,
  encodeNodeId,
  encodePromoted,
  hashOf,
  parseScope,
  scopeKey,
  signObject,
  signingPayload,
  toHex,
} from "../../src/wire/index.ts";
import { identitySeed, phraseFromEntropy } from "../../src/wire/phrase.ts";
import { craftedSignatures } from "./crafted-signatures.ts";
import { invalidEncodings } from "./invalid.ts";
import { filled, SAMPLE_TIME, samples } from "./samples.ts";
import { TYPED } from "./typed-scopes.ts";

const ABOUT = [
  "Test vectors for docs/protocol.md, written by `node scripts/vectors.mjs`. Bytes are lower-case hex, amounts are",
  "decimal text, absent values are null. `objects`: fields, canonical bytes, the payload that the signatures cover,",
  "the hash. `promoted`: certificate, envelope and evidence, and the message. `signatures`: crafted ones, with the verdict. `invalid`: bytes to refuse, with the code of the first",
  "rule broken and the field at fault. `identities`: from entropy to NodeID. `scopes`: what is typed, and its key.",
].join(" ");

/** The one longer input would double the file and shows only that a size is compared. */
const LONGEST_INVALID = 16_384;

/** Fields as JSON can hold them. */
function json(value: unknown): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return value.map(json);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, json(inner)]));
  }
  return value;
}

async function identity(entropy: Uint8Array) {
  const seed = identitySeed(entropy);
  const { publicKey } = await createSigner(seed);
  return {
    entropy: toHex(entropy),
    words: phraseFromEntropy(entropy).join(" "),
    seed: toHex(seed),
    publicKey: toHex(publicKey),
    nodeId: encodeNodeId(publicKey),
  };
}

/** Promoted messages: the parts, and what they are joined to. */
async function promotedMessages(all: Awaited<ReturnType<typeof samples>>) {
  const issuer = await createSigner(filled(0x21));
  const envelopes = all.filter(({ signed }) => signed.object.type === "PostEnvelope");
  return await Promise.all(
    envelopes.map(async ({ name, signed: { bytes, hash } }) => {
      const boost = envelopes.at(-1)?.signed.bytes ?? bytes;
      const { bytes: certificate } = await signObject(
        {
          type: "PromotionCertificate",
          envelope: hash,
          issuer: issuer.publicKey,
          level: "topic",
          scope: parseScope("topic", "gaming/pokemon"),
          evidenceKind: "boost",
          evidence: [hashOf(boost)],
          created: SAMPLE_TIME,
        },
        issuer,
      );
      const parts = { certificate, envelope: bytes, evidence: [boost] };
      return { name, ...(json(parts) as Record<keyof typeof parts, unknown>), bytes: toHex(encodePromoted(parts)) };
    }),
  );
}

export async function buildVectors() {
  const all = await samples();
  return {
    about: ABOUT,
    identities: await Promise.all([filled(0x00), filled(0x7f), filled(0xff)].map(identity)),
    nodeIds: [filled(0x00), filled(0xff), Uint8Array.from({ length: 32 }, (_, at) => at)].map((key) => ({
      publicKey: toHex(key),
      nodeId: encodeNodeId(key),
    })),
    scopes: TYPED.map(([kind, typed]) => {
      const scope = parseScope(kind, typed);
      return { kind, typed, key: scopeKey(scope), channel: channelOf(scope) };
    }),
    objects: all.map(({ name, signed: { object, bytes, hash }, parties }) => ({
      name,
      type: object.type,
      fields: json(Object.fromEntries(Object.entries(object).filter(([key]) => key !== "type"))),
      ...(parties.length > 0 && { parties: json(parties) }),
      bytes: toHex(bytes),
      signingPayload: toHex(signingPayload(object, bytes)),
      hash: toHex(hash),
    })),
    promoted: await promotedMessages(all),
    signatures: craftedSignatures().map(({ name, key, message, signature, valid }) => ({
      name,
      publicKey: toHex(key),
      message: toHex(message),
      signature: toHex(signature),
      valid,
    })),
    invalid: invalidEncodings(all)
      .filter(({ bytes }) => bytes.length <= LONGEST_INVALID)
      .map(({ name, bytes, code, field }) => ({ name, bytes: toHex(bytes), code, field })),
  };
}

/** The text of docs/vectors.json. */
export async function vectorsText(): Promise<string> {
  return `${JSON.stringify(await buildVectors(), null, 1)}\n`;
}
