import { describe, expect, it } from "vitest";
import { Outbox } from "../../src/peer/outbox.ts";
import { createMemoryStore, type Store } from "../../src/store/index.ts";
import { StoreError } from "../../src/store/errors.ts";
import { toHex, type Hash } from "../../src/wire/index.ts";
import { draftOf, lastingStore, Town } from "../sim/town.ts";

const TOWN = "mehr/1/g/europe/nl/utrecht";
const HARBOUR = "mehr/1/g/europe/nl/utrecht/harbour";

/** Channels on which somebody is, and what was handed to them. */
class Channels {
  readonly present = new Set<string>();
  readonly handed: string[] = [];
  failing: string | null = null;
  /** Channels that this peer is on for nothing else. */
  readonly visited = new Set<string>();
  /** First bytes of the keys of who is there, where it is not somebody without a name; and of who reads. */
  readonly guests = new Map<string, number[]>();
  readonly readers = new Set<number>();
  readonly goneOn: string[] = [];

  channelPeers(channel: string): Uint8Array[] {
    const unnamed = this.present.has(channel) ? [0] : [];
    return [...unnamed, ...(this.guests.get(channel) ?? [])].map(keyOf);
  }

  async publish(channel: string, bytes: Uint8Array): Promise<Uint8Array[]> {
    if (channel === this.failing) throw new Error("the stream broke");
    this.handed.push(`${channel} ${bytes[0]}`);
    return this.channelPeers(channel);
  }
}

const keyOf = (name: number): Uint8Array => new Uint8Array(32).fill(name);

function open() {
  const store = createMemoryStore({ randomBytes: (length) => new Uint8Array(length).fill(1) });
  const mesh = new Channels();
  const sent: string[] = [];
  const errors: unknown[] = [];
  const make = () =>
    new Outbox({
      store,
      mesh,
      isGuest: (channel) => mesh.visited.has(channel),
      reads: ([name = 0]) => mesh.readers.has(name),
      isSpent: ({ queuedAt }) => queuedAt === SPENT,
      onHanded: ({ channel }) => mesh.goneOn.push(channel),
      mayLeave: ({ queuedAt }) => queuedAt !== TOO_EARLY,
      onSent: (hash) => sent.push(toHex(hash)),
      onError: (error) => errors.push(error),
    });
  return { store, mesh, sent, errors, make };
}

/** Of these entries an outbox is told that they may not leave, and need not. */
const TOO_EARLY = 99;
const SPENT = 98;

async function put(store: Store, number: number, channels: readonly string[]): Promise<Hash> {
  const hash = new Uint8Array(32).fill(number);
  await store.commit({ outboxPut: [{ hash, bytes: Uint8Array.of(number), channels, queuedAt: number }] });
  return hash;
}

describe("an outbox", () => {
  it("keeps what may not leave yet, however many are there", async () => {
    const { make, mesh, sent, store } = open();
    mesh.present.add("a");
    await put(store, TOO_EARLY, ["a"]);
    await put(store, 1, ["a"]);
    await make().flush();
    expect(sent).toHaveLength(1);
    expect((await store.outbox()).map(({ queuedAt }) => queuedAt)).toEqual([TOO_EARLY]);
  });

  it("keeps what nobody is there for, and sends the rest", async () => {
    const { make, mesh, sent, store } = open();
    await put(store, 1, [HARBOUR]);
    const second = await put(store, 2, [TOWN]);
    mesh.present.add(TOWN);
    await make().flush();
    expect(mesh.handed).toEqual([`${TOWN} 2`]);
    expect(sent).toEqual([toHex(second)]);
    expect((await store.outbox()).map(({ queuedAt }) => queuedAt)).toEqual([1]);
  });

  it("hands an object of two channels to each once, however far apart they come, also after a restart", async () => {
    const { make, mesh, sent, store } = open();
    const hash = await put(store, 1, [TOWN, HARBOUR]);
    mesh.present.add(TOWN);
    const first = make();
    await first.flush();
    await first.flush();
    expect(mesh.handed).toEqual([`${TOWN} 1`]);
    expect(sent).toEqual([]);
    mesh.present.add(HARBOUR);
    const restarted = make();
    await restarted.flush();
    await restarted.flush();
    expect(mesh.handed).toEqual([`${TOWN} 1`, `${HARBOUR} 1`]);
    expect(sent).toEqual([toHex(hash)]);
    expect(await store.outbox()).toEqual([]);
  });

  it("is not held up by a channel that fails", async () => {
    const { errors, make, mesh, store } = open();
    await put(store, 1, [TOWN, HARBOUR]);
    for (const channel of [TOWN, HARBOUR]) mesh.present.add(channel);
    mesh.failing = TOWN;
    await make().flush();
    expect(mesh.handed).toEqual([`${HARBOUR} 1`]);
    expect(errors).toMatchObject([{ message: "the stream broke" }]);
    mesh.failing = null;
    await make().flush();
    expect(mesh.handed).toEqual([`${HARBOUR} 1`, `${TOWN} 1`]);
    expect(await store.outbox()).toEqual([]);
  });

  it("goes on offering what only guests of a place have taken, once to each of them", async () => {
    const { make, mesh, sent, store } = open();
    mesh.visited.add(HARBOUR);
    mesh.guests.set(HARBOUR, [1]);
    await put(store, 1, [HARBOUR]);
    const outbox = make();
    await outbox.flush();
    await outbox.flush();
    expect(mesh.handed).toEqual([`${HARBOUR} 1`]);
    expect(sent).toEqual([]);
    mesh.guests.set(HARBOUR, [1, 2]);
    await outbox.flush();
    expect(mesh.handed).toHaveLength(2);
    expect(await store.outbox()).toHaveLength(1);
    mesh.guests.set(HARBOUR, [2, 3]);
    mesh.readers.add(3);
    await outbox.flush();
    expect(mesh.handed).toHaveLength(3);
    expect(sent).toHaveLength(1);
    expect(mesh.goneOn).toEqual([HARBOUR]);
    expect(await store.outbox()).toEqual([]);
  });

  it("hears who of a visited place reads, or has it by other ways, and sends nothing twice for that", async () => {
    const { make, mesh, sent, store } = open();
    mesh.visited.add(HARBOUR);
    mesh.guests.set(HARBOUR, [1]);
    const [first, second] = [await put(store, 1, [HARBOUR]), await put(store, 2, [HARBOUR])];
    const outbox = make();
    await outbox.flush();
    mesh.guests.clear();
    mesh.readers.add(4);
    outbox.taken(second, keyOf(4));
    await outbox.flush();
    expect(sent).toEqual([toHex(second)]);
    mesh.readers.add(1);
    await outbox.flush();
    expect(sent).toEqual([toHex(second), toHex(first)]);
    expect(mesh.handed).toHaveLength(2);
  });

  it("hands to its own place what a stranger has already, and never takes the stranger for one who lives there", async () => {
    const { make, mesh, sent, store } = open();
    const hash = await put(store, 1, [TOWN]);
    const outbox = make();
    await outbox.flush();
    outbox.taken(hash, keyOf(7));
    await outbox.flush();
    expect(sent).toEqual([]);
    mesh.guests.set(TOWN, [7]);
    await outbox.flush();
    expect(mesh.handed).toEqual([`${TOWN} 1`]);
    expect(sent).toHaveLength(1);
  });

  it("lets go of what is spent, although nobody has it", async () => {
    const { make, mesh, sent, store } = open();
    mesh.visited.add(HARBOUR);
    await put(store, SPENT, [HARBOUR]);
    await make().flush();
    expect(await store.outbox()).toEqual([]);
    expect(mesh.handed).toEqual([]);
    expect(mesh.goneOn).toEqual([]);
    expect(sent).toEqual([]);
  });

  it("says once that something was handed over, also where that could not be noted down at first", async () => {
    const { errors, make, mesh, store } = open();
    mesh.visited.add(HARBOUR);
    mesh.guests.set(HARBOUR, [1]);
    mesh.readers.add(1);
    await put(store, 1, [HARBOUR]);
    const commit = store.commit.bind(store);
    store.commit = () => Promise.reject(new StoreError("STORE_QUOTA", "no room"));
    const outbox = make();
    await outbox.flush();
    await outbox.flush();
    expect(mesh.goneOn).toEqual([]);
    expect(errors).toHaveLength(2);
    store.commit = commit;
    await outbox.flush();
    expect(mesh.goneOn).toEqual([HARBOUR]);
    expect(mesh.handed).toEqual([`${HARBOUR} 1`]);
  });

  it("is done with anybody where it stays itself", async () => {
    const { make, mesh, sent, store } = open();
    mesh.guests.set(TOWN, [1]);
    await put(store, 1, [TOWN]);
    await make().flush();
    expect(sent).toHaveLength(1);
    expect(mesh.goneOn).toEqual([]);
  });

  it("makes one more round for what is asked meanwhile, not one each", async () => {
    const { make, mesh, store } = open();
    mesh.present.add(TOWN);
    await put(store, 1, [TOWN]);
    const outbox = make();
    let rounds = 0;
    const listed = store.outbox.bind(store);
    store.outbox = () => {
      rounds++;
      return listed();
    };
    await Promise.all([outbox.flush(), outbox.flush(), outbox.flush(), outbox.flush()]);
    expect(rounds).toBe(2);
    expect(mesh.handed).toEqual([`${TOWN} 1`]);
  });
});

describe("a post that was written offline", () => {
  it("arrives once although the peer was closed and opened again in between", async () => {
    const town = new Town({ seed: 31 });
    const store = lastingStore(31);
    const before = await town.arrive(store);
    const { hash } = await before.api.publish(draftOf("before the restart"));
    await town.leave(before);
    const anna = await town.arrive(store);
    expect((await anna.api.envelope(hash))?.delivery).toBe("waiting");
    const ben = await town.arrive();
    const stored: string[] = [];
    ben.store.subscribe((change) => stored.push(...change.envelopes.map((row) => toHex(row.hash))));
    town.network.connectAll();
    await town.clock.until(async () => (await anna.api.envelope(hash))?.delivery === "sent");
    await town.clock.advance(600_000);
    expect(stored).toEqual([hash]);
    const { size } = (await anna.api.envelope(hash))!;
    expect(ben.mesh.links()[0]?.protocols["gossip"]).toEqual({ in: size, out: 0 });
    expect(await store.outbox()).toEqual([]);
  });

  it("arrives once although the first sending could not be noted down", async () => {
    const town = new Town({ seed: 32 });
    const store = lastingStore(32);
    const commit = store.commit.bind(store);
    let refused = 0;
    store.commit = async (batch, options) => {
      if (batch.outboxRemove !== undefined && batch.outboxRemove.length > 0 && refused++ === 0) {
        throw new StoreError("STORE_QUOTA", "no room");
      }
      await commit(batch, options);
    };
    const anna = await town.arrive(store);
    const ben = await town.arrive();
    const stored: string[] = [];
    ben.store.subscribe((change) => stored.push(...change.envelopes.map((row) => toHex(row.hash))));
    const { hash } = await anna.api.publish(draftOf("twice on its way"));
    town.network.connectAll();
    await town.clock.until(() => refused > 0);
    await town.leave(anna);
    const again = await town.arrive(store);
    town.network.connectAll();
    await town.clock.until(async () => (await again.api.envelope(hash))?.delivery === "sent");
    await town.clock.advance(60_000);
    expect(stored).toEqual([hash]);
    expect(await store.outbox()).toEqual([]);
  });
});
