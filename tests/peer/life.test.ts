/** A peer that is stopped with work under way and comes back: on both stores. */
import { afterEach, describe, expect, it } from "vitest";
import type { Identity } from "../../src/peer/index.ts";
import { startPeer, type Peer } from "../../src/peer/index.ts";
import { createMemoryStore, type Store } from "../../src/store/index.ts";
import { createSigner } from "../../src/wire/index.ts";
import { IdbFixture } from "../store/idb-fixture.ts";
import { VirtualClock } from "../sim/clock.ts";
import type { SimMesh } from "../sim/mesh.ts";
import { SimNetwork } from "../sim/network.ts";
import { SeededRandom } from "../sim/random.ts";
import { cheapStretch, draftOf, inlineHashing } from "../sim/town.ts";

/** Where a store lies: what is opened again is there still. */
interface Disk {
  open(): Promise<Store>;
  close(): Promise<void>;
}

function memoryDisk(): Disk {
  const random = new SeededRandom(80);
  let store: Store | null = null;
  const make = (): Store => {
    const made = createMemoryStore({ randomBytes: (length) => random.bytes(length) });
    // A store in memory lives as long as it is open.
    made.close = () => Promise.resolve();
    return made;
  };
  return {
    open: async () => (store ??= make()),
    close: () => Promise.resolve(),
  };
}

function idbDisk(): Disk {
  const fixture = new IdbFixture();
  return {
    open: () => fixture.open(),
    close: () => fixture.close(),
  };
}

const disks: Disk[] = [];

afterEach(async () => {
  for (const disk of disks.splice(0)) await disk.close();
});

/** What a device has: a disk, a network, and the faults that its peers logged. */
function device(make: () => Disk, seed: number) {
  const clock = new VirtualClock();
  const network = new SimNetwork({ clock, seed });
  const disk = make();
  disks.push(disk);
  const faults: string[] = [];
  const meshes: SimMesh[] = [];
  /** What holds up the making of a mesh. */
  let loading: Promise<void> = Promise.resolve();
  const start = async (): Promise<Peer> =>
    await startPeer({
      store: await disk.open(),
      clock,
      random: () => network.random.next(),
      randomBytes: (length) => network.random.bytes(length),
      estimates: null,
      hashing: inlineHashing,
      createMesh: async (keySeed) => {
        await loading;
        const { publicKey } = await createSigner(keySeed);
        const mesh = network.createMesh(publicKey);
        meshes.push(mesh);
        return mesh;
      },
      stretch: cheapStretch,
      log: (context, error) => faults.push(`${context}: ${String(error)}`),
    });
  const running = (): number => meshes.filter((mesh) => mesh.running).length;
  const delay = (until: Promise<void>): void => {
    loading = until;
  };
  return { clock, network, disk, faults, meshes, start, running, delay };
}

async function identityOf(peer: Peer): Promise<Identity> {
  let identity: Identity | null = null;
  const watching = await peer.api.watch("identity", {}, ({ value }) => {
    identity = value;
  });
  await watching.close();
  return identity as unknown as Identity;
}

describe.each([
  ["memory", memoryDisk],
  ["IndexedDB", idbDisk],
])("on %s", (_name, make) => {
  it("a peer that comes back is the same", async () => {
    const { faults, running, start } = device(make, 81);
    const first = await start();
    const { id } = await identityOf(first);
    await first.api.updateSettings({ home: "g:europe/nl/utrecht" });
    const { hash, postHash } = await first.api.publish(draftOf("kept"));
    await first.stop();
    expect(running()).toBe(0);
    const second = await start();
    expect((await identityOf(second)).id).toBe(id);
    expect(await second.api.envelope(hash)).toMatchObject({ own: true, held: true, delivery: "waiting" });
    expect(await second.api.post(postHash)).toMatchObject({ text: "kept", from: "here" });
    await second.stop();
    expect(faults).toEqual([]);
  });

  it("a draft that is published again by the next peer is one post, and another text of its id is another", async () => {
    const { clock, start } = device(make, 86);
    const first = await start();
    const published = await first.api.publish(draftOf("once"));
    expect(await first.api.publish(draftOf("once"))).toEqual(published);
    await first.stop();
    const second = await start();
    const twice = await Promise.all([second.api.publish(draftOf("once")), second.api.publish(draftOf("once"))]);
    expect(twice).toEqual([published, published]);
    const other = await second.api.publish({ ...draftOf("once"), text: "another text" });
    expect(other.hash).not.toBe(published.hash);
    const { id } = await identityOf(second);
    const rows = await second.api.feed({ feed: { kind: "author", author: id }, limit: 9 });
    expect(rows.map(({ hash }) => hash).sort()).toEqual([published.hash, other.hash].sort());
    // A day later the same words are news.
    await clock.advance(25 * 60 * 60_000);
    expect((await second.api.publish(draftOf("once"))).hash).not.toBe(published.hash);
    await second.stop();
  });

  it("a draft that was stored again before it is published again is a draft no more, but a later one of its id is", async () => {
    const { start } = device(make, 87);
    const peer = await start();
    const drafts = async (): Promise<string[]> => {
      const texts: string[] = [];
      const watching = await peer.api.watch("drafts", {}, (update) => {
        if (update.kind === "rows") texts.push(...update.rows.map(({ text }) => text));
      });
      await watching.close();
      return texts;
    };
    const draft = draftOf("once");
    const published = await peer.api.publish(draft);
    await peer.api.saveDraft(draft);
    expect(await drafts()).toEqual(["once"]);
    expect(await peer.api.publish(draft)).toEqual(published);
    expect(await drafts()).toEqual([]);
    await peer.api.saveDraft({ ...draft, text: "more", updated: draft.updated + 1 });
    expect(await peer.api.publish(draft)).toEqual(published);
    expect(await drafts()).toEqual(["more"]);
    await peer.stop();
  });

  it("a peer that is stopped while the network loads leaves none behind", async () => {
    const { clock, delay, meshes, running, start } = device(make, 85);
    let loaded = (): void => undefined;
    delay(new Promise((resolve) => (loaded = resolve)));
    const peer = await start();
    await clock.settle();
    const stopping = Promise.all([peer.stop(), peer.stop()]);
    loaded();
    await stopping;
    expect(meshes).toHaveLength(1);
    expect(running()).toBe(0);
  });
});

describe("a change of relays", () => {
  it("makes the network anew, one at a time, and live queries tell both", async () => {
    const { clock, meshes, network, running, start } = device(memoryDisk, 86);
    const neighbour = network.createMesh(new Uint8Array(32).fill(7));
    await neighbour.start();
    const peer = await start();
    await clock.track(new Promise((resolve) => setImmediate(resolve)));
    await clock.settle();
    network.connectAll();
    const states: string[] = [];
    const watching = await peer.api.watch("status", {}, ({ value }) => states.push(value.state));
    await clock.advance(1_000);
    expect(states.at(-1)).toBe("online");
    await Promise.all([
      peer.api.updateSettings({ relays: ["wss://one.example/"] }),
      peer.api.updateSettings({ relays: ["wss://two.example/"] }),
    ]);
    await clock.advance(1_000);
    expect(states.at(-1)).not.toBe("online");
    expect(meshes).toHaveLength(3);
    expect(running()).toBe(1);
    network.connectAll();
    await clock.advance(1_000);
    expect(states.at(-1)).toBe("online");
    await watching.close();
    await peer.stop();
  });

  it("that fails leaves a peer that reads, and tries again when told to", async () => {
    const { clock, delay, faults, meshes, running, start } = device(memoryDisk, 87);
    const failing = Promise.reject(new Error("the chunk could not be loaded"));
    failing.catch(() => undefined);
    delay(failing);
    const peer = await start();
    const { postHash } = await peer.api.publish(draftOf("written meanwhile"));
    await clock.settle();
    expect(faults).toEqual(["network: Error: the chunk could not be loaded"]);
    expect(await peer.api.post(postHash)).toMatchObject({ text: "written meanwhile" });
    await expect(peer.api.post("00".repeat(32))).rejects.toMatchObject({ code: "OFFLINE" });
    delay(Promise.resolve());
    await peer.api.reconnect();
    await clock.settle();
    await peer.stop();
    expect(meshes).toHaveLength(1);
    expect(running()).toBe(0);
  });
});
