/** What keeps a channel, and a network, in one piece: whom a peer dials that has links enough. */
import { beforeEach, describe, expect, test } from "vitest";
import { MESH_LIMITS } from "../../src/mesh/options.ts";
import { key, MINUTE, range, SECOND, World } from "./maintained.ts";

let world: World;

beforeEach(() => {
  world = new World();
  world.maintainer.start();
});

describe("with links enough", () => {
  /** Two halves of a town, of which only the near one was there to be linked to. */
  async function settled(): Promise<void> {
    world.channels.set("town", new Set([...range(1, 40), 99]));
    for (const peer of [...range(1, 20), 99]) world.present.add(peer);
    // The next one by key and the last one among them.
    world.maintainer.learn([...range(1, 5), 99].map(key), { channel: "town" });
    await world.clock.advance(MINUTE);
    expect(world.links.size).toBe(MESH_LIMITS.targetPeers);
  }

  test("dials somebody new of a channel every hour, who takes the place of the last one", async () => {
    await settled();
    const kept = [...world.links.keys()];
    world.maintainer.learn(range(7, 10).map(key), { channel: "town" });
    await world.clock.advance(95 * MINUTE);
    expect(world.links.size).toBe(MESH_LIMITS.targetPeers + 1);
    await world.clock.advance(480 * MINUTE);
    expect(world.links.size).toBe(MESH_LIMITS.targetPeers + 1);
    expect(world.closed.length).toBeGreaterThanOrEqual(4);
    // Whoever invents names gets this one place.
    expect(kept.every((peer) => world.links.has(peer))).toBe(true);
  });

  test("dials those again who were linked before: everybody may have been, and there may have been a split since", async () => {
    await settled();
    world.maintainer.learn(range(7, 2).map(key), { channel: "town" });
    await world.clock.advance(180 * MINUTE);
    expect(new Set(world.dials.map(({ peer }) => peer))).toEqual(new Set([...range(1, 5), 7, 8, 99]));
    world.dials.length = 0;
    await world.clock.advance(180 * MINUTE);
    expect(new Set(world.dials.map(({ peer }) => peer))).toEqual(new Set([7, 8]));
  });

  test.each([
    ["closes the least useful link for it where there are as many as there may be", [6], true],
    ["dials nobody where each of those is among the last of some channel", [], false],
  ])("%s", async (_, spare: number[], dialled) => {
    const most = MESH_LIMITS.maxPeers;
    const needed = range(1, most).filter((peer) => !spare.includes(peer));
    world.channels.set("town", new Set(range(1, 40)));
    for (const peer of needed) world.channels.set(`of ${peer}`, new Set([peer]));
    for (const peer of range(1, 20)) world.present.add(peer);
    for (const peer of range(1, most)) world.link(peer);
    world.maintainer.learn(range(1, 20).map(key), { channel: "town" });
    await world.clock.advance(89 * MINUTE);
    expect(world.dials.length > 0).toBe(dialled);
    await world.clock.advance(2 * MINUTE);
    expect(world.links.size).toBe(most);
    for (const peer of needed) expect(world.links.has(peer)).toBe(true);
  });

  test("leaves alone whoever is on none of its channels", async () => {
    await settled();
    world.maintainer.learn(range(7, 10).map(key), { channel: "another town" });
    await world.clock.advance(180 * MINUTE);
    expect(world.links.size).toBe(MESH_LIMITS.targetPeers);
  });
});

describe("the next one by key", () => {
  const TOWN = "town";
  const MOST = MESH_LIMITS.maxPeers;

  /** As many links as are wanted, all of the town, none of them next. */
  async function settled(many: number = MESH_LIMITS.targetPeers): Promise<void> {
    world.channels.set(TOWN, new Set(range(1, 200)));
    for (const peer of range(1, many)) world.link(peer);
    for (const peer of range(1, 200)) world.present.add(peer);
    await world.clock.advance(2 * MINUTE);
    expect(world.dials).toEqual([]);
  }
  const dialled = (): number[] => world.dials.map(({ peer }) => peer);

  test("of a channel is dialled although there are links enough, and nobody else", async () => {
    await settled();
    world.maintainer.learn([120, 110, 90, 130].map(key), { channel: TOWN });
    await world.clock.advance(10 * MINUTE);
    expect(dialled()).toEqual([110]);
  });

  test("is the first of all for whoever is the last", async () => {
    await settled();
    world.maintainer.learn([90, 80].map(key), { channel: TOWN });
    await world.clock.advance(10 * MINUTE);
    // The lowest key of all is linked already.
    expect(dialled()).toEqual([]);
  });

  test("gives way to one between who comes later", async () => {
    await settled();
    world.maintainer.learn([key(110)], { channel: TOWN });
    await world.clock.advance(MINUTE);
    world.maintainer.learn([key(105)], { channel: TOWN });
    await world.clock.advance(10 * MINUTE);
    expect(dialled()).toEqual([110, 105]);
  });

  test("that does not answer is passed over until it is named anew", async () => {
    await settled();
    world.present.delete(105);
    world.maintainer.learn([105, 110].map(key), { channel: TOWN });
    await world.clock.advance(30 * MINUTE);
    expect(dialled()).toEqual([105, 110]);
    world.present.add(105);
    world.maintainer.learn([key(105)], { channel: TOWN });
    await world.clock.advance(MINUTE);
    expect(dialled()).toEqual([105, 110, 105]);
    expect(world.links.has(105)).toBe(true);
  });

  test("makes a network whole again that was split: it is named again", async () => {
    await settled();
    world.maintainer.learn([105, 110].map(key), { channel: TOWN });
    await world.clock.advance(MINUTE);
    expect(dialled()).toEqual([105]);
    world.present.delete(105);
    world.unlink(105);
    await world.clock.advance(90 * MINUTE);
    expect(world.links.has(110)).toBe(true);
    world.present.add(105);
    world.maintainer.learn([key(105)], { channel: TOWN });
    await world.clock.advance(6 * MINUTE);
    expect(world.links.has(105)).toBe(true);
  });

  test("is not dialled again and again where it says itself that it is not there", async () => {
    await settled();
    world.channels.set(TOWN, new Set(range(1, 100)));
    world.maintainer.learn([key(110)], { channel: TOWN });
    await world.clock.advance(180 * MINUTE);
    // It is linked for a while, shares nothing, and is let go.
    expect(dialled()).toEqual([110]);
    expect(world.closed).toEqual([110]);
  });

  test("takes the place of a less useful one where there are as many as there may be, and is kept itself", async () => {
    await settled(MOST);
    world.maintainer.learn([key(110)], { channel: TOWN });
    await world.clock.advance(30 * MINUTE);
    expect(dialled()).toEqual([110]);
    expect(world.links.size).toBe(MOST);
    expect(world.links.has(110)).toBe(true);
    // Nor does the one before go, which has this one for its next.
    expect(world.links.has(MOST)).toBe(true);
  });

  test("of channels for which somebody has made a key takes the places of those alone who hold no channel together", async () => {
    for (const channel of range(1, 3)) world.channels.set(`${channel}`, new Set([...range(1, 12), 100 + channel]));
    world.channels.set("quiet", new Set([5, 6]));
    for (const peer of range(1, 200)) world.present.add(peer);
    for (const peer of range(1, MOST)) world.link(peer);
    await world.clock.advance(2 * MINUTE);
    for (const channel of range(1, 3)) world.maintainer.learn([key(100 + channel)], { channel: `${channel}` });
    await world.clock.advance(25 * MINUTE);
    expect([...world.links.keys()].filter((peer) => peer > 100)).toHaveLength(3);
    expect(world.links.size).toBe(MOST);
    for (const peer of [5, 6, 12]) expect(world.links.has(peer)).toBe(true);
  });

  test("is looked for among those alone who were named lately: who has gone does not make a channel large", async () => {
    await settled();
    world.maintainer.learn(range(120, 40).map(key), { channel: TOWN });
    await world.clock.advance(30 * MINUTE);
    expect(dialled()).toEqual([]);
    world.maintainer.learn([110, 130].map(key), { channel: TOWN });
    await world.clock.advance(MINUTE);
    expect(dialled()).toEqual([110]);
  });

  test("of invented names is tried once, and four of them a minute", async () => {
    await settled();
    for (const peer of range(101, 10)) world.present.delete(peer);
    world.maintainer.learn(range(101, 10).map(key), { channel: TOWN });
    await world.clock.advance(10 * MINUTE);
    expect(dialled()).toEqual(range(101, 10));
    for (const [at, dial] of world.dials.slice(1).entries()) {
      expect(dial.at - (world.dials[at]?.at ?? 0)).toBeGreaterThanOrEqual(15 * SECOND);
    }
  });

  test("is left alone in a channel of many, where others are found by chance", async () => {
    await settled();
    world.maintainer.learn(range(101, 11).map(key), { channel: TOWN });
    await world.clock.advance(25 * MINUTE);
    expect(dialled()).toEqual([]);
  });
});

describe("many links lost at once", () => {
  /** Of twelve links so many end, one after the other. */
  async function lose(many: number, pause: number): Promise<void> {
    world.channels.set("town", new Set(range(1, 60)));
    for (const peer of range(13, 40)) world.present.add(peer);
    for (const peer of range(1, MESH_LIMITS.maxPeers)) world.link(peer);
    world.maintainer.learn(range(13, 40).map(key), { channel: "town" });
    await world.clock.advance(2 * MINUTE);
    for (const peer of range(1, many)) {
      world.unlink(peer);
      await world.clock.advance(pause);
    }
    world.dials.length = 0;
    await world.clock.advance(180 * MINUTE);
  }

  test("may be a split: others are dialled every ten minutes for three hours", async () => {
    await lose(4, SECOND);
    expect(world.dials.length).toBeGreaterThan(12);
    world.dials.length = 0;
    await world.clock.advance(180 * MINUTE);
    expect(world.dials.length).toBeLessThan(7);
  });

  test.each([
    ["two are none", 2, SECOND],
    ["those that end one after the other are none", 4, 40 * SECOND],
  ])("%s", async (_, many, pause) => {
    await lose(many, pause);
    expect(world.dials.length).toBeLessThan(7);
  });
});
