/** What a person curates: made here, followed elsewhere, found by who has chosen a post. */
import { describe, expect, it } from "vitest";
import type { CuratedByView, CuratedView, InclusionView, OwnCuratedView } from "../../src/peer/index.ts";
import { feedHash, pageName } from "../../src/social/curation/index.ts";
import { createSigner, decodeObject, fromHex, ObjectType, signObject, toHex } from "../../src/wire/index.ts";
import { draftOf, lastingStore, type Resident } from "../sim/town.ts";
import { fillCurated } from "./curated-pages.ts";
import { curatedOf, idOf, MINUTE, NAME, ownOf, specOf, townsOfTests } from "./curation-town.ts";
import { now } from "./origin.ts";

const UTRECHT = "g:europe/nl/utrecht";
const COMMONS = "g:cyberspace/commons";

const inclusionsOf = ({ api }: Resident, hash: string): Promise<readonly InclusionView[]> =>
  now(api, "inclusions", { hash });

const { found, story } = townsOfTests();

const notesOf = ({ entries }: CuratedView): (string | null)[] => entries.map(({ note }) => note);

describe("a feed that somebody curates", () => {
  it("is made, filled from anywhere with notes, reordered and emptied, a version at a time", async () => {
    const { anna, ben, town, write } = await story(500);
    const [one, two] = [await write("the first bridge"), await write("the second bridge")];
    const made = await ben.api.saveCurated({
      name: "  Bridges \n",
      description: "What spans water",
      kickbackRate: 128,
    });
    expect(made).toMatchObject({ name: NAME, scope: COMMONS, kickbackRate: 128, sequence: 1, count: 0, own: true });
    // By the hash of the envelope, by that of the post, by that of somebody's boost.
    await ben.api.curate({ feed: NAME, post: one.hash, note: " Worth the walk " });
    await ben.api.curate({ feed: NAME, post: two.postHash });
    const boost = await town.clock.track(ben.api.boost(two.hash));
    await ben.api.curate({ feed: NAME, post: boost, note: "Twice" });
    const view = await curatedOf(ben, ben);
    expect(view).toMatchObject({ own: true, state: "here", count: 2, held: 2, forked: false, sequence: 4 });
    expect(view.entries.map(({ postHash }) => postHash)).toEqual([two.postHash, one.postHash]);
    expect(notesOf(view)).toEqual(["Twice", "Worth the walk"]);

    await ben.api.moveCurated({ feed: NAME, entry: one.postHash, to: 0 });
    expect(notesOf(await curatedOf(ben, ben))).toEqual(["Worth the walk", "Twice"]);
    expect(await ownOf(ben, one.hash)).toMatchObject([
      { name: NAME, includes: true, note: "Worth the walk", count: 2 },
    ]);
    const [gone] = (await curatedOf(ben, ben)).entries;
    await ben.api.uncurate({ feed: NAME, entry: one.postHash });
    expect(notesOf(await curatedOf(ben, ben))).toEqual(["Twice"]);
    // As "Undo" does.
    await ben.api.curate({ feed: NAME, post: one.postHash, note: gone!.note, added: gone!.added, at: 0 });
    expect((await curatedOf(ben, ben)).entries[0]).toEqual(gone);
    // Saying the same again is no other version.
    const { sequence } = await curatedOf(ben, ben);
    await ben.api.saveCurated({ name: NAME, kickbackRate: 128 });
    expect((await curatedOf(ben, ben)).sequence).toBe(sequence);

    await ben.api.closeCurated(NAME);
    expect(await ownOf(ben)).toEqual([]);
    expect(await curatedOf(ben, ben)).toMatchObject({ count: 0, description: null });
    await expect(ben.api.curate({ feed: NAME, post: one.hash })).rejects.toMatchObject({ code: "CURATED_UNKNOWN" });
    await ben.api.saveCurated({ name: NAME });
    expect((await ownOf(ben))[0]!.sequence).toBeGreaterThan(sequence + 1);
    expect([...anna.faults, ...ben.faults]).toEqual([]);
  });

  it("refuses what it cannot hold, with the reason", async () => {
    const { anna, ben, town, write } = await story(501);
    const { hash } = await write("a bridge");
    const secret = await town.clock.track(ben.api.publish(draftOf("for those I trust", [])));
    await ben.api.saveCurated({ name: NAME });
    const code = async (call: Promise<unknown>): Promise<unknown> =>
      call.then(
        () => "done",
        (error: { code: string }) => error.code,
      );
    const { api } = ben;
    expect(await code(api.curate({ feed: NAME, post: secret.hash }))).toBe("CURATED_PRIVATE");
    expect(await code(api.curate({ feed: NAME, post: secret.postHash }))).toBe("CURATED_PRIVATE");
    expect(await code(api.curate({ feed: NAME, post: "5".repeat(64) }))).toBe("NOT_FOUND");
    expect(await code(api.curate({ feed: NAME, post: "5" }))).toBe("HASH_INVALID");
    expect(await code(api.curate({ feed: "Tunnels", post: hash }))).toBe("CURATED_UNKNOWN");
    expect(await code(api.curate({ feed: NAME, post: hash, note: "x".repeat(281) }))).toBe("CURATED_INVALID");
    const self = { curator: idOf(ben), name: NAME };
    expect(await code(api.curate({ feed: NAME, curated: self }))).toBe("CURATED_HOLDS_ITSELF");
    expect(await code(api.curate({ feed: NAME, curated: { curator: idOf(anna), name: "None" } }))).toBe("NOT_FOUND");
    expect(await code(api.saveCurated({ name: "  " }))).toBe("CURATED_INVALID");
    expect(await code(api.saveCurated({ name: "x".repeat(65) }))).toBe("CURATED_INVALID");
    expect(await code(api.saveCurated({ name: NAME, scope: "Europe" }))).toBe("SCOPE_INVALID");
    expect(await code(api.saveCurated({ name: NAME, kickbackRate: 256 }))).toBe("CURATED_INVALID");
    expect(await code(api.curate({ feed: NAME } as never))).toBe("CURATED_INVALID");
    expect(await code(api.moveCurated({ feed: NAME } as never))).toBe("ARGUMENT_INVALID");
    expect((await curatedOf(ben, ben)).count).toBe(0);
  });

  it("comes to those who follow it at once, with notes beside the envelopes, in the curator's order", async () => {
    const { anna, ben, carol, town, write } = await story(502);
    const [one, two] = [await write("the first bridge"), await write("the second bridge")];
    await ben.api.saveCurated({ name: NAME, description: "What spans water", scope: UTRECHT });
    await ben.api.curate({ feed: NAME, post: one.hash, note: "One" });
    const { id } = await carol.api.saveFeed({ spec: specOf(ben) });
    await town.clock.until(async () => (await curatedOf(carol, ben)).held === 1);
    expect(await curatedOf(carol, ben)).toMatchObject({ own: false, kept: id, scope: UTRECHT, count: 1 });
    await ben.api.curate({ feed: NAME, post: two.hash, note: "Two", at: 1 });
    // Pushed, not asked for ten minutes later.
    await town.clock.until(async () => (await curatedOf(carol, ben)).count === 2, 5_000);
    const rows = await carol.api.feed({ feed: specOf(ben), limit: 9 });
    expect(rows.map(({ chosen, hash }) => [hash, chosen?.note])).toEqual([
      [one.hash, "One"],
      [two.hash, "Two"],
    ]);
    await ben.api.moveCurated({ feed: NAME, entry: two.postHash, to: 0 });
    await town.clock.until(async () => (await curatedOf(carol, ben)).entries[0]?.note === "Two", 5_000);

    // Who has chosen it stands beside the post, for Carol and for Ben himself; Anna, who follows nothing, knows nothing.
    await town.clock.until(async () => (await inclusionsOf(carol, two.hash)).length === 1);
    expect(await inclusionsOf(carol, two.hash)).toMatchObject([
      { curator: idOf(ben), feed: NAME, note: "Two", own: false, trusted: false, kept: id },
    ]);
    expect(await inclusionsOf(ben, two.postHash)).toMatchObject([{ own: true, kept: null }]);
    expect(await inclusionsOf(anna, two.hash)).toEqual([]);
    expect((await carol.api.envelope(two.hash))?.heard).toMatchObject({ curators: 1, boosts: 0 });
    expect((await anna.api.envelope(two.hash))?.heard.curators).toBe(0);
    for (const { faults } of town.residents) expect(faults).toEqual([]);
    await carol.api.block(idOf(ben));
    expect(await inclusionsOf(carol, two.hash)).toEqual([]);
  });

  it("can be looked at without following it, and is kept nowhere then", async () => {
    const { ben, carol, town, write } = await story(503);
    const { hash } = await write("a bridge");
    await ben.api.saveCurated({ name: NAME });
    await ben.api.curate({ feed: NAME, post: hash, note: "Look" });
    const seen: CuratedView[] = [];
    const open = await carol.api.watch("curated", { curator: idOf(ben), name: NAME }, ({ value }) => seen.push(value));
    await town.clock.until(() => seen.at(-1)?.held === 1);
    expect(seen.at(-1)).toMatchObject({ state: "here", kept: null, count: 1 });
    expect(await carol.api.feed({ feed: specOf(ben), limit: 9 })).toMatchObject([{ hash, chosen: { note: "Look" } }]);
    expect(await carol.store.heads(ObjectType.CuratedFeed)).toEqual([]);
    // From the moment that it is followed it is on disk, though it is the same version.
    await carol.api.saveFeed({ spec: specOf(ben) });
    await town.clock.until(async () => (await carol.store.heads(ObjectType.CuratedFeed)).length === 1);
    await open.close();
  });

  it("is found by who curates it, and comes back to a new device of its curator", async () => {
    const { anna, ben, carol, town, write } = await story(504);
    const { hash } = await write("a bridge");
    await ben.api.saveCurated({ name: NAME });
    await ben.api.curate({ feed: NAME, post: hash });
    await ben.api.saveCurated({ name: "Tunnels" });
    const seen: CuratedByView[] = [];
    const open = await anna.api.watch("curatedBy", { curator: idOf(ben) }, ({ value }) => seen.push(value));
    await town.clock.until(() => seen.at(-1)?.state === "looked");
    expect(
      seen
        .at(-1)!
        .feeds.map(({ count, name }) => `${name} ${count}`)
        .toSorted(),
    ).toEqual(["Bridges 1", "Tunnels 0"]);
    await open.close();
    // Carol follows it; Ben's device is lost.
    await carol.api.saveFeed({ spec: specOf(ben) });
    await town.clock.until(async () => (await carol.store.heads(ObjectType.CuratedFeed)).length === 1);
    const keys = await ben.store.allKeys();
    await town.leave(ben);
    const store = lastingStore(504);
    await store.commit({ keys: Object.fromEntries(keys) });
    const again = await town.arrive(store);
    expect(again.mesh.self).toEqual(ben.mesh.self);
    town.network.connectAll();
    const own: (readonly OwnCuratedView[])[] = [];
    const watching = await again.api.watch("ownCurated", {}, (update) => {
      if (update.kind === "rows") own.push(update.rows);
    });
    await town.clock.until(() => own.at(-1)?.length === 1);
    expect(own.at(-1)).toMatchObject([{ name: NAME, count: 1 }]);
    await watching.close();
    await town.clock.until(() => again.store.envelopes.has(fromHex(hash)));
    await again.api.curate({ feed: NAME, post: hash, note: "Again" });
    await town.clock.until(async () => notesOf(await curatedOf(carol, again))[0] === "Again");
  });

  it("counts as evidence for promotion, like the feeds of those whom one trusts", async () => {
    const town = found(505);
    const at = async (home: string, topics: readonly string[] = []): Promise<Resident> => {
      const resident = await town.arrive(lastingStore(town.residents.length + 900));
      while (!resident.mesh.running) await town.clock.settle();
      await resident.api.updateSettings({ home, topics });
      return resident;
    };
    const [anna, ben, dora] = [await at(UTRECHT), await at(UTRECHT), await at("g:asia/jp/tokyo", ["t:music"])];
    town.network.connectAll();
    await town.clock.advance(MINUTE);
    const { hash } = await town.clock.track(anna.api.publish(draftOf("Jam session", [UTRECHT, "t:music/jazz"])));
    await town.clock.advance(10 * MINUTE);
    expect(ben.store.envelopes.has(fromHex(hash))).toBe(true);
    expect(dora.store.envelopes.has(fromHex(hash))).toBe(false);
    await ben.api.saveCurated({ name: NAME });
    await ben.api.curate({ feed: NAME, post: hash });
    await town.clock.until(() => dora.store.envelopes.has(fromHex(hash)));
    let reach: { steps: readonly unknown[] } | null = null;
    const watching = await dora.api.watch("reach", { hash }, ({ value }) => (reach = value));
    await watching.close();
    expect(reach!.steps).toMatchObject([
      { level: "topic", evidence: "curation", who: [{ id: idOf(ben) }], issuer: { id: idOf(ben) } },
    ]);
    for (const { faults, mesh } of town.residents) expect([faults, mesh.misdeeds()]).toEqual([[], []]);
  });
});

describe("two versions of a feed with one number", () => {
  it("are shown side by side to those who follow it, and let its curator change nothing for a day", async () => {
    const { ben, carol, town, write } = await story(506);
    const [one, two] = [await write("the first bridge"), await write("the second bridge")];
    await ben.api.saveCurated({ name: NAME, description: "What spans water" });
    await ben.api.curate({ feed: NAME, post: one.hash });
    await ben.api.curate({ feed: NAME, post: two.hash });
    await carol.api.saveFeed({ spec: specOf(ben) });
    await town.clock.until(async () => (await curatedOf(carol, ben)).held === 2);
    // Another device of Ben's, or Ben who shows others another feed.
    const head = (await ben.store.head(ObjectType.CuratedFeed, ben.mesh.self, NAME))!;
    const feed = decodeObject(head.bytes);
    if (feed.type !== "CuratedFeed") throw new Error("no feed");
    const { signature: _, ...text } = feed;
    const { seed } = (await ben.store.key("identity")) as { seed: Uint8Array };
    const unseen = new Uint8Array(32).fill(3);
    const fields = {
      ...text,
      description: "Bridges for sale",
      entries: [...text.entries.slice(1), { postHash: unseen, added: text.updated, note: null }],
    };
    const other = await signObject(fields, await createSigner(seed));
    const frozenUntil = town.clock.now() + 24 * 60 * MINUTE;
    await ben.store.commit({ heads: [{ ...head, forkBytes: other.bytes, frozenUntil }] });
    await town.clock.until(async () => (await curatedOf(carol, ben)).forked, 700_000);
    const view = await curatedOf(carol, ben);
    expect(view).toMatchObject({ description: "What spans water", count: 2, sequence: 3 });
    expect(view.fork).toMatchObject({ page: 1, description: "Bridges for sale", count: 2, onlyHere: 1, onlyThere: 1 });
    const [first] = text.entries;
    const missing = toHex(first!.postHash) === one.postHash ? "the first bridge" : "the second bridge";
    expect(view.fork!.differing).toEqual([
      { postHash: toHex(unseen), only: "there", title: null, feed: null },
      { postHash: toHex(first!.postHash), only: "here", title: missing, feed: null },
    ]);
    expect(view.fork!.until).toBeGreaterThan(town.clock.now() + 23 * 60 * MINUTE);
    await expect(ben.api.curate({ feed: NAME, post: one.hash, note: "No" })).rejects.toMatchObject({
      code: "CURATED_FROZEN",
    });
    await town.clock.advance(25 * 60 * MINUTE);
    await ben.api.curate({ feed: NAME, post: one.hash, note: "Again" });
    await town.clock.until(async () => !(await curatedOf(carol, ben)).forked, 700_000);
    expect(await curatedOf(carol, ben)).toMatchObject({ sequence: 4, fork: null });
  });
});

describe("curators of curators", () => {
  it("hold each other's feeds, which are shown with what they are, and can be gone into", async () => {
    const { anna, ben, carol, town, write } = await story(510);
    const { hash } = await write("a bridge");
    await ben.api.saveCurated({ name: NAME, description: "What spans water" });
    await ben.api.curate({ feed: NAME, post: hash, note: "Look" });
    // Anna looks at Ben's feed, and puts it into one of hers, which Carol follows.
    const open = await anna.api.watch("curated", { curator: idOf(ben), name: NAME }, () => undefined);
    await town.clock.until(async () => (await curatedOf(anna, ben)).state === "here");
    await anna.api.saveCurated({ name: "Engineers" });
    await anna.api.curate({
      feed: "Engineers",
      curated: { curator: idOf(ben), name: NAME },
      note: "He knows them all",
    });
    await open.close();
    await carol.api.saveFeed({ spec: specOf(anna, "Engineers") });
    await town.clock.until(async () => (await curatedOf(carol, anna, "Engineers")).entries[0]?.feed?.name === NAME);
    const [entry] = (await curatedOf(carol, anna, "Engineers")).entries;
    expect(entry).toMatchObject({
      note: "He knows them all",
      here: true,
      postHash: toHex(feedHash({ curator: ben.mesh.self, name: NAME })),
      feed: { curator: idOf(ben), name: NAME, description: "What spans water", count: 1, kept: null, own: false },
    });
    const inner = await carol.api.watch("curated", { curator: idOf(ben), name: NAME }, () => undefined);
    await town.clock.until(async () => (await curatedOf(carol, ben)).held === 1);
    await inner.close();
    for (const { faults, mesh } of town.residents) expect([faults, mesh.misdeeds()]).toEqual([[], []]);
  });

  it("may go in circles: nothing asks for ever, and a feed that holds itself shows the rest of it", async () => {
    const { anna, ben, carol, town, write } = await story(511);
    const { hash } = await write("a bridge");
    for (const [curator, other] of [
      [anna, ben],
      [ben, anna],
    ] as const) {
      await curator.api.saveCurated({ name: NAME });
      const open = await curator.api.watch("curated", { curator: idOf(other), name: NAME }, () => undefined);
      if (curator === ben) {
        await town.clock.until(async () => (await curatedOf(ben, anna)).state === "here");
        await ben.api.curate({ feed: NAME, curated: { curator: idOf(anna), name: NAME } });
        await anna.api.watch("curated", { curator: idOf(ben), name: NAME }, () => undefined);
        await town.clock.until(async () => (await curatedOf(anna, ben)).state === "here");
        await anna.api.curate({ feed: NAME, curated: { curator: idOf(ben), name: NAME } });
      }
      await open.close();
    }
    await ben.api.curate({ feed: NAME, post: hash });
    await carol.api.saveFeed({ spec: specOf(ben) });
    await town.clock.until(async () => (await curatedOf(carol, ben)).entries.filter(({ here }) => here).length === 2);
    expect((await curatedOf(carol, ben)).entries.map(({ feed }) => feed?.curator ?? null)).toEqual([null, idOf(anna)]);
    expect(await carol.api.feed({ feed: specOf(ben), limit: 9 })).toHaveLength(1);
    let sent = 0;
    town.network.observer = {
      sent(_from, _to, bytes) {
        sent += bytes;
      },
    };
    await town.clock.advance(20 * MINUTE);
    // Two rounds of asking for one feed, and whatever else neighbours tell each other.
    expect(sent).toBeLessThan(100_000);
  });
});

describe("a curated feed of 10,000 entries", () => {
  it("goes over pages that those who follow it fetch and check one by one, and only those that changed", async () => {
    const { ben, carol, town, write } = await story(520);
    const { hash, postHash } = await write("a bridge");
    await ben.api.saveCurated({ name: NAME, description: "Everything" });
    await fillCurated(ben, NAME, 10_000);
    await ben.api.curate({ feed: NAME, post: hash, note: "At the very end", at: 10_000 });
    const own = await curatedOf(ben, ben);
    expect(own).toMatchObject({ count: 10_001, held: 1, missingPages: 0 });
    expect(own.entries).toHaveLength(256);
    await carol.api.saveFeed({ spec: specOf(ben) });
    await town.clock.until(async () => {
      const { count, held, missingPages } = await curatedOf(carol, ben);
      return count === 10_001 && missingPages === 0 && held === 1;
    });
    const rows = await carol.api.feed({ feed: specOf(ben), limit: 9 });
    expect(rows).toMatchObject([{ hash, chosen: { note: "At the very end" } }]);
    expect(await inclusionsOf(carol, postHash)).toMatchObject([{ feed: NAME, note: "At the very end" }]);
    // One more is one page of the same and the first one, not all of them.
    const before = new Map(
      (await carol.store.heads(ObjectType.CuratedFeed)).map(({ hash: head, name }) => [name, toHex(head)]),
    );
    const other = await write("another bridge");
    await ben.api.curate({ feed: NAME, post: other.hash });
    await town.clock.until(async () => (await curatedOf(carol, ben)).count === 10_002);
    const after = (await carol.store.heads(ObjectType.CuratedFeed)).filter(
      ({ hash: head, name }) => before.get(name) !== toHex(head),
    );
    expect(after.length).toBeLessThanOrEqual(3);
    expect(after.some(({ name }) => name === NAME)).toBe(true);
    expect(pageName(NAME, 2)).toHaveLength(64);
    for (const { faults, mesh } of town.residents) expect([faults, mesh.misdeeds()]).toEqual([[], []]);
  }, 60_000);
});
