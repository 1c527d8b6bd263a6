/** What stands exactly at a limit is accepted, by the encoder and by the decoder. What lies one beyond is in invalid.ts. */
import { describe, expect, it } from "vitest";
import type { WireObject } from "../../src/wire/index.ts";
import {
  countCharacters,
  createdTooFarAhead,
  decodeEnvelope,
  decodeObject,
  encodeObject,
  LIMITS,
} from "../../src/wire/index.ts";
import { envelopeOfSize, postOfSize } from "./invalid.ts";
import { plain, plainBytes } from "./plain.ts";
import { filled, SAMPLE_TIME, samples } from "./samples.ts";

const all = await samples();

function sampleOf<Name extends WireObject["type"]>(type: Name, name: string): Extract<WireObject, { type: Name }> {
  const found = all.find((sample) => sample.name === name);
  if (found?.signed.object.type !== type) throw new Error(`no ${type} named ${name}`);
  return found.signed.object as Extract<WireObject, { type: Name }>;
}

const envelope = sampleOf("PostEnvelope", "envelope, as little as possible");
const post = sampleOf("SocialPost", "post, empty");
const profile = sampleOf("UserProfile", "profile");
const feed = sampleOf("CuratedFeed", "curated feed");
const manifest = sampleOf("MediaManifest", "media manifest");
const agreement = sampleOf("StorageAgreement", "storage agreement");
const receipt = sampleOf("RetrievalReceipt", "retrieval receipt");
const state = sampleOf("ChannelState", "channel state");
const certificate = sampleOf("PromotionCertificate", "promotion certificate");
const claim = sampleOf("IdentityClaim", "identity claim");

const long = (count: number, character = "x") => character.repeat(count);
const hashes = (count: number) => Array.from({ length: count }, (_, at) => filled(at & 0xff).fill(at >> 8, 0, 1));

const hint = { contentType: "a/b", size: 0, blurhash: null, altText: null };
const variantOf = (hash: Uint8Array) => {
  return { contentType: "a/b", size: 1, width: null, height: null, duration: null, minBandwidth: 0, hash };
};
const topic = (...segments: string[]) => ({ kind: "topic", segments }) as const;
const geo = (...segments: string[]) => ({ kind: "geo", segments }) as const;

const AT_THE_EDGE: readonly [name: string, object: WireObject][] = [
  ["headline of 100 characters", { ...envelope, headline: long(100) }],
  ["headline of 100 characters beyond the BMP", { ...envelope, headline: long(100, "🚲") }],
  ["summary of 280 characters", { ...envelope, summary: long(280, "字") }],
  ["16 media hints", { ...envelope, mediaHints: Array.from({ length: 16 }, () => hint) }],
  [
    "media hint with everything",
    {
      ...envelope,
      mediaHints: [{ contentType: long(100), size: 2 ** 32 - 1, blurhash: long(64), altText: long(280) }],
    },
  ],
  ["one place and three topics", { ...envelope, scopes: [geo("a"), topic("a"), topic("b"), topic("a", "b")] }],
  ["eight segments", { ...envelope, scopes: [geo("a", "b", "c", "d", "e", "f", "g", "h")] }],
  ["segment of 32 characters", { ...envelope, scopes: [geo(long(32, "字"))] }],
  ["32 references", { ...envelope, references: hashes(32) }],
  ["largest numbers", { ...envelope, contentSize: 2 ** 32 - 1, created: Number.MAX_SAFE_INTEGER, kickbackRate: 255 }],
  ["smallest numbers", { ...envelope, contentSize: 0, created: 0, kickbackRate: 0 }],
  ["post with 16 media", { ...post, media: hashes(16) }],
  ["post with 32 links", { ...post, links: Array.from({ length: 32 }, () => "a:b") }],
  ["link of 2,048 characters", { ...post, links: [long(2_048)] }],
  ["profile without a name", { ...profile, displayName: "" }],
  ["name of 64 characters", { ...profile, displayName: long(64) }],
  ["biography of 500 characters", { ...profile, bio: long(500) }],
  ["32 claims", { ...profile, claims: hashes(32) }],
  ["feed name of 64 characters", { ...feed, name: long(64) }],
  ["feed description of 500 characters", { ...feed, description: long(500) }],
  ["256 entries", { ...feed, entries: hashes(256).map((postHash) => ({ postHash, added: 0, note: null })) }],
  ["note of 280 characters", { ...feed, entries: [{ postHash: filled(1), added: 0, note: long(280) }] }],
  ["no entries", { ...feed, entries: [] }],
  ["one variant", { ...manifest, variants: [variantOf(filled(1))] }],
  ["16 variants", { ...manifest, variants: hashes(16).map(variantOf) }],
  ["an agreement for one epoch", { ...agreement, size: 1, epochs: 1, challengeInterval: 1 }],
  ["all of the pay for the author", { ...receipt, amount: 5n, kickback: 5n }],
  ["nothing paid", { ...receipt, amount: 0n, kickback: 0n }],
  ["last sequence number", { ...state, sequence: Number.MAX_SAFE_INTEGER, balanceA: 0n }],
  ["256 pieces of evidence", { ...certificate, evidence: hashes(256) }],
  ["claim kind of 32 characters", { ...claim, kind: long(32) }],
  ["claim subject of 256 characters", { ...claim, subject: long(256) }],
  ["proof of 1,024 bytes", { ...claim, proof: filled(1, 1_024) }],
  ["claim without end", { ...claim, expires: null }],
];

describe("at the limit", () => {
  it.each(AT_THE_EDGE)("%s", (_name, object) => {
    const bytes = encodeObject(object);
    expect(bytes).toEqual(plainBytes(plain(object)));
    expect(decodeObject(bytes)).toEqual(object);
  });

  it("an envelope of 4,096 bytes", () => {
    const bytes = envelopeOfSize(all, LIMITS.envelopeBytes);
    expect(bytes.length).toBe(4_096);
    expect(encodeObject(decodeEnvelope(bytes))).toEqual(bytes);
  });

  it("a post of 65,536 bytes", () => {
    const bytes = postOfSize(all, LIMITS.objectBytes);
    expect(bytes.length).toBe(65_536);
    expect(encodeObject(decodeObject(bytes))).toEqual(bytes);
  });

  it("scopes of 1,024 bytes", () => {
    // The list's head, then 2 bytes of head and kind a scope; segments of 96 and 32 bytes with heads of 2.
    const place = geo(...Array<string>(8).fill(long(32, "字")));
    const topicOf = (last: number) => topic(...Array<string>(6).fill(long(32)), long(last));
    const scopes = [place, topicOf(29)];
    const bytes = encodeObject({ ...envelope, scopes });
    expect(bytes.length - encodeObject({ ...envelope, scopes: [] }).length + 1).toBe(LIMITS.scopesBytes);
    expect(decodeEnvelope(bytes).scopes).toEqual(scopes);
    expect(() => encodeObject({ ...envelope, scopes: [place, topicOf(30)] })).toThrow(
      expect.objectContaining({ code: "SCOPE_SIZE" }) as Error,
    );
  });
});

describe("the encoder", () => {
  it("refuses what is too large", () => {
    const wide = Array.from({ length: 16 }, () => ({ ...hint, altText: long(280) }));
    const code = expect.objectContaining({ code: "TOO_LARGE" }) as Error;
    expect(() => encodeObject({ ...envelope, mediaHints: wide })).toThrow(code);
    expect(() => encodeObject({ ...post, text: long(65_536) })).toThrow(code);
  });

  const refused: readonly [name: string, object: WireObject, code: string][] = [
    ["a fraction", { ...envelope, created: 1.5 }, "NUMBER_RANGE"],
    ["a negative number", { ...envelope, created: -1 }, "NUMBER_RANGE"],
    ["NaN", { ...envelope, contentSize: Number.NaN }, "NUMBER_RANGE"],
    ["2^53", { ...profile, sequence: 2 ** 53 }, "NUMBER_RANGE"],
    ["a negative amount", { ...agreement, costPerEpoch: -1n }, "NUMBER_RANGE"],
    ["an amount of 2^64", { ...agreement, costPerEpoch: 2n ** 64n }, "NUMBER_RANGE"],
    ["a balance of 2^64", { ...state, balanceA: 2n ** 64n }, "NUMBER_RANGE"],
    ["a channel sequence of 2^53", { ...state, sequence: 2 ** 53 }, "NUMBER_RANGE"],
    ["a party of 15 bytes", { ...state, partyA: filled(0, 15) }, "FIELD_LENGTH"],
    ["a channel signature of 63 bytes", { ...state, signatureA: filled(1, 63) }, "FIELD_LENGTH"],
    ["a channel signature of zeros", { ...state, signatureB: filled(0, 64) }, "SIGNATURE_MISSING"],
    ["a lone surrogate", { ...envelope, headline: "\ud83d" }, "TEXT_MALFORMED"],
    ["a lone surrogate in a long text", { ...post, text: `${long(100)}\udeb2` }, "TEXT_MALFORMED"],
    ["too long a text", { ...envelope, headline: long(101) }, "TEXT_TOO_LONG"],
    ["an empty optional text", { ...post, text: "" }, "TEXT_EMPTY"],
    ["too many elements", { ...post, media: hashes(17) }, "LIST_TOO_LONG"],
    ["too few elements", { ...manifest, variants: [] }, "LIST_EMPTY"],
    ["a hash of 31 bytes", { ...envelope, postHash: filled(1, 31) }, "FIELD_LENGTH"],
    ["a scope not in normal form", { ...envelope, scopes: [geo("Utrecht")] }, "SCOPE_INVALID"],
    ["a word that is none", { ...certificate, level: "village" as "city" }, "NUMBER_RANGE"],
    ["a broken rule", { ...envelope, postHash: null }, "POST_MISSING"],
  ];
  it.each(refused)("refuses %s", (_name, object, code) => {
    expect(() => encodeObject(object)).toThrow(expect.objectContaining({ code }) as Error);
  });
});

describe("characters", () => {
  it("are code points", () => {
    expect(countCharacters("")).toBe(0);
    expect(countCharacters("aé字🚲")).toBe(4);
    expect(countCharacters("👩‍🚀")).toBe(3);
  });
});

describe("createdTooFarAhead", () => {
  it("allows ten minutes and not a millisecond more", () => {
    expect(createdTooFarAhead(SAMPLE_TIME + 600_000, SAMPLE_TIME)).toBe(false);
    expect(createdTooFarAhead(SAMPLE_TIME + 600_001, SAMPLE_TIME)).toBe(true);
  });

  it("does not mind the past", () => {
    expect(createdTooFarAhead(0, SAMPLE_TIME)).toBe(false);
  });
});
