import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { initHash } from "../../src/hash/index.ts";
import { EVERY_SCOPED, type Audience, type Target } from "../../src/mesh/protocols/index.ts";
import type { NewEnvelope } from "../../src/store/index.ts";
import { scopeFromKey, scopeKey, toHex } from "../../src/wire/index.ts";
import { VirtualClock } from "../sim/clock.ts";
import { SimNetwork } from "../sim/network.ts";
import { memoryStore, PLACE, Side, unsigned } from "./sync-fixture.ts";

await initHash();

let clock: VirtualClock;
let network: SimNetwork;
let server: Side;
let client: Side;

/** So many have to be held for it to be worth it. */
const LEAST = 512;

const sizeOf = (envelopes: readonly NewEnvelope[]): number =>
  envelopes.reduce((sum, { bytes }) => sum + bytes.length, 0);

beforeEach(async () => {
  clock = new VirtualClock();
  network = new SimNetwork({ clock, seed: 9, latency: [10, 10] });
  server = new Side(network, 1);
  client = new Side(network, 2);
  await server.start();
  await client.start();
  network.connect(server.mesh, client.mesh);
});

/** The client lacks those, the server has all. */
async function share(all: readonly NewEnvelope[], lacks: (at: number) => boolean): Promise<readonly NewEnvelope[]> {
  await server.store.commit({ envelopes: all });
  await client.store.commit({ envelopes: all.filter((_, at) => !lacks(at)) });
  return all.filter((_, at) => lacks(at));
}

const holdsAll = (side: Side, envelopes: readonly NewEnvelope[]): boolean =>
  envelopes.every(({ hash }) => side.store.envelopes.has(hash));

describe("reconciling", () => {
  it.each([
    ["the newest", (at: number) => at >= 5_400],
    ["scattered", (at: number) => at % 10 === 3],
    ["the oldest", (at: number) => at < 600],
  ])("brings what is missing, %s, for less than a tenth more bytes", async (_where, lacks) => {
    const missing = await share(unsigned(6_000), lacks);
    await client.run(server);
    expect(holdsAll(client, missing)).toBe(true);
    expect(client.came.size).toBe(600);
    expect([...client.came.values()].every((times) => times === 1)).toBe(true);
    expect(client.bytes - sizeOf(missing)).toBeLessThan(sizeOf(missing) / 10);
  });

  it("asks for more while what has come is stored, but for no more than a transaction takes", async () => {
    const missing = await share(unsigned(6_000), (at) => at >= 4_000);
    const commit = client.store.commit.bind(client.store);
    const pending: number[] = [];
    let storing = 0;
    client.store.commit = async (batch, options) => {
      const count = batch.envelopes?.length ?? 0;
      pending.push((storing += count));
      await new Promise<void>((resolve) => void clock.after(200, resolve));
      await commit(batch, options);
      storing -= count;
    };
    await client.run(server);
    expect(holdsAll(client, missing)).toBe(true);
    expect(Math.max(...pending)).toBeGreaterThan(512);
    expect(Math.max(...pending)).toBeLessThanOrEqual(768);
  });

  it("costs next to nothing where nothing is missing", async () => {
    await share(unsigned(6_000), () => false);
    await client.run(server);
    expect(client.came.size).toBe(0);
    expect(client.bytes).toBeLessThan(1_000);
  });

  it("is left to cursors where little is held", async () => {
    await share(unsigned(600), (at) => at >= 500);
    expect(await client.run(server)).toBeNull();
    expect(client.bytes).toBe(0);
  });

  it("brings the newest first", async () => {
    const missing = await share(unsigned(6_000), (at) => at % 3 === 0);
    const catchingUp = await client.begin(server);
    await clock.until(() => client.came.size >= 100);
    const newest = missing.slice(-60);
    expect(holdsAll(client, newest)).toBe(true);
    await clock.until(() => holdsAll(client, missing));
    await catchingUp?.done;
  });

  it("makes the client's set hold the server's, whatever both hold, at whatever times", async () => {
    const pool = unsigned(900, (at) => ({ created: 1_767_000_000_000 + Math.floor(at / 60) * 1_000 }));
    const base = unsigned(LEAST, () => ({ created: 1_766_000_000_000 }));
    const some = fc.uniqueArray(fc.nat(pool.length - 1), { maxLength: 900, size: "max" });
    let round = 10;
    await fc.assert(
      fc.asyncProperty(some, some, async (theirs, own) => {
        const [giving, taking] = [new Side(network, (round += 2)), new Side(network, round + 1)];
        await giving.start();
        await taking.start();
        network.connect(giving.mesh, taking.mesh);
        const given = theirs.map((at) => pool[at]!);
        if (given.length > 0) await giving.store.commit({ envelopes: given });
        await taking.store.commit({ envelopes: [...base, ...own.map((at) => pool[at]!)] });
        await taking.run(giving);
        expect(holdsAll(taking, given)).toBe(true);
        expect([...taking.came.values()].every((times) => times === 1)).toBe(true);
        expect(taking.came.size).toBe(theirs.filter((at) => !own.includes(at)).length);
      }),
      { seed: 4, numRuns: 25 },
    );
  });

  it("of authors gives nothing that declares no scope, not even its id", async () => {
    const key = new Uint8Array(32).fill(3);
    const all = unsigned(1_500, (at) => (at % 5 === 0 ? { scopes: [] } : { scopes: ["g:asia/jp/tokyo"] }));
    await server.store.commit({ envelopes: all });
    await client.store.commit({ envelopes: all.filter((_, at) => at % 5 !== 0 && at < 1_000) });
    await client.run(server, [{ kind: "node", key }]);
    expect(client.came.size).toBe(400);
    expect(client.store.envelopes.count({ kind: "unscoped" })).toBe(0);
  });

  it("asks for no topics and for nothing that only evidence opens", async () => {
    await share(
      unsigned(1_000, () => ({ scopes: ["t:music"] })),
      (at) => at % 2 === 0,
    );
    const topic: Target = { kind: "scope", scope: { kind: "topic", segments: ["music"] }, match: "prefix" };
    expect(await client.begin(server, [topic, { kind: "trusted" }])).toBeNull();
  });

  it("brings also what the audience says besides, and of that only what may be had", async () => {
    const plain = unsigned(1_000);
    await share(plain, () => false);
    const besides = unsigned(30, (at) => ({ scopes: ["t:music"], created: 1_767_100_000_000 + at }));
    await server.store.commit({ envelopes: besides });
    const opened = new Set(besides.slice(10).map(({ hash }) => toHex(hash)));
    const audience: Audience = {
      ...EVERY_SCOPED,
      admits: ({ hash }) => opened.has(toHex(hash)),
      give: async ({ bytes, hash }) => (opened.has(toHex(hash)) ? { bytes } : null),
      besides: () => besides.map(({ hash }) => ({ row: server.store.envelopes.row(hash)!, became: 0 })),
    };
    const other = new Side(network, 4, server.store);
    await other.start({ audience });
    network.connect(other.mesh, client.mesh);
    await client.run(other);
    expect([...client.came.keys()].toSorted()).toEqual([...opened].toSorted());
    // With one place asked for it is where they started.
    expect(client.started).toEqual(new Map([...opened].map((hash) => [hash, scopeKey(PLACE.scope)])));
    // A second time there is nothing to fetch.
    const again = new Side(network, 5, client.store);
    await again.start();
    network.connect(other.mesh, again.mesh);
    await again.run(other);
    expect(again.came.size).toBe(0);
    expect(again.started).toEqual(client.started);
    // Of two places nobody can tell which it was.
    const wider = new Side(network, 6);
    await wider.start();
    await wider.store.commit({ envelopes: plain });
    network.connect(other.mesh, wider.mesh);
    const elsewhere: Target = { kind: "scope", scope: scopeFromKey("g:europe/nl/utrecht"), match: "exact" };
    await wider.run(other, [PLACE, elsewhere]);
    expect(wider.came.size).toBe(20);
    expect(wider.started.size).toBe(0);
  });

  it("parts from one that says it has more besides than there may be", async () => {
    await share(unsigned(1_000), () => false);
    const besides = unsigned(20, (at) => ({ scopes: ["t:music"], created: 1_767_100_000_000 + at }));
    await server.store.commit({ envelopes: besides });
    const rows = besides.map(({ hash }) => ({ row: server.store.envelopes.row(hash)!, became: 0 }));
    const audience: Audience = {
      ...EVERY_SCOPED,
      admits: () => true,
      // The same ones, hundreds of times over.
      besides: () => Array.from({ length: 500 }, () => rows).flat(),
    };
    const other = new Side(network, 4, server.store);
    await other.start({ audience });
    network.connect(other.mesh, client.mesh);
    await expect(client.run(other)).rejects.toThrow("more besides than there may be");
  });
});

describe("two that reconcile with each other", () => {
  it("compare once: whoever holds more lets the other go first", async () => {
    const missing = await share(unsigned(6_000), (at) => at % 10 === 3);
    const ended: string[] = [];
    const { signal } = new AbortController();
    for (const [name, one, other] of [
      ["fuller", server, client],
      ["emptier", client, server],
    ] as const) {
      const { claims } = one;
      void one.catchUp
        .begin({ server: other.mesh.self, targets: [PLACE], claims, signal })
        .then((begun) => begun?.done)
        .then(() => ended.push(name));
    }
    await clock.until(() => ended.length === 2);
    expect(ended).toEqual(["emptier", "fuller"]);
    expect(holdsAll(client, missing)).toBe(true);
    expect(client.bytes - sizeOf(missing)).toBeLessThan(sizeOf(missing) / 10);
  });
});

describe("a reconciliation that breaks off", () => {
  it("goes on where it was, also after a restart", async () => {
    const missing = await share(unsigned(12_000), (at) => at % 4 === 0);
    const first = await client.begin(server);
    const failed = first?.done.catch((error: { code: string }) => error.code);
    await clock.until(() => client.came.size > 1_200);
    network.disconnect(server.mesh, client.mesh);
    await clock.advance(10);
    expect(await failed).toBe("STREAM_RESET");
    await clock.advance(2_000);
    const before = client.came.size;
    // A new run of the client over the same store.
    const again = new Side(network, 3, client.store);
    await again.start();
    network.connect(server.mesh, again.mesh);
    const second = await again.begin(server);
    expect(second?.cursor).toBe(first?.cursor);
    await clock.until(() => holdsAll(again, missing));
    await second?.done;
    expect(before + again.came.size).toBe(missing.length);
    // Windows that were done are not looked at again: at 64 bytes a window and 1.25 an envelope it would be more.
    const share12 = again.bytes - sizeOf(missing.slice(0, again.came.size));
    expect(share12).toBeLessThan(again.came.size * 30);
  });

  it("begins anew where the server has another store by then", async () => {
    const all = unsigned(6_000);
    await share(all, (at) => at % 2 === 0);
    const first = await client.begin(server);
    const failed = first?.done.catch(() => "failed");
    await clock.until(() => client.came.size > 1_200);
    network.disconnect(server.mesh, client.mesh);
    await clock.advance(2_000);
    expect(await failed).toBe("failed");
    await server.mesh.stop();
    const renewed = new Side(network, 1, memoryStore(77));
    const others = unsigned(700, (at) => ({ created: 1_768_000_000_000 + at }));
    await renewed.store.commit({ envelopes: [...all.slice(0, 3_000), ...others] });
    await renewed.start();
    network.connect(renewed.mesh, client.mesh);
    await client.run(renewed);
    expect(holdsAll(client, others)).toBe(true);
    expect(holdsAll(client, all.slice(0, 3_000))).toBe(true);
  });
});

describe("several servers", () => {
  it("share the work, and nothing comes twice", async () => {
    const all = unsigned(8_000);
    const missing = await share(all, (at) => at % 4 === 0);
    const others = [new Side(network, 5, server.store), new Side(network, 6, server.store)];
    const servers = [server, ...others];
    for (const other of others) {
      await other.start();
      network.connect(other.mesh, client.mesh);
    }
    // All at once, as they are met: to begin with one after the other would leave nothing to the second.
    const { signal } = new AbortController();
    const begun = servers.map(async ({ mesh }) => {
      const { claims } = client;
      const catchingUp = await client.catchUp.begin({ server: mesh.self, targets: [PLACE], claims, signal });
      await catchingUp?.done;
      return catchingUp !== null;
    });
    await clock.until(() => holdsAll(client, missing));
    await clock.advance(5_000);
    expect(await Promise.all(begun)).toEqual([true, true, true]);
    expect([...client.came.values()].filter((times) => times > 1)).toEqual([]);
    const shares = client.mesh.links().map((link) => link.protocols["/mehr/sync/1"]?.in ?? 0);
    expect(Math.min(...shares)).toBeGreaterThan(sizeOf(missing) / 20);
  });
});
