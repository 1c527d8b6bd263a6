/** What becomes of a curated feed by its name: it goes on under another one, and stays closed where its curator comes back. */
import { describe, expect, it } from "vitest";
import type { OwnCuratedView } from "../../src/peer/index.ts";
import { fromHex, ObjectType } from "../../src/wire/index.ts";
import { lastingStore, type Resident } from "../sim/town.ts";
import { fillCurated } from "./curated-pages.ts";
import { curatedOf, MINUTE, NAME, ownOf, specOf, townsOfTests } from "./curation-town.ts";
import { now } from "./origin.ts";

const WRONG = "Brigdes";

const counts = async (at: Resident) => (await ownOf(at)).map(({ count, name }) => `${name} ${count}`);

const { found, story } = townsOfTests();

describe("a curated feed that is given another name", () => {
  it("has all that was in it, and the old one leads those there who follow it", async () => {
    const { ben, carol, town, write } = await story(509);
    const [one, two] = [await write("the first bridge"), await write("the second bridge")];
    await ben.api.saveCurated({ name: WRONG, description: "What spans water", kickbackRate: 128 });
    await ben.api.saveCurated({ name: "Tunnels" });
    await ben.api.curate({ feed: WRONG, post: one.hash, note: "One" });
    await ben.api.curate({ feed: WRONG, post: two.hash, note: "Two", at: 1 });
    await carol.api.saveFeed({ spec: specOf(ben, WRONG) });
    await town.clock.until(async () => (await curatedOf(carol, ben, WRONG)).held === 2);
    await carol.api.markRead({ feed: (await curatedOf(carol, ben, WRONG)).kept! });
    const before = await curatedOf(ben, ben, WRONG);
    const rename = (to: string) => ben.api.renameCurated({ name: WRONG, to });
    await expect(rename("Tunnels")).rejects.toMatchObject({ code: "CURATED_TAKEN" });
    await expect(rename(" ")).rejects.toMatchObject({ code: "CURATED_INVALID" });
    await expect(ben.api.renameCurated({ name: "None", to: NAME })).rejects.toMatchObject({ code: "CURATED_UNKNOWN" });
    expect(await curatedOf(ben, ben, WRONG)).toEqual(before);
    expect(await rename(` ${NAME} `)).toMatchObject({ name: NAME, count: 2, kickbackRate: 128 });
    const after = await curatedOf(ben, ben);
    expect({ ...after, name: WRONG, updated: before.updated, sequence: before.sequence }).toEqual(before);
    // As when the tab that was asked went away before it had answered.
    expect((await rename(NAME)).sequence).toBe(after.sequence);
    await town.clock.until(async () => (await curatedOf(carol, ben, WRONG)).entries[0]?.feed?.name === NAME);
    expect(await curatedOf(carol, ben, WRONG)).toMatchObject({ count: 1, description: "What spans water" });
    // Carol hears of it.
    expect((await now(carol.api, "feeds", {})).at(-1)).toMatchObject({ unread: 1 });
    expect(await counts(ben)).toEqual(["Bridges 2", "Brigdes 1", "Tunnels 0"]);
    await ben.api.closeCurated(WRONG);
    // And back, under the name that was closed.
    await ben.api.renameCurated({ name: NAME, to: WRONG });
    expect(await counts(ben)).toEqual(["Bridges 1", "Brigdes 2", "Tunnels 0"]);
    for (const { faults, mesh } of town.residents) expect([faults, mesh.misdeeds()]).toEqual([[], []]);
  });

  it("takes all of its pages along", async () => {
    const town = found(511);
    const ben = await town.arrive();
    // Entries are believed no date that is still to come.
    await town.clock.advance(MINUTE);
    await ben.api.saveCurated({ name: WRONG });
    await fillCurated(ben, WRONG, 1_000);
    const before = await curatedOf(ben, ben, WRONG);
    await ben.api.renameCurated({ name: WRONG, to: NAME });
    expect(await counts(ben)).toEqual(["Bridges 1000", "Brigdes 1"]);
    const after = await curatedOf(ben, ben);
    expect([after.missingPages, after.entries]).toEqual([0, before.entries]);
  });
});

describe("a curated feed that was closed", () => {
  it("stays closed on a new device of its curator, until something is put into it again", async () => {
    const { anna, ben, carol, town, write } = await story(507);
    const { hash } = await write("a bridge");
    for (const name of [NAME, "Tunnels"]) {
      await ben.api.saveCurated({ name });
      await ben.api.curate({ feed: name, post: hash });
    }
    await ben.api.closeCurated("Tunnels");
    for (const reader of [anna, carol]) {
      for (const name of [NAME, "Tunnels"]) await reader.api.saveFeed({ spec: specOf(ben, name) });
    }
    await town.clock.until(async () => (await carol.store.heads(ObjectType.CuratedFeed)).length === 2);
    const keys = Object.fromEntries(await ben.store.allKeys());
    await town.leave(ben);
    const store = lastingStore(507);
    await store.commit({ keys });
    const again = await town.arrive(store);
    town.network.connectAll();
    const own: (readonly OwnCuratedView[])[] = [];
    const watching = await again.api.watch("ownCurated", {}, (update) => {
      if (update.kind === "rows") own.push(update.rows);
    });
    await town.clock.until(async () => (await again.store.heads(ObjectType.CuratedFeed)).length === 2);
    await watching.close();
    expect((await ownOf(again)).map(({ name }) => name)).toEqual([NAME]);
    expect(own.flat().map(({ name }) => name)).not.toContain("Tunnels");
    await expect(again.api.curate({ feed: "Tunnels", post: hash })).rejects.toMatchObject({ code: "CURATED_UNKNOWN" });
    // On one of the two it is begun anew: it is there again on the other.
    const other = lastingStore(508);
    await other.commit({ keys, heads: await store.heads(ObjectType.CuratedFeed) });
    await again.api.saveCurated({ name: "Tunnels" });
    await town.clock.until(() => again.store.envelopes.has(fromHex(hash)));
    await again.api.curate({ feed: "Tunnels", post: hash });
    expect((await ownOf(again)).map(({ name }) => name)).toEqual([NAME, "Tunnels"]);
    const anew = (await store.head(ObjectType.CuratedFeed, ben.mesh.self, "Tunnels"))!;
    await town.clock.until(
      async () => (await carol.store.head(ObjectType.CuratedFeed, ben.mesh.self, "Tunnels"))!.sequence >= anew.sequence,
      700_000,
    );
    await town.leave(again);
    await other.commit({ settings: { "curated.closed": ["Tunnels"] } });
    const second = await town.arrive(other);
    town.network.connectAll();
    const open = await second.api.watch("ownCurated", {}, () => undefined);
    await town.clock.until(async () => (await ownOf(second)).length === 2);
    await open.close();
  });
});
