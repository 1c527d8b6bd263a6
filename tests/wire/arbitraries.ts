/** Any valid object of any type. */
import fc from "fast-check";
import type { ChannelState, Scope, WireObject } from "../../src/wire/index.ts";
import { compareBytes, EVIDENCE_KINDS, PROMOTION_LEVELS, toHex } from "../../src/wire/index.ts";

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const hash = bytes(32);
const distinctHashes = (limits: { minLength?: number; maxLength: number }) =>
  fc.uniqueArray(hash, { ...limits, selector: toHex });
const signature = bytes(64).filter((value) => value.some((byte) => byte !== 0));
const u32 = fc.nat({ max: 0xffff_ffff });
const u8 = fc.nat({ max: 255 });
/** Numbers around every change of the head's length, and any others. */
const safeInteger = fc.oneof(
  fc.constantFrom(0, 23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER),
  fc.maxSafeNat(),
);
const amount = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const orNull = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });
const text = (max: number, min = 1) => fc.string({ unit: "binary", minLength: min, maxLength: max });

const segment = fc.oneof(
  fc.stringMatching(/^[a-z0-9]([a-z0-9]{0,15})$/),
  fc.constantFrom("utrecht", "new-york", "'s-hertogenbosch", "zürich", "東京", "🚲", "c++", "st.-louis", "تهران"),
);
const segments = fc.array(segment, { minLength: 1, maxLength: 8 });
const placeOf = fc.record({ kind: fc.constant("geo" as const), segments });
const topicOf = fc.record({ kind: fc.constant("topic" as const), segments });
const scope: fc.Arbitrary<Scope> = fc.oneof(placeOf, topicOf);
const scopes: fc.Arbitrary<Scope[]> = fc
  .tuple(
    fc.array(placeOf, { maxLength: 1 }),
    fc.uniqueArray(topicOf, { maxLength: 3, selector: (topic) => topic.segments.join("/") }),
  )
  .map((both) => both.flat());

const mediaHint = fc.record({
  contentType: text(20),
  size: u32,
  blurhash: orNull(text(30)),
  altText: orNull(text(60)),
});

const kind = <Name extends WireObject["type"]>(name: Name) => fc.constant(name);

const envelopeBase = {
  type: kind("PostEnvelope"),
  author: hash,
  headline: orNull(text(100)),
  mediaHints: fc.array(mediaHint, { maxLength: 3 }),
  scopes,
  references: fc.array(hash, { maxLength: 4 }),
  created: safeInteger,
  kickbackRate: u8,
  signature,
};

const original = fc.record({
  ...envelopeBase,
  postHash: hash,
  summary: orNull(text(280)),
  replyTo: orNull(hash),
  boostOf: fc.constant(null),
  contentSize: u32,
});
const boost = fc.record({
  ...envelopeBase,
  postHash: fc.constant(null),
  summary: fc.constant(null),
  replyTo: fc.constant(null),
  boostOf: hash,
  contentSize: fc.constant(0),
});

const post = fc.record({
  type: kind("SocialPost"),
  author: hash,
  text: orNull(text(400)),
  media: fc.array(hash, { maxLength: 16 }),
  links: fc.array(text(60), { maxLength: 5 }),
  signature,
});

const profile = fc.record({
  type: kind("UserProfile"),
  nodeId: hash,
  displayName: text(64, 0),
  bio: orNull(text(200)),
  avatar: orNull(hash),
  scopes,
  claims: fc.array(hash, { maxLength: 5 }),
  sequence: safeInteger,
  signature,
});

const feed = fc.record({
  type: kind("CuratedFeed"),
  curator: hash,
  name: text(64),
  description: text(100, 0),
  entries: fc.uniqueArray(fc.record({ postHash: hash, added: safeInteger, note: orNull(text(50)) }), {
    maxLength: 30,
    selector: (entry) => toHex(entry.postHash),
  }),
  scope,
  updated: safeInteger,
  sequence: safeInteger,
  kickbackRate: u8,
  signature,
});

const dimensions = fc.oneof(fc.record({ width: u32, height: u32 }), fc.constant({ width: null, height: null }));
const variant = fc
  .tuple(fc.record({ contentType: text(20), size: u32, duration: orNull(u32), minBandwidth: u32, hash }), dimensions)
  .map(([rest, size]) => Object.assign(rest, size));
const manifest = fc.record({
  type: kind("MediaManifest"),
  author: hash,
  altText: orNull(text(100)),
  blurhash: orNull(text(30)),
  variants: fc
    .uniqueArray(variant, { minLength: 1, maxLength: 6, selector: (one) => toHex(one.hash) })
    .map((all) => all.toSorted((a, b) => a.size - b.size)),
  signature,
});

/** At least one of two has signed. */
const someSigned = fc.oneof(
  fc.tuple(signature, fc.constant(null)),
  fc.tuple(fc.constant(null), signature),
  fc.tuple(signature, signature),
);

const agreement = fc
  .record({
    object: hash,
    parties: distinctHashes({ minLength: 2, maxLength: 2 }),
    size: u32.map((value) => Math.max(value, 1)),
    costPerEpoch: amount,
    firstEpoch: u32,
    epochs: fc.integer({ min: 10, max: 0xffff_ffff }),
    challengeInterval: fc.integer({ min: 1, max: 10 }),
    kickback: orNull(fc.tuple(hash, u8)),
    signatures: someSigned,
  })
  .map(({ parties, signatures, kickback, ...rest }) =>
    Object.assign(rest, {
      type: "StorageAgreement" as const,
      payer: parties[0] as Uint8Array,
      provider: parties[1] as Uint8Array,
      kickbackRecipient: kickback?.[0] ?? null,
      kickbackRate: kickback?.[1] ?? 0,
      payerSignature: signatures[0],
      providerSignature: signatures[1],
    }),
  );

const channel: fc.Arbitrary<ChannelState> = fc
  .record({
    channelId: bytes(16),
    parties: fc.uniqueArray(bytes(16), { minLength: 2, maxLength: 2, selector: toHex }),
    balanceA: amount,
    balanceB: amount,
    sequence: safeInteger,
    signatures: someSigned,
  })
  .map(({ parties, signatures, ...rest }) => {
    const [partyA, partyB] = parties.toSorted(compareBytes) as [Uint8Array, Uint8Array];
    return Object.assign(rest, {
      type: "ChannelState" as const,
      partyA,
      partyB,
      signatureA: signatures[0],
      signatureB: signatures[1],
    });
  });

const receipt = fc
  .record({
    object: hash,
    parties: distinctHashes({ minLength: 2, maxLength: 2 }),
    author: hash,
    amounts: fc.tuple(amount, amount),
    created: safeInteger,
    signatures: someSigned,
  })
  .map(({ parties, signatures, amounts: [one, other], ...rest }) =>
    Object.assign(rest, {
      type: "RetrievalReceipt" as const,
      reader: parties[0] as Uint8Array,
      provider: parties[1] as Uint8Array,
      amount: one > other ? one : other,
      kickback: one > other ? other : one,
      readerSignature: signatures[0],
      providerSignature: signatures[1],
    }),
  );

const certificate = fc
  .record({
    envelope: hash,
    issuer: hash,
    place: placeOf,
    topic: topicOf,
    level: fc.constantFrom(...PROMOTION_LEVELS),
    evidenceKind: fc.constantFrom(...EVIDENCE_KINDS),
    evidence: distinctHashes({ minLength: 1, maxLength: 20 }),
    created: safeInteger,
    signature,
  })
  .map(({ place, topic, evidence, ...rest }) =>
    Object.assign(rest, {
      type: "PromotionCertificate" as const,
      scope: rest.level === "topic" ? topic : place,
      evidence: rest.evidenceKind === "receipts" ? evidence : evidence.slice(0, 1),
    }),
  );

const claim = fc
  .record({
    nodeId: hash,
    kind: text(32),
    subject: text(100),
    proof: orNull(fc.uint8Array({ minLength: 1, maxLength: 100 })),
    times: orNull(fc.uniqueArray(safeInteger, { minLength: 2, maxLength: 2 })),
    created: safeInteger,
    signature,
  })
  .map(({ times, ...rest }) =>
    Object.assign(rest, {
      type: "IdentityClaim" as const,
      created: times === null ? rest.created : Math.min(...times),
      expires: times === null ? null : Math.max(...times),
    }),
  );

/** Objects by type; `binary` texts hold every code point but surrogates. */
export const anyObject: fc.Arbitrary<WireObject> = fc.oneof(
  original,
  boost,
  post,
  profile,
  feed,
  manifest,
  agreement,
  channel,
  receipt,
  certificate,
  claim,
);
