/** An identity that comes back on another device finds what it wrote at its neighbours. */
import { afterEach, describe, expect, it } from "vitest";
import { Town, draftOf, hashesOf, type Resident } from "../sim/town.ts";
import { Device, now } from "./origin.ts";

const devices: Device[] = [];

afterEach(async () => {
  for (const made of devices.splice(0)) await made.stop();
});

/** Somebody who wrote something, whose device is gone, and a neighbour who has read it all. */
async function lost(seed: number, posts = 5): Promise<{ town: Town; reader: Resident; words: string; id: string }> {
  const town = new Town({ seed });
  const [writer, reader] = [await town.arrive(), await town.arrive()];
  town.network.connectAll();
  await town.clock.advance(2_000);
  const { id } = await now(writer.api, "identity", {});
  await writer.api.saveProfile({ displayName: "First", bio: "", scopes: [] });
  await writer.api.saveProfile({ displayName: "Noor", bio: "Bread.", scopes: [] });
  for (let at = 0; at < posts; at++) await writer.api.publish(draftOf(`post ${at} ${"x".repeat(600)}`));
  await town.clock.advance(5_000);
  for (const row of await reader.api.feed({ feed: { kind: "author", author: id }, limit: 100 })) {
    const opened = reader.api.post(row.postHash!);
    await town.clock.advance(2_000);
    await opened;
  }
  const words = (await writer.api.words()).join(" ");
  await town.leave(writer);
  return { town, reader, words, id };
}

async function restored(town: Town, words: string): Promise<Device> {
  const phone = new Device(1, town.network);
  devices.push(phone);
  await phone.start();
  await phone.anew((api) => api.restore(words));
  await phone.clock.advance(100);
  return phone;
}

/** Lets time pass until something holds; what lies on the disk of a device has a clock of its own. */
async function until(town: Town, holds: () => Promise<boolean>): Promise<void> {
  await expect.poll(async () => (await town.clock.advance(500), await holds()), { timeout: 10_000 }).toBe(true);
}

describe("the history of restored words", () => {
  it("comes from a neighbour: envelopes, posts, and the newest profile, and its progress is told", async () => {
    const { id, reader, town, words } = await lost(1);
    const phone = await restored(town, words);
    const states: string[] = [];
    await phone.api.watch("history", {}, ({ value }) => states.push(value.state));
    expect(states).toEqual(["looking"]);
    await expect(phone.api.saveProfile({ displayName: "Again", bio: "", scopes: [] })).rejects.toMatchObject({
      code: "HISTORY_PENDING",
    });
    town.network.connectAll();
    await until(town, async () => (await now(phone.api, "history", {})).state === "done");
    expect(await now(phone.api, "history", {})).toEqual({ state: "done", envelopes: 5, posts: 5, missing: 0 });
    expect(states).toContain("fetching");
    expect(states.at(-1)).toBe("done");
    const feed = await phone.api.feed({ feed: { kind: "author", author: id }, limit: 100 });
    expect(feed.map((row) => row.hash).toSorted()).toEqual(await hashesOf(reader, { kind: "author", author: id }));
    for (const row of feed) {
      expect(row).toMatchObject({ own: true, held: true });
      expect(await phone.api.post(row.postHash!)).toMatchObject({ from: "here" });
    }
    expect(await now(phone.api, "profile", { id })).toMatchObject({ displayName: "Noor", sequence: 2 });
  });

  it("makes no fork: the next version is one that everybody takes", async () => {
    const { id, reader, town, words } = await lost(2);
    const phone = await restored(town, words);
    town.network.connectAll();
    await until(town, async () => (await now(phone.api, "history", {})).state === "done");
    await phone.api.saveProfile({ displayName: "Noor again", bio: "", scopes: [] });
    await until(town, async () => (await now(reader.api, "profile", { id })).displayName === "Noor again");
    expect(await now(reader.api, "profile", { id })).toMatchObject({ forked: false });
  });

  it("waits for nobody when the person says so, and what was written meanwhile is no fork either", async () => {
    const { id, reader, town, words } = await lost(3);
    const phone = await restored(town, words);
    await phone.clock.advance(60_000);
    expect((await now(phone.api, "history", {})).state).toBe("looking");
    await phone.api.closeHistory();
    expect((await now(phone.api, "history", {})).state).toBe("done");
    const profile = await phone.api.saveProfile({ displayName: "Alone", bio: "", scopes: [] });
    expect(profile.sequence).toBe(Math.floor(town.clock.now() / 1_000));
    town.network.connectAll();
    await until(town, async () => (await now(reader.api, "profile", { id })).displayName === "Alone");
    expect(await now(reader.api, "profile", { id })).toMatchObject({ forked: false });
    const again = await phone.api.saveProfile({ displayName: "Not alone", bio: "", scopes: [] });
    expect(again.sequence).toBeGreaterThan(profile.sequence);
  });

  it("tells what nobody has, and takes it from a neighbour that comes later", async () => {
    const { id, reader, town, words } = await lost(4, 3);
    const phone = await restored(town, words);
    const newcomer = await town.arrive();
    town.network.connect(newcomer.mesh, reader.mesh);
    await newcomer.api.follow(id);
    // Who has the envelopes only: the posts were never opened there.
    await until(town, async () => (await hashesOf(newcomer, { kind: "author", author: id })).length === 3);
    await town.leave(reader);
    town.network.connectAll();
    await until(town, async () => (await now(phone.api, "history", {})).missing === 3);
    expect(await now(phone.api, "history", {})).toMatchObject({ envelopes: 3, posts: 0 });
  });

  it("goes on after the peer was started anew in the middle", async () => {
    const { town, words } = await lost(5);
    const phone = await restored(town, words);
    await phone.stop();
    await phone.start();
    expect((await now(phone.api, "history", {})).state).toBe("looking");
    await phone.clock.advance(100);
    town.network.connectAll();
    await until(town, async () => (await now(phone.api, "history", {})).state === "done");
    await phone.stop();
    await phone.start();
    expect((await now(phone.api, "history", {})).state).toBe("done");
  });
});

it("a new identity has no history to wait for", async () => {
  const town = new Town({ seed: 6 });
  const anna = await town.arrive();
  expect(await now(anna.api, "history", {})).toEqual({ state: "none", envelopes: 0, posts: 0, missing: 0 });
  expect((await anna.api.saveProfile({ displayName: "Anna", bio: "", scopes: [] })).sequence).toBe(1);
});
