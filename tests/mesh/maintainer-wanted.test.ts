/** Whoever trusts more people than may be linked: they take turns, and leave room for what this person reads. */
import { describe, expect, test } from "vitest";
import { MESH_LIMITS } from "../../src/mesh/options.ts";
import { key, MINUTE, range, SECOND, World } from "./maintained.ts";

const TRUSTED = range(1, 30);
const READERS = range(120, 8);
const PLACES = MESH_LIMITS.maxPeers / 2;

/** All of the trusted are there, and a channel of eight others of which a rendezvous tells a little later. */
async function popular(): Promise<World> {
  const world = new World();
  for (const peer of [...TRUSTED, ...READERS]) world.present.add(peer);
  world.channels.set("music", new Set(READERS));
  world.maintainer.start();
  world.maintainer.want(TRUSTED.map(key));
  await world.clock.advance(30 * SECOND);
  world.maintainer.learn(READERS.map(key), { channel: "music" });
  return world;
}

const linkedOf = (world: World, peers: readonly number[]): number =>
  peers.filter((peer) => world.links.has(peer)).length;

describe("with more trusted people there than may be linked", () => {
  test("a channel has the neighbours that it wants, and the trusted have half of the places", async () => {
    const world = await popular();
    await world.clock.advance(30 * MINUTE);
    for (let minute = 0; minute < 120; minute++) {
      await world.clock.advance(MINUTE);
      expect(linkedOf(world, READERS)).toBeGreaterThanOrEqual(MESH_LIMITS.channelPeers);
      expect(linkedOf(world, TRUSTED)).toBeGreaterThanOrEqual(PLACES - 1);
      expect(world.links.size).toBeLessThanOrEqual(MESH_LIMITS.maxPeers + 1);
    }
  });

  test("each of them is linked now and then, and none is dialled more often than turns are taken", async () => {
    const world = await popular();
    await world.clock.advance(30 * MINUTE);
    const before = world.dials.length;
    const seen = new Set<number>();
    for (let minute = 0; minute < 240; minute++) {
      await world.clock.advance(MINUTE);
      for (const peer of world.links.keys()) seen.add(peer);
    }
    expect(TRUSTED.filter((peer) => !seen.has(peer))).toEqual([]);
    // One turn in five minutes, and somebody by chance in an hour.
    expect(world.dials.length - before).toBeLessThan(240 / 5 + 8);
  });
});

test("with nobody else there all places are theirs, and never more than there may be", async () => {
  const world = new World();
  for (const peer of TRUSTED) world.present.add(peer);
  world.maintainer.start();
  world.maintainer.want(TRUSTED.map(key));
  await world.clock.advance(MINUTE);
  for (let minute = 0; minute < 60; minute++) {
    await world.clock.advance(MINUTE);
    expect(world.links.size).toBeLessThanOrEqual(MESH_LIMITS.maxPeers);
    expect(world.links.size).toBeGreaterThanOrEqual(MESH_LIMITS.maxPeers - 1);
  }
});

test("it is the trusted who make room for each other, and not whoever is there for a channel", async () => {
  const world = await popular();
  const others = [range(130, 3), range(140, 3), range(150, 3)];
  for (const [at, readers] of others.entries()) {
    for (const peer of readers) world.present.add(peer);
    world.channels.set(`topic ${at}`, new Set(readers));
    world.maintainer.learn(readers.map(key), { channel: `topic ${at}` });
  }
  await world.clock.advance(60 * MINUTE);
  const before = world.closed.length;
  for (let minute = 0; minute < 120; minute++) {
    await world.clock.advance(MINUTE);
    for (const readers of [READERS, ...others]) expect(linkedOf(world, readers)).toBeGreaterThanOrEqual(1);
  }
  // By chance somebody of a channel goes in an hour.
  const closed = world.closed.slice(before);
  expect(closed.filter((peer) => !TRUSTED.includes(peer)).length).toBeLessThanOrEqual(3);
  expect(closed.filter((peer) => TRUSTED.includes(peer)).length).toBeGreaterThan(15);
});

test("with as many as there are places nobody gives way: whoever is trusted stays linked", async () => {
  const world = new World();
  for (const peer of range(1, PLACES)) world.present.add(peer);
  world.maintainer.start();
  world.maintainer.want(range(1, PLACES).map(key));
  await world.clock.advance(300 * MINUTE);
  expect(linkedOf(world, range(1, PLACES))).toBe(PLACES);
  expect(world.closed).toEqual([]);
});
