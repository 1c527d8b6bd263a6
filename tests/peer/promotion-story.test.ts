/** How far posts are heard: in the town first, elsewhere by what the town endorses, for a day. */
import { describe, expect, it } from "vitest";
import { encodeNodeId, fromHex, toHex } from "../../src/wire/index.ts";
import { signEnvelope, signerOf } from "../sim/author.ts";
import { promote } from "../sim/promoting.ts";
import { draftOf, hashesOf, lastingStore, Town, type Resident } from "../sim/town.ts";
import { carrier } from "./carrier.ts";
import { reachOf } from "./watched.ts";

const UTRECHT = "g:europe/nl/utrecht";
const TOKYO = "g:asia/jp/tokyo";
const JAZZ = "t:music/jazz";
const MUSIC = { kind: "scope", scope: "t:music", match: "prefix" } as const;
const HOUR = 3_600_000;
const MINUTE = 60_000;

const idOf = ({ mesh }: Resident): string => encodeNodeId(mesh.self);

async function arrival(town: Town, home: string, topics: readonly string[] = []): Promise<Resident> {
  const resident = await town.arrive(lastingStore(town.residents.length + 1));
  while (!resident.mesh.running) await town.clock.settle();
  await resident.api.updateSettings({ home, topics });
  return resident;
}

/** Links this one to all others. */
function link(town: Town, resident: Resident): void {
  for (const other of town.residents) if (other !== resident) town.network.connect(resident.mesh, other.mesh);
}

const holds = async (
  resident: Resident,
  hash: string,
  feed: Parameters<typeof hashesOf>[1] = MUSIC,
): Promise<boolean> => (await hashesOf(resident, feed)).includes(hash);

/** Anna and Ben live in Utrecht. Dora lives in Tokyo and follows music. */
async function twoTowns(seed: number) {
  const town = new Town({ seed });
  const [anna, ben, dora] = [
    await arrival(town, UTRECHT),
    await arrival(town, UTRECHT),
    await arrival(town, TOKYO, ["t:music"]),
  ];
  for (const resident of [anna, ben]) link(town, resident);
  await town.clock.advance(MINUTE);
  const publish = async (by: Resident, text: string, scopes: readonly string[]): Promise<string> => {
    const { hash } = await town.clock.track(by.api.publish(draftOf(text, scopes)));
    await town.clock.until(() => (by === anna ? ben : anna).store.envelopes.has(fromHex(hash)));
    return hash;
  };
  return { town, anna, ben, dora, publish };
}

describe("a post with a place and a topic", () => {
  it("stays in its town until somebody there boosts it, and then is heard where its topic is read", async () => {
    const { town, anna, ben, dora, publish } = await twoTowns(71);
    const hash = await publish(anna, "Jam session on Friday", [UTRECHT, JAZZ]);
    await town.clock.advance(30 * MINUTE);
    expect(await holds(dora, hash)).toBe(false);
    expect(dora.mesh.misdeeds()).toEqual([]);

    const boost = await town.clock.track(ben.api.boost(hash));
    await town.clock.until(() => holds(dora, hash));
    const reach = await reachOf(dora, hash);
    expect(reach).toMatchObject({ kind: "place", start: UTRECHT, topics: true, widest: null, mayBoost: true });
    expect(reach?.steps).toMatchObject([
      { level: "topic", scope: JAZZ, evidence: "boost", count: 1, who: [{ id: idOf(ben) }], issuer: { id: idOf(ben) } },
    ]);
    // The boost was evidence; it is not shown where nothing has opened its own way.
    expect(await holds(dora, boost)).toBe(false);
    // Boosting again changes nothing.
    expect(await ben.api.boost(hash)).toBe(boost);

    // The author learns of it in the town, and of the step to the country as well.
    await town.clock.until(async () => (await reachOf(anna, hash))?.steps.length === 2);
    expect((await reachOf(anna, hash))?.steps.map(({ level }) => level)).toEqual(["country", "topic"]);
    expect(await reachOf(anna, hash)).toMatchObject({ boosts: 1, trustedBoosts: 0, boosted: false, mayBoost: false });
    for (const one of town.residents) expect(one.faults).toEqual([]);
  });

  it("is not promoted by the boost of somebody whom no relay trusts", async () => {
    const { town, anna, ben, dora, publish } = await twoTowns(72);
    await anna.api.updateSettings({ relay: "off" });
    await ben.api.updateSettings({ relay: "off" });
    const carl = await arrival(town, UTRECHT);
    link(town, carl);
    const hash = await publish(anna, "Jam session on Friday", [UTRECHT, JAZZ]);
    await town.clock.until(() => holds(carl, hash, { kind: "home" }));
    const boost = await town.clock.track(ben.api.boost(hash));
    await town.clock.until(() => holds(carl, boost, { kind: "home" }));
    await town.clock.advance(10 * MINUTE);
    expect(await holds(dora, hash)).toBe(false);
    // From now on Ben's word counts with Carl, who relays.
    await carl.api.trust(idOf(ben));
    await town.clock.until(() => holds(dora, hash));
    expect((await reachOf(dora, hash))?.steps).toMatchObject([
      { who: [{ id: idOf(ben) }], issuer: { id: idOf(carl) } },
    ]);
  });

  it("is heard through somebody who had it already, for following its author, and reads the topic since", async () => {
    const { town, anna, ben, dora, publish } = await twoTowns(78);
    await dora.api.updateSettings({ topics: [] });
    const emil = await arrival(town, TOKYO, ["t:music"]);
    await dora.api.follow(idOf(anna));
    await town.clock.advance(MINUTE);
    town.network.partition([[anna.mesh, ben.mesh], [dora.mesh], [emil.mesh]]);
    const hash = await publish(anna, "Jam session on Friday", [UTRECHT, JAZZ]);
    await town.leave(anna);
    await town.clock.track(ben.api.boost(hash));
    await town.clock.advance(MINUTE);

    // Dora gets it from Ben, and says that she has it, while he waits for somebody who reads the topic.
    town.network.heal();
    town.network.connect(ben.mesh, dora.mesh);
    await town.clock.until(() => dora.store.envelopes.has(fromHex(hash)));
    await town.clock.advance(MINUTE / 2);
    town.network.connect(emil.mesh, dora.mesh);
    await town.clock.advance(5_000);
    expect(await holds(emil, hash)).toBe(false);
    await dora.api.updateSettings({ topics: ["t:music"] });
    await town.clock.advance(2 * MINUTE);
    expect(await holds(emil, hash)).toBe(true);
  });

  it("is heard no further once its day is over, and stays with those who have it", async () => {
    const { town, anna, ben, dora, publish } = await twoTowns(73);
    const hash = await publish(anna, "Jam session on Friday", [UTRECHT, JAZZ]);
    await town.clock.track(ben.api.boost(hash));
    await town.clock.until(() => holds(dora, hash));
    // A newcomer is given it with the evidence while that stands.
    const early = await arrival(town, TOKYO, ["t:music"]);
    town.network.connect(early.mesh, dora.mesh);
    await town.clock.until(() => holds(early, hash));
    expect((await reachOf(early, hash))?.topics).toBe(true);

    await town.clock.advance(25 * HOUR);
    expect(await reachOf(dora, hash)).toMatchObject({ topics: false, steps: [] });
    expect(await holds(dora, hash)).toBe(true);
    const late = await arrival(town, TOKYO, ["t:music"]);
    town.network.connect(late.mesh, dora.mesh);
    town.network.connect(late.mesh, ben.mesh);
    await town.clock.advance(10 * MINUTE);
    expect(await holds(late, hash)).toBe(false);
    expect(late.mesh.misdeeds()).toEqual([]);
  });
});

describe("a post with a topic alone", () => {
  it("is for a neighbour who comes later, and not for another town", async () => {
    const { town, anna, ben, dora, publish } = await twoTowns(74);
    const hash = await publish(anna, "Which mouthpiece?", [JAZZ]);
    await town.leave(anna);
    const neighbour = await arrival(town, UTRECHT, ["t:music"]);
    town.network.connect(neighbour.mesh, ben.mesh);
    await town.clock.until(() => holds(neighbour, hash));
    await town.clock.advance(10 * MINUTE);
    expect(await holds(dora, hash)).toBe(false);
    await town.clock.track(neighbour.api.boost(hash));
    await town.clock.advance(MINUTE);
    expect(await reachOf(neighbour, hash)).toMatchObject({ kind: "home", start: UTRECHT, topics: true });
  });
});

describe("a post with a topic alone, beside the channel of its start", () => {
  it("goes on to the neighbours of whoever was asked for it, though they do not read its topic", async () => {
    const { town, anna, ben, publish } = await twoTowns(75);
    const [clara, emil] = [await arrival(town, UTRECHT), await arrival(town, UTRECHT)];
    town.network.connect(clara.mesh, emil.mesh);
    const hash = await publish(anna, "Which mouthpiece?", [JAZZ]);
    await town.clock.advance(MINUTE);
    for (const one of [clara, emil]) expect(one.store.envelopes.has(fromHex(hash))).toBe(false);

    town.network.connect(clara.mesh, ben.mesh);
    await town.clock.advance(MINUTE);
    for (const one of [clara, emil]) expect(one.store.envelopes.has(fromHex(hash))).toBe(true);
    for (const one of town.residents) expect(one.mesh.misdeeds()).toEqual([]);
  });

  it("is had from whoever had it by evidence before it came by that channel", async () => {
    const { town, anna, ben, dora, publish } = await twoTowns(76);
    const hash = fromHex(await publish(anna, "Which mouthpiece?", [JAZZ]));
    await town.clock.track(ben.api.boost(toHex(hash)));
    await town.clock.until(() => dora.store.envelopes.has(hash));
    const clara = await arrival(town, UTRECHT, ["t:music"]);
    town.network.connect(clara.mesh, dora.mesh);
    await town.clock.until(() => clara.store.envelopes.has(hash));
    const newcomer = await arrival(town, UTRECHT);
    town.network.connect(clara.mesh, newcomer.mesh);
    await town.clock.advance(MINUTE);
    // Clara cannot know that it started in her own town.
    expect(newcomer.store.envelopes.has(hash)).toBe(false);
    await town.leave(newcomer);

    // One that has nothing but the channel: no subscription tells of it.
    const send = await carrier(town, (await signerOf(98)).publicKey, UTRECHT, clara);
    const [bytes] = await ben.store.envelopes.bytes([hash]);
    await send(bytes as Uint8Array);
    await town.clock.advance(MINUTE);
    const later = await arrival(town, UTRECHT);
    town.network.connect(clara.mesh, later.mesh);
    await town.clock.until(() => later.store.envelopes.has(hash));
  });

  it("is had from whoever had it by evidence as soon as the two halves of its town meet", async () => {
    const { town, anna, ben, dora, publish } = await twoTowns(77);
    const hash = fromHex(await publish(anna, "Which mouthpiece?", [JAZZ]));
    await town.clock.track(ben.api.boost(toHex(hash)));
    await town.clock.until(() => dora.store.envelopes.has(hash));
    const [clara, emil] = [await arrival(town, UTRECHT, ["t:music"]), await arrival(town, UTRECHT, ["t:music"])];
    const frida = await arrival(town, UTRECHT);
    for (const one of [clara, emil]) town.network.connect(one.mesh, dora.mesh);
    town.network.connect(clara.mesh, emil.mesh);
    town.network.connect(emil.mesh, frida.mesh);
    await town.clock.until(() => [clara, emil].every(({ store }) => store.envelopes.has(hash)));
    await town.clock.advance(MINUTE);
    expect(frida.store.envelopes.has(hash)).toBe(false);

    // Clara learns from Ben that it started at home, Emil, who has it too, from her, and Frida gets it from him.
    town.network.connect(clara.mesh, ben.mesh);
    await town.clock.advance(MINUTE);
    expect(frida.store.envelopes.has(hash)).toBe(true);
    for (const one of town.residents) expect(one.mesh.misdeeds()).toEqual([]);
    for (const one of town.residents) expect(one.faults).toEqual([]);
  });
});

describe("whoever forwards what nothing has opened", () => {
  it("is ignored on wider channels, and out when it goes on", async () => {
    const { town, dora } = await twoTowns(75);
    const hostile = await signerOf(99);
    const send = await carrier(town, hostile.publicKey, "t:music", dora);
    const first = await signEnvelope(hostile, { scopes: [UTRECHT, JAZZ], created: town.clock.now() });
    await send(first.bytes);
    await town.clock.advance(1_000);
    expect(await holds(dora, toHex(first.hash))).toBe(false);
    expect(dora.mesh.misdeeds()).toMatchObject([{ code: "NOT_PROMOTED", count: 1 }]);
    expect(dora.mesh.shutOut()).toEqual([]);
    for (let at = 0; at < 120; at++) {
      const more = await signEnvelope(hostile, {
        summary: `Spam ${at}`,
        scopes: [UTRECHT, JAZZ],
        created: town.clock.now(),
      });
      await send(more.bytes);
    }
    await town.clock.advance(5_000);
    expect(dora.mesh.shutOut()).toMatchObject([{ code: "NOT_PROMOTED" }]);
  });

  it("is refused with evidence that does not hold, and loses its standing", async () => {
    const { town, dora } = await twoTowns(76);
    const [author, booster, relay] = await Promise.all([signerOf(97), signerOf(98), signerOf(99)]);
    const send = await carrier(town, relay.publicKey, "t:music", dora);
    const created = town.clock.now();
    const other = await signEnvelope(author, { summary: "Another", scopes: [UTRECHT, JAZZ], created });
    const spam: string[] = [];
    for (let at = 0; at < 10; at++) {
      const envelope = await signEnvelope(author, {
        summary: `Spam ${at}`,
        scopes: [UTRECHT, JAZZ],
        created,
        postHash: fromHex(String(at).repeat(64)),
      });
      spam.push(toHex(envelope.hash));
      const { message } = await promote(envelope, JAZZ, { booster, issuer: relay }, { boostOf: other.hash, created });
      await send(message);
    }
    await town.clock.advance(5_000);
    for (const hash of spam) expect(await holds(dora, hash)).toBe(false);
    expect(dora.mesh.shutOut()).toMatchObject([{ code: "EVIDENCE_OTHER_POST" }]);
  });
});
