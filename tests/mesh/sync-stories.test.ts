/** Whole nodes: /mehr/pub/1 and /mehr/sync/1 beside each other, with signatures, rates and cursors. */
import { afterEach, describe, expect, it } from "vitest";
import { initHash } from "../../src/hash/index.ts";
import { SYNC_PROTOCOL } from "../../src/mesh/protocols/index.ts";
import { toHex } from "../../src/wire/index.ts";
import { signEnvelope, signerOf, type SignedEnvelope } from "../sim/author.ts";
import { SIM_START, VirtualClock } from "../sim/clock.ts";
import { SimNetwork } from "../sim/network.ts";
import { SimNode } from "../sim/node.ts";

await initHash();

const HOUR = 3_600_000;
const running: SimNode[] = [];

async function peers(count: number): Promise<[VirtualClock, SimNetwork, SimNode[]]> {
  const clock = new VirtualClock();
  const network = new SimNetwork({ clock, seed: 7 });
  const nodes: SimNode[] = [];
  for (let at = 0; at < count; at++) {
    const node = new SimNode(network, await signerOf(at));
    await node.start();
    nodes.push(node);
  }
  running.push(...nodes);
  return [clock, network, nodes];
}

/** By forty people, over the `hours` before `until` hours ago. */
async function talk(count: number, hours: number, until: number): Promise<SignedEnvelope[]> {
  const signers = await Promise.all(Array.from({ length: 40 }, (_, at) => signerOf(1_000 + at)));
  return Promise.all(
    Array.from({ length: count }, (_, at) => {
      const created = Math.floor(SIM_START - until * HOUR - (at / count) * hours * HOUR);
      return signEnvelope(signers[at % 40]!, { summary: `Number ${at}`, created });
    }),
  );
}

const holdsAll = (node: SimNode, envelopes: readonly SignedEnvelope[]): boolean =>
  envelopes.every(({ hash }) => node.holds(hash));
const settled = (node: SimNode) => (): boolean => node.pubClient.caughtUp().length === node.mesh.peers().length;
const bytesOf = (node: SimNode, protocol: string): number =>
  node.mesh.links().reduce((sum, { protocols }) => sum + (protocols[protocol]?.in ?? 0), 0);

afterEach(async () => {
  const nodes = running.splice(0);
  for (const node of nodes) await node.stop();
  for (const node of nodes) expect(node.mesh.reports).toEqual([]);
});

describe("a peer that was away", () => {
  it("for twelve hours, and meets somebody new, catches up completely, and goes on from there by a cursor", async () => {
    const [clock, network, [stranger, returning]] = (await peers(2)) as [VirtualClock, SimNetwork, [SimNode, SimNode]];
    const before = await talk(900, 100, 12);
    const missed = await talk(400, 12, 0);
    await returning.hold(before);
    await stranger.hold([...before, ...missed].toReversed());
    network.connect(returning.mesh, stranger.mesh);
    await clock.until(() => holdsAll(returning, missed));
    await clock.until(settled(returning));
    expect(returning.store.envelopes.size).toBe(1_300);
    expect([...returning.pulled.keys()].toSorted()).toEqual(missed.map(({ hash }) => toHex(hash)).toSorted());
    expect([...returning.pulled.values()].every((times) => times === 1)).toBe(true);
    // Nothing was announced beside it, and what comes next is pushed.
    expect(bytesOf(returning, "/mehr/pub/1")).toBeLessThan(200);
    const live = await stranger.post({ summary: "live" });
    await clock.until(() => returning.holds(live.hash));
    // The second time there is a cursor.
    await clock.advance(2_000);
    network.disconnect(returning.mesh, stranger.mesh);
    const later = await stranger.post({ summary: "later" });
    network.connect(returning.mesh, stranger.mesh);
    await clock.until(() => returning.holds(later.hash));
    expect(bytesOf(returning, SYNC_PROTOCOL)).toBe(0);
    expect(bytesOf(returning, "/mehr/pub/1")).toBeLessThan(1_000);
  });

  it("misses nothing of what arrives while it reconciles", async () => {
    const [clock, network, [stranger, returning]] = (await peers(2)) as [VirtualClock, SimNetwork, [SimNode, SimNode]];
    const before = await talk(900, 100, 12);
    const missed = await talk(3_000, 12, 0);
    await returning.hold(before);
    await stranger.hold([...before, ...missed]);
    network.connect(returning.mesh, stranger.mesh);
    const live: SignedEnvelope[] = [];
    for (let at = 0; at < 20; at++) {
      live.push(await stranger.post({ summary: `live ${at}` }));
      await clock.advance(15);
    }
    expect(settled(returning)()).toBe(false);
    await clock.until(settled(returning));
    await clock.until(() => holdsAll(returning, live), 10_000);
    expect(holdsAll(returning, missed)).toBe(true);
  });

  it("catches up with another when the neighbour vanishes midway", async () => {
    const [clock, network, nodes] = await peers(3);
    const [first, second, returning] = nodes as [SimNode, SimNode, SimNode];
    const before = await talk(900, 100, 12);
    const missed = await talk(3_000, 12, 0);
    await returning.hold(before);
    for (const node of [first, second]) await node.hold([...before, ...missed]);
    network.connect(returning.mesh, first.mesh);
    await clock.until(() => returning.pulled.size > 600);
    network.isolate(first.mesh);
    expect(holdsAll(returning, missed)).toBe(false);
    network.connect(returning.mesh, second.mesh);
    await clock.until(() => holdsAll(returning, missed));
    await clock.until(settled(returning));
    expect([...returning.pulled.values()].filter((times) => times > 1).length).toBeLessThan(600);
  });

  it("shares the work out among neighbours with and without a cursor", async () => {
    const [clock, network, nodes] = await peers(4);
    const [old, ...others] = nodes as [SimNode, SimNode, SimNode, SimNode];
    const returning = others.pop()!;
    const before = await talk(900, 100, 12);
    await returning.hold(before);
    await old.hold(before);
    network.connect(returning.mesh, old.mesh);
    await clock.until(settled(returning));
    await clock.advance(2_000);
    network.isolate(returning.mesh);
    const missed = await talk(2_000, 12, 0);
    for (const node of [old, ...others]) await node.hold([...missed]);
    for (const node of others) await node.hold(before);
    returning.pulled.clear();
    for (const node of [old, ...others]) network.connect(returning.mesh, node.mesh);
    await clock.until(() => holdsAll(returning, missed));
    await clock.until(settled(returning));
    expect([...returning.pulled.values()].filter((times) => times > 1)).toEqual([]);
  });
});

describe("two halves of a network", () => {
  it("hold the same when they have merged", async () => {
    const [clock, network, nodes] = await peers(4);
    const before = await talk(900, 100, 12);
    const [left, right] = [nodes.slice(0, 2), nodes.slice(2)];
    const [own, other] = [await talk(300, 6, 0), await talk(500, 12, 0)];
    for (const node of left) await node.hold([...before, ...own]);
    for (const node of right) await node.hold([...before, ...other]);
    network.connectAll();
    await clock.until(() => nodes.every((node) => holdsAll(node, [...own, ...other])));
    await clock.until(() => nodes.every((node) => settled(node)()));
    const sizes = new Set(nodes.map((node) => node.store.envelopes.size));
    expect(sizes.size).toBe(1);
  });
});

describe("a lying server", () => {
  it("that answers nothing costs a bounded time, and honest ones are asked meanwhile", async () => {
    const [clock, network, nodes] = await peers(2);
    const [honest, returning] = nodes as [SimNode, SimNode];
    const before = await talk(900, 100, 12);
    const missed = await talk(600, 12, 0);
    await returning.hold(before);
    await honest.hold([...before, ...missed]);
    const mute = network.createMesh(new Uint8Array(32).fill(9));
    await mute.start();
    mute.handle(SYNC_PROTOCOL, async (stream) => {
      while ((await stream.read()) !== null);
    });
    mute.handle("/mehr/pub/1", async (stream) => {
      while ((await stream.read()) !== null);
    });
    network.connect(returning.mesh, mute);
    await clock.advance(100);
    const started = clock.now();
    network.connect(returning.mesh, honest.mesh);
    await clock.until(() => holdsAll(returning, missed));
    expect(clock.now() - started).toBeLessThan(5_000);
  });
});
