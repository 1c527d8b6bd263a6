/** What is in an own curated feed and is not kept here: other people's feeds that one does not follow oneself. */
import { expect, it } from "vitest";
import type { CuratedView } from "../../src/peer/index.ts";
import { lastingStore, type Resident } from "../sim/town.ts";
import { curatedOf, idOf, MINUTE, NAME, townsOfTests } from "./curation-town.ts";

const { found } = townsOfTests();

/** The own feed as its page shows it, for as long as that is open. */
async function opened(at: Resident, name: string) {
  const seen: CuratedView[] = [];
  const watching = await at.api.watch("curated", { curator: idOf(at), name }, ({ value }) => seen.push(value));
  return { held: () => seen.at(-1)?.entries[0]?.feed?.name, close: () => watching.close() };
}

it("a feed that stands in an own one is looked for again after a start, whether somebody is linked by then or not", async () => {
  const town = found(560);
  const store = lastingStore(560);
  const [first, ben] = [await town.arrive(store), await town.arrive()];
  town.network.connectAll();
  await town.clock.advance(MINUTE);
  await ben.api.saveCurated({ name: NAME, description: "What spans water" });
  const looking = await first.api.watch("curated", { curator: idOf(ben), name: NAME }, () => undefined);
  await town.clock.until(async () => (await curatedOf(first, ben)).state === "here");
  await first.api.saveCurated({ name: "Engineers" });
  await first.api.curate({ feed: "Engineers", curated: { curator: idOf(ben), name: NAME }, note: "He knows them all" });
  await looking.close();
  await town.leave(first);

  for (const linkedBefore of [false, true]) {
    const again = await town.arrive(store);
    if (linkedBefore) {
      town.network.connectAll();
      await town.clock.advance(MINUTE);
    }
    const page = await opened(again, "Engineers");
    await town.clock.settle();
    if (!linkedBefore) {
      expect(page.held()).toBeUndefined();
      town.network.connectAll();
    }
    await town.clock.until(() => page.held() === NAME);
    await page.close();
    await town.leave(again);
    expect([again.faults, ben.faults, ben.mesh.misdeeds()]).toEqual([[], [], []]);
  }
});
