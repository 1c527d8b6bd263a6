/** What is known of posts that another device may have published: none is lost on the word of a file, and none comes twice. */
// Loaded beforehand: what is imported while it runs takes time outside of the virtual clock.
import "../../src/peer/arriving/queue.ts";
import "../../src/peer/backup/index.ts";
import { describe, expect, it } from "vitest";
import type { Arrival } from "../../src/peer/index.ts";
import { HeldIntake, leavingArrivals } from "../../src/peer/arriving/moving.ts";
import { nameOfDraft } from "../../src/peer/arriving/records.ts";
import type { Store } from "../../src/store/index.ts";
import { lastingStore, Town, type Resident } from "../sim/town.ts";
import {
  arrival,
  arrivals,
  feedOf,
  HOUR,
  moved,
  over,
  PLACE,
  restored,
  settled,
  shows,
  until,
  viewOf,
  waiting,
  wordsOf,
} from "./arriving-town.ts";
import { now } from "./origin.ts";

const nameOf = (number: number) => nameOfDraft({ id: `arrival-${number}` });

/** One whose post has the text of others. */
function titled(number: number, headline: string, text: string): Arrival {
  const one = arrival(number);
  return { ...one, draft: { ...one.draft, headline, text } };
}

/** What a backup of this store would say. */
async function leaving(store: Store): Promise<{ ids: string[]; arrived: readonly string[] }> {
  const ids: string[] = [];
  let arrived: readonly string[] = [];
  for await (const one of leavingArrivals(store, 5)) {
    if (one.kind === "arrival") ids.push(one.draft.id);
    else arrived = one.names;
  }
  return { ids, arrived };
}

/** A peer with these posts held, of which a file says that some were published by another device. */
async function holding(
  seed: number,
  count: number,
  arrived: readonly string[],
): Promise<{ town: Town; store: Store; one: Resident; reader: Resident }> {
  const town = new Town({ seed });
  const store = lastingStore(seed);
  const intake = await HeldIntake.open(store, true);
  await intake.add(
    Array.from({ length: count }, (_, at) => moved(at)),
    arrived,
  );
  await intake.end();
  const reader = await town.arrive();
  await reader.api.updateSettings({ home: PLACE });
  const one = await town.arrive(store);
  await town.clock.until(async () => (await viewOf(one.api)).held === count);
  return { town, store, one, reader };
}

describe("posts with the same text", () => {
  it("are all published where each has a headline of its own", async () => {
    const posts = [0, 1, 2, 3, 4].map((at) => titled(at, `Headline ${at}`, ""));
    const { old, reader, town } = await waiting(31, posts, 0);
    const file = await old.api.exportBackup();
    await old.stop();
    const phone = await restored(town, 32, file);
    await settled(town, phone);
    await phone.api.resumeArrivals();
    await over(town, phone.api, 5);
    expect(await viewOf(phone.api)).toMatchObject({ published: 5, elsewhere: 0 });
    await until(town, async () => (await feedOf(reader.api)).length === 5);
  });

  it.each([
    ["another headline", "Second"],
    ["the same headline", "First"],
  ])("and %s are published once each, whichever device does it", async (_, headline) => {
    const posts = [titled(0, "First", "Thanks!"), titled(1, headline, "Thanks!")];
    const seed = headline === "First" ? 33 : 43;
    const { old, reader, town } = await waiting(seed, posts, 0);
    const file = await old.api.exportBackup();
    town.network.connectAll();
    await over(town, old.api, 1);
    await until(town, async () => (await feedOf(reader.api)).length === 1);
    await old.stop();
    const phone = await restored(town, seed + 1, file);
    await settled(town, phone);
    await phone.api.resumeArrivals();
    await over(town, phone.api, 2);
    expect(await viewOf(phone.api)).toMatchObject({ published: 1, elsewhere: 1 });
    await until(town, async () => (await feedOf(reader.api)).length === 2);
    const heard = await feedOf(reader.api);
    expect(new Set(heard.map((view) => view.headline))).toEqual(new Set(["First", headline]));
  });

  it("are published once each where one device does it all, also after a restart", async () => {
    const posts = [titled(0, "", "Thanks!"), titled(1, "", "Thanks!"), titled(2, "", "Thanks!")];
    const { old, town } = await waiting(35, posts, 0);
    const file = await old.api.exportBackup();
    await old.stop();
    const phone = await restored(town, 36, file);
    await settled(town, phone);
    await phone.api.resumeArrivals();
    await over(town, phone.api, 2);
    await phone.stop();
    await phone.start();
    town.network.connectAll();
    await over(town, phone.api, 3);
    expect(await viewOf(phone.api)).toMatchObject({ published: 3, elsewhere: 0 });
  });
});

describe("a backup", () => {
  it("names nothing as published that the storage has lost", async () => {
    const store = lastingStore(37);
    const queue = { first: 0, at: 0, next: 2, waiting: 40, published: 0, refused: 0, nextAt: 0, posted: [] };
    const names = [0, 1, 2].map(nameOf);
    const unread = [{ draft: { text: "without an id" } }, { ...moved(2), isParent: false }];
    await store.commit({
      settings: { arriving: queue, "arriving:0": "half of it", "arriving:1": unread, arrived: names },
    });
    expect(await leaving(store)).toEqual({ ids: ["arrival-2"], arrived: [] });
  });

  it("that says what is out keeps it from going by itself, and takes nothing away", async () => {
    const { one, reader, store, town } = await holding(38, 3, [nameOf(1)]);
    expect(await viewOf(one.api)).toMatchObject({ held: 3, doubted: 1 });
    // Another file that is made here says the same.
    expect(await leaving(store)).toEqual({ ids: [0, 1, 2].map((at) => `arrival-${at}`), arrived: [nameOf(1)] });
    expect(await one.api.resumeArrivals()).toMatchObject({ waiting: 2, held: 1, doubted: 1 });
    town.network.connectAll();
    await over(town, one.api, 2);
    await town.clock.advance(HOUR);
    await until(town, async () => (await feedOf(reader.api)).length === 2);
    expect(await wordsOf(reader.api)).toEqual(["old words 0", "old words 2"]);
    // The person knows better, and says so.
    expect(await one.api.resumeArrivals()).toMatchObject({ waiting: 1, held: 0, doubted: 0 });
    await over(town, one.api, 1);
    await until(town, async () => (await feedOf(reader.api)).length === 3);
  });

  it("that says so of what waits has it held back when it is its turn, unless the own history has it", async () => {
    const town = new Town({ seed: 39 });
    const store = lastingStore(39);
    const one = await town.arrive(store);
    await one.api.addArrivals(arrivals(3));
    await town.leave(one);
    const intake = await HeldIntake.open(store, true);
    await intake.add([], [nameOf(0)]);
    await intake.end();
    const again = await town.arrive(store);
    await town.arrive();
    town.network.connectAll();
    await over(town, again.api, 2);
    expect(await viewOf(again.api)).toMatchObject({ waiting: 0, held: 1, doubted: 1, published: 2, elsewhere: 0 });
  });
});

describe("what a device knows of posts that were given", () => {
  it("outlasts that they are dropped, where another device has published them", async () => {
    const { one } = await holding(44, 3, [nameOf(0)]);
    await one.api.dropHeldArrivals();
    expect(await one.api.addArrivals(arrivals(3))).toMatchObject({ waiting: 2, held: 0 });

    const store = lastingStore(45);
    const town = new Town({ seed: 45 });
    const first = await town.arrive(store);
    await first.api.addArrivals(arrivals(3));
    await town.leave(first);
    const intake = await HeldIntake.open(store, true);
    await intake.add([], [nameOf(0)]);
    await intake.end();
    const again = await town.arrive(store);
    await again.api.dropArrivals();
    expect(await again.api.addArrivals(arrivals(3))).toMatchObject({ waiting: 2 });
    expect((await leaving(store)).arrived).toEqual([nameOf(0)]);
  });

  it("does not count what was damaged while it was held", async () => {
    const { one, store } = await holding(46, 2, []);
    await store.commit({ settings: { [`arriving-held:${nameOf(0)}`]: { draft: { text: "half of it" } } } });
    expect(await one.api.resumeArrivals()).toMatchObject({ waiting: 1, held: 0 });
    expect(await leaving(store)).toEqual({ ids: ["arrival-1"], arrived: [] });
    expect(await one.api.addArrivals(arrivals(2))).toMatchObject({ waiting: 2 });
  });

  it("is right in a backup that is written while they go on, or are dropped", async () => {
    for (const act of ["resume", "drop"] as const) {
      const { one, store } = await holding(act === "resume" ? 47 : 48, 4, []);
      const ids: string[] = [];
      for await (const leaves of leavingArrivals(store, 5)) {
        expect(leaves.kind).toBe("arrival");
        if (leaves.kind === "arrival") ids.push(leaves.draft.id);
        if (ids.length > 1) continue;
        if (act === "resume") await one.api.resumeArrivals();
        else await one.api.dropHeldArrivals();
      }
      const all = [0, 1, 2, 3].map((at) => `arrival-${at}`);
      expect(ids).toEqual(act === "resume" ? all : all.slice(0, 1));
    }
  });

  it("is not that they were published where they were refused", async () => {
    const town = new Town({ seed: 49 });
    const store = lastingStore(49);
    const one = await town.arrive(store);
    await town.arrive();
    const bad = arrival(0);
    await one.api.addArrivals([{ ...bad, draft: { ...bad.draft, text: "" } }, arrival(1)]);
    town.network.connectAll();
    await over(town, one.api, 2);
    expect(await viewOf(one.api)).toMatchObject({ refused: 1, published: 1 });
    expect(await leaving(store)).toEqual({ ids: [], arrived: [nameOf(1)] });
  });

  it("is whole where a merge broke off", async () => {
    const store = lastingStore(50);
    const intake = await HeldIntake.open(store, true);
    await intake.add([moved(0)], []);
    const one = await new Town({ seed: 50 }).arrive(store);
    await one.api.addArrivals(arrivals(1));
    expect(await viewOf(one.api)).toMatchObject({ waiting: 0, held: 1 });
  });

  it("keeps threads together where only a part has room", async () => {
    const town = new Town({ seed: 51 });
    const store = lastingStore(51);
    const intake = await HeldIntake.open(store, true);
    const answer = { ...moved(1), parent: moved(0).id };
    await intake.add([moved(0), answer], [nameOf(1)]);
    await intake.end();
    const reader = await town.arrive();
    await reader.api.updateSettings({ home: PLACE });
    const one = await town.arrive(store);
    await town.clock.until(async () => (await viewOf(one.api)).held === 2);
    town.network.connectAll();
    // The answer goes on after the queue ran empty.
    for (const doubted of [1, 0]) {
      expect(await one.api.resumeArrivals()).toMatchObject({ waiting: 1, held: doubted });
      await over(town, one.api, 1);
    }
    await until(town, async () => (await feedOf(reader.api)).length === 2);
    const heard = new Map((await feedOf(reader.api)).map((view) => [view.summary, view]));
    expect(heard.get("old words 1")?.replyTo).toBe(heard.get("old words 0")?.postHash);
  });

  it("shows the first words of what would go on, doubted ones last", async () => {
    const { one } = await holding(52, 10, [nameOf(0), nameOf(9)]);
    const rows = await now(one.api, "heldArrivals", {});
    expect(rows.map(({ words }) => words)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((at) => `old words ${at}`));
    expect(rows.every(({ doubted }) => !doubted)).toBe(true);
  });
});

describe("a post that is held and comes again", () => {
  it("keeps its files and the time since when it may be out, and learns what it answers", async () => {
    const store = lastingStore(40);
    const picture = (digit: string) => ({
      hash: digit.repeat(64),
      contentType: "image/png",
      size: 1,
      blurhash: null,
      altText: "",
      duration: null,
    });
    const withPicture = (digit: string, since: number, replyTo: string | null) => {
      const one = moved(0, since);
      return { ...one, draft: { ...one.draft, replyTo, attachments: [picture(digit)] } };
    };
    for (const [digit, since, replyTo] of [
      ["a", 5, null],
      ["b", 9, "c".repeat(64)],
    ] as const) {
      const intake = await HeldIntake.open(store, true);
      const taken = await intake.add([withPicture(digit, since, replyTo)], []);
      // Also the second time: the first may have broken off before its files came.
      expect(taken.map(({ draft }) => draft.attachments)).toEqual([[picture("a")]]);
      await intake.end();
    }
    expect(await store.setting(`arriving-held:${nameOf(0)}`)).toMatchObject(withPicture("a", 5, "c".repeat(64)));
  });

  it("is not published where it was between two backups, though the later one has it waiting", async () => {
    const { old, reader, town } = await waiting(41, arrivals(2), 0);
    const file = await old.api.exportBackup();
    await old.stop();
    const phone = await restored(town, 241, file);
    await phone.stop();
    const tablet = await restored(town, 141, file);
    await tablet.api.closeHistory();
    town.network.connectAll();
    await tablet.api.resumeArrivals();
    await over(town, tablet.api, 1);
    await until(town, async () => (await feedOf(reader.api)).length === 1);
    await tablet.api.dropArrivals();
    await tablet.stop();
    await town.clock.advance(HOUR);
    await old.start();
    await shows(town, old, { waiting: 2 });
    const later = await old.api.exportBackup();
    await old.stop();
    await phone.start();
    await phone.api.closeHistory();
    await phone.anew((api) => api.mergeBackup(later));
    await shows(town, phone, { held: 2 });
    await phone.api.resumeArrivals();
    town.network.connectAll();
    await over(town, phone.api, 2);
    expect(await viewOf(phone.api)).toMatchObject({ published: 1, elsewhere: 1 });
    await until(town, async () => (await feedOf(reader.api)).length === 2);
  });
});

describe("what came with a backup", () => {
  it("waits until somebody has told what is out, though the history is found", async () => {
    const { old, reader, town } = await waiting(42, arrivals(3), 0);
    const file = await old.api.exportBackup();
    town.network.connectAll();
    await over(town, old.api, 2);
    await until(town, async () => (await feedOf(reader.api)).length === 2);
    await old.stop();
    const phone = await restored(town, 142, file);
    await phone.api.closeHistory();
    await shows(town, phone, { held: 3 });
    await town.clock.track(phone.api.resumeArrivals());
    // Somebody comes just before it is looked whether somebody is there.
    await town.clock.advance(14_999);
    town.network.connectAll();
    await over(town, phone.api, 3);
    expect(await viewOf(phone.api)).toMatchObject({ published: 1, elsewhere: 2 });
    await until(town, async () => (await feedOf(reader.api)).length === 3);
    expect(await wordsOf(reader.api)).toEqual([0, 1, 2].map((at) => `old words ${at}`));
  });
});
