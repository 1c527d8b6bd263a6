/** Posts from elsewhere, published in their order and at the pace that others take. */
// Loaded beforehand: what is imported while it runs takes time outside of the virtual clock.
import "../../src/peer/arriving/queue.ts";
import { describe, expect, it } from "vitest";
import type { Arrival, ArrivalsView, EnvelopeView } from "../../src/peer/index.ts";
import { unhurriedInterval } from "../../src/social/pace.ts";
import { draftOf, hashesOf, lastingStore, Town, type Resident } from "../sim/town.ts";
import { png } from "../wire/pictures.ts";
import { now } from "./origin.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const PLACE = "g:europe/nl/utrecht/west";

const viewOf = (one: Resident, scopes: readonly string[] = []): Promise<ArrivalsView> =>
  now(one.api, "arrivals", { scopes });

function arrival(number: number, parent: number | null = null, scopes: readonly string[] = [PLACE]): Arrival {
  const draft = { ...draftOf(`old words ${number}`, scopes), id: `arrival-${number}` };
  return {
    draft,
    id: `https://elsewhere.example/${number}`,
    parent: parent === null ? null : `https://elsewhere.example/${parent}`,
  };
}

/** A link between two, which takes virtual time to come about. */
async function link({ clock }: Town, one: Resident, other: Resident): Promise<void> {
  const linking = one.mesh.connect(other.mesh.self);
  await clock.until(() => one.mesh.peers().length > 0);
  await linking;
}

async function town(seed: number): Promise<{ all: Town; writer: Resident; reader: Resident }> {
  const all = new Town({ seed });
  const [writer, reader] = [await all.arrive(), await all.arrive()] as const;
  for (const one of [writer, reader]) await one.api.updateSettings({ home: PLACE });
  await link(all, writer, reader);
  return { all, writer, reader };
}

/** Until so many have been published. Signing takes time outside of the virtual clock, which runs ahead of it a little. */
async function published({ clock }: Town, one: Resident, count: number): Promise<void> {
  await clock.until(async () => {
    const view = await viewOf(one);
    return view.published + view.refused >= count;
  }, 24 * HOUR);
}

async function feedOf(one: Resident): Promise<readonly EnvelopeView[]> {
  return await one.api.feed({ feed: { kind: "scope", scope: PLACE, match: "exact" }, limit: 500 });
}

describe("the pace", () => {
  it("is half of what others take from one author where it starts", () => {
    expect(unhurriedInterval([PLACE], PLACE)).toBe(2 * MINUTE);
    expect(unhurriedInterval(["t:bread"], "g:europe/nl")).toBe(20 * MINUTE);
    expect(unhurriedInterval(["g:europe"], PLACE)).toBe(HOUR);
    expect(unhurriedInterval(["g:cyberspace/commons"], PLACE)).toBe(12_000);
    expect(unhurriedInterval([], PLACE)).toBe(2 * MINUTE);
    expect(unhurriedInterval(["no scope"], PLACE)).toBe(2 * MINUTE);
  });
});

describe("posts from elsewhere", () => {
  it("are published one by one, in their order, and all of them are heard", async () => {
    const { all, reader, writer } = await town(1);
    const { clock } = all;
    await writer.api.addArrivals(Array.from({ length: 40 }, (_, at) => arrival(at)));
    await published(all, writer, 1);
    expect(await viewOf(writer, [PLACE])).toMatchObject({
      state: "publishing",
      waiting: 39,
      published: 1,
      interval: 2 * MINUTE,
    });
    await published(all, writer, 20);
    const own = await writer.api.publish({ ...draftOf("written meanwhile", [PLACE]), id: "meanwhile" });
    await published(all, writer, 40);
    expect(await viewOf(writer)).toMatchObject({ state: "none", waiting: 0, published: 40, refused: 0, doneAt: null });
    await clock.until(async () => (await feedOf(reader)).length === 41);
    const dates = (await feedOf(writer)).filter(({ hash }) => hash !== own.hash).map(({ created }) => created);
    // In any hour no more than half of what is taken, so that what is written meanwhile is heard, too.
    for (const [at, date] of dates.slice(1).entries()) expect(dates[at]! - date).toBeGreaterThanOrEqual(2 * MINUTE);
    const heard = await feedOf(reader);
    expect(heard).toHaveLength(41);
    const old = heard.filter(({ hash }) => hash !== own.hash).map(({ summary }) => summary);
    expect(old).toEqual(Array.from({ length: 40 }, (_, at) => `old words ${39 - at}`));
    expect(all.residents.flatMap(({ faults }) => faults)).toEqual([]);
  });

  it("that go on from each other become answers to each other", async () => {
    const { all, reader, writer } = await town(2);
    await writer.api.addArrivals([arrival(1), arrival(2, 1), arrival(3, 2), arrival(4, 99)]);
    await published(all, writer, 4);
    await all.clock.until(async () => (await feedOf(reader)).length === 4);
    const posts = new Map((await feedOf(reader)).map((view) => [view.summary, view]));
    expect(posts.get("old words 2")?.replyTo).toBe(posts.get("old words 1")?.postHash);
    expect(posts.get("old words 3")?.replyTo).toBe(posts.get("old words 2")?.postHash);
    expect(posts.get("old words 4")?.replyTo).toBeNull();
  });

  it("wait while nobody would hear them", async () => {
    const all = new Town({ seed: 3 });
    const writer = await all.arrive();
    await writer.api.addArrivals([arrival(1)]);
    await all.clock.advance(HOUR);
    expect(await viewOf(writer)).toMatchObject({ state: "offline", waiting: 1, published: 0 });
    const reader = await all.arrive();
    await link(all, writer, reader);
    await published(all, writer, 1);
    expect(await viewOf(writer)).toMatchObject({ waiting: 0, published: 1 });
  });

  it("go on after a restart, each once", async () => {
    const { all, reader, writer: first } = await town(4);
    await all.leave(first);
    const store = lastingStore(4);
    const writer = await all.arrive(store);
    await writer.api.updateSettings({ home: PLACE });
    await link(all, writer, reader);
    await writer.api.addArrivals(Array.from({ length: 40 }, (_, at) => arrival(at)));
    await published(all, writer, 33);
    await all.leave(writer);
    const again = await all.arrive(store);
    await link(all, again, reader);
    await all.clock.until(async () => (await viewOf(again)).waiting > 0);
    await published(all, again, 40);
    expect(await viewOf(again)).toMatchObject({ waiting: 0, published: 40 });
    expect((await hashesOf(again)).length).toBe(40);
    expect([...(await store.allSettings()).keys()].filter((name) => name.startsWith("arriving:"))).toEqual([]);
  });

  it("are dropped when the person says so, and what was published stays", async () => {
    const { all, writer } = await town(5);
    await writer.api.addArrivals(Array.from({ length: 40 }, (_, at) => arrival(at)));
    await published(all, writer, 2);
    await writer.api.dropArrivals();
    expect(await viewOf(writer)).toMatchObject({ state: "none", waiting: 0 });
    await all.clock.advance(HOUR);
    expect(await hashesOf(writer)).toHaveLength(2);
    const names = [...(await writer.store.allSettings()).keys()].filter((name) => name.startsWith("arriving"));
    expect(names).toEqual([]);
  });

  it("that cannot be published as they are become drafts, and hold up nothing", async () => {
    const { all, writer } = await town(6);
    const bad = { ...arrival(2), draft: { ...arrival(2).draft, headline: "h".repeat(500) } };
    const worse = arrival(3, null, ["no scope at all"]);
    await writer.api.addArrivals([arrival(1), bad, worse, arrival(4)]);
    await published(all, writer, 4);
    expect(await viewOf(writer)).toMatchObject({ waiting: 0, published: 2, refused: 2 });
    expect((await now(writer.api, "drafts", {})).map(({ id }) => id).toSorted()).toEqual(["arrival-2", "arrival-3"]);
  });

  it("that are given again are published once, and what was dropped may be given again", async () => {
    const { all, writer } = await town(8);
    await writer.api.addArrivals([arrival(1), arrival(2), arrival(2)]);
    expect(await viewOf(writer)).toMatchObject({ waiting: 2 });
    await writer.api.addArrivals([arrival(1), arrival(2), arrival(3)]);
    expect(await viewOf(writer)).toMatchObject({ waiting: 3 });
    await published(all, writer, 1);
    await writer.api.dropArrivals();
    await writer.api.addArrivals([arrival(1), arrival(2), arrival(3)]);
    expect(await viewOf(writer)).toMatchObject({ waiting: 2 });
    await published(all, writer, 2);
    expect(await hashesOf(writer)).toHaveLength(3);
  });

  it("that cannot be published wait while there is no room among the drafts", async () => {
    const { all, writer } = await town(9);
    const fill = Array.from({ length: 500 }, (_, at) => ({ ...draftOf("mine"), id: `mine-${at}` }));
    await writer.store.commit({ draftsPut: fill.map((content) => ({ id: content.id, updated: 0, content })) });
    const bad = { ...arrival(1), draft: { ...arrival(1).draft, headline: "h".repeat(500) } };
    await writer.api.addArrivals([bad]);
    await all.clock.advance(10 * MINUTE);
    expect(await viewOf(writer)).toMatchObject({ waiting: 1, refused: 0 });
    await writer.api.dropDraft("mine-1");
    await published(all, writer, 1);
    expect(await viewOf(writer)).toMatchObject({ waiting: 0, refused: 1 });
    expect(await writer.store.drafts()).toHaveLength(500);
  });

  it("keep their pictures until it is their turn, however long that takes", async () => {
    const { all, reader, writer } = await town(12);
    const { clock } = all;
    await all.leave(reader);
    const bytes = png(64, 64);
    const loose = await writer.api.attach({ bytes: png(32, 32), contentType: "image/png" });
    const kept = await writer.api.attach({ bytes, contentType: "image/png" });
    const attachments = [{ ...kept, blurhash: null, altText: "A cat", duration: null }];
    const { draft } = arrival(1);
    // Two posts with the same picture: the first that is published is not to take it from the second.
    const posts = [1, 2].map((at) => ({
      ...arrival(at),
      draft: { ...draft, id: `with-${at}`, kind: "photos", attachments } as const,
    }));
    await writer.api.addArrivals(posts);
    await clock.advance(60 * HOUR);
    expect((await writer.api.attachment({ hash: kept.hash })).length).toBe(bytes.length);
    await expect(writer.api.attachment({ hash: loose.hash })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await link(all, writer, await all.arrive());
    await published(all, writer, 2);
    expect(await viewOf(writer)).toMatchObject({ published: 2, refused: 0 });
    const hashes = await hashesOf(writer);
    const views = await Promise.all(hashes.map((hash) => writer.api.envelope(hash)));
    expect(views.map((view) => [view?.kind, view?.media.map(({ altText }) => altText)])).toEqual([
      ["photos", ["A cat"]],
      ["photos", ["A cat"]],
    ]);
  });

  it("may be named like anything", async () => {
    const { all, writer } = await town(10);
    const named = (number: number, id: string, parent: string | null) => ({ ...arrival(number), id, parent });
    const names = ["constructor", "__proto__"];
    await writer.api.addArrivals(names.map((name, at) => named(at, `${name}-child`, name)));
    await published(all, writer, 2);
    expect(await viewOf(writer)).toMatchObject({ published: 2, refused: 0 });
    await writer.api.addArrivals([named(3, "__proto__", null), named(4, "last", "__proto__")]);
    await published(all, writer, 2);
    const posts = new Map((await feedOf(writer)).map((view) => [view.summary, view]));
    expect(posts.get("old words 0")?.replyTo).toBeNull();
    expect(posts.get("old words 4")?.replyTo).toBe(posts.get("old words 3")?.postHash);
  });

  it("that are damaged in the store hold up nothing, neither the others nor leaving", async () => {
    const { all, reader, writer: first } = await town(11);
    await all.leave(first);
    const store = lastingStore(11);
    const writer = await all.arrive(store);
    await writer.api.addArrivals([arrival(1), arrival(2)]);
    await all.leave(writer);
    const [, whole] = (await store.setting("arriving:0")) as readonly unknown[];
    const rest = { id: 7, draft: { id: "arrival-1", text: "half of it", bytes: Uint8Array.of(1, 2) } };
    await store.commit({ settings: { "arriving:0": [rest, whole] } });
    const { setting } = store;
    store.setting = async (name) => {
      if (name === "arriving:0") throw new Error("cannot be read now");
      return await setting.call(store, name);
    };
    const failed = await all.arrive(store);
    await expect(failed.api.addArrivals([arrival(3)])).rejects.toThrow("cannot be read now");
    await all.leave(failed);
    store.setting = setting;
    const again = await all.arrive(store);
    await link(all, again, reader);
    await published(all, again, 1);
    // Nothing of it is among the drafts.
    expect(await viewOf(again)).toMatchObject({ waiting: 0, published: 1, refused: 0 });
    const [left, ...none] = await now(again.api, "damagedArrivals", {});
    expect([left?.words, none]).toEqual([rest.draft.text, []]);
    expect(left!.noticed).toBeGreaterThan(0);
    const file = await again.api.damagedArrival(left!.id);
    expect(JSON.parse(await file.text())).toEqual({ ...rest, draft: { ...rest.draft, bytes: "0102" } });
    // The archive has the whole, and may be given again.
    expect(await again.api.addArrivals([arrival(1), arrival(2)])).toMatchObject({ waiting: 1 });
    await again.api.dropArrivals();
    // As often as it is started, until the person removes it.
    await all.leave(again);
    const later = await all.arrive(store);
    expect(await now(later.api, "damagedArrivals", {})).toEqual([left]);
    await expect(later.api.damagedArrival("other")).rejects.toMatchObject({ code: "NOT_FOUND" });
    await later.api.dropDamagedArrival(left!.id);
    expect(await now(later.api, "damagedArrivals", {})).toEqual([]);
    await expect(later.api.damagedArrival(left!.id)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it.each([
    ["no posts", "none", "ARRIVAL_INVALID"],
    ["posts without a draft", [{ id: "a", parent: null }], "ARRIVAL_INVALID"],
    ["a draft that is none", [arrival(1), { ...arrival(2), draft: { id: "" } as Arrival["draft"] }], "DRAFT_INVALID"],
    ["an endless id", [{ ...arrival(1), id: "a".repeat(3_000) }], "ARRIVAL_INVALID"],
    ["more than can wait", Array.from({ length: 2_001 }, (_, at) => arrival(at)), "ARRIVALS_FULL"],
  ])("are refused as a whole when there are %s", async (_what, posts, code) => {
    const { writer } = await town(7);
    await expect(writer.api.addArrivals(posts as Arrival[])).rejects.toMatchObject({ code });
    expect(await viewOf(writer)).toMatchObject({ waiting: 0, published: 0 });
  });
});
