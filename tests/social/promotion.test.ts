import { beforeEach, describe, expect, it } from "vitest";
import { initHash } from "../../src/hash/index.ts";
import {
  AskedTargets,
  coversByStart,
  Intake,
  isStart,
  levelOf,
  standing,
  type IntakeSource,
  type ReachTarget,
} from "../../src/social/index.ts";
import {
  channelOf,
  decodePromoted,
  encodePromoted,
  scopeFromKey,
  signObject,
  toHex,
  type Hash,
  type PromotionCertificate,
  type Signer,
} from "../../src/wire/index.ts";
import { signEnvelope, signerOf, type SignedEnvelope } from "../sim/author.ts";
import { SIM_START } from "../sim/clock.ts";
import { promote, signBoost, signCertificate, signReceipt } from "../sim/promoting.ts";

await initHash();

const NOW = SIM_START;
const HOUR = 3_600_000;
const MINUTE = 60_000;
const TOWN = "g:europe/nl/utrecht/oost";
const CITY = "g:europe/nl/utrecht";
const COUNTRY = "g:europe/nl";
const JAZZ = "t:music/jazz";
const POST = new Uint8Array(32).fill(7);
const [author, booster, relay, curator] = (await Promise.all([1, 2, 3, 4].map(signerOf))) as [
  Signer,
  Signer,
  Signer,
  Signer,
];
const from = relay.publicKey;
const envelope = await signEnvelope(author, { scopes: [TOWN, JAZZ], created: NOW - HOUR });

const scoped = (kind: "exact" | "prefix", key: string): ReachTarget => ({
  kind: "scope",
  scope: scopeFromKey(key),
  match: kind,
});

const receipt = (reader: Signer, { object = POST, created = NOW }: { object?: Hash; created?: number } = {}) =>
  signReceipt(reader, { author, provider: relay }, { object, created });

async function feed(by: Signer, posts: readonly Hash[], added = NOW) {
  return await signObject(
    {
      type: "CuratedFeed",
      curator: by.publicKey,
      name: "Best",
      description: "",
      entries: posts.map((postHash) => ({ postHash, added, note: null })),
      scope: scopeFromKey(JAZZ),
      updated: added,
      sequence: 1,
      kickbackRate: 0,
    },
    by,
  );
}

interface Case {
  readonly issuer?: Signer;
  readonly scope?: string;
  readonly level?: PromotionCertificate["level"];
  readonly kind?: PromotionCertificate["evidenceKind"];
  readonly created?: number;
  readonly of?: SignedEnvelope;
  readonly evidence: readonly { readonly hash: Hash; readonly bytes: Uint8Array }[];
  /** What is shown, where it is not what is named. */
  readonly shown?: readonly Uint8Array[];
  readonly now?: number;
}

/** `stands`, or why not. */
async function verdict({
  created,
  evidence,
  issuer = relay,
  kind,
  level,
  now = NOW,
  of = envelope,
  scope = JAZZ,
  shown,
}: Case): Promise<string> {
  const certificate = await signCertificate(issuer, {
    envelope: of.hash,
    scope,
    evidence: evidence.map(({ hash }) => hash),
    ...(level === undefined ? {} : { level }),
    ...(kind === undefined ? {} : { kind }),
    ...(created === undefined ? {} : { created }),
  });
  const result = await standing(
    certificate.certificate,
    certificate.bytes,
    envelope,
    shown ?? evidence.map(({ bytes }) => bytes),
    now,
  );
  return result.kind === "stands" ? "stands" : result.code;
}

describe("levels", () => {
  it.each([
    ["g:europe", "global"],
    ["g:europe/nl", "country"],
    ["g:cyberspace/commons", "country"],
    ["g:europe/nl/utrecht", "region"],
    ["g:europe/nl/utrecht/oost", "city"],
    ["g:europe/nl/utrecht/oost/straat", "city"],
    ["t:music", "topic"],
    ["t:a/b/c/d", "topic"],
  ])("%s is %s", (key, level) => {
    expect(levelOf(scopeFromKey(key))).toBe(level);
  });
});

describe("where an envelope starts", () => {
  const scopesOf = (...keys: string[]) => ({ author: author.publicKey, scopes: keys.map(scopeFromKey) });

  it("is its place alone, its author's home for topics alone, and nowhere without scopes", () => {
    expect(isStart(scopesOf(TOWN, JAZZ), scopeFromKey(TOWN))).toBe(true);
    expect(isStart(scopesOf(TOWN, JAZZ), scopeFromKey(CITY))).toBe(false);
    expect(isStart(scopesOf(TOWN, JAZZ), scopeFromKey(JAZZ))).toBe(false);
    expect(isStart(scopesOf(JAZZ), scopeFromKey(CITY))).toBe(true);
    expect(isStart(scopesOf(JAZZ), scopeFromKey(CITY), scopeFromKey(TOWN))).toBe(false);
    expect(isStart(scopesOf(), scopeFromKey(TOWN))).toBe(false);
  });

  it.each<[string, readonly string[], ReachTarget, readonly string[], boolean]>([
    ["its author", [TOWN], { kind: "node", key: author.publicKey }, [], true],
    ["another author", [TOWN], { kind: "node", key: booster.publicKey }, [], false],
    ["its author, without scopes", [], { kind: "node", key: author.publicKey }, [], false],
    ["its place", [TOWN], scoped("exact", TOWN), [], true],
    ["its place and all within", [TOWN], scoped("prefix", TOWN), [], true],
    ["a place above", [TOWN], scoped("prefix", CITY), [], false],
    ["its topic", [TOWN, JAZZ], scoped("exact", JAZZ), [], false],
    ["where topics alone were heard", [JAZZ], scoped("exact", TOWN), [TOWN], true],
    ["where they were not", [JAZZ], scoped("exact", CITY), [TOWN], false],
    ["what trusted people write", [TOWN], { kind: "trusted" }, [], false],
  ])("is had by who asked for %s: %#", (_name, scopes, target, heardAt, expected) => {
    expect(coversByStart(target, scopesOf(...scopes), heardAt.map(scopeFromKey))).toBe(expected);
  });

  it("is for others only what was asked for", () => {
    const asked = new AskedTargets([scoped("prefix", "t:music"), scoped("exact", TOWN)]);
    expect(asked.mayStart(scopesOf(TOWN))).toBe(true);
    expect(asked.mayStart(scopesOf(CITY, JAZZ))).toBe(false);
    expect(asked.covers(scopesOf(CITY, JAZZ))).toBe(true);
    expect(asked.opens({ scope: scopeFromKey(JAZZ) })).toBe(true);
    expect(asked.opens({ scope: scopeFromKey(CITY) })).toBe(false);
    expect(asked.startOf(scopesOf(JAZZ))).toEqual(scopeFromKey(TOWN));
    // Which of two it was, nobody says; nor where somebody lives who is followed.
    expect(new AskedTargets([scoped("exact", TOWN), scoped("exact", CITY)]).startOf(scopesOf(JAZZ))).toBe(null);
    const following = new AskedTargets([scoped("exact", TOWN), { kind: "node", key: author.publicKey }]);
    expect(following.startOf(scopesOf(JAZZ))).toBe(null);
  });
});

describe("a certificate by a boost", () => {
  it("stands for a topic, the topics above it and the places above", async () => {
    const boost = await signBoost(booster, envelope.hash, { created: NOW });
    for (const scope of [JAZZ, "t:music", CITY, COUNTRY, "g:europe"]) {
      expect(await verdict({ scope, evidence: [boost] })).toBe("stands");
    }
    // A boost may name the post, and its author may be who issues.
    expect(await verdict({ issuer: booster, evidence: [await signBoost(booster, POST)] })).toBe("stands");
  });

  it.each<[string, () => Promise<Case>, string]>([
    [
      "of another envelope",
      async () => ({
        of: await signEnvelope(author, { scopes: [TOWN] }),
        evidence: [await signBoost(booster, envelope.hash)],
      }),
      "CERTIFICATE_OTHER_ENVELOPE",
    ],
    [
      "of the wrong level",
      async () => ({ scope: CITY, level: "city", evidence: [await signBoost(booster, envelope.hash)] }),
      "CERTIFICATE_LEVEL",
    ],
    [
      "for another topic",
      async () => ({ scope: "t:sports", evidence: [await signBoost(booster, envelope.hash)] }),
      "CERTIFICATE_SCOPE",
    ],
    [
      "for a topic below",
      async () => ({ scope: "t:music/jazz/live", evidence: [await signBoost(booster, envelope.hash)] }),
      "CERTIFICATE_SCOPE",
    ],
    [
      "for another place",
      async () => ({ scope: "g:asia", evidence: [await signBoost(booster, envelope.hash)] }),
      "CERTIFICATE_SCOPE",
    ],
    [
      "for the place itself",
      async () => ({ scope: TOWN, evidence: [await signBoost(booster, envelope.hash)] }),
      "CERTIFICATE_SCOPE",
    ],
    [
      "by the author",
      async () => ({ issuer: author, evidence: [await signBoost(booster, envelope.hash)] }),
      "CERTIFICATE_BY_AUTHOR",
    ],
    [
      "of yesterday",
      async () => ({ now: NOW + 24 * HOUR, evidence: [await signBoost(booster, envelope.hash)] }),
      "CERTIFICATE_EXPIRED",
    ],
    [
      "of tomorrow",
      async () => ({ now: NOW - 11 * MINUTE, evidence: [await signBoost(booster, envelope.hash)] }),
      "CERTIFICATE_AHEAD",
    ],
    [
      "with a boost by the author",
      async () => ({ evidence: [await signBoost(author, envelope.hash)] }),
      "EVIDENCE_BY_AUTHOR",
    ],
    [
      "with a boost of another post",
      async () => ({ evidence: [await signBoost(booster, new Uint8Array(32).fill(8))] }),
      "EVIDENCE_OTHER_POST",
    ],
    [
      "with a boost for trusted people",
      async () => ({ evidence: [await signBoost(booster, envelope.hash, { scopes: [] })] }),
      "EVIDENCE_PRIVATE",
    ],
    [
      "with a boost of the day before",
      async () => ({ evidence: [await signBoost(booster, envelope.hash, { created: NOW - 24 * HOUR })] }),
      "EVIDENCE_STALE",
    ],
    [
      "with a boost dated ahead of it",
      async () => ({ evidence: [await signBoost(booster, envelope.hash, { created: NOW + 11 * MINUTE })] }),
      "EVIDENCE_STALE",
    ],
    ["with a receipt for a boost", async () => ({ evidence: [await receipt(booster)] }), "EVIDENCE_INVALID"],
    [
      "without its evidence",
      async () => ({ evidence: [await signBoost(booster, envelope.hash)], shown: [] }),
      "EVIDENCE_MISSING",
    ],
    [
      "with more than it names",
      async () => {
        const boost = await signBoost(booster, envelope.hash);
        return { evidence: [boost], shown: [boost.bytes, envelope.bytes] };
      },
      "EVIDENCE_INVALID",
    ],
  ])("%s does not stand", async (_name, made, code) => {
    expect(await verdict(await made())).toBe(code);
  });

  it("does not stand when it, or the boost, is not signed by whom it names", async () => {
    const boost = await signBoost(booster, envelope.hash);
    const { bytes, certificate } = await signCertificate(relay, {
      envelope: envelope.hash,
      scope: JAZZ,
      evidence: [boost.hash],
    });
    const evidence = [boost.bytes];
    const forged = { ...certificate, issuer: booster.publicKey };
    expect(await standing(forged, bytes, envelope, evidence, NOW)).toMatchObject({ code: "CERTIFICATE_SIGNATURE" });
    const other = async (object: { type: string }): Promise<boolean> => object.type !== "PostEnvelope";
    expect(await standing(certificate, bytes, envelope, evidence, NOW, other)).toMatchObject({
      code: "EVIDENCE_SIGNATURE",
    });
  });
});

describe("a certificate by receipts", () => {
  const readers = async (count: number): Promise<Signer[]> =>
    await Promise.all(Array.from({ length: count }, (_, at) => signerOf(100 + at)));

  it("takes so many distinct readers as its level asks for", async () => {
    const three = await Promise.all((await readers(3)).map((reader) => receipt(reader)));
    expect(await verdict({ kind: "receipts", evidence: three })).toBe("stands");
    expect(await verdict({ kind: "receipts", evidence: three.slice(1) })).toBe("EVIDENCE_TOO_FEW");
    expect(await verdict({ kind: "receipts", scope: CITY, evidence: three })).toBe("EVIDENCE_TOO_FEW");
    const ten = await Promise.all((await readers(10)).map((reader) => receipt(reader)));
    expect(await verdict({ kind: "receipts", scope: CITY, evidence: ten })).toBe("stands");
  });

  it("does not count a reader twice, nor the author, nor another post", async () => {
    const [one, two] = (await readers(2)) as [Signer, Signer];
    const twice = [await receipt(one), await receipt(one, { created: NOW - 1 }), await receipt(two)];
    expect(await verdict({ kind: "receipts", evidence: twice })).toBe("EVIDENCE_REPEATED");
    const own = [await receipt(one), await receipt(two), await receipt(author)];
    expect(await verdict({ kind: "receipts", evidence: own })).toBe("EVIDENCE_BY_AUTHOR");
    const other = [await receipt(one), await receipt(two), await receipt(booster, { object: new Uint8Array(32) })];
    expect(await verdict({ kind: "receipts", evidence: other })).toBe("EVIDENCE_OTHER_POST");
    const stale = [await receipt(one), await receipt(two), await receipt(booster, { created: NOW - 25 * HOUR })];
    expect(await verdict({ kind: "receipts", evidence: stale })).toBe("EVIDENCE_STALE");
  });

  it("takes both signatures of each", async () => {
    const [one, two, three] = (await readers(3)) as [Signer, Signer, Signer];
    const whole = [await receipt(one), await receipt(two)];
    const half = await signObject({ ...(await receipt(three)).object, providerSignature: null }, three);
    expect(await verdict({ kind: "receipts", evidence: [...whole, half] })).toBe("EVIDENCE_SIGNATURE");
  });
});

describe("a certificate by a curated feed", () => {
  it("stands when somebody else has chosen the post of late", async () => {
    expect(await verdict({ kind: "curation", evidence: [await feed(curator, [POST])] })).toBe("stands");
    expect(await verdict({ kind: "curation", evidence: [await feed(author, [POST])] })).toBe("EVIDENCE_BY_AUTHOR");
    expect(await verdict({ kind: "curation", evidence: [await feed(curator, [])] })).toBe("EVIDENCE_OTHER_POST");
    const old = await feed(curator, [POST], NOW - 25 * HOUR);
    expect(await verdict({ kind: "curation", evidence: [old] })).toBe("EVIDENCE_STALE");
    expect(await verdict({ kind: "curation", evidence: [await signBoost(booster, envelope.hash)] })).toBe(
      "EVIDENCE_INVALID",
    );
  });
});

describe("a promoted message", () => {
  let held: Set<string>;
  let certificates: Set<string>;
  let fetched: Hash[];
  let elsewhere: Map<string, Uint8Array>;
  let intake: Intake;
  const on = (key: string): IntakeSource => ({ kind: "channel", channel: channelOf(scopeFromKey(key)), from });
  const pull = (...targets: ReachTarget[]): IntakeSource => ({
    kind: "pull",
    from,
    asked: new AskedTargets(targets),
    trusted: false,
    followed: () => false,
  });

  async function offer(bytes: Uint8Array, source: IntakeSource, now = NOW): Promise<string> {
    const outcome = await intake.check(bytes, source, now);
    if (outcome.kind === "envelope") held.add(toHex(outcome.hash));
    if (outcome.kind === "envelope" || outcome.kind === "certificate") {
      if (outcome.promotion !== null) certificates.add(toHex(outcome.promotion.hash));
    }
    return outcome.kind === "none" ? `${outcome.verdict} ${outcome.code}` : `${outcome.verdict} ${outcome.kind}`;
  }

  beforeEach(() => {
    held = new Set();
    certificates = new Set();
    fetched = [];
    elsewhere = new Map();
    intake = new Intake({
      known: (hash) => held.has(toHex(hash)),
      knownCertificate: (hash) => certificates.has(toHex(hash)),
      evidence: async (hashes) => {
        fetched.push(...hashes);
        const found = hashes.map((hash) => elsewhere.get(toHex(hash)));
        return found.includes(undefined) ? null : found.filter((bytes) => bytes !== undefined);
      },
    });
  });

  it.each([
    [JAZZ, JAZZ, "accept envelope"],
    [JAZZ, "t:music", "accept envelope"],
    // Where it started it says how far it is heard elsewhere.
    [JAZZ, TOWN, "accept envelope"],
    [CITY, CITY, "accept envelope"],
    [CITY, COUNTRY, "reject CERTIFICATE_SCOPE"],
    [CITY, JAZZ, "reject CERTIFICATE_SCOPE"],
    [JAZZ, CITY, "reject CERTIFICATE_SCOPE"],
    ["t:music", JAZZ, "reject CERTIFICATE_SCOPE"],
    [JAZZ, "t:sports", "reject WRONG_CHANNEL"],
    [JAZZ, "g:asia", "reject WRONG_CHANNEL"],
  ])("with a certificate for %s on %s: %s", async (scope, channel, expected) => {
    const { message } = await promote(envelope, scope, { booster, issuer: relay });
    expect(await offer(message, on(channel))).toBe(expected);
  });

  it("brings the envelope once, and then certificates", async () => {
    const first = await promote(envelope, JAZZ, { booster, issuer: relay });
    expect(await offer(first.message, on(JAZZ))).toBe("accept envelope");
    expect(await offer(first.message, on(JAZZ))).toBe("accept DUPLICATE");
    expect(await offer(first.message, on(JAZZ), NOW + 11 * MINUTE)).toBe("ignore DUPLICATE");
    const second = await promote(envelope, JAZZ, { booster: curator, issuer: booster });
    expect(await offer(second.message, on(JAZZ))).toBe("accept certificate");
    // The envelope by itself is as little wanted as before.
    expect(await offer(envelope.bytes, on(JAZZ))).toBe("ignore NOT_PROMOTED");
  });

  it("is given to those who asked, as far as the certificate goes", async () => {
    const { message } = await promote(envelope, JAZZ, { booster, issuer: relay });
    expect(await offer(envelope.bytes, pull(scoped("prefix", "t:music")))).toBe("ignore NOT_PROMOTED");
    expect(await offer(message, pull(scoped("exact", "t:sports")))).toBe("reject UNSOLICITED");
    expect(await offer(message, pull(scoped("prefix", CITY)))).toBe("ignore NOT_PROMOTED");
    expect(await offer(message, pull(scoped("prefix", "t:music")))).toBe("accept envelope");
    expect(await offer(message, { kind: "named", from, asked: () => true })).toBe("reject UNSOLICITED");
  });

  it("must hold what wire asks for", async () => {
    const { boost, certificate, message } = await promote(envelope, JAZZ, { booster, issuer: relay });
    const parts = { certificate: certificate.bytes, envelope: envelope.bytes, evidence: [boost.bytes] };
    const another = await signEnvelope(author, { summary: "Another", scopes: [TOWN, JAZZ] });
    expect(await offer(encodePromoted({ ...parts, envelope: another.bytes }), on(JAZZ))).toBe(
      "reject ENVELOPE_MISMATCH",
    );
    expect(await offer(encodePromoted({ ...parts, certificate: envelope.bytes }), on(JAZZ))).toBe(
      "ignore TYPE_UNEXPECTED",
    );
    expect(await offer(encodePromoted({ ...parts, evidence: [envelope.bytes] }), on(JAZZ))).toBe(
      "reject EVIDENCE_INVALID",
    );
    expect(await offer(Uint8Array.from([...message, 0]), on(JAZZ))).toBe("reject TRAILING_BYTES");
    expect(await offer(new Uint8Array(24_577).fill(1), on(JAZZ))).toBe("reject TOO_LARGE");
    expect(decodePromoted(message)).toMatchObject({ hash: envelope.hash, evidence: [boost.bytes] });
  });

  it("names evidence that is fetched from whoever brought it", async () => {
    const chosen = await feed(curator, [POST]);
    const text = { envelope: envelope.hash, scope: JAZZ, kind: "curation", evidence: [chosen.hash] } as const;
    const { bytes } = await signCertificate(relay, text);
    const message = encodePromoted({ certificate: bytes, envelope: envelope.bytes, evidence: [] });
    expect(await offer(message, on(JAZZ))).toBe("ignore EVIDENCE_MISSING");
    elsewhere.set(toHex(chosen.hash), chosen.bytes);
    expect(await offer(message, on(JAZZ))).toBe("accept envelope");
    expect(fetched).toHaveLength(2);
  });

  it("is limited by issuer and by author", async () => {
    const outcomes: string[] = [];
    for (let at = 0; at < 8; at++) {
      const other = await signEnvelope(author, { summary: `Number ${at}`, scopes: [TOWN, JAZZ] });
      outcomes.push(await offer((await promote(other, JAZZ, { booster, issuer: relay })).message, on(JAZZ)));
    }
    expect(outcomes).toEqual([...Array(6).fill("accept envelope"), ...Array(2).fill("ignore RATE_EXCEEDED")]);
    const authors = await Promise.all(Array.from({ length: 16 }, (_, at) => signerOf(50 + at)));
    const others: string[] = [];
    for (const one of authors) {
      const other = await signEnvelope(one, { scopes: [TOWN, JAZZ] });
      others.push(await offer((await promote(other, JAZZ, { booster, issuer: relay })).message, on(JAZZ)));
    }
    expect(others.filter((outcome) => outcome === "accept envelope")).toHaveLength(14);
  });

  it("is one envelope of two for one post: a certificate for the one says nothing of the other", async () => {
    const twin = await signEnvelope(author, { summary: "Under another title", scopes: [TOWN, JAZZ], created: NOW });
    const { boost, certificate } = await promote(envelope, JAZZ, { booster, issuer: relay });
    const parts = { certificate: certificate.bytes, evidence: [boost.bytes] };
    expect(await offer(encodePromoted({ ...parts, envelope: twin.bytes }), on(JAZZ))).toBe("reject ENVELOPE_MISMATCH");
    // A boost that names the first envelope is none of the second, though both have one post.
    const wrong = await promote(twin, JAZZ, { booster, issuer: relay }, { boostOf: envelope.hash });
    expect(await offer(wrong.message, on(JAZZ))).toBe("reject EVIDENCE_OTHER_POST");
    const right = await promote(twin, JAZZ, { booster, issuer: relay }, { boostOf: POST });
    expect(await offer(right.message, on(JAZZ))).toBe("accept envelope");
  });
});
