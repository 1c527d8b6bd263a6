import { beforeEach, describe, expect, it } from "vitest";
import { initHash } from "../../src/hash/index.ts";
import { AskedTargets, Intake, type IntakeOutcome, type IntakeSource } from "../../src/social/index.ts";
import {
  channelOf,
  encodeObject,
  scopeFromKey,
  toHex,
  verifyEncoded,
  type Hash,
  type Signer,
} from "../../src/wire/index.ts";
import { COMMONS, signEnvelope, signerOf, signProfile, type SignedEnvelope } from "../sim/author.ts";
import { SIM_START } from "../sim/clock.ts";

await initHash();

const NOW = SIM_START;
const HOUR = 3_600_000;
const UTRECHT = "g:europe/nl/utrecht";
const from = new Uint8Array(32).fill(9);
const [alice, bob] = await Promise.all([signerOf(1), signerOf(2)]);

const on = (key: string): IntakeSource => ({ kind: "channel", channel: channelOf(scopeFromKey(key)), from });
const following = (...authors: readonly Signer[]): AskedTargets =>
  new AskedTargets(authors.map(({ publicKey }) => ({ kind: "node", key: publicKey })));
const pull = (options: Partial<Extract<IntakeSource, { kind: "pull" }>> = {}): IntakeSource => ({
  kind: "pull",
  from,
  asked: following(alice, bob),
  trusted: false,
  followed: () => false,
  ...options,
});

let held: Set<string>;
let intake: Intake;

/** What a peer does with the outcome: what is accepted is held from then on. */
async function offer(bytes: Uint8Array, source: IntakeSource, now = NOW): Promise<string> {
  const outcome = await intake.check(bytes, source, now);
  if (outcome.kind === "envelope") held.add(toHex(outcome.hash));
  return told(outcome);
}

function told(outcome: IntakeOutcome): string {
  return `${outcome.verdict} ${outcome.code}`;
}

async function many(count: number, scopes: readonly string[], created = NOW): Promise<SignedEnvelope[]> {
  return Promise.all(
    Array.from({ length: count }, (_, at) => signEnvelope(alice, { summary: `Number ${at}`, scopes, created })),
  );
}

beforeEach(() => {
  held = new Set();
  intake = new Intake({ known: (hash: Hash) => held.has(toHex(hash)) });
});

describe("an envelope on a channel", () => {
  it("is accepted where it starts", async () => {
    const signed = await signEnvelope(alice);
    const outcome = await intake.check(signed.bytes, on(COMMONS), NOW);
    expect(outcome).toMatchObject({ kind: "envelope", verdict: "accept", code: "ACCEPTED" });
    expect(outcome).toMatchObject({ envelope: signed.envelope, hash: signed.hash, bytes: signed.bytes });
  });

  it.each([
    // Scopes, channel, verdict.
    [[UTRECHT], UTRECHT, "accept ACCEPTED"],
    [[UTRECHT], "g:europe/nl", "ignore NOT_PROMOTED"],
    [[UTRECHT], "g:europe", "ignore NOT_PROMOTED"],
    [[UTRECHT], "g:europe/nl/utrecht/oost", "reject WRONG_CHANNEL"],
    [[UTRECHT], "g:europe/nl/utrechtse-heuvelrug", "reject WRONG_CHANNEL"],
    [[UTRECHT], "g:asia", "reject WRONG_CHANNEL"],
    [[UTRECHT], "t:gaming", "reject WRONG_CHANNEL"],
    [[UTRECHT, "t:gaming/pokemon"], UTRECHT, "accept ACCEPTED"],
    [[UTRECHT, "t:gaming/pokemon"], "t:gaming/pokemon", "ignore NOT_PROMOTED"],
    [[UTRECHT, "t:gaming/pokemon"], "t:gaming", "ignore NOT_PROMOTED"],
    [[UTRECHT, "t:gaming/pokemon"], "g:asia", "reject WRONG_CHANNEL"],
    // Nobody but its author knows where home is.
    [["t:gaming/pokemon"], UTRECHT, "accept ACCEPTED"],
    [["t:gaming/pokemon"], "g:asia", "accept ACCEPTED"],
    [["t:gaming/pokemon"], "t:gaming/pokemon", "ignore NOT_PROMOTED"],
    [["t:gaming/pokemon"], "t:science", "reject WRONG_CHANNEL"],
    [[], COMMONS, "reject UNSCOPED_ON_CHANNEL"],
    [[], "t:gaming", "reject UNSCOPED_ON_CHANNEL"],
  ])("with scopes %j on %s: %s", async (scopes, channel, expected) => {
    const { bytes } = await signEnvelope(alice, { scopes });
    expect(await offer(bytes, on(channel))).toBe(expected);
  });

  it("of a name that no scope has is refused", async () => {
    const { bytes } = await signEnvelope(alice);
    expect(await offer(bytes, { kind: "channel", channel: "mehr/1/x/europe", from })).toBe("reject WRONG_CHANNEL");
  });

  it("may be ten minutes ahead of this clock", async () => {
    const at = async (created: number): Promise<string> =>
      offer((await signEnvelope(alice, { created })).bytes, on(COMMONS));
    expect(await at(NOW + 600_000)).toBe("accept ACCEPTED");
    expect(await at(NOW + 600_001)).toBe("ignore FROM_THE_FUTURE");
    expect(await at(0)).toBe("accept ACCEPTED");
  });

  it("is refused when it is forged, cut, padded, or no envelope at all", async () => {
    const { bytes, envelope } = await signEnvelope(alice);
    const stolen = encodeObject({ ...envelope, author: bob.publicKey });
    expect(await offer(stolen, on(COMMONS))).toBe("reject SIGNATURE_INVALID");
    expect(await offer(bytes.slice(0, -1), on(COMMONS))).toBe("reject TRUNCATED");
    expect(await offer(Uint8Array.from([...bytes, 0]), on(COMMONS))).toBe("reject TRAILING_BYTES");
    expect(await offer(new Uint8Array(8_193), on(COMMONS))).toBe("reject TOO_LARGE");
    expect(await offer(new Uint8Array(0), on(COMMONS))).toMatch(/^reject /);
    // Not of this version: nobody's fault.
    expect(await offer(Uint8Array.of(0x81, 0x18, 0x63), on(COMMONS))).toBe("ignore TYPE_UNKNOWN");
  });

  it("is held once, and passed on while it is young", async () => {
    const young = await signEnvelope(alice);
    const old = await signEnvelope(alice, { created: NOW - 600_001 });
    expect(await offer(young.bytes, on(COMMONS))).toBe("accept ACCEPTED");
    expect(await offer(young.bytes, on(COMMONS))).toBe("accept DUPLICATE");
    expect(await offer(old.bytes, on(COMMONS))).toBe("accept ACCEPTED");
    expect(await offer(old.bytes, on(COMMONS))).toBe("ignore DUPLICATE");
    // Where it may not be, being known does not help it.
    expect(await offer(young.bytes, on("g:asia"))).toBe("reject WRONG_CHANNEL");
    expect(intake.counts.total()).toEqual({ WRONG_CHANNEL: 1 });
  });

  it("is checked once when it comes from several at the same time", async () => {
    let checks = 0;
    intake = new Intake({
      known: () => false,
      verify: (object, bytes) => {
        checks++;
        return verifyEncoded(object, bytes);
      },
    });
    const { bytes } = await signEnvelope(alice);
    const outcomes = await Promise.all(
      [on(COMMONS), on(COMMONS), pull()].map((source) => intake.check(bytes, source, NOW)),
    );
    expect(outcomes.map(told)).toEqual(["accept ACCEPTED", "accept DUPLICATE", "ignore DUPLICATE"]);
    expect(checks).toBe(1);
    const forged = Uint8Array.from(bytes);
    forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
    const refused = await Promise.all([on(COMMONS), pull()].map((source) => intake.check(forged, source, NOW)));
    expect(refused.map(told)).toEqual(["reject SIGNATURE_INVALID", "reject SIGNATURE_INVALID"]);
  });

  it("is not taken on when more is waiting than can be checked soon", async () => {
    const release: (() => void)[] = [];
    intake = new Intake({
      known: () => false,
      verify: () => new Promise((resolve) => release.push(() => resolve(true))),
    });
    const envelopes = await many(1_025, [COMMONS]);
    const [last, ...others] = envelopes.toReversed().map(({ bytes }) => bytes) as [Uint8Array, ...Uint8Array[]];
    const outcomes = others.map((bytes) => intake.check(bytes, pull({ followed: () => true }), NOW));
    expect(told(await intake.check(last, on(COMMONS), NOW))).toBe("ignore OVERLOADED");
    // What was asked for does not come again, so it is never turned away.
    outcomes.push(intake.check(last, pull({ followed: () => true }), NOW));
    await Promise.resolve();
    for (const next of release) next();
    expect((await Promise.all(outcomes)).filter(({ verdict }) => verdict === "accept")).toHaveLength(1_025);
  });
});

describe("what costs nothing to refuse", () => {
  const checked: string[] = [];
  const counting = (options: Partial<ConstructorParameters<typeof Intake>[0]> = {}): Intake =>
    new Intake({
      known: () => false,
      verify: async (_object, bytes) => {
        checked.push(toHex(bytes));
        return true;
      },
      ...options,
    });

  beforeEach(() => checked.splice(0));

  it("is not checked: an author who has used up its hour", async () => {
    intake = counting();
    const envelopes = await many(30, [UTRECHT]);
    const outcomes: string[] = [];
    for (const { bytes } of envelopes) outcomes.push(await offer(bytes, on(UTRECHT)));
    expect(outcomes.slice(20)).toEqual(Array.from({ length: 10 }, () => "ignore RATE_EXCEEDED"));
    expect(checked).toHaveLength(20);
  });

  it("is not checked: a profile that changes all the time", async () => {
    intake = counting();
    const profiles = await Promise.all(Array.from({ length: 9 }, (_, at) => signProfile(alice, "Alice", at + 1)));
    for (const { bytes } of profiles) await offer(bytes, on(COMMONS));
    expect(checked).toHaveLength(6);
  });

  it.each([
    ["on a channel", on(COMMONS)],
    ["asked for", pull()],
  ])("is not checked: whatever a blocked author wrote, %s", async (_way, source) => {
    intake = counting({ blocked: (author) => toHex(author) === toHex(alice.publicKey) });
    expect(await offer((await signEnvelope(alice)).bytes, source)).toBe("ignore AUTHOR_BLOCKED");
    expect(await offer((await signEnvelope(bob)).bytes, source)).toBe("accept ACCEPTED");
    expect(checked).toHaveLength(1);
  });

  it("is not checked: the profile of a blocked person", async () => {
    intake = counting({ blocked: () => true });
    const { bytes } = await signProfile(alice, "Alice");
    const head: IntakeSource = { kind: "head", from, owner: alice.publicKey };
    expect([await offer(bytes, on(COMMONS)), await offer(bytes, head)]).toEqual([
      "ignore AUTHOR_BLOCKED",
      "ignore AUTHOR_BLOCKED",
    ]);
    expect(checked).toEqual([]);
  });
});

describe("what strangers may have stored", () => {
  const share = { envelopes: { perSecond: 0, burst: 3 }, bytes: { perSecond: 0, burst: 1_000_000 } };
  const shares = { author: share, neighbour: share, all: share };

  it("ends, and not for whom one follows", async () => {
    const followed = (author: Uint8Array): boolean => toHex(author) === toHex(bob.publicKey);
    intake = new Intake({ known: () => false, storage: { heard: shares, asked: shares }, followed });
    const told: string[] = [];
    for (const { bytes } of await many(5, [COMMONS])) told.push(await offer(bytes, on(COMMONS)));
    expect(told).toEqual([
      ...Array.from({ length: 3 }, () => "accept ACCEPTED"),
      ...Array.from({ length: 2 }, () => "ignore STORAGE_EXCEEDED"),
    ]);
    expect(await offer((await signEnvelope(bob)).bytes, on(COMMONS))).toBe("accept ACCEPTED");
    // What was asked for has a share of its own.
    const [another] = await many(1, [COMMONS], NOW - HOUR);
    expect(await offer((another as SignedEnvelope).bytes, pull())).toBe("accept ACCEPTED");
  });
});

describe("the rate of one author", () => {
  async function accepted(envelopes: readonly SignedEnvelope[], source: IntakeSource, now = NOW): Promise<number> {
    const told = [];
    for (const { bytes } of envelopes) told.push(await offer(bytes, source, now));
    return told.filter((outcome) => outcome === "accept ACCEPTED").length;
  }

  it.each([
    ["g:europe", 2],
    ["g:europe/nl", 6],
    [UTRECHT, 20],
    ["g:europe/nl/utrecht/oost", 60],
    ["g:europe/nl/utrecht/oost/wittevrouwen", 60],
  ])("on %s is %i an hour", async (place, limit) => {
    const envelopes = await many(limit + 5, [place]);
    expect(await accepted(envelopes, on(place))).toBe(limit);
    // Another author is not affected, and an hour later the first may speak again.
    expect(await offer((await signEnvelope(bob, { scopes: [place] })).bytes, on(place))).toBe("accept ACCEPTED");
    expect(await accepted(envelopes.slice(limit), on(place), NOW + HOUR + 300_000)).toBe(Math.min(5, limit));
  });

  it("on the commons is 600: everyone is there", async () => {
    expect(await accepted(await many(610, [COMMONS]), on(COMMONS))).toBe(600);
  });

  it("counts topics alone where they start", async () => {
    expect(await accepted(await many(10, ["t:gaming"]), on("g:europe/nl"))).toBe(6);
  });

  it("cannot be used up by somebody else", async () => {
    const { bytes } = await signEnvelope(alice, { scopes: ["g:europe"] });
    for (let at = 0; at < 20; at++) {
      const forged = Uint8Array.from(bytes);
      forged[forged.length - 1 - at] = (forged[forged.length - 1 - at] ?? 0) ^ 1;
      expect(await offer(forged, on("g:europe"))).toBe("reject SIGNATURE_INVALID");
    }
    expect(await offer(bytes, on("g:europe"))).toBe("accept ACCEPTED");
  });

  it("counts the author's own hours in what is pulled, so that days may come at once", async () => {
    const envelopes = (
      await Promise.all([0, 1, 2, 3].map((hours) => many(4, ["g:europe"], NOW - hours * HOUR)))
    ).flat();
    expect(await accepted(envelopes, pull())).toBe(8);
  });

  it("of a channel does not bind who asked for the same envelope at the same moment", async () => {
    expect(await accepted(await many(2, ["g:europe"]), on("g:europe"))).toBe(2);
    const { bytes } = await signEnvelope(alice, { summary: "One too many", scopes: ["g:europe"] });
    const outcomes = await Promise.all([offer(bytes, on("g:europe")), offer(bytes, pull({ followed: () => true }))]);
    expect(outcomes).toEqual(["ignore RATE_EXCEEDED", "accept ACCEPTED"]);
  });

  it("does not bind those whom this person follows", async () => {
    expect(await accepted(await many(30, ["g:europe"]), pull({ followed: () => true }))).toBe(30);
  });
});

describe("an envelope that was asked for", () => {
  it("must be one that was", async () => {
    const { bytes } = await signEnvelope(alice);
    expect(await offer(bytes, pull({ asked: following(bob) }))).toBe("reject UNSOLICITED");
    expect(await offer(bytes, pull({ asked: following(alice) }))).toBe("accept ACCEPTED");
  });

  it("must declare a scope", async () => {
    const { bytes } = await signEnvelope(alice, { scopes: [] });
    expect(await offer(bytes, pull())).toBe("reject UNSCOPED");
  });
});

describe("a profile", () => {
  it("is accepted on places, six an hour, and from whom it was asked", async () => {
    const { bytes, profile } = await signProfile(alice, "Alice");
    expect(await intake.check(bytes, on(COMMONS), NOW)).toMatchObject({ kind: "profile", verdict: "accept", profile });
    expect(await offer(bytes, on("t:gaming"))).toBe("reject WRONG_CHANNEL");
    expect(await offer(bytes, pull())).toBe("reject UNSOLICITED");
    expect(await offer(bytes, { kind: "head", from, owner: alice.publicKey })).toBe("accept ACCEPTED");
    expect(await offer(bytes, { kind: "head", from, owner: bob.publicKey })).toBe("reject UNSOLICITED");
    for (let sequence = 2; sequence <= 6; sequence++) {
      expect(await offer((await signProfile(alice, "Alice", sequence)).bytes, on(COMMONS))).toBe("accept ACCEPTED");
    }
    expect(await offer((await signProfile(alice, "Alice", 7)).bytes, on(COMMONS))).toBe("ignore RATE_EXCEEDED");
  });

  it("is refused when it is forged", async () => {
    const { profile } = await signProfile(alice, "Alice");
    const forged = encodeObject({ ...profile, displayName: "Mallory" });
    expect(await offer(forged, on(COMMONS))).toBe("reject SIGNATURE_INVALID");
  });

  it("is not what was asked for when an envelope comes instead", async () => {
    const { bytes } = await signEnvelope(alice);
    expect(await offer(bytes, { kind: "head", from, owner: alice.publicKey })).toBe("reject UNSOLICITED");
  });
});

it("counts what it refuses, by code and by peer", async () => {
  const other = new Uint8Array(32).fill(8);
  const { bytes } = await signEnvelope(alice);
  await offer(bytes, on("g:asia"));
  await offer(bytes, { ...on("g:asia"), from: other });
  await offer(new Uint8Array(9_000), on(COMMONS));
  expect(intake.counts.total()).toEqual({ WRONG_CHANNEL: 2, TOO_LARGE: 1 });
  expect(intake.counts.of(from)).toEqual({ WRONG_CHANNEL: 1, TOO_LARGE: 1 });
  expect(intake.counts.of(other)).toEqual({ WRONG_CHANNEL: 1 });
  expect(intake.counts.of(new Uint8Array(32))).toEqual({});
});
