import { describe, expect, it } from "vitest";
// Loaded on request otherwise, which takes time of a real clock.
import "../../src/peer/diagnostics/check.ts";
import type { CheckResult, PeerCheckStep } from "../../src/peer/api.ts";
import { PeerError, startPeer, type PeerPorts } from "../../src/peer/index.ts";
import type { RelayStatus } from "../../src/mesh/port.ts";
import { serveTime } from "../../src/mesh/protocols/index.ts";
import { createMemoryStore, StoreError } from "../../src/store/index.ts";
import { createSigner } from "../../src/wire/index.ts";
import { VirtualClock } from "../sim/clock.ts";
import type { SimMesh } from "../sim/mesh.ts";
import { SimNetwork } from "../sim/network.ts";
import { SeededRandom } from "../sim/random.ts";
import { cheapStretch, inlineHashing } from "../sim/town.ts";

/** One peer on a virtual clock, with whatever is to fail. */
async function peerWith(change: (ports: PeerPorts) => Partial<PeerPorts> = () => ({}), joins = true) {
  const clock = new VirtualClock();
  const network = new SimNetwork({ clock, seed: 3 });
  const random = new SeededRandom(4);
  const store = createMemoryStore({ randomBytes: (length) => random.bytes(length) });
  let mesh: SimMesh | null = null;
  const ports: PeerPorts = {
    store,
    clock,
    random: () => random.next(),
    randomBytes: (length) => random.bytes(length),
    estimates: null,
    hashing: inlineHashing,
    createMesh: async (seed) => {
      if (!joins) throw new Error("no network");
      const { publicKey } = await clock.track(createSigner(seed));
      mesh = network.createMesh(publicKey);
      return mesh;
    },
    stretch: cheapStretch,
    log: () => undefined,
  };
  const { api } = await clock.track(startPeer({ ...ports, ...change(ports) }));
  await clock.advance(1_000);
  return {
    api,
    clock,
    network,
    store,
    mesh: () => mesh!,
    async check(...steps: PeerCheckStep[]): Promise<readonly CheckResult[]> {
      const report = api.selfCheck({ steps });
      let done = false;
      void report.finally(() => (done = true)).catch(() => undefined);
      await clock.until(() => Promise.resolve(done));
      return (await report).results;
    },
  };
}

const codes = (results: readonly CheckResult[]): string[] => results.map(({ code, state }) => `${state} ${code}`);

describe("the self-check", () => {
  it("finds nothing wrong with a peer that has everything", async () => {
    const { api, check, clock, mesh, network } = await peerWith(() => ({
      estimates: { estimate: async () => ({ quota: 1_000, usage: 10 }), persisted: async () => true },
    }));
    const other = network.createMesh((await clock.track(createSigner(new Uint8Array(32).fill(9)))).publicKey);
    await other.start();
    network.connectAll();
    await clock.advance(1_000);
    mesh().relays = () => [relay("reserved", null)];
    const results = await check("storage", "hashing", "relays", "links");
    expect(codes(results)).toEqual([
      "ok STORAGE_WORKS",
      "ok SPACE_ENOUGH",
      "ok STORAGE_KEPT",
      "ok RECORDS_SOUND",
      "ok HASH_WORKER_WORKS",
      "ok RELAY_READY",
      "ok LINKS_DIRECT",
    ]);
    expect((await api.log({ level: "warn" })).map(({ event }) => event)).not.toContain("check_done");
  });

  it("leaves nothing behind in the storage", async () => {
    const { check, store } = await peerWith();
    await check("storage");
    expect(await store.setting("check")).toBeUndefined();
  });

  it.each([
    ["STORAGE_FULL", new StoreError("STORE_QUOTA", "no room")],
    ["STORAGE_FAILED", new StoreError("STORE_FAILED", "no disk")],
  ])("says %s when the storage cannot be written", async (code, error) => {
    const peer = await peerWith();
    const commit = peer.store.commit.bind(peer.store);
    peer.store.commit = () => Promise.reject(error);
    const [written] = await peer.check("storage");
    peer.store.commit = commit;
    expect(written).toMatchObject({ state: "broken", code, details: { error: `StoreError ${error.code}` } });
  });

  it("says when what is read is not what was written, what is short, what may go, and what is damaged", async () => {
    const { check, store } = await peerWith(() => ({
      estimates: { estimate: async () => ({ quota: 100, usage: 81 }), persisted: async () => false },
    }));
    store.setting = () => Promise.resolve(new Uint8Array(4_096));
    const damage = { id: 1, what: "segment", envelopes: 7, noticed: 1, reason: "", lost: [], mended: false } as const;
    store.damaged = () => Promise.resolve([damage, { ...damage, id: 2, mended: true }]);
    const results = await check("storage");
    expect(codes(results)).toEqual([
      "broken STORAGE_ALTERED",
      "warning SPACE_SHORT",
      "warning STORAGE_MAY_BE_EVICTED",
      "warning RECORDS_DAMAGED",
    ]);
    expect(results[1]?.details).toEqual({ used: 81, quota: 100 });
    expect(results[3]?.details).toEqual({ records: 1, envelopes: 7 });
  });

  it.each([
    ["HASH_WORKER_FAILED", () => Promise.reject(new PeerError("WORKER_DIED", "404"))],
    ["HASH_WRONG", () => Promise.resolve({ root: new Uint8Array(32), size: 3 })],
    ["HASH_WORKER_SILENT", () => new Promise<never>(() => undefined)],
  ])("says %s", async (code, outboard) => {
    const { check } = await peerWith(() => ({ hashing: { outboard, close: () => undefined } }));
    expect(codes(await check("hashing"))).toEqual([`broken ${code}`]);
  });

  it("tells of each relay, and that one is enough", async () => {
    const { check, mesh } = await peerWith();
    expect(codes(await check("relays", "links"))).toEqual(["warning RELAYS_NONE", "warning LINKS_NONE"]);
    mesh().relays = () => [relay("waiting", "TIMEOUT"), relay("failed", "RELAY_NOT_SECURE")];
    expect(codes(await check("relays"))).toEqual(["broken RELAY_UNREACHABLE", "broken RELAY_REFUSED"]);
    mesh().relays = () => [relay("waiting", "UNREACHABLE"), relay("connected", null)];
    const results = await check("relays");
    expect(codes(results)).toEqual(["warning RELAY_UNREACHABLE", "warning RELAY_NOT_RESERVED"]);
    expect(results[0]?.details).toEqual({ relay: 1, reason: "UNREACHABLE" });
  });

  it("tries relays again, and waits for the outcome", async () => {
    const { check, clock, mesh } = await peerWith();
    let state: RelayStatus["state"] = "waiting";
    mesh().relays = () => [relay(state, "CONNECTION_LOST")];
    mesh().reconnect = () => {
      state = "connecting";
      clock.after(3_000, () => (state = "reserved"));
    };
    expect(codes(await check("relays"))).toEqual(["ok RELAY_READY"]);
  });

  it("says that there is no network when it could not be loaded", async () => {
    const { check } = await peerWith(() => ({}), false);
    expect(codes(await check("relays", "links"))).toEqual(["broken NETWORK_NOT_LOADED", "broken NETWORK_NOT_LOADED"]);
  });

  it.each([
    [0, "ok CLOCK_RIGHT"],
    [-45_000, "warning CLOCK_OFF"],
    [1_200_000, "broken CLOCK_WRONG"],
  ])("compares the clock with those of neighbours: %d ms off", async (off, told) => {
    const { check, clock, mesh, network } = await peerWith();
    for (const seed of [9, 10]) {
      const other = network.createMesh((await clock.track(createSigner(new Uint8Array(32).fill(seed)))).publicKey);
      serveTime({
        mesh: other,
        clock: { now: () => clock.now() - off, after: (ms, task) => clock.after(ms, task) },
      });
      await other.start();
    }
    network.connectAll();
    await clock.until(() => Promise.resolve(mesh().peers().length === 2));
    await clock.advance(5_000);
    expect(codes(await check("clock"))).toEqual([told]);
  });

  it("does not know about the clock without a neighbour", async () => {
    const { check } = await peerWith();
    expect(codes(await check("clock"))).toEqual(["ok CLOCK_UNKNOWN"]);
  });

  it("ends a step that does not, and can be given up", async () => {
    const { api, check, store } = await peerWith();
    store.damaged = () => new Promise<never>(() => undefined);
    expect(codes(await check("storage"))).toEqual(["broken CHECK_FAILED"]);
    const reason = new Error("enough");
    await expect(api.selfCheck({ steps: ["storage"], signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

function relay(state: RelayStatus["state"], error: string | null): RelayStatus {
  return { url: "wss://relay.example/", state, error, nodeId: null };
}
