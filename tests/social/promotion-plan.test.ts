import { describe, expect, it } from "vitest";
import { initHash } from "../../src/hash/index.ts";
import { planPromotions, type Endorsement } from "../../src/social/index.ts";
import { scopeFromKey, type Hash, type PromotionCertificate } from "../../src/wire/index.ts";
import { signEnvelope, signerOf } from "../sim/author.ts";
import { SIM_START } from "../sim/clock.ts";
import { signCertificate } from "../sim/promoting.ts";

await initHash();

const NOW = SIM_START;
const HOUR = 3_600_000;
const MINUTE = 60_000;
const TOWN = "g:europe/nl/utrecht/oost";
const CITY = "g:europe/nl/utrecht";
const JAZZ = "t:music/jazz";
const [author, booster, relay] = await Promise.all([signerOf(1), signerOf(2), signerOf(3)]);
const envelope = await signEnvelope(author, { scopes: [TOWN, JAZZ], created: NOW - HOUR });

describe("what a relay plans", () => {
  const sits = (place: { segments: readonly string[] }): boolean => place.segments.length === 4;
  const endorse = (number: number, date: number): Endorsement => ({
    kind: "boost",
    date,
    items: [{ hash: new Uint8Array(32).fill(number), bytes: new Uint8Array(1) }],
    who: [booster.publicKey],
  });
  const certify = async (scope: string, evidence: Hash, created = NOW): Promise<PromotionCertificate> =>
    (await signCertificate(relay, { envelope: envelope.hash, scope, evidence: [evidence], created })).certificate;
  const base = { envelope: envelope.envelope, standing: [], heardAt: [], sits, now: NOW };
  const keys = (planned: ReturnType<typeof planPromotions>): string[] =>
    planned.map(
      ({ endorsement, level, scope }) => `${level} ${scope.segments.join("/")} ${endorsement.items[0]?.hash[0]}`,
    );

  it("is the topic and the next place, with what is freshest", () => {
    const endorsements = [endorse(1, NOW - HOUR), endorse(2, NOW - MINUTE), endorse(3, NOW - 25 * HOUR)];
    expect(keys(planPromotions({ ...base, endorsements }))).toEqual([
      "topic music/jazz 2",
      "region europe/nl/utrecht 2",
    ]);
    expect(planPromotions({ ...base, endorsements: [] })).toEqual([]);
    expect(planPromotions({ ...base, endorsements, sits: () => false })).toEqual([]);
  });

  it("takes an endorsement of its own for each further place", async () => {
    const standing = [await certify(CITY, new Uint8Array(32).fill(1)), await certify(JAZZ, new Uint8Array(32).fill(1))];
    const one = [endorse(1, NOW - HOUR)];
    expect(planPromotions({ ...base, standing, endorsements: one })).toEqual([]);
    // Older than what opened the town: demand is not rising.
    expect(planPromotions({ ...base, standing, endorsements: [...one, endorse(2, NOW - 2 * HOUR)] })).toEqual([]);
    expect(keys(planPromotions({ ...base, standing, endorsements: [...one, endorse(2, NOW)] }))).toEqual([
      "country europe/nl 2",
    ]);
  });

  it("renews what ends within half a day, with what is newer", async () => {
    const standing = [await certify(JAZZ, new Uint8Array(32).fill(1), NOW - 13 * HOUR)];
    const topicOnly = { ...base, envelope: { scopes: [scopeFromKey(JAZZ)] }, heardAt: [scopeFromKey(TOWN)], standing };
    expect(planPromotions({ ...topicOnly, endorsements: [endorse(1, NOW - 14 * HOUR)] })).toEqual([]);
    expect(keys(planPromotions({ ...topicOnly, endorsements: [endorse(2, NOW)] }))).toEqual(["topic music/jazz 2"]);
    const young = [await certify(JAZZ, new Uint8Array(32).fill(1), NOW - 11 * HOUR)];
    expect(planPromotions({ ...topicOnly, standing: young, endorsements: [endorse(2, NOW)] })).toEqual([]);
  });
});
