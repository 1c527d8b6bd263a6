/** Two devices with one identity at the same time, and a neighbour of both: told, at peace, and of one mind in the end. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { initHash } from "../../src/hash/index.ts";
import type { Clock } from "../../src/mesh/protocols/index.ts";
import type { LiveUpdate } from "../../src/peer/api.ts";
import { ObjectType } from "../../src/wire/index.ts";
import { COMMONS } from "../sim/author.ts";
import { draftOf } from "../sim/town.ts";
import { fastClock, Neighbourhood, type RealPeer } from "./real-peer.ts";

await initHash();

const SPEED = 20;
const HOME = { kind: "scope", scope: COMMONS, match: "exact" } as const;

let clock: Clock;
let town: Neighbourhood;
let neighbour: RealPeer;
let phone: RealPeer;
let laptop: RealPeer;
/** Links that the two have lost. */
let lost = 0;

const eventually = (check: () => void | Promise<void>): Promise<void> =>
  vi.waitFor(check, { timeout: 40_000, interval: 20 });
const pause = (ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, () => resolve()));

beforeEach(async () => {
  clock = fastClock(SPEED);
  town = new Neighbourhood(clock, 9);
  neighbour = await town.arrive();
  phone = await town.arrive();
  laptop = await town.arrive((await phone.api.words()).join(" "));
  lost = 0;
  for (const { mesh } of [phone, laptop]) mesh.on("peerDisconnected", () => lost++);
  await eventually(() => phone.mesh.connect(neighbour.mesh.self));
  await eventually(() => expect(neighbour.mesh.peers()).toHaveLength(1));
  await eventually(() => laptop.mesh.connect(neighbour.mesh.self));
});

afterEach(() => town.end());

async function knowsTwin({ api }: RealPeer): Promise<boolean> {
  const seen: LiveUpdate<"status">[] = [];
  const watch = await api.watch("status", {}, (update) => seen.push(update));
  await eventually(() => expect(seen.length).toBeGreaterThan(0));
  await watch.close();
  return seen[0]?.value.twin ?? false;
}

async function written({ api }: RealPeer): Promise<string[]> {
  const rows = await api.feed({ feed: HOME, limit: 50 });
  return rows.map(({ own, summary }) => `${own ? "own" : "other"}: ${summary}`).toSorted((a, b) => (a < b ? -1 : 1));
}

describe("two devices with one identity", () => {
  it("are both told, and nobody else is", { timeout: 90_000 }, async () => {
    await eventually(async () => expect([await knowsTwin(phone), await knowsTwin(laptop)]).toEqual([true, true]));
    expect(await knowsTwin(neighbour)).toBe(false);
  });

  it("do not fight: each leaves the other its turn, for longer and longer", { timeout: 90_000 }, async () => {
    // Six minutes. Without any rest the two end each other's links twenty times a second.
    await pause(240_000);
    expect(lost).toBeGreaterThan(1);
    expect(lost).toBeLessThan(30);
    const before = lost;
    await pause(120_000);
    expect(lost - before).toBeLessThan(10);
    // A clock of twenty times the speed finds streams silent that a busy machine is about to write to; that is all.
    expect(neighbour.mesh.shutOut()).toEqual([]);
  });

  it("come to hold what the other one wrote, as their own", { timeout: 90_000 }, async () => {
    await phone.api.publish(draftOf("From the phone"));
    await laptop.api.publish(draftOf("From the laptop"));
    await eventually(async () => {
      expect(await written(phone)).toEqual(["own: From the laptop", "own: From the phone"]);
      expect(await written(laptop)).toEqual(["own: From the laptop", "own: From the phone"]);
      expect(await written(neighbour)).toEqual(["other: From the laptop", "other: From the phone"]);
    });
  });

  it("give their profile two numbers once they know of each other", { timeout: 90_000 }, async () => {
    await eventually(async () => expect([await knowsTwin(phone), await knowsTwin(laptop)]).toEqual([true, true]));
    const profile = { bio: "", scopes: [] };
    await phone.api.saveProfile({ ...profile, displayName: "Written on the phone" });
    // A second of the peers' own time: nobody types faster.
    await pause(1_000);
    // The laptop was restored from words, and writes no profile before it has asked for the one that there may be.
    await eventually(() =>
      laptop.api.saveProfile({ ...profile, displayName: "Written on the laptop" }).then(() => undefined),
    );
    const sequences: number[] = [];
    for (const { mesh, store } of [phone, laptop]) {
      const head = await store.head(ObjectType.UserProfile, mesh.self, "");
      expect(head?.forkBytes ?? null).toBeNull();
      sequences.push(head?.sequence ?? 0);
    }
    const [first = 0, second = 0] = sequences;
    expect(second).toBeGreaterThan(first);
    // Both are times, so that neither device had to know of the other's version.
    expect(Math.abs(first - clock.now() / 1_000)).toBeLessThan(600);
  });
});
