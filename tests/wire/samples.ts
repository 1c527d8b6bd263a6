/** One signed object of every type, and more of those that come in several forms. The same on every run. */
import type { SignedObject, Signer, WireObject } from "../../src/wire/index.ts";
import { channelIdOf, channelParty, compareBytes, createSigner, parseScope, signObject } from "../../src/wire/index.ts";

/** 32 equal bytes: a hash or a seed that is easy to recognise in a dump. */
export function filled(byte: number, length = 32): Uint8Array {
  return new Uint8Array(length).fill(byte);
}

/** 2026-01-01T00:00:00Z. */
export const SAMPLE_TIME = 1_767_225_600_000;

export interface Sample {
  readonly name: string;
  readonly signed: SignedObject<WireObject>;
  /** Keys that verification needs beyond those in the object. */
  readonly parties: readonly Uint8Array[];
}

export async function sampleSigners(): Promise<[alice: Signer, bob: Signer, carol: Signer]> {
  return Promise.all([createSigner(filled(1)), createSigner(filled(2)), createSigner(filled(3))]);
}

const portland = parseScope("geo", "north-america/us/oregon/portland");
const pokemon = parseScope("topic", "gaming/pokemon");

const boostTemplate = {
  type: "PostEnvelope",
  postHash: null,
  headline: null,
  summary: null,
  mediaHints: [],
  scopes: [portland],
  replyTo: null,
  boostOf: filled(0x11),
  references: [],
  contentSize: 0,
  created: SAMPLE_TIME,
  kickbackRate: 0,
} as const;

async function envelopes(alice: Signer, bob: Signer): Promise<[string, SignedObject<WireObject>][]> {
  const minimal = await signObject(
    {
      ...boostTemplate,
      author: alice.publicKey,
      postHash: filled(0x22),
      boostOf: null,
      scopes: [],
      mediaHints: [],
      references: [],
      contentSize: 105,
    },
    alice,
  );
  const full = await signObject(
    {
      type: "PostEnvelope",
      postHash: filled(0x22),
      author: alice.publicKey,
      headline: "Portland Pokémon League Meetup",
      summary: "Meetup next Friday at Pioneer Square: all skill levels welcome 🚲",
      mediaHints: [
        {
          contentType: "image/webp",
          size: 85_000,
          blurhash: "LEHV6nWB2yk8pyo0adR*.7kCMdnj",
          altText: "A crowded square",
        },
        { contentType: "video/mp4", size: 4_294_967_295, blurhash: null, altText: null },
      ],
      scopes: [portland, pokemon],
      replyTo: filled(0x33),
      boostOf: null,
      references: [filled(0x44), filled(0x55)],
      contentSize: 4_294_967_295,
      created: SAMPLE_TIME,
      kickbackRate: 128,
    },
    alice,
  );
  const boost = await signObject(
    { ...boostTemplate, author: bob.publicKey, mediaHints: [], scopes: [portland], references: [] },
    bob,
  );
  return [
    ["envelope, as little as possible", minimal],
    ["envelope, a reply with everything", full],
    ["envelope, a boost", boost],
  ];
}

async function otherSingles(alice: Signer, bob: Signer): Promise<[string, SignedObject<WireObject>][]> {
  const post = await signObject(
    {
      type: "SocialPost",
      author: alice.publicKey,
      text: "Meetup next Friday.\nBring your own deck.",
      media: [filled(0x66)],
      links: ["https://example.org/meetup"],
    },
    alice,
  );
  const empty = await signObject(
    { type: "SocialPost", author: alice.publicKey, text: null, media: [], links: [] },
    alice,
  );
  const profile = await signObject(
    {
      type: "UserProfile",
      nodeId: alice.publicKey,
      displayName: "علی",
      bio: "می‌نویسم",
      avatar: filled(0x77),
      scopes: [portland, pokemon],
      claims: [filled(0x88)],
      sequence: Number.MAX_SAFE_INTEGER,
    },
    alice,
  );
  const feed = await signObject(
    {
      type: "CuratedFeed",
      curator: bob.publicKey,
      name: "Portland's Best",
      description: "",
      entries: [
        { postHash: filled(0x22), added: SAMPLE_TIME, note: "Must-read thread on the new bike lanes" },
        { postHash: filled(0x23), added: SAMPLE_TIME + 1, note: null },
      ],
      scope: portland,
      updated: SAMPLE_TIME + 2,
      sequence: 0,
      kickbackRate: 255,
    },
    bob,
  );
  const manifest = await signObject(
    {
      type: "MediaManifest",
      author: alice.publicKey,
      altText: "A crowded square",
      blurhash: null,
      variants: [
        {
          contentType: "image/webp",
          size: 48_000,
          width: 640,
          height: 480,
          duration: null,
          minBandwidth: 1_000,
          hash: filled(0x99),
        },
        {
          contentType: "video/mp4",
          size: 5_000_000,
          width: null,
          height: null,
          duration: 61_000,
          minBandwidth: 100_000,
          hash: filled(0x9a),
        },
      ],
    },
    alice,
  );
  const certificate = await signObject(
    {
      type: "PromotionCertificate",
      envelope: filled(0xaa),
      issuer: bob.publicKey,
      level: "region",
      scope: parseScope("geo", "north-america/us/oregon"),
      evidenceKind: "receipts",
      evidence: [filled(0xab), filled(0xac), filled(0xad)],
      created: SAMPLE_TIME,
    },
    bob,
  );
  const claim = await signObject(
    {
      type: "IdentityClaim",
      nodeId: alice.publicKey,
      kind: "wallet",
      subject: "eip155:1:0x52908400098527886E0F7030069857D2E4169EE7",
      proof: filled(0xbb, 65),
      created: SAMPLE_TIME,
      expires: SAMPLE_TIME + 1,
    },
    alice,
  );
  return [
    ["post", post],
    ["post, empty", empty],
    ["profile", profile],
    ["curated feed", feed],
    ["media manifest", manifest],
    ["promotion certificate", certificate],
    ["identity claim", claim],
  ];
}

async function pairs(alice: Signer, bob: Signer, carol: Signer): Promise<[string, SignedObject<WireObject>][]> {
  const offered = await signObject(
    {
      type: "StorageAgreement",
      object: filled(0x22),
      payer: alice.publicKey,
      provider: bob.publicKey,
      size: 50_000,
      costPerEpoch: 50n,
      firstEpoch: 2_945_376,
      epochs: 144,
      challengeInterval: 6,
      kickbackRecipient: carol.publicKey,
      kickbackRate: 128,
      payerSignature: null,
      providerSignature: null,
    },
    alice,
  );
  const agreed = await signObject(offered.object, bob);
  const receipt = await signObject(
    {
      type: "RetrievalReceipt",
      object: filled(0x22),
      reader: carol.publicKey,
      provider: bob.publicKey,
      author: alice.publicKey,
      amount: 0xffff_ffff_ffff_ffffn,
      kickback: 9_007_199_254_740_993n,
      created: SAMPLE_TIME,
      readerSignature: null,
      providerSignature: null,
    },
    carol,
  );
  const countersigned = await signObject(receipt.object, bob);
  const [partyA, partyB] = [channelParty(alice.publicKey), channelParty(bob.publicKey)].sort(compareBytes) as [
    Uint8Array,
    Uint8Array,
  ];
  const half = await signObject(
    {
      type: "ChannelState",
      channelId: channelIdOf(alice.publicKey, bob.publicKey),
      partyA,
      partyB,
      balanceA: 2_000n,
      balanceB: 0xffff_ffff_ffff_ffffn,
      sequence: 7,
      signatureA: null,
      signatureB: null,
    },
    alice,
  );
  const both = await signObject(half.object, bob);
  return [
    ["storage agreement, offered", offered],
    ["storage agreement", agreed],
    ["retrieval receipt, the reader's half", receipt],
    ["retrieval receipt", countersigned],
    ["channel state, signed by one", half],
    ["channel state", both],
  ];
}

/** Every sample, signed. */
export async function samples(): Promise<Sample[]> {
  const [alice, bob, carol] = await sampleSigners();
  const all = [
    ...(await envelopes(alice, bob)),
    ...(await otherSingles(alice, bob)),
    ...(await pairs(alice, bob, carol)),
  ];
  return all.map(([name, signed]) => ({
    name,
    signed,
    parties: signed.object.type === "ChannelState" ? [alice.publicKey, bob.publicKey] : [],
  }));
}
