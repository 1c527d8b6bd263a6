/** Posts from elsewhere that came with a backup: held until the person says so, and never published twice by themselves. */
// Loaded beforehand: what is imported while it runs takes time outside of the virtual clock.
import "../../src/peer/arriving/queue.ts";
import "../../src/peer/backup/index.ts";
import { describe, expect, it } from "vitest";
import { HeldIntake } from "../../src/peer/arriving/moving.ts";
import type { Store } from "../../src/store/index.ts";
import { lastingStore, Town, type Resident } from "../sim/town.ts";
import { png } from "../wire/pictures.ts";
import {
  arrival,
  arrivals,
  codeOf,
  feedOf,
  HOUR,
  moved,
  over,
  PASSPHRASE,
  restored,
  settled,
  shows,
  until,
  viewOf,
  waiting,
  words,
  wordsOf,
} from "./arriving-town.ts";
import { now } from "./origin.ts";

describe("posts that wait, in a backup", () => {
  it("are held where it is restored, and published once each when the person says so", async () => {
    const { old, reader, town } = await waiting(1, [arrival(0), arrival(1, 0), ...arrivals(40).slice(2)], 1);
    const file = await old.api.exportBackup();
    await old.stop();
    const phone = await restored(town, 2, file);
    await shows(town, phone, { state: "none", waiting: 0, held: 39, published: 0 });
    await settled(town, phone);
    await town.clock.advance(24 * HOUR);
    await phone.stop();
    await phone.start();
    town.network.connectAll();
    await town.clock.advance(HOUR);
    expect(await viewOf(phone.api)).toMatchObject({ state: "none", waiting: 0, held: 39, published: 0 });
    expect(await feedOf(reader.api)).toHaveLength(1);

    // Not before somebody who was met since the start has told what there is.
    expect(await phone.api.resumeArrivals()).toMatchObject({ state: "looking", waiting: 39, held: 0 });
    await over(town, phone.api, 39);
    expect(await viewOf(phone.api)).toMatchObject({ state: "none", published: 39, refused: 0, elsewhere: 0 });
    await until(town, async () => (await feedOf(reader.api)).length === 40);
    expect(await wordsOf(reader.api)).toEqual(words(0, 40));
    const heard = new Map((await feedOf(reader.api)).map((view) => [view.summary, view]));
    // What it goes on from was published before, by the other device.
    expect(heard.get("old words 1")?.replyTo).toBe(heard.get("old words 0")?.postHash);
    // Nothing more of the same archive.
    expect(await phone.api.addArrivals(arrivals(40))).toMatchObject({ state: "none", waiting: 0 });
  });

  it("bring their pictures along", async () => {
    const { old, town } = await waiting(3, [], 0);
    const kept = await old.api.attach({ bytes: png(64, 64), contentType: "image/png" });
    const attachments = [{ ...kept, blurhash: null, altText: "A cat", duration: null }];
    const { draft, ...rest } = arrival(1);
    await old.api.addArrivals([{ ...rest, draft: { ...draft, kind: "photos", attachments } }]);
    const file = await old.api.exportBackup();
    await old.stop();
    const phone = await restored(town, 4, file);
    // Longer than a file is kept that nothing names.
    await town.clock.advance(60 * HOUR);
    // Among the files of drafts, where an encrypted identity seals it.
    expect(await phone.api.attachment({ hash: kept.hash })).toEqual(png(64, 64));
    await settled(town, phone);
    await phone.api.resumeArrivals();
    await over(town, phone.api, 1);
    expect(await viewOf(phone.api)).toMatchObject({ published: 1, refused: 0 });
    const [view] = await feedOf(phone.api);
    expect(view?.media.map(({ altText }) => altText)).toEqual(["A cat"]);
    expect(await phone.api.attachment({ hash: kept.hash, post: view!.postHash! })).toEqual(png(64, 64));
  });

  it("that were published after it are found in the own history, and are not published again", async () => {
    const { old, reader, town } = await waiting(5, arrivals(6), 2);
    const file = await old.api.exportBackup();
    await over(town, old.api, 4);
    await until(town, async () => (await feedOf(reader.api)).length === 4);
    await old.stop();
    const phone = await restored(town, 6, file);
    expect(await phone.api.resumeArrivals()).toMatchObject({ waiting: 4, held: 0 });
    // Not before neighbours were asked what there is.
    expect(await viewOf(phone.api)).toMatchObject({ state: "offline" });
    town.network.connectAll();
    expect(await viewOf(phone.api)).toMatchObject({ state: "looking", waiting: 4 });
    await settled(town, phone);
    await over(town, phone.api, 4);
    expect(await viewOf(phone.api)).toMatchObject({ published: 2, elsewhere: 2, refused: 0 });
    await until(town, async () => (await feedOf(reader.api)).length === 6);
    expect(await wordsOf(reader.api)).toEqual(words(0, 6));
  });

  it("are published where the same words stood in the history before", async () => {
    const again = { ...arrival(1), draft: { ...arrival(0).draft, id: "again" } };
    const { old, reader, town } = await waiting(15, [arrival(0), again], 1);
    const file = await old.api.exportBackup();
    await old.stop();
    const phone = await restored(town, 16, file);
    await settled(town, phone);
    expect(await phone.api.resumeArrivals()).toMatchObject({ waiting: 1 });
    await over(town, phone.api, 1);
    expect(await viewOf(phone.api)).toMatchObject({ published: 1, elsewhere: 0 });
    await until(town, async () => (await feedOf(reader.api)).length === 2);
  });

  it("are dropped when the person says so, and may be given again then, not before", async () => {
    const { old, town } = await waiting(7, arrivals(3), 0);
    const file = await old.api.exportBackup();
    await old.stop();
    const phone = await restored(town, 8, file);
    expect(await phone.api.addArrivals(arrivals(3))).toMatchObject({ waiting: 0, held: 3 });
    await phone.api.dropArrivals();
    expect(await viewOf(phone.api)).toMatchObject({ waiting: 0, held: 3 });
    await phone.api.dropHeldArrivals();
    expect(await viewOf(phone.api)).toMatchObject({ waiting: 0, held: 0 });
    expect(await phone.api.addArrivals(arrivals(3))).toMatchObject({ waiting: 3, held: 0 });
  });
});

describe("two devices of one person", () => {
  it("hold what waits at the other, each post once, and no longer than it waits there", async () => {
    const { old, reader, town } = await waiting(9, arrivals(6), 1);
    const first = await old.api.exportBackup();
    const phone = await restored(town, 10, first);
    await phone.api.closeHistory();
    await shows(town, phone, { held: 5 });
    await town.clock.track(phone.api.addArrivals([arrival(50)]));
    await over(town, old.api, 3);
    await old.api.addArrivals([arrival(6)]);
    const second = await old.api.exportBackup();
    expect(await phone.api.previewMerge(second)).toMatchObject({ posts: 2, arrivals: 1, arrivalsLeftOut: 0 });
    for (const [file, added] of [
      [second, 1],
      [second, 0],
      [first, 0],
    ] as const) {
      expect(await phone.anew((api) => api.mergeBackup(file))).toMatchObject({ arrivals: added });
      await shows(town, phone, { held: 4, waiting: 1 });
    }
    // What the old device has is nothing new to it.
    const back = await phone.api.exportBackup();
    expect(await old.api.previewMerge(back)).toMatchObject({ arrivals: 1 });
    await old.stop();

    await phone.api.resumeArrivals();
    town.network.connectAll();
    await over(town, phone.api, 5);
    await until(town, async () => (await feedOf(reader.api)).length === 8);
    expect(new Set(await wordsOf(reader.api))).toEqual(new Set([...words(0, 7), "old words 50"]));
  });

  it("learn from each other's backup what need not be published any more", async () => {
    const { old, reader, town } = await waiting(11, arrivals(4), 0);
    const phone = await restored(town, 12, await old.api.exportBackup());
    await old.stop();
    await phone.api.resumeArrivals();
    await settled(town, phone);
    await over(town, phone.api, 2);
    const file = await phone.api.exportBackup();
    await phone.stop();
    await old.start();
    await shows(town, old, { waiting: 4 });
    expect(await old.anew((api) => api.mergeBackup(file))).toMatchObject({ posts: 2, arrivals: 0 });
    town.network.connectAll();
    await over(town, old.api, 4);
    expect(await viewOf(old.api)).toMatchObject({ published: 2, elsewhere: 2, held: 0 });
    await until(town, async () => (await feedOf(reader.api)).length === 4);
    expect(await wordsOf(reader.api)).toEqual(words(0, 4));
    await old.stop();
    const disk = await old.disk();
    expect([...(await disk.allSettings()).keys()].filter((name) => name.startsWith("arriving"))).toEqual(["arriving"]);
    await disk.close();
  });

  it("of which one is encrypted keep it sealed there", async () => {
    const { old, town } = await waiting(13, arrivals(2), 0);
    const file = await old.api.exportBackup();
    const phone = await restored(town, 14, file);
    await phone.api.dropHeldArrivals();
    await phone.anew((api) => api.protect({ kind: "passphrase", passphrase: PASSPHRASE }, null));
    await phone.anew((api) => api.mergeBackup(file));
    await shows(town, phone, { held: 2 });
    await phone.anew((api) => api.lock());
    expect(await codeOf(phone.api.resumeArrivals())).toBe("LOCKED");
    await phone.api.unlock({ kind: "passphrase", passphrase: PASSPHRASE });
    expect(await phone.api.resumeArrivals()).toMatchObject({ waiting: 2, held: 0 });
  });
});

describe("more than can wait", () => {
  async function holding(seed: number, count: number): Promise<{ town: Town; store: Store; one: Resident }> {
    const town = new Town({ seed });
    const store = lastingStore(seed);
    const intake = await HeldIntake.open(store, true);
    expect(
      await intake.add(
        Array.from({ length: count }, (_, at) => moved(at)),
        [],
      ),
    ).toHaveLength(count);
    expect(await intake.end()).toEqual({ added: count, leftOut: 0 });
    const one = await town.arrive(store);
    await town.clock.until(async () => (await viewOf(one.api)).held === count);
    return { town, store, one };
  }

  it("is held until there is room for it among what waits", async () => {
    const { one } = await holding(21, 2_001);
    expect(await one.api.resumeArrivals()).toMatchObject({ waiting: 2_000, held: 1 });
    expect(await one.api.resumeArrivals()).toMatchObject({ waiting: 2_000, held: 1 });
    await one.api.dropArrivals();
    expect(await one.api.resumeArrivals()).toMatchObject({ waiting: 1, held: 0 });
  });

  it("is left out of a merge, and refused where it is given", async () => {
    const store = lastingStore(22);
    const names = Array.from({ length: 9_999 }, (_, at) => at.toString(16).padStart(16, "0"));
    await store.commit({ settings: { "arriving-held": names } });
    for (const write of [false, true]) {
      const intake = await HeldIntake.open(store, write);
      expect(new Set((await intake.add([moved(1), moved(1), moved(2)], [])).map(({ id }) => id))).toEqual(
        new Set([moved(1).id]),
      );
      expect(await intake.end()).toEqual({ added: 1, leftOut: 1 });
    }
    const one = await new Town({ seed: 22 }).arrive(store);
    expect(await codeOf(one.api.addArrivals([arrival(3)]))).toBe("ARRIVALS_FULL");
  });

  it("and what the storage has damaged is put aside once it goes on", async () => {
    const { one, store, town } = await holding(23, 2);
    const [name] = (await store.setting("arriving-held")) as readonly string[];
    await store.commit({ settings: { [`arriving-held:${name}`]: { draft: { text: "half of it" } } } });
    expect(await one.api.resumeArrivals()).toMatchObject({ waiting: 1, held: 0 });
    await town.clock.until(async () => (await now(one.api, "damagedArrivals", {})).length === 1);
    expect(await now(one.api, "damagedArrivals", {})).toMatchObject([{ words: "half of it" }]);
  });
});
