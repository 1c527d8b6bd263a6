import { beforeEach, describe, expect, test } from "vitest";
import { MeshError, isMetered, type FrameStream } from "../../src/mesh/index.ts";
import { Introductions } from "../../src/mesh/introductions.ts";
import { RENDEZVOUS_PROTOCOL } from "../../src/mesh/rendezvous.ts";
import { channelHash, decodeClientFrame, encodeServerFrame } from "../../src/mesh/rendezvous-messages.ts";
import { introduces } from "../../src/mesh/serverless/goodwill.ts";
import { Naming } from "../../src/mesh/serverless/naming.ts";
import { firstWay, type Way } from "../../src/mesh/ways.ts";
import type { NodeKey } from "../../src/wire/index.ts";
import { VirtualClock } from "../sim/clock.ts";
import type { SimMesh } from "../sim/mesh.ts";
import { SimNetwork } from "../sim/network.ts";

const SECOND = 1_000;

let clock: VirtualClock;

beforeEach(() => {
  clock = new VirtualClock();
});

describe("of several ways to a peer", () => {
  const tried: string[] = [];
  beforeEach(() => {
    tried.length = 0;
  });

  /** A way that takes so long, and leads there or not. */
  const way =
    (name: string, ms: number, leads: boolean): Way =>
    (signal) =>
      new Promise((resolve, reject) => {
        tried.push(name);
        signal.addEventListener("abort", () => {
          tried.push(`${name} given up`);
          reject(signal.reason as Error);
        });
        clock.after(ms, () => (leads ? resolve(name) : reject(new Error(`${name} failed`))));
      });

  async function run(ways: Way[], signal = new AbortController().signal): Promise<{ outcome: string; took: number }> {
    const since = clock.now();
    let outcome: string | null = null;
    firstWay(ways, clock, signal).then(
      () => (outcome = "there"),
      (error: unknown) => (outcome = error instanceof Error ? error.message : String(error)),
    );
    await clock.until(() => outcome !== null);
    return { outcome: outcome ?? "", took: clock.now() - since };
  }

  test("the first is enough when it is quick", async () => {
    expect(await run([way("relay", 500, true), way("neighbour", 500, true)])).toEqual({ outcome: "there", took: 500 });
    expect(tried).toEqual(["relay", "relay given up"]);
  });

  test("the next is tried at once when the first fails", async () => {
    const { took } = await run([way("relay", 100, false), way("neighbour", 500, true)]);
    expect(took).toBe(600);
  });

  test("the next is tried beside one that takes long, and whichever leads there ends the other", async () => {
    expect((await run([way("relay", 60_000, true), way("neighbour", 500, true)])).took).toBe(3_000);
    expect(tried).toContain("relay given up");
    expect((await run([way("relay", 3_000, true), way("neighbour", 9_000, true)])).took).toBe(3_000);
  });

  test("none is left: the last reason is told", async () => {
    expect((await run([way("relay", 100, false), way("neighbour", 100, false)])).outcome).toBe("neighbour failed");
    await expect(firstWay([], clock, new AbortController().signal)).rejects.toMatchObject({ code: "UNREACHABLE" });
  });

  test("all are given up with the signal", async () => {
    const controller = new AbortController();
    clock.after(3_000, () => controller.abort(new Error("enough")));
    const { outcome } = await run([way("relay", 9_000, true), way("neighbour", 9_000, true)], controller.signal);
    expect(outcome).toBe("enough");
    expect(tried).toEqual(["relay", "neighbour", "relay given up", "neighbour given up"]);
  });
});

describe("whether a peer introduces others", () => {
  const good = { metered: false, roundTrips: [20, 30, 40] };

  test("is what the person says", () => {
    expect(introduces("on", { metered: true, roundTrips: [5_000, 5_000, 5_000] })).toBe(true);
    expect(introduces("off", good)).toBe(false);
  });

  test("is yes by default, unless bytes are dear or half of the links slow", () => {
    expect(introduces("auto", good)).toBe(true);
    expect(introduces("auto", { metered: false, roundTrips: [] })).toBe(true);
    expect(introduces("auto", { ...good, metered: true })).toBe(false);
    expect(introduces("auto", { metered: false, roundTrips: [900, 20, 800] })).toBe(false);
    expect(introduces("auto", { metered: false, roundTrips: [900, 800] })).toBe(true);
    expect(introduces("auto", { metered: false, roundTrips: [900, 20, 30] })).toBe(true);
  });

  test("hears of the browser what the browser tells", () => {
    expect(isMetered({})).toBe(false);
    expect(isMetered({ connection: { saveData: false, effectiveType: "4g" } })).toBe(false);
    expect(isMetered({ connection: { saveData: true, effectiveType: "4g" } })).toBe(true);
    expect(isMetered({ connection: { effectiveType: "3g" } })).toBe(true);
  });
});

describe("neighbours name each other", () => {
  interface Person {
    readonly mesh: SimMesh;
    readonly naming: Naming;
    readonly heard: { channel: string; peer: NodeKey; by: NodeKey }[];
    willing: boolean;
  }
  let network: SimNetwork;
  let people = 0;

  beforeEach(() => {
    people = 0;
    network = new SimNetwork({ clock, seed: 3 });
  });

  async function arrive(...channels: string[]): Promise<Person> {
    people += 1;
    const mesh = network.createMesh(new Uint8Array(32).fill(people));
    await mesh.start();
    const heard: Person["heard"] = [];
    const introductions = new Introductions({
      self: mesh.self,
      clock,
      channels: () => channels,
      onPeers: (channel, peers, by) => {
        for (const peer of person.naming.heard(by, peers) ?? []) heard.push({ channel, peer, by });
      },
    });
    const naming = new Naming({
      mesh,
      clock,
      random: () => network.random.next(),
      log: () => undefined,
      maxPeers: 24,
      willing: () => person.willing,
      introduce: (stream, signal) => introductions.run(stream, signal),
    });
    const person: Person = { mesh, naming, heard, willing: true };
    mesh.handle(RENDEZVOUS_PROTOCOL, (stream) => naming.serve(stream));
    mesh.on("peerConnected", (peer) => naming.linked(peer));
    mesh.on("peerDisconnected", (peer) => naming.unlinked(peer));
    return person;
  }

  const names = (person: Person): string[] =>
    person.heard.map(({ channel, peer }) => `${channel} ${peer[0]}`).toSorted();

  test("those of the same channels, to both of them, also when one comes later", async () => {
    const [a, b, c] = [await arrive("here", "a"), await arrive("here", "there"), await arrive("there", "here", "c")];
    network.connect(a.mesh, b.mesh);
    await clock.advance(5 * SECOND);
    expect(names(b)).toEqual([]);
    network.connect(a.mesh, c.mesh);
    await clock.advance(5 * SECOND);
    // It takes no part in "there" itself.
    expect(new Set(names(b))).toEqual(new Set(["here 3", "there 3"]));
    expect(new Set(names(c))).toEqual(new Set(["here 2", "there 2"]));
    expect(b.heard.every(({ by }) => by === a.mesh.self)).toBe(true);
    expect([a, b, c].flatMap(({ mesh }) => mesh.reports)).toEqual([]);
  });

  test("not where the one in between does not introduce; asked again, it may have changed its mind", async () => {
    const [a, b, c] = [await arrive("here"), await arrive("here"), await arrive("here")];
    a.willing = false;
    network.connect(a.mesh, b.mesh);
    network.connect(a.mesh, c.mesh);
    await clock.advance(60 * SECOND);
    expect([...b.heard, ...c.heard]).toEqual([]);
    a.willing = true;
    await clock.advance(600 * SECOND);
    expect(new Set(names(b))).toEqual(new Set(["here 3"]));
  });

  test("not after the link is gone", async () => {
    const [a, b, c] = [await arrive("here"), await arrive("here"), await arrive("here")];
    network.connect(a.mesh, b.mesh);
    await clock.advance(5 * SECOND);
    network.disconnect(a.mesh, b.mesh);
    await clock.advance(5 * SECOND);
    network.connect(a.mesh, c.mesh);
    await clock.advance(60 * SECOND);
    expect([...b.heard, ...c.heard]).toEqual([]);
  });

  test("as many as a neighbour may name, however many it invents", async () => {
    const [liar, b] = [await arrive("here"), await arrive("here")];
    let round = 0;
    liar.mesh.handle(RENDEZVOUS_PROTOCOL, async (stream: FrameStream) => {
      const frame = await stream.read();
      if (frame === null) return;
      decodeClientFrame(frame);
      for (; round < 10; round++) {
        const peers = Array.from({ length: 128 }, (_, at) => new Uint8Array(32).fill(round).with(0, at));
        await stream.write(
          encodeServerFrame({ type: "introduce", introductions: [{ channel: channelHash("here"), peers }] }),
        );
      }
      await stream.read();
    });
    network.connect(liar.mesh, b.mesh);
    await clock.advance(10 * SECOND);
    expect(b.heard.length).toBeGreaterThanOrEqual(128);
    expect(b.heard.length).toBeLessThan(135);
  });

  test("who does not speak it is left alone, who says nonsense is reported", async () => {
    const [silent, rude, b] = [await arrive("here"), await arrive("here"), await arrive("here")];
    let asked = 0;
    silent.mesh.handle(RENDEZVOUS_PROTOCOL, async () => {
      asked += 1;
      throw new MeshError("STREAM_RESET", "no");
    });
    rude.mesh.handle(RENDEZVOUS_PROTOCOL, async (stream) => {
      await stream.read();
      await stream.write(new Uint8Array(12));
      await stream.read();
    });
    network.connect(silent.mesh, b.mesh);
    network.connect(rude.mesh, b.mesh);
    await clock.advance(120 * SECOND);
    expect(asked).toBeGreaterThan(1);
    expect(asked).toBeLessThan(8);
    expect(b.mesh.reports.map(({ code }) => code)).toContain("MALFORMED");
  });

  test("a relay's word goes as it is: it is no neighbour", async () => {
    const a = await arrive("here");
    expect(a.naming.heard(new Uint8Array(32).fill(99), [new Uint8Array(32)])).toBeNull();
  });
});
