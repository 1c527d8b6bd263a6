import { beforeEach, describe, expect, it } from "vitest";
import { initHash } from "../../src/hash/index.ts";
import type { FrameStream } from "../../src/mesh/port.ts";
import { PUB_PROTOCOL } from "../../src/mesh/protocols/index.ts";
import { decodeClientMessage, encodeServerMessage, type ClientMessage } from "../../src/mesh/protocols/pub/messages.ts";
import { hashOf, type Hash } from "../../src/wire/index.ts";
import { COMMONS, signEnvelope, signerOf, type SignedEnvelope } from "../sim/author.ts";
import { SIM_START, VirtualClock } from "../sim/clock.ts";
import type { SimMesh } from "../sim/mesh.ts";
import { SimNetwork } from "../sim/network.ts";
import { SimNode } from "../sim/node.ts";

await initHash();

let clock: VirtualClock;
let network: SimNetwork;

const AUTHORS = await Promise.all([1, 2, 3].map(signerOf));
async function sign(count: number, scopes: readonly string[] = [COMMONS], author = 0): Promise<SignedEnvelope[]> {
  const signer = AUTHORS[author] as (typeof AUTHORS)[number];
  return Promise.all(
    Array.from({ length: count }, (_, at) =>
      signEnvelope(signer, { summary: `Number ${at}`, created: SIM_START - (count - at) * 1_000, scopes }),
    ),
  );
}

beforeEach(() => {
  clock = new VirtualClock();
  network = new SimNetwork({ clock, seed: 5 });
});

describe("a client", () => {
  let node: SimNode;
  let hostile: SimMesh;
  /** Ends of the streams that the client opened. */
  let streams: FrameStream[];

  beforeEach(async () => {
    node = new SimNode(network, await signerOf(1));
    await node.start();
    hostile = network.createMesh(new Uint8Array(32).fill(9));
    await hostile.start();
    streams = [];
    return async () => {
      const stopping = node.stop();
      await clock.advance(1_000);
      await stopping;
    };
  });

  /** A server that answers the subscription and then does as the test says. */
  function pretend(script: (stream: FrameStream, generation: number) => Promise<void>): void {
    hostile.handle(PUB_PROTOCOL, async (stream) => {
      streams.push(stream);
      const message = await listen(stream);
      if (message.kind !== "subscribe") throw new Error(message.kind);
      await stream.write(
        encodeServerMessage({
          kind: "welcome",
          generation: message.generation,
          epoch: new Uint8Array(8).fill(streams.length),
        }),
      );
      await script(stream, message.generation);
      while ((await stream.read()) !== null);
    });
    network.connect(node.mesh, hostile);
  }

  async function listen(stream: FrameStream): Promise<ClientMessage> {
    const frame = await stream.read();
    if (frame === null) throw new Error("The stream ended.");
    return decodeClientMessage(frame);
  }

  const have = (generation: number, cursor: number, hashes: readonly Hash[]): Uint8Array =>
    encodeServerMessage({ kind: "have", generation, cursor, hashes });
  const envelopes = (items: readonly Uint8Array[], last = true): Uint8Array =>
    encodeServerMessage({ kind: "envelopes", last, envelopes: items });
  const noise = (at: number): Hash => new Uint8Array(32).fill(at & 0xff);
  const reports = (): string[] => node.mesh.reports.map((report) => report.code);

  it("refuses an envelope with another hash than the one wanted", async () => {
    const [wanted, other] = (await sign(2)) as [SignedEnvelope, SignedEnvelope];
    pretend(async (stream, generation) => {
      await stream.write(have(generation, 1, [wanted.hash]));
      await listen(stream);
      await stream.write(envelopes([other.bytes]));
    });
    await clock.until(() => node.mesh.reports.length > 0);
    expect(reports()).toEqual(["BAD_HASH"]);
    expect(node.store.envelopes.size).toBe(0);
  });

  it("does not store what is forged, and takes the cursor all the same", async () => {
    const [good, forged] = (await sign(2)) as [SignedEnvelope, SignedEnvelope];
    const broken = Uint8Array.from(forged.bytes);
    broken[broken.length - 1] = (broken.at(-1) ?? 0) ^ 1;
    pretend(async (stream, generation) => {
      await stream.write(have(generation, 5, [good.hash, hashOf(broken)]));
      await listen(stream);
      await stream.write(envelopes([broken, good.bytes]));
      await stream.write(encodeServerMessage({ kind: "caughtUp", generation, cursor: 5 }));
    });
    await clock.until(() => node.pubClient.caughtUp().length === 1);
    expect(node.holds(good.hash)).toBe(true);
    expect(node.store.envelopes.size).toBe(1);
    expect(reports()).toEqual(["SIGNATURE_INVALID"]);
  });

  it("counts envelopes that it never asked for", async () => {
    const [elsewhere] = (await sign(1, ["g:asia/jp/tokyo"])) as [SignedEnvelope];
    const [unscoped] = (await sign(1, [])) as [SignedEnvelope];
    pretend(async (stream, generation) => {
      for (const { bytes } of [elsewhere, unscoped]) {
        await stream.write(encodeServerMessage({ kind: "push", generation, cursor: 1, bytes }));
      }
    });
    await clock.until(() => node.mesh.reports.length === 2);
    expect(reports()).toEqual(["UNSOLICITED", "UNSCOPED"]);
    expect(node.store.envelopes.size).toBe(0);
  });

  it.each([
    ["garbage", () => Uint8Array.of(1, 2, 3), "MALFORMED"],
    ["an oversized frame", () => new Uint8Array(100_000), "MALFORMED"],
    ["envelopes that nobody wants", () => envelopes([Uint8Array.of(1)]), "VIOLATION"],
    [
      "a welcome to what was not asked",
      () => encodeServerMessage({ kind: "welcome", generation: 99, epoch: new Uint8Array(8) }),
      "VIOLATION",
    ],
  ])("parts from a server that sends %s", async (_name, frame, code) => {
    pretend(async (stream) => stream.write(frame()));
    await clock.until(() => node.mesh.reports.length > 0);
    expect(reports()).toEqual([code]);
  });

  it("parts from one that says of what was asked for in no place where it started", async () => {
    const [held] = (await sign(1)) as [SignedEnvelope];
    await node.hold([held]);
    pretend(async (stream, generation) => {
      const hashes = [held.hash];
      const starts = [{ at: 0, ranks: [0] }];
      await stream.write(encodeServerMessage({ kind: "have", generation, cursor: 1, hashes, starts }));
    });
    node.pubClient.subscribe([{ target: { kind: "node", key: held.envelope.author }, mode: "push" }]);
    await clock.until(() => node.mesh.reports.length > 0);
    expect(reports()).toEqual(["VIOLATION"]);
  });

  it("parts from one that announces more than the window", async () => {
    pretend(async (stream, generation) => {
      // Nothing is read, so nothing is answered.
      for (let at = 0; at < 6; at++) await stream.write(have(generation, at, [noise(at)]));
    });
    await clock.until(() => node.mesh.reports.length > 0);
    expect(reports()).toEqual(["VIOLATION"]);
  });

  it("parts from one that pushes more than was granted", async () => {
    const pushed = await sign(70);
    // Checking takes a second, so nothing is granted again meanwhile.
    const commit = node.store.commit.bind(node.store);
    node.store.commit = async (...parameters) => {
      await new Promise<void>((resolve) => void clock.after(1_000, resolve));
      return commit(...parameters);
    };
    pretend(async (stream, generation) => {
      for (const { bytes } of pushed) {
        await stream.write(encodeServerMessage({ kind: "push", generation, cursor: 1, bytes }));
      }
    });
    await clock.until(() => node.mesh.reports.length > 0);
    expect(reports()).toEqual(["VIOLATION"]);
  });

  it("parts from one that announces what it never delivers", async () => {
    pretend(async (stream, generation) => {
      for (let at = 1; ; at++) {
        await stream.write(have(generation, at, [noise(at)]));
        if ((await listen(stream)).kind !== "want") return;
        await stream.write(envelopes([]));
      }
    });
    await clock.until(() => node.mesh.reports.length > 0);
    expect(reports()).toEqual(["VIOLATION"]);
  });

  it("reads no faster than it wants to, whatever is sent", async () => {
    let sent = 0;
    pretend(async (stream, generation) => {
      for (;;) {
        await stream.write(encodeServerMessage({ kind: "caughtUp", generation, cursor: 1 }));
        sent++;
      }
    });
    await clock.advance(10_000);
    // What the transport holds, at 5 bytes a frame, the burst and the rate.
    expect(sent).toBeLessThan(262_144 / 5 + 1_024 + 256 * 10 + 100);
    expect(node.store.envelopes.size).toBe(0);
  });

  it("gets from another what a slow server keeps to itself", async () => {
    const shared = await sign(50);
    const honest = new SimNode(network, await signerOf(2));
    await honest.start();
    await honest.hold(shared);
    pretend(async (stream, generation) => {
      await stream.write(
        have(
          generation,
          1,
          shared.map(({ hash }) => hash),
        ),
      );
      // And then nothing.
    });
    await clock.advance(500);
    network.connect(node.mesh, honest.mesh);
    const started = clock.now();
    await clock.until(() => shared.every(({ hash }) => node.holds(hash)));
    expect(clock.now() - started).toBeLessThan(6_000);
    // The slow one is given up, and asked again later.
    await clock.until(() => streams.length > 1);
    const stopping = honest.stop();
    await clock.advance(1_000);
    await stopping;
  });

  it("remembers where it was, and starts over in another store of the same server", async () => {
    const asked: number[] = [];
    // Epoch and cursor that the server names in its first, second, ... life.
    const lives = [
      [4, 41],
      [4, 50],
      [5, 3],
      [5, 6],
    ] as const;
    hostile.handle(PUB_PROTOCOL, async (stream) => {
      const message = await listen(stream);
      if (message.kind !== "subscribe") throw new Error(message.kind);
      const { generation, subscriptions } = message;
      const [epoch, cursor] = lives[asked.length] as (typeof lives)[number];
      asked.push(subscriptions[0]?.since ?? -1);
      await stream.write(encodeServerMessage({ kind: "welcome", generation, epoch: new Uint8Array(8).fill(epoch) }));
      await stream.write(encodeServerMessage({ kind: "caughtUp", generation, cursor }));
      await stream.read();
    });
    for (const _life of lives) {
      network.connect(node.mesh, hostile);
      await clock.until(() => node.pubClient.caughtUp().length === 1);
      network.disconnect(node.mesh, hostile);
      await clock.advance(100);
    }
    expect(asked).toEqual([0, 41, 50, 3]);
  });

  it("stays under what a transport takes unread, when it has no flow control of its own", async () => {
    // Data channels report room although the other side does not read; 4 MiB unread end the stream (measured).
    network = new SimNetwork({ clock, seed: 6, streams: { window: Number.POSITIVE_INFINITY } });
    const [giving, taking] = [new SimNode(network, await signerOf(3)), new SimNode(network, await signerOf(4))];
    await giving.start();
    await taking.start();
    await giving.hold(await sign(3_000));
    // A disk that takes half a second for every write.
    const commit = taking.store.commit.bind(taking.store);
    taking.store.commit = async (...parameters) => {
      await new Promise<void>((resolve) => void clock.after(500, resolve));
      return commit(...parameters);
    };
    taking.follow((AUTHORS[0] as (typeof AUTHORS)[number]).publicKey);
    network.connect(giving.mesh, taking.mesh);
    await clock.until(() => taking.store.envelopes.size === 3_000);
    expect(taking.errors).toEqual([]);
    for (const stopped of [giving, taking]) {
      const stopping = stopped.stop();
      await clock.advance(2_000);
      await stopping;
    }
  });
});
