/** What others hold by somebody, or of a place: asked of neighbours, checked, stored, and found by the search here. */
import { describe, expect, it } from "vitest";
import { encodeAnswer } from "../../src/mesh/protocols/finding/messages.ts";
import { encodeNodeId, toHex } from "../../src/wire/index.ts";
import { signEnvelope, signerOf } from "../sim/author.ts";
import { SIM_START } from "../sim/clock.ts";
import { draftOf, Town, type Resident } from "../sim/town.ts";

const INDEX = "/mehr/index/1";
const UTRECHT = "g:europe/nl/utrecht";
const author = await signerOf(601);
const other = await signerOf(602);

await import("../../src/peer/search/searching.ts");

async function pair(seed: number): Promise<{ town: Town; anna: Resident; ben: Resident }> {
  const town = new Town({ seed });
  const [anna, ben] = [await town.arrive(), await town.arrive()];
  town.network.connect(anna.mesh, ben.mesh);
  return { town, anna, ben };
}

describe("what others hold", () => {
  it("by somebody is found, but for what is for trusted people, and can be searched then", async () => {
    const { anna, ben, town } = await pair(600);
    let created = 0;
    for (const [summary, scopes] of [
      ["A bridge", [UTRECHT]],
      ["A bridge of cards", ["t:games"]],
      ["A bridge between us", []],
    ] as const) {
      await ben.store.commit({
        envelopes: [await signEnvelope(author, { summary, scopes, created: SIM_START - created++ })],
      });
    }
    await ben.store.commit({ envelopes: [await signEnvelope(other, { summary: "A bridge of another" })] });
    const target = encodeNodeId(author.publicKey);
    expect(await town.clock.finish(anna.api.find({ relation: "author", target }))).toMatchObject({
      found: 2,
      answered: 1,
    });
    const rows = await town.clock.finish(anna.api.search({ query: { text: "bridge", author: target }, limit: 9 }));
    expect(rows.map(({ summary }) => summary)).toEqual(["A bridge", "A bridge of cards"]);
    expect(await town.clock.finish(anna.api.find({ relation: "author", target }))).toMatchObject({ found: 0 });
    expect([...anna.mesh.reports, ...ben.mesh.reports]).toEqual([]);
  });

  it("of a place is what starts there, and nothing of what is below it without evidence", async () => {
    const { anna, ben, town } = await pair(603);
    await ben.api.updateSettings({ home: UTRECHT });
    await ben.api.publish(draftOf("Written in Utrecht", [UTRECHT]));
    await ben.store.commit({
      envelopes: [
        await signEnvelope(author, { summary: "In one street", scopes: [`${UTRECHT}/oost`] }),
        await signEnvelope(author, { summary: "Of a topic", scopes: ["t:games"] }),
      ],
    });
    const look = async (target: string): Promise<number> =>
      (await town.clock.finish(anna.api.find({ relation: "scope", target }))).found;
    expect(await look("g:europe/nl")).toBe(0);
    expect(await look("t:games")).toBe(0);
    expect(await look(UTRECHT)).toBe(1);
    const rows = await town.clock.finish(anna.api.search({ query: { scope: "g:europe" }, limit: 9 }));
    expect(rows.map(({ summary }) => summary)).toEqual(["Written in Utrecht"]);
    expect([...anna.mesh.reports, ...ben.mesh.reports]).toEqual([]);
  });

  it("is not asked for of whom one has blocked, and refuses what is no person and no place", async () => {
    const { anna, ben, town } = await pair(604);
    let asked = 0;
    ben.mesh.handle(INDEX, async (stream) => {
      asked++;
      await stream.close();
    });
    const target = encodeNodeId(author.publicKey);
    await anna.api.block(target);
    expect(await town.clock.finish(anna.api.find({ relation: "author", target }))).toMatchObject({
      found: 0,
      asked: 0,
    });
    expect(asked).toBe(0);
    await expect(anna.api.find({ relation: "author", target: "mehr1" })).rejects.toMatchObject({
      code: "NODE_ID_INVALID",
    });
    await expect(anna.api.find({ relation: "scope", target: "nowhere" })).rejects.toMatchObject({
      code: "SCOPE_INVALID",
    });
  });

  it("ends with whoever gives something else: another's, another place's, a secret, no object at all", async () => {
    const secret = await signEnvelope(author, { summary: "secret", scopes: [] });
    const elsewhere = await signEnvelope(other, { summary: "elsewhere", scopes: ["g:asia/ir"] });
    const wider = await signEnvelope(other, { summary: "wider", scopes: [`${UTRECHT}/oost`] });
    for (const [bytes, code] of [
      [secret.bytes, "UNSCOPED"],
      [elsewhere.bytes, "UNSOLICITED"],
      [wider.bytes, "NOT_PROMOTED"],
      [Uint8Array.of(0x84, 0x18, 0x40, 0x40), "MALFORMED"],
    ] as const) {
      const { anna, ben, town } = await pair(605);
      let pages = 0;
      ben.mesh.handle(INDEX, async (stream) => {
        while ((await stream.read()) !== null) {
          pages++;
          await stream.write(encodeAnswer({ kind: "page", objects: [bytes], next: Uint8Array.of(1) }));
        }
      });
      const found = await town.clock.finish(anna.api.find({ relation: "scope", target: UTRECHT }));
      expect(found, code).toMatchObject({ found: 0, asked: 1, answered: 0 });
      expect(pages).toBe(1);
      expect(anna.mesh.reports, code).toMatchObject([{ peer: toHex(ben.mesh.self), code }]);
    }
  });
});
