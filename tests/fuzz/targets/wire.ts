/** What objects, names and words are read from. */
import {
  createSigner,
  decodeEnvelope,
  decodeNodeId,
  decodeObject,
  decodePromoted,
  encodeNodeId,
  encodeObject,
  encodePromoted,
  fromHex,
  hashOf,
  parseScope,
  scopeFromChannel,
  scopeFromKey,
  scopeKey,
  signObject,
  channelOf,
  toHex,
  WireError,
  type UnsignedOf,
} from "../../../src/wire/index.ts";
import { entropyFromPhrase, phraseFromEntropy } from "../../../src/wire/phrase.ts";
import { AskedTargets, Intake, type IntakeSource } from "../../../src/social/index.ts";
import { initHash } from "../../../src/hash/index.ts";
import { SeededRandom } from "../../sim/random.ts";
import { recoded } from "../../wire/plain.ts";
import { SAMPLE_TIME, samples } from "../../wire/samples.ts";
import { mutatedBytes, oneOf } from "../mutations.ts";
import { asBytes, asText, damagedCbor, damagedText, decoded, sameBytes, type Target } from "../target.ts";

await initHash();
const all = await samples();
const objects = all.map(({ signed }) => signed.bytes);
const envelopes = all.filter(({ signed }) => signed.object.type === "PostEnvelope").map(({ signed }) => signed.bytes);
const signer = await createSigner(new Uint8Array(32).fill(9));

const isWireError = (error: unknown): boolean => error instanceof WireError;

const object: Target<Uint8Array> = {
  name: "wire: objects of all ten types",
  covers: ["wire/codec.ts#decodeObject"],
  share: 52_000,
  input: (random) => damagedCbor(objects, random),
  check(bytes) {
    const found = decoded(() => decodeObject(bytes), isWireError);
    if (found === undefined) return false;
    sameBytes(encodeObject(found), bytes);
    // A general codec has to agree.
    sameBytes(recoded(bytes), bytes);
    return true;
  },
  text: asBytes,
};

const envelope: Target<Uint8Array> = {
  name: "wire: envelopes",
  covers: ["wire/codec.ts#decodeEnvelope"],
  share: 20_000,
  input: (random) => damagedCbor(random.below(10) === 0 ? objects : envelopes, random),
  check(bytes) {
    const found = decoded(() => decodeEnvelope(bytes), isWireError);
    if (found === undefined) return false;
    sameBytes(encodeObject(found), bytes);
    return true;
  },
  text: asBytes,
};

const boosted = all.find(({ signed }) => signed.object.type === "PostEnvelope");
const certificates = await Promise.all(
  envelopes.map(async (bytes) => {
    const boost = boosted?.signed.bytes ?? bytes;
    const unsigned: { type: "PromotionCertificate" } & UnsignedOf<"PromotionCertificate"> = {
      type: "PromotionCertificate",
      envelope: hashOf(bytes),
      issuer: signer.publicKey,
      level: "topic",
      scope: scopeFromKey("t:gaming/pokemon"),
      evidenceKind: "boost",
      evidence: [hashOf(boost)],
      created: SAMPLE_TIME,
    };
    const { bytes: certificate } = await signObject(unsigned, signer);
    return { certificate, envelope: bytes, evidence: [boost] };
  }),
);
const promotedMessages = certificates.map(encodePromoted);

const promoted: Target<Uint8Array> = {
  name: "wire: promoted messages",
  covers: ["wire/promoted.ts#decodePromoted"],
  share: 10_000,
  input: (random) => damagedCbor(promotedMessages, random),
  check(bytes) {
    const found = decoded(() => decodePromoted(bytes), isWireError);
    if (found === undefined) return false;
    const { certificateBytes, envelopeBytes, evidence } = found;
    sameBytes(encodePromoted({ certificate: certificateBytes, envelope: envelopeBytes, evidence }), bytes);
    return true;
  },
  text: asBytes,
};

const SCOPES = [
  "g:europe/nl/utrecht",
  "g:cyberspace/commons",
  "t:gaming/pokémon",
  "t:می-نویسم",
  `g:${"a/".repeat(7)}b`,
  `t:${"x".repeat(32)}`,
];

const key: Target<string> = {
  name: "wire: scope keys",
  covers: ["wire/scope.ts#scopeFromKey"],
  share: 8_000,
  input: (random) => damagedText(SCOPES, random),
  check(text) {
    const scope = decoded(() => scopeFromKey(text), isWireError);
    if (scope === undefined) return false;
    if (scopeKey(scope) !== text) throw new Error(`is also ${scopeKey(scope)}`);
    return true;
  },
  text: asText,
};

const channel: Target<string> = {
  name: "wire: channel names",
  covers: ["wire/scope.ts#scopeFromChannel"],
  share: 4_000,
  input: (random) =>
    damagedText(
      SCOPES.map((scope) => channelOf(scopeFromKey(scope))),
      random,
    ),
  check(text) {
    const scope = decoded(() => scopeFromChannel(text), isWireError);
    if (scope === undefined) return false;
    if (channelOf(scope) !== text) throw new Error(`is also ${channelOf(scope)}`);
    return true;
  },
  text: asText,
};

const typed: Target<string> = {
  name: "wire: scopes as typed",
  covers: ["wire/scope.ts#parseScope"],
  share: 8_000,
  input: (random) =>
    damagedText(["Europe / NL / Utrecht", "#Pokémon", "São Paulo", "rock 'n' roll", "می‌نویسم"], random),
  check(text) {
    let accepted = false;
    for (const kind of ["geo", "topic"] as const) {
      const scope = decoded(() => parseScope(kind, text), isWireError);
      if (scope === undefined) continue;
      accepted = true;
      // What typing led to is a normal form: its key is read back as it is, and typing it again changes nothing.
      const normal = scopeKey(scope);
      if (scopeKey(scopeFromKey(normal)) !== normal) throw new Error(`${normal} is not normal`);
      const again = scopeKey(parseScope(kind, scope.segments.join("/")));
      if (again !== normal) throw new Error(`${normal} becomes ${again}`);
    }
    return accepted;
  },
  text: asText,
};

const id: Target<string> = {
  name: "wire: NodeIDs",
  covers: ["wire/identity.ts#decodeNodeId"],
  share: 6_000,
  input: (random) =>
    damagedText([encodeNodeId(signer.publicKey), ` ${encodeNodeId(signer.publicKey).toUpperCase()}\n`], random),
  check(text) {
    const node = decoded(() => decodeNodeId(text), isWireError);
    if (node === undefined) return false;
    if (encodeNodeId(node) !== text.trim().toLowerCase()) throw new Error(`is ${encodeNodeId(node)}`);
    return true;
  },
  text: asText,
};

const PHRASES = [new Uint8Array(32).fill(1), new SeededRandom(4).bytes(32)].map((entropy) =>
  phraseFromEntropy(entropy),
);

const phrase: Target<string> = {
  name: "wire: the 24 words",
  covers: ["wire/phrase.ts#entropyFromPhrase"],
  share: 4_000,
  input(random) {
    const words = [...oneOf(random, PHRASES)];
    const [at, other] = [random.below(24), random.below(24)];
    const way = random.below(4);
    if (way === 0) [words[at], words[other]] = [words[other] as string, words[at] as string];
    else if (way === 1) words[at] = oneOf(random, oneOf(random, PHRASES));
    else if (way === 2) words.splice(at, 1, ...words.slice(other));
    const text = words.join(oneOf(random, [" ", "  ", "\n"]));
    return random.below(3) === 0 ? damagedText([text], random) : text;
  },
  check(text) {
    const entropy = decoded(() => entropyFromPhrase(text), isWireError);
    if (entropy === undefined) return false;
    const spelt = text.normalize("NFKD").trim().toLowerCase().split(/\s+/).join(" ");
    if (phraseFromEntropy(entropy).join(" ") !== spelt) throw new Error("other words");
    return true;
  },
  text: asText,
};

const hex: Target<string> = {
  name: "wire: hexadecimal",
  covers: ["wire/bytes.ts#fromHex"],
  share: 3_000,
  input: (random) => damagedText([toHex(random.bytes(random.below(40)))], random),
  check(text) {
    const bytes = decoded(() => fromHex(text), isWireError);
    if (bytes === undefined) return false;
    if (toHex(bytes) !== text.toLowerCase()) throw new Error("other digits");
    return true;
  },
  text: asText,
};

/** The whole way of what strangers send, up to the verdict: it never rejects, whatever the bytes. */
const intake: Target<Uint8Array> = {
  name: "social: intake, from channels and streams",
  covers: ["social/intake.ts#Intake", "social/admission.ts#decodeArrival"],
  share: 10_000,
  input(random) {
    const bytes = damagedCbor(random.below(4) === 0 ? promotedMessages : envelopes, random);
    return random.below(4) === 0 ? mutatedBytes(oneOf(random, envelopes), random, bytes) : bytes;
  },
  async check(bytes) {
    // Signatures are the verdict's: nothing mutated has a valid one, and one that passes would be the finding.
    const judge = new Intake({ known: () => false });
    const from = signer.publicKey;
    const sources: IntakeSource[] = [
      { kind: "channel", channel: "mehr/1/g/north-america/us/oregon/portland", from },
      { kind: "channel", channel: "mehr/1/t/gaming/pokemon", from },
      {
        kind: "pull",
        from,
        asked: new AskedTargets([{ kind: "node", key: from }]),
        trusted: true,
        followed: () => false,
      },
      { kind: "head", from, owner: signer.publicKey },
    ];
    const original = envelopes.some((other) => Buffer.from(other).equals(bytes));
    let accepted = false;
    for (const source of sources) {
      const outcome = await judge.check(bytes, source, SAMPLE_TIME);
      accepted ||= outcome.kind !== "none";
      if (outcome.kind !== "none" && !original) throw new Error(`accepted a forgery from ${source.kind}`);
    }
    return accepted;
  },
  text: asBytes,
};

export const wireTargets: readonly Target[] = [
  object,
  envelope,
  promoted,
  key,
  channel,
  typed,
  id,
  phrase,
  hex,
  intake,
];
