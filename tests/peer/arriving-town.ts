/** A town in which one person has several devices, and posts from elsewhere that wait at one of them. */
import { afterEach, expect } from "vitest";
import type { Arrival, ArrivalsView, EnvelopeView, PeerApi } from "../../src/peer/index.ts";
import type { Moved } from "../../src/peer/arriving/records.ts";
import { parseDraft } from "../../src/peer/drafts.ts";
import { draftOf, Town, type Resident } from "../sim/town.ts";
import { Device, now } from "./origin.ts";

const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const PLACE = "g:europe/nl/utrecht/west";
export const PASSPHRASE = "correct horse battery";
const devices: Device[] = [];

/** Stops them after each test; none of them may have had a fault. */
afterEach(async () => {
  for (const made of devices.splice(0)) {
    await made.stop();
    expect(made.faults).toEqual([]);
  }
});

export type Peer = Pick<PeerApi, "feed" | "watch">;
export const viewOf = (api: Peer): Promise<ArrivalsView> => now(api, "arrivals", {});
export const feedOf = (api: Peer): Promise<readonly EnvelopeView[]> =>
  api.feed({ feed: { kind: "scope", scope: PLACE, match: "exact" }, limit: 500 });
/** The oldest first. */
export const wordsOf = async (api: Peer) => (await feedOf(api)).map(({ summary }) => summary).toReversed();
export const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "none",
    (error: unknown) => (error as { code?: unknown }).code,
  );
export const words = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => `old words ${from + at}`);

export function arrival(number: number, parent: number | null = null): Arrival {
  const address = (at: number) => `https://elsewhere.example/${at}`;
  const draft = { ...draftOf(`old words ${number}`, [PLACE]), id: `arrival-${number}` };
  return { draft, id: address(number), parent: parent === null ? null : address(parent) };
}
export const arrivals = (count: number) => Array.from({ length: count }, (_, at) => arrival(at));

export async function device(town: Town, seed: number): Promise<Device> {
  const made = new Device(seed, town.network);
  devices.push(made);
  await made.start();
  await made.api.updateSettings({ home: PLACE });
  return made;
}

/** Lets time pass until something holds; what lies on the disk of a device has a clock of its own. */
export async function until(town: Town, holds: () => Promise<boolean>): Promise<void> {
  const look = async () => (await town.clock.advance(20_000), await holds());
  await expect.poll(look, { timeout: 20_000, interval: 2 }).toBe(true);
}

/** Until it is read what waits, which the first screen does not wait for. */
export const shows = (town: Town, { api }: Device, expected: Partial<ArrivalsView>): Promise<void> =>
  expect.poll(async () => (await town.clock.advance(1), await viewOf(api)), { timeout: 5_000 }).toMatchObject(expected);

/** Until so many of those that wait at this peer are dealt with. */
export const over = (town: Town, api: Peer, count: number): Promise<void> =>
  until(town, async () => {
    const { elsewhere, published, refused } = await viewOf(api);
    return elsewhere + published + refused >= count;
  });

/** A person with posts that wait, of whom a neighbour has heard the first ones. */
export async function waiting(
  seed: number,
  posts: readonly Arrival[],
  published: number,
): Promise<{ town: Town; reader: Resident; old: Device }> {
  const town = new Town({ seed });
  const reader = await town.arrive();
  await reader.api.updateSettings({ home: PLACE });
  const old = await device(town, seed);
  await old.api.saveProfile({ displayName: "Noor", bio: "", scopes: [] });
  if (published > 0) town.network.connectAll();
  await old.api.addArrivals(posts);
  await over(town, old.api, published);
  await until(town, async () => (await feedOf(reader.api)).length === published);
  return { town, reader, old };
}

/** Another device that this file is restored on, and that has found what was written before. */
export async function restored(town: Town, seed: number, file: Blob): Promise<Device> {
  const made = await device(town, seed);
  await made.anew((api) => api.restoreBackup(file));
  return made;
}

export async function settled(town: Town, { api }: Device): Promise<void> {
  town.network.connectAll();
  await until(town, async () => (await now(api, "history", {})).state === "done");
}

export const moved = (number: number, since = 0): Moved => {
  const { draft, id, parent } = arrival(number);
  return { draft: parseDraft(draft), id, parent, since };
};
