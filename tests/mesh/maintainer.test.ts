import { beforeEach, describe, expect, test } from "vitest";
import { MESH_LIMITS } from "../../src/mesh/options.ts";
import { key, MINUTE, range, SECOND, SELF, World } from "./maintained.ts";

let world: World;

beforeEach(() => {
  world = new World();
  world.maintainer.start();
});

describe("a newcomer", () => {
  test("dials at once, as many as it wants and no more, a few at a time", async () => {
    for (const peer of range(1, 20)) world.present.add(peer);
    world.maintainer.learn(range(1, 20).map(key));
    await world.clock.advance(10 * SECOND);
    expect(world.links.size).toBe(MESH_LIMITS.targetPeers);
    expect(world.dials).toHaveLength(MESH_LIMITS.targetPeers);
    expect(world.mostDialling).toBe(MESH_LIMITS.parallelDials);
    expect((world.dials[0]?.at ?? 0) - world.clock.now() + 10 * SECOND).toBeLessThanOrEqual(100);
  });

  test("does not dial itself, nor anybody without a relay", async () => {
    world.relayConnected = false;
    world.maintainer.learn([key(SELF), key(1)]);
    await world.clock.advance(MINUTE);
    expect(world.dials).toEqual([]);
    world.relayConnected = true;
    world.present.add(1);
    world.maintainer.poke();
    await world.clock.advance(SECOND);
    expect(world.dials.map(({ peer }) => peer)).toEqual([1]);
  });
});

test("peers remembered from earlier days are tried first, before those of channels in need", async () => {
  world = new World({ parallelDials: 1 });
  world.maintainer.start();
  world.channels.set("here", new Set());
  world.dialTime = 100;
  world.maintainer.learn(range(1, 4).map(key), { channel: "here" });
  world.maintainer.learn([key(50), key(51)], { known: true });
  await world.clock.advance(SECOND);
  expect(
    world.dials
      .slice(0, 2)
      .map(({ peer }) => peer)
      .toSorted((a, b) => a - b),
  ).toEqual([50, 51]);
  // One that does not answer is no better than others.
  expect(world.dials.slice(2, 6).every(({ peer }) => peer < 10)).toBe(true);
});

describe("wanted peers", () => {
  test("are dialled first, and beyond the number of links that there are to be", async () => {
    for (const peer of range(1, 20)) world.present.add(peer);
    world.maintainer.learn(range(1, 20).map(key));
    await world.clock.advance(10 * SECOND);
    expect(world.links.size).toBe(MESH_LIMITS.targetPeers);
    const [late, first] = range(1, 20).filter((peer) => !world.links.has(peer));
    world.maintainer.want([key(late!), key(first!)]);
    await world.clock.advance(10 * SECOND);
    expect(world.links.size).toBe(MESH_LIMITS.targetPeers + 2);
    expect([world.links.has(late!), world.links.has(first!)]).toEqual([true, true]);
  });

  test("are asked for again and again, ever more seldom, and do not hold up the rest", async () => {
    world.maintainer.want(range(40, 30).map(key));
    for (const peer of range(1, 6)) world.present.add(peer);
    world.maintainer.learn(range(1, 6).map(key));
    await world.clock.advance(MINUTE);
    expect(range(1, 6).every((peer) => world.links.has(peer))).toBe(true);
    await world.clock.advance(60 * MINUTE);
    const dialled = world.dials.filter(({ peer }) => peer === 40).map(({ at }) => at);
    // Doubled from 2 s up to 5 minutes, of which half to one and a half: 8 until then, some 11 an hour after.
    expect(dialled.length).toBeGreaterThan(12);
    expect(dialled.length).toBeLessThan(35);
    world.present.add(40);
    await world.clock.advance(8 * MINUTE);
    expect(world.links.has(40)).toBe(true);
    world.maintainer.want([]);
    const before = world.dials.length;
    await world.clock.advance(60 * MINUTE);
    expect(world.dials.length).toBe(before);
  });

  test("get a place where there is none left, and never more than there may be", async () => {
    for (const peer of range(1, 40)) world.present.add(peer);
    for (const peer of range(1, MESH_LIMITS.maxPeers)) world.link(peer);
    await world.clock.advance(2 * MINUTE);
    const wanted = range(21, 3);
    world.maintainer.want(wanted.map(key));
    for (let second = 0; second < 600; second++) {
      await world.clock.advance(SECOND);
      expect(world.links.size).toBeLessThanOrEqual(MESH_LIMITS.maxPeers);
    }
    expect(wanted.every((peer) => world.links.has(peer))).toBe(true);
    expect(world.closed.some((peer) => wanted.includes(peer))).toBe(false);
  });

  test("keep their links while they are idle, as many as there may be", async () => {
    world.maintainer.want(range(1, MESH_LIMITS.maxPeers).map(key));
    for (const peer of range(1, MESH_LIMITS.maxPeers)) world.present.add(peer);
    await world.clock.advance(60 * MINUTE);
    expect(world.links.size).toBe(MESH_LIMITS.maxPeers);
    expect(world.closed).toEqual([]);
  });

  test("that are banned are left alone", async () => {
    world.banned.add(3);
    world.maintainer.want([key(3), key(SELF)]);
    await world.clock.advance(10 * MINUTE);
    expect(world.dials).toEqual([]);
  });
});

test("names cost nothing to invent: those that were linked are remembered beyond any number of them", async () => {
  world.relayConnected = false;
  world.maintainer.learn([key(7)], { known: true });
  const invented = Array.from({ length: 600 }, (_, at) =>
    key(200)
      .with(1, at & 255)
      .with(2, at >> 8),
  );
  world.maintainer.learn(invented);
  world.present.add(7);
  world.relayConnected = true;
  world.maintainer.poke();
  await world.clock.advance(SECOND);
  expect(world.links.has(7)).toBe(true);
});

describe("of two peers that learn of each other", () => {
  test("the one with the lower key dials at once, the other one waits", async () => {
    world.link(50);
    world.present.add(1).add(200);
    const from = world.clock.now();
    world.maintainer.learn([key(1), key(200)]);
    await world.clock.advance(10 * SECOND);
    const waits = new Map(world.dials.map(({ peer, at }) => [peer, at - from]));
    expect(waits.get(200)).toBeLessThan(100);
    expect(waits.get(1)).toBeGreaterThanOrEqual(1_500);
    expect(waits.get(1)).toBeLessThan(3_100);
  });

  test("the one that is being dialled does not dial", async () => {
    world.signalling.add(1);
    world.maintainer.learn([key(1)]);
    await world.clock.advance(5 * SECOND);
    expect(world.dials).toEqual([]);
    world.signalling.delete(1);
    await world.clock.advance(MINUTE);
    expect(world.dials.length).toBeGreaterThan(0);
  });
});

describe("a peer that cannot be reached", () => {
  test("is tried again after waits that grow to five minutes", async () => {
    world.maintainer.learn([key(1)]);
    await world.clock.advance(60 * MINUTE);
    const waits = world.dials.slice(1).map(({ at }, index) => at - (world.dials[index]?.at ?? 0) - world.dialTime);
    expect(waits[0]).toBeLessThanOrEqual(3_100);
    for (const [at, wait] of waits.entries()) {
      const middle = Math.min(2_000 * 2 ** at, 300_000);
      expect(wait).toBeGreaterThanOrEqual(middle * 0.5);
      expect(wait).toBeLessThanOrEqual(middle * 1.5 + 100);
    }
    expect(waits.at(-1)).toBeGreaterThan(100_000);
  });

  test("does not keep others from being tried", async () => {
    for (const peer of range(20, 6)) world.present.add(peer);
    world.maintainer.learn([...range(1, 12), ...range(20, 6)].map(key));
    await world.clock.advance(MINUTE);
    expect([...world.links.keys()].toSorted((a, b) => a - b)).toEqual(range(20, 6));
  });

  test("is tried at once when the network is back", async () => {
    world.maintainer.learn([key(1)]);
    await world.clock.advance(30 * MINUTE);
    world.present.add(1);
    world.maintainer.reconnect();
    await world.clock.advance(SECOND);
    expect(world.links.has(1)).toBe(true);
  });
});

describe("a link that breaks", () => {
  test("is made again after a moment", async () => {
    world.present.add(1);
    world.maintainer.learn([key(1)]);
    await world.clock.advance(5 * SECOND);
    expect(world.links.has(1)).toBe(true);
    world.unlink(1);
    await world.clock.advance(500);
    expect(world.dials).toHaveLength(1);
    await world.clock.advance(5 * SECOND);
    expect(world.links.has(1)).toBe(true);
  });

  test("is not made again with a peer that is shut out", async () => {
    world.link(1);
    world.banned.add(1);
    world.unlink(1);
    await world.clock.advance(10 * MINUTE);
    expect(world.dials).toEqual([]);
  });
});

describe("channels", () => {
  test("get neighbours even where there are links enough", async () => {
    for (const peer of range(1, 6)) world.link(peer);
    world.channels.set("town", new Set(range(10, 8)));
    for (const peer of range(10, 8)) world.present.add(peer);
    world.maintainer.learn(range(10, 8).map(key), { channel: "town" });
    await world.clock.advance(30 * SECOND);
    const neighbours = range(10, 8).filter((peer) => world.links.has(peer));
    // The next one by key is one of them, or one more.
    expect(neighbours).toContain(10);
    expect(neighbours.length).toBeGreaterThanOrEqual(MESH_LIMITS.channelPeers);
    expect(neighbours.length).toBeLessThanOrEqual(MESH_LIMITS.channelPeers + 1);
  });

  test("in need come first", async () => {
    world = new World({ targetPeers: 2, parallelDials: 1 });
    world.maintainer.start();
    world.channels.set("town", new Set([7]));
    for (const peer of range(1, 9)) world.present.add(peer);
    world.maintainer.learn(range(1, 6).map(key));
    world.maintainer.learn([key(7)], { channel: "town" });
    await world.clock.advance(10 * SECOND);
    expect(world.dials[0]?.peer).toBe(7);
  });
});

describe("too many links", () => {
  test("are cut to the limit, those first that share no channel and were used longest ago", async () => {
    world.channels.set("town", new Set(range(1, 4)));
    for (const peer of range(1, 14)) world.link(peer);
    await world.clock.advance(30 * SECOND);
    expect(world.closed).toEqual([]);
    const link = world.links.get(5);
    if (link !== undefined) world.links.set(5, { ...link, usedAt: world.clock.now() });
    await world.clock.advance(45 * SECOND);
    expect(world.closed.toSorted((a, b) => a - b)).toEqual([6, 7]);
  });

  test("are closed down to the target when nobody uses them", async () => {
    for (const peer of range(1, 10)) world.link(peer);
    await world.clock.advance(11 * MINUTE);
    expect(world.links.size).toBe(MESH_LIMITS.targetPeers);
  });

  test("stay when they carry a channel", async () => {
    world.channels.set("town", new Set(range(1, 10)));
    for (const peer of range(1, 10)) world.link(peer);
    await world.clock.advance(30 * MINUTE);
    expect(world.links.size).toBe(10);
  });
});

test("after a stop nothing is dialled any more", async () => {
  world.maintainer.learn([key(1)]);
  world.maintainer.stop();
  world.maintainer.learn([key(2)]);
  await world.clock.advance(10 * MINUTE);
  expect(world.dials).toEqual([]);
});

test("of a hundred thousand strangers only as many as it can use are remembered", async () => {
  world.relayConnected = false;
  for (let heap = 0; heap < 100; heap++) {
    world.maintainer.learn(
      Array.from({ length: 1_000 }, (_, at) =>
        key(0)
          .with(1, heap)
          .with(2, at >> 8)
          .with(3, at & 0xff),
      ),
    );
  }
  world.relayConnected = true;
  const tried = new Set<string>();
  world.onDial = (peer) => tried.add(peer.join());
  await world.clock.advance(20 * MINUTE);
  expect(world.dials.length).toBeGreaterThan(512);
  expect(tried.size).toBeLessThanOrEqual(512);
});

describe("a channel in which there is nobody, where there are as many links as there may be,", () => {
  const HOME = "home";
  const QUIET = "quiet";
  const MOST = MESH_LIMITS.maxPeers;

  /** Everybody who is linked is on the first channel; of the other only somebody far away is known. */
  async function full(): Promise<void> {
    world.channels.set(HOME, new Set(range(1, MOST)));
    for (const peer of range(1, 40)) world.present.add(peer);
    for (const peer of range(1, MOST)) world.link(peer);
    await world.clock.advance(2 * MINUTE);
    world.dials.length = 0;
    world.channels.set(QUIET, new Set([31, 32, 33, 34]));
    world.maintainer.learn(range(31, 4).map(key), { channel: QUIET });
  }

  test("gets one neighbour and the next one, for which the least useful links are closed, and no more", async () => {
    await full();
    await world.clock.advance(5 * MINUTE);
    const there = [...world.links.keys()].filter((peer) => peer > 30);
    expect(there).toContain(31);
    expect(there.length).toBeLessThanOrEqual(2);
    expect(world.dials.filter(({ peer }) => peer > 30)).toHaveLength(there.length);
    expect(world.links.size).toBe(MOST);
    expect(world.closed).toHaveLength(there.length);
    expect(Math.max(...world.closed)).toBeLessThanOrEqual(MOST);
  });

  test("gets one also where a neighbour was said to be there, and is not", async () => {
    await full();
    world.maintainer.learn([key(1), key(2)], { channel: QUIET });
    await world.clock.advance(5 * MINUTE);
    expect(world.links.has(31)).toBe(true);
  });

  test("gets none where each link is among the last of some channel", async () => {
    for (const peer of range(1, MOST)) world.channels.set(`of ${peer}`, new Set([peer]));
    await full();
    await world.clock.advance(5 * MINUTE);
    expect(world.dials.filter(({ peer }) => peer > 30)).toEqual([]);
    expect(world.closed).toEqual([]);
  });
});
