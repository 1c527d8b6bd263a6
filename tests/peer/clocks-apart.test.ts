/** Peers whose clocks are a day off: what becomes of what they write and of what they read, and how they are told. */
import { beforeEach, describe, expect, it, vi } from "vitest";
import { initHash } from "../../src/hash/index.ts";
import type { Clock } from "../../src/mesh/protocols/index.ts";
import type { LiveUpdate } from "../../src/peer/api.ts";
import { COMMONS } from "../sim/author.ts";
import { draftOf, hashesOf, lastingStore, Town, type Resident } from "../sim/town.ts";

await initHash();

const DAY = 86_400_000;
const MINUTE = 60_000;
const HOME = { kind: "scope", scope: COMMONS, match: "exact" } as const;

/** The clock of a device that somebody has set wrong. */
class WrongClock implements Clock {
  readonly #right: Clock;
  off: number;

  constructor(right: Clock, off: number) {
    this.#right = right;
    this.off = off;
  }

  now(): number {
    return this.#right.now() + this.off;
  }

  after(ms: number, task: () => void): () => void {
    return this.#right.after(ms, task);
  }
}

let town: Town;
let ana: Resident;
let ben: Resident;
let wrong: Resident;
let clock: WrongClock;

/** Ana and Ben have the right time; the third is off by so much. */
async function open(off: number): Promise<void> {
  town = new Town({ seed: 12 });
  clock = new WrongClock(town.clock, off);
  ana = await town.arrive();
  ben = await town.arrive();
  wrong = await town.arrive(lastingStore(3), clock);
  link();
  await town.clock.advance(5_000);
}

function link(): void {
  for (const [one, other] of [
    [ana, ben],
    [ana, wrong],
    [ben, wrong],
  ] as const) {
    town.network.connect(one.mesh, other.mesh);
  }
}

const publish = (who: Resident, text: string) => town.clock.track(who.api.publish(draftOf(text)));

/** Moves time until this holds: an envelope is signed anew outside of virtual time, which goes on meanwhile. */
const settled = (check: () => Promise<void>): Promise<void> =>
  vi.waitFor(
    async () => {
      await town.clock.advance(2_000);
      await check();
    },
    { timeout: 20_000, interval: 1 },
  );

async function skewOf(who: Resident): Promise<number | null> {
  const seen: LiveUpdate<"network">[] = [];
  const watch = await who.api.watch("network", {}, (update) => seen.push(update));
  await town.clock.until(() => seen.length > 0);
  await watch.close();
  return seen[0]?.value.clockSkew ?? null;
}

async function texts(who: Resident): Promise<string[]> {
  const rows = await who.api.feed({ feed: HOME, limit: 50 });
  return rows.map(({ summary }) => summary ?? "").toSorted((a, b) => (a < b ? -1 : 1));
}

describe("a clock that is right", () => {
  beforeEach(() => open(0));

  it("is known to be right, and holds nothing up", async () => {
    expect(Math.abs((await skewOf(ana)) ?? DAY)).toBeLessThan(1_000);
    await publish(wrong, "On time");
    await town.clock.advance(1_000);
    expect(await hashesOf(ana, HOME)).toHaveLength(1);
  });
});

describe("a clock that is a day ahead", () => {
  beforeEach(() => open(DAY));

  it("is told to its person, and blamed by nobody", async () => {
    expect(Math.abs(((await skewOf(wrong)) ?? 0) - DAY)).toBeLessThan(1_000);
    expect(Math.abs((await skewOf(ana)) ?? DAY)).toBeLessThan(1_000);
  });

  it("keeps what is written until it is right, and then everybody gets it, once", async () => {
    const { hash, postHash } = await publish(wrong, "From tomorrow");
    await town.clock.advance(60_000);
    expect(await hashesOf(ana, HOME)).toEqual([]);
    expect(await wrong.store.outbox()).toHaveLength(1);
    // It stands in the own feed meanwhile, as waiting.
    expect((await wrong.api.envelope(hash))?.delivery).toBe("waiting");
    // What others write is read as ever.
    await publish(ana, "From today");
    await town.clock.advance(1_000);
    expect(await texts(wrong)).toEqual(["From today", "From tomorrow"]);

    clock.off = 0;
    await settled(async () => expect(await wrong.store.outbox()).toEqual([]));
    await town.clock.advance(5_000);
    for (const each of [ana, ben, wrong]) expect(await texts(each)).toEqual(["From today", "From tomorrow"]);
    const dated = await ana.api.envelope(postHash);
    expect(dated?.postHash).toBe(postHash);
    expect(Math.abs((dated?.created ?? 0) - town.clock.now())).toBeLessThan(120_000);
    expect(await wrong.api.envelope(hash)).toBeNull();
    expect(ana.mesh.reports).toEqual([]);
  });

  it("keeps it over a restart, too", async () => {
    await publish(wrong, "From tomorrow");
    const { store } = wrong;
    await town.leave(wrong);
    clock.off = 0;
    wrong = await town.arrive(store, clock);
    link();
    await settled(async () => expect(await wrong.store.outbox()).toEqual([]));
    await settled(async () => expect(await texts(ana)).toEqual(["From tomorrow"]));
  });

  it("lets a change of the profile go, which carries no date", async () => {
    const profile = { displayName: "Wanda", bio: "", scopes: [] };
    await town.clock.track(wrong.api.saveProfile(profile));
    await town.clock.advance(5_000);
    expect(await wrong.store.outbox()).toEqual([]);
  });
});

describe("a clock that is a few minutes ahead", () => {
  it("holds nothing back that others take, and dates nothing anew that they have", async () => {
    await open(7 * MINUTE);
    const { hash } = await publish(wrong, "From soon");
    await town.clock.advance(5_000);
    expect(await hashesOf(ana, HOME)).toEqual([hash]);
    expect(await wrong.store.outbox()).toEqual([]);
    clock.off = 0;
    await town.clock.advance(12 * MINUTE);
    for (const each of [ana, ben, wrong]) expect(await hashesOf(each, HOME)).toEqual([hash]);
  });

  it("tells nobody what it holds back, by push or when asked, until it is dated anew", async () => {
    // Above what leaves, below what others refuse.
    await open(9.5 * MINUTE);
    const { hash } = await publish(wrong, "From soon");
    await town.clock.advance(5_000);
    const late = await town.arrive();
    town.network.connect(late.mesh, wrong.mesh);
    await town.clock.advance(5_000);
    expect(await wrong.store.outbox()).toHaveLength(1);
    for (const each of [ana, ben, late]) expect(await hashesOf(each, HOME)).toEqual([]);
    clock.off = 0;
    await settled(async () => expect(await wrong.store.outbox()).toEqual([]));
    await town.clock.advance(12 * MINUTE);
    const [dated, ...more] = await hashesOf(wrong, HOME);
    expect(dated).not.toBe(hash);
    expect(more).toEqual([]);
    for (const each of [ana, ben, late]) expect(await hashesOf(each, HOME)).toEqual([dated]);
  });
});

describe("a clock that is a day behind", () => {
  beforeEach(() => open(-DAY));

  it("is told to its person; what is written is read by all", async () => {
    expect(Math.abs(((await skewOf(wrong)) ?? 0) + DAY)).toBeLessThan(1_000);
    await publish(wrong, "From yesterday");
    await town.clock.advance(5_000);
    expect(await texts(ana)).toEqual(["From yesterday"]);
    expect(await wrong.store.outbox()).toEqual([]);
  });

  it("leaves its neighbours also when what it refused cannot be noted", async () => {
    await publish(ana, "From today");
    await town.clock.advance(1_000);
    const commit = wrong.store.commit.bind(wrong.store);
    wrong.store.commit = async (batch, options) => {
      if (batch.settings?.["clock:unread"] !== undefined) throw new Error("no room");
      await commit(batch, options);
    };
    await town.leave(wrong);
    await town.clock.advance(1_000);
    expect(wrong.faults).toEqual(["clock: no room"]);
    expect(ana.mesh.peers()).toEqual([ben.mesh.self]);
  });

  it("gets what it took for tomorrow's once it is right, and blames nobody for it", async () => {
    await publish(ana, "From today");
    await publish(ben, "Also from today");
    await town.clock.advance(10_000);
    expect(await texts(wrong)).toEqual([]);
    expect(wrong.mesh.reports).toEqual([]);
    clock.off = 0;
    await settled(async () => expect(await texts(wrong)).toEqual(["Also from today", "From today"]));
  });
});

describe("a clock that only one other knows of", () => {
  it("is not judged, but nothing is lost either", async () => {
    town = new Town({ seed: 12 });
    clock = new WrongClock(town.clock, DAY);
    ana = await town.arrive();
    wrong = await town.arrive(lastingStore(3), clock);
    town.network.connect(ana.mesh, wrong.mesh);
    await town.clock.advance(5_000);
    expect(await skewOf(wrong)).toBeNull();
    await publish(wrong, "From tomorrow");
    await town.clock.advance(5_000);
    expect(await wrong.store.outbox()).toHaveLength(1);
    clock.off = 0;
    await settled(async () => expect(await texts(ana)).toEqual(["From tomorrow"]));
  });
});
