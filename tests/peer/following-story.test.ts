/** What crosses the wire when a whole peer follows somebody, and when it stops: every frame is looked at. */
import { describe, expect, it } from "vitest";
import { encodeNodeId, toHex } from "../../src/wire/index.ts";
import { signerOf } from "../sim/author.ts";
import { Town, type Resident } from "../sim/town.ts";

const MINUTE = 60_000;

interface Sent {
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly names: boolean;
}

/** Four in a row, of whom the second follows somebody who is nowhere near: whatever names that key was told by the follower. */
async function street(seed: number) {
  const town = new Town({ seed });
  const residents: Resident[] = [];
  for (let at = 0; at < 4; at++) residents.push(await town.arrive());
  const [ada, ben, cem, dina] = residents as [Resident, Resident, Resident, Resident];
  for (const [a, b] of [
    [ada, ben],
    [ben, cem],
    [cem, dina],
  ] as const)
    town.network.connect(a.mesh, b.mesh);
  await town.clock.advance(MINUTE);
  const { publicKey } = await signerOf(900 + seed);
  const key = Buffer.from(publicKey);
  const sent: Sent[] = [];
  const names = new Map(residents.map(({ mesh }, at) => [toHex(mesh.self), "ABCD"[at] as string]));
  const note = (from: { name: string }, to: { name: string }, protocol: string, bytes: Uint8Array): void => {
    const has = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(key);
    sent.push({ from: names.get(from.name) ?? "", to: names.get(to.name) ?? "", protocol, names: has });
  };
  town.network.observer = {
    framed: note,
    gossiped: (from, to, { bytes, channel }) => note(from, to, channel, bytes),
  };
  const lookups: string[] = [];
  const { findProviders, provide } = ben.mesh;
  ben.mesh.provide = (hash, options) => {
    lookups.push(`provide ${toHex(hash)}`);
    return provide.call(ben.mesh, hash, options);
  };
  ben.mesh.findProviders = (hash, options) => {
    lookups.push(`find ${toHex(hash)}`);
    return findProviders.call(ben.mesh, hash, options);
  };
  return { town, ben, id: encodeNodeId(publicKey), sent, lookups };
}

const told = (sent: readonly Sent[]): string[] =>
  [
    ...new Set(sent.filter(({ names }) => names).map(({ from, protocol, to }) => `${from} ${to} ${protocol}`)),
  ].toSorted();

describe("following somebody", () => {
  it("is told to the neighbours who are asked, on no channel, to no DHT, and by them to nobody", async () => {
    const { ben, id, lookups, sent, town } = await street(31);
    const channels = ben.mesh.channels();
    await town.clock.track(ben.api.follow(id));
    await town.clock.advance(20 * MINUTE);
    expect(told(sent)).toEqual(["B A /mehr/pub/1", "B C /mehr/pub/1"]);
    expect(ben.mesh.channels()).toEqual(channels);
    expect(lookups).toEqual([]);
  });

  it("ends without a word to anybody", async () => {
    const { ben, id, lookups, sent, town } = await street(32);
    await town.clock.track(ben.api.follow(id));
    await town.clock.advance(5 * MINUTE);
    sent.length = 0;
    await town.clock.track(ben.api.unfollow(id));
    await town.clock.advance(4 * MINUTE);
    // What time it is, peers ask each other whatever happens.
    expect(sent.filter(({ from, protocol }) => from === "B" && protocol !== "/mehr/time/1")).toEqual([]);
    expect(lookups).toEqual([]);
    await town.clock.advance(30 * MINUTE);
    expect(told(sent)).toEqual([]);
  });
});
