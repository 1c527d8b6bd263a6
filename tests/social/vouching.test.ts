import { describe, expect, it } from "vitest";
import { initHash } from "../../src/hash/index.ts";
import { Doubts, Intake, isBelieved, NOBODY_DOUBTED, vouchersOf, type Vouching } from "../../src/social/index.ts";
import { channelOf, scopeFromKey, toHex, type NodeKey, type Signer, type WireObject } from "../../src/wire/index.ts";
import { signEnvelope, signerOf } from "../sim/author.ts";
import { SIM_START } from "../sim/clock.ts";
import { promote, signBoost } from "../sim/promoting.ts";

await initHash();

const JAZZ = "t:music/jazz";
const [author, booster, issuer, other] = (await Promise.all([1, 2, 3, 4].map(signerOf))) as [
  Signer,
  Signer,
  Signer,
  Signer,
];
const keys = (count: number): NodeKey[] => Array.from({ length: count }, (_, at) => new Uint8Array(32).fill(at + 1));
const doubting = (...doubted: readonly NodeKey[]) => ({
  size: doubted.length,
  has: (key: NodeKey) => doubted.some((one) => toHex(one) === toHex(key)),
  repeatedly: () => false,
});

describe("a certificate", () => {
  const boost = { evidenceKind: "boost", issuer: issuer.publicKey, level: "topic" } as const;
  const receipts = { ...boost, evidenceKind: "receipts" } as const;

  it("counts for nothing by a doubted issuer, and on the word of a doubted booster or curator", () => {
    const who = [booster.publicKey];
    expect(isBelieved(boost, author.publicKey, who, NOBODY_DOUBTED)).toBe(true);
    expect(isBelieved(boost, author.publicKey, who, doubting(other.publicKey))).toBe(true);
    expect(isBelieved(boost, author.publicKey, who, doubting(issuer.publicKey))).toBe(false);
    expect(isBelieved(boost, author.publicKey, who, doubting(booster.publicKey))).toBe(false);
    expect(isBelieved({ ...boost, evidenceKind: "curation" }, author.publicKey, who, doubting(booster.publicKey))).toBe(
      false,
    );
  });

  it("that rests on readers takes enough of those who are not doubted", () => {
    const readers = keys(4);
    expect(isBelieved(receipts, author.publicKey, readers, doubting(readers[0]!))).toBe(true);
    expect(isBelieved(receipts, author.publicKey, readers, doubting(readers[0]!, readers[1]!))).toBe(false);
    expect(isBelieved({ ...receipts, level: "region" }, author.publicKey, keys(12), doubting(...keys(2)))).toBe(true);
    expect(isBelieved({ ...receipts, level: "region" }, author.publicKey, keys(12), doubting(...keys(3)))).toBe(false);
  });

  it("does not open what somebody wrote who has vouched for people turned away more than once", () => {
    const doubted = { size: 1, has: () => false, repeatedly: (key: NodeKey) => key === author.publicKey };
    expect(isBelieved(boost, author.publicKey, [booster.publicKey], doubted)).toBe(false);
    expect(isBelieved(boost, other.publicKey, [booster.publicKey], doubted)).toBe(true);
    expect(isBelieved(boost, null, [booster.publicKey], doubted)).toBe(true);
  });

  it("is vouched for by its issuer and by who boosts this envelope, and not by who named the post alone", async () => {
    const post = { postHash: new Uint8Array(32).fill(7), scopes: [JAZZ] };
    const envelope = await signEnvelope(author, post);
    const [boost, ofPost] = [
      await signBoost(booster, envelope.hash),
      // Somebody honest boosted the post as another author had put it out.
      await signBoost(other, post.postHash),
    ];
    const certificate = { envelope: envelope.hash, issuer: issuer.publicKey };
    expect(vouchersOf(certificate, [boost.envelope])).toEqual([issuer.publicKey, booster.publicKey]);
    expect(vouchersOf(certificate, [ofPost.envelope])).toEqual([issuer.publicKey]);
    expect(vouchersOf(certificate, [])).toEqual([issuer.publicKey]);
  });
});

describe("doubts", () => {
  const [a, b, c] = keys(3) as [NodeKey, NodeKey, NodeKey];

  it("last until everybody is let in for whom somebody vouched", () => {
    const doubts = new Doubts();
    expect(doubts.note(a, [issuer.publicKey, booster.publicKey], 1)).toBe(true);
    expect(doubts.note(b, [issuer.publicKey], 2)).toBe(true);
    expect(doubts.note(b, [issuer.publicKey], 3)).toBe(false);
    expect(doubts.all()).toEqual([
      { key: issuer.publicKey, causes: [a, b], since: 2 },
      { key: booster.publicKey, causes: [a], since: 1 },
    ]);
    expect(doubts.forgive(a)).toBe(true);
    expect([doubts.has(issuer.publicKey), doubts.has(booster.publicKey)]).toEqual([true, false]);
    expect(doubts.forgive(c)).toBe(false);
    expect(doubts.forgive(b)).toBe(true);
    expect(doubts.size).toBe(0);
  });

  it("end with a word, whoever they are for", () => {
    const doubts = new Doubts([{ key: issuer.publicKey, causes: [a, b], since: 1 }]);
    expect(doubts.believe(issuer.publicKey)).toBe(true);
    expect(doubts.believe(issuer.publicKey)).toBe(false);
    expect(doubts.has(issuer.publicKey)).toBe(false);
  });

  it("are bounded: the oldest go first, and of one voucher the latest causes are kept", () => {
    const doubts = new Doubts();
    const key = (number: number): NodeKey => {
      const bytes = new Uint8Array(32);
      new DataView(bytes.buffer).setUint32(0, number);
      return bytes;
    };
    for (let at = 0; at < 5_000; at++) doubts.note(a, [key(at)], at);
    expect(doubts.size).toBe(4_096);
    expect([doubts.has(key(903)), doubts.has(key(904))]).toEqual([false, true]);
    for (let at = 0; at < 20; at++) doubts.note(key(at), [issuer.publicKey], at);
    expect(doubts.all()[0]?.causes).toEqual(Array.from({ length: 16 }, (_, at) => key(at + 4)));
  });
});

describe("what is promoted on a doubted word", () => {
  const from = other.publicKey;
  const atJazz = { kind: "channel", channel: channelOf(scopeFromKey(JAZZ)), from } as const;

  const VOUCHED = { author: author.publicKey, vouchers: [issuer.publicKey, booster.publicKey] };

  async function check(doubted: readonly NodeKey[], isSigned: (object: WireObject) => boolean = () => true) {
    const verified: string[] = [];
    const vouched: Vouching[] = [];
    const intake = new Intake({
      known: () => false,
      doubted: doubting(...doubted),
      vouched: (vouching) => vouched.push(vouching),
      verify: async (object) => verified.push(object.type) > 0 && isSigned(object),
    });
    const envelope = await signEnvelope(author, { scopes: ["g:europe/nl/utrecht", JAZZ], created: SIM_START });
    const { message } = await promote(envelope, JAZZ, { booster, issuer });
    const { code, verdict } = await intake.check(message, atJazz, SIM_START);
    // Once is enough, whoever brings it next.
    if (verdict === "ignore") await intake.check(message, { ...atJazz, from: author.publicKey }, SIM_START);
    return { code, verdict, verified: verified.length, vouched };
  }

  it.each<[string, NodeKey]>([
    ["issuer", issuer.publicKey],
    ["booster", booster.publicKey],
  ])("by a doubted %s is ignored, and its signatures say once who vouched for whom", async (_who, key) => {
    expect(await check([key])).toEqual({
      code: "VOUCHER_DOUBTED",
      verdict: "ignore",
      verified: 3,
      vouched: [{ ...VOUCHED, isBelieved: false }],
    });
  });

  it("by nobody who has signed it says nothing of them", async () => {
    const found = await check([issuer.publicKey], (object) => object.type !== "PromotionCertificate");
    expect(found).toMatchObject({ code: "VOUCHER_DOUBTED", verdict: "ignore", vouched: [] });
  });

  it("is taken from whoever brings it, doubted or not: carrying is no vouching", async () => {
    expect(await check([from, author.publicKey])).toMatchObject({
      code: "ACCEPTED",
      vouched: [{ ...VOUCHED, isBelieved: true }],
    });
  });
});
