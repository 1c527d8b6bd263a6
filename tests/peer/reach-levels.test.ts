/** How far a post is heard, in the words of a person: a part of a city is not the city. */
import { expect, it } from "vitest";
import { initHash } from "../../src/hash/index.ts";
import { draftOf, hashesOf, Town, type Resident } from "../sim/town.ts";
import { reachOf } from "./watched.ts";

await initHash();

const CITY = "g:north-america/us/oregon/portland";
const QUARTER = `${CITY}/hawthorne`;
const STREET = `${QUARTER}/37th-avenue`;

async function living(town: Town, home: string): Promise<Resident> {
  const resident = await town.arrive();
  await resident.api.updateSettings({ home });
  return resident;
}

it.each([
  ["neighbourhood", STREET, QUARTER],
  ["city", QUARTER, CITY],
] as const)("a boost lets the whole %s hear it", async (level, start, wider) => {
  const town = new Town({ seed: 91 });
  const [ada, ben, cem] = [await living(town, start), await living(town, start), await living(town, wider)];
  town.network.connectAll();
  await town.clock.advance(60_000);
  const { hash } = await town.clock.track(ada.api.publish(draftOf("The fountain runs again", [start])));
  await town.clock.until(async () => (await hashesOf(ben)).includes(hash));
  expect((await reachOf(ben, hash))?.widest).toBe(null);
  expect(await hashesOf(cem)).toEqual([]);
  await town.clock.track(ben.api.boost(hash));
  await town.clock.until(async () => (await hashesOf(cem)).includes(hash));
  const reach = await reachOf(cem, hash);
  expect(reach).toMatchObject({ start, widest: level });
  expect(reach?.steps).toMatchObject([{ level, scope: wider, evidence: "boost" }]);
});
