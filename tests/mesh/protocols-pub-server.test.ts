import { beforeEach, describe, expect, it } from "vitest";
import { initHash } from "../../src/hash/index.ts";
import type { FrameStream } from "../../src/mesh/port.ts";
import { EVERY_SCOPED, PUB_PROTOCOL, servePub, type PubServer } from "../../src/mesh/protocols/index.ts";
import {
  decodeServerMessage,
  encodeClientMessage,
  type ClientMessage,
  type RequestedSubscription,
  type ServerMessage,
} from "../../src/mesh/protocols/pub/messages.ts";
import { createMemoryStore, type Store } from "../../src/store/index.ts";
import { channelOf, hashOf, scopeFromKey, toHex, type Hash, type NodeKey } from "../../src/wire/index.ts";
import { COMMONS, signEnvelope, signerOf, type SignedEnvelope } from "../sim/author.ts";
import { SIM_START, VirtualClock } from "../sim/clock.ts";
import type { SimMesh } from "../sim/mesh.ts";
import { SimNetwork } from "../sim/network.ts";

await initHash();

let clock: VirtualClock;
let network: SimNetwork;

const AUTHORS = await Promise.all([1, 2, 3].map(signerOf));
const commons: RequestedSubscription = {
  target: { kind: "scope", scope: scopeFromKey(COMMONS), match: "exact" },
  mode: "push",
  since: 0,
};

async function sign(count: number, scopes: readonly string[] = [COMMONS], author = 0): Promise<SignedEnvelope[]> {
  const signer = AUTHORS[author] as (typeof AUTHORS)[number];
  return Promise.all(
    Array.from({ length: count }, (_, at) =>
      signEnvelope(signer, { summary: `Number ${at}`, created: SIM_START - (count - at) * 1_000, scopes }),
    ),
  );
}

async function outcome<Value>(call: Promise<Value>): Promise<Value | string> {
  const results: (Value | string)[] = [];
  call.then(
    (value) => results.push(value),
    (error: unknown) => results.push(error instanceof Error && "code" in error ? String(error.code) : String(error)),
  );
  await clock.until(() => results.length > 0);
  return results[0] as Value | string;
}

beforeEach(() => {
  clock = new VirtualClock();
  network = new SimNetwork({ clock, seed: 5 });
});

describe("a server", () => {
  let store: Store;
  let server: PubServer;
  let taken: string[];
  let serving: SimMesh;
  let reading: SimMesh;
  let stream: FrameStream;

  beforeEach(async () => {
    serving = network.createMesh(new Uint8Array(32).fill(1));
    reading = network.createMesh(new Uint8Array(32).fill(2));
    await serving.start();
    await reading.start();
    network.connect(reading, serving);
    store = createMemoryStore({ randomBytes: (length) => network.random.bytes(length) });
    taken = [];
    const onTaken = (hash: Hash, by: NodeKey): number => taken.push(`${toHex(hash)} ${toHex(by)}`);
    server = servePub({ mesh: serving, library: store, audience: EVERY_SCOPED, clock, onTaken });
    stream = await open(reading);
    return () => server.stop();
  });

  async function open(from: SimMesh): Promise<FrameStream> {
    return (await outcome(from.openStream(serving.self, PUB_PROTOCOL))) as FrameStream;
  }

  async function say(message: ClientMessage): Promise<void> {
    await stream.write(encodeClientMessage(message));
  }

  async function hear(): Promise<ServerMessage> {
    const frame = await outcome(stream.read());
    if (!(frame instanceof Uint8Array)) throw new Error(String(frame));
    return decodeServerMessage(frame);
  }

  async function subscribe(...subscriptions: RequestedSubscription[]): Promise<void> {
    await say({ kind: "subscribe", generation: 1, epoch: store.epoch, subscriptions });
    expect(await hear()).toEqual({ kind: "welcome", generation: 1, epoch: store.epoch });
  }

  /** Reads announcements, turning them all down, until the server has caught up. */
  async function announced(): Promise<{ hashes: string[]; cursors: number[] }> {
    const hashes: string[] = [];
    const cursors: number[] = [];
    for (;;) {
      const message = await hear();
      if (message.kind === "caughtUp") return { hashes, cursors: [...cursors, message.cursor] };
      if (message.kind !== "have") throw new Error(message.kind);
      hashes.push(...message.hashes.map(toHex));
      cursors.push(message.cursor);
      await say({ kind: "want", more: false, hashes: [] });
    }
  }

  function arrive(envelopes: readonly SignedEnvelope[], from: NodeKey | null, channel: string | null = null): void {
    server.arrived(envelopes.map((envelope) => ({ ...envelope, from, channel })));
  }

  it("announces in order of arrival, from the cursor on", async () => {
    const envelopes = await sign(10);
    for (const envelope of envelopes) await store.commit({ envelopes: [envelope] });
    const third = store.envelopes.row((envelopes[2] as SignedEnvelope).hash)?.seq as number;
    await subscribe({ ...commons, since: third });
    const { cursors, hashes } = await announced();
    expect(hashes).toEqual(envelopes.slice(3).map(({ hash }) => toHex(hash)));
    expect(cursors).toEqual([store.envelopes.lastSeq, store.envelopes.lastSeq]);
  });

  it("takes a cursor of another store, or from beyond the end, for none", async () => {
    await store.commit({ envelopes: await sign(5) });
    const subscriptions = [{ ...commons, since: 3 }];
    await say({ kind: "subscribe", generation: 1, epoch: new Uint8Array(8).fill(9), subscriptions });
    await hear();
    expect((await announced()).hashes).toHaveLength(5);
    await say({ kind: "subscribe", generation: 2, epoch: store.epoch, subscriptions: [{ ...commons, since: 99 }] });
    await hear();
    // Announced before on this stream and turned down: the subscriber has them.
    expect((await announced()).cursors).toEqual([5]);
  });

  it("joins subscriptions of different cursors, each from its own place", async () => {
    const groups = await Promise.all([0, 1, 2].map((author) => sign(20, ["g:europe/nl"], author)));
    const mixed = network.random.shuffled(groups.flat());
    for (const envelope of mixed) await store.commit({ envelopes: [envelope] });
    const since = [7, 0, 33];
    const targets = AUTHORS.map((signer, at) => ({
      target: { kind: "node", key: signer.publicKey } as const,
      mode: "push" as const,
      since: since[at] as number,
    }));
    await subscribe(...targets);
    const expected = mixed.filter((envelope, at) => {
      const author = AUTHORS.findIndex(({ publicKey }) => toHex(publicKey) === toHex(envelope.envelope.author));
      return at + 1 > (since[author] as number);
    });
    expect((await announced()).hashes).toEqual(expected.map(({ hash }) => toHex(hash)));
  });

  it("rounds many different cursors down, so that nothing is left out", async () => {
    const envelopes = await sign(60);
    for (const envelope of envelopes) await store.commit({ envelopes: [envelope] });
    const targets = Array.from({ length: 60 }, (_, at) => ({
      target: { kind: "node", key: new Uint8Array(32).fill(at) } as const,
      mode: "push" as const,
      since: at,
    }));
    await subscribe(...targets, { ...commons, since: 41 });
    const { hashes } = await announced();
    expect(hashes).toEqual(expect.arrayContaining(envelopes.slice(41).map(({ hash }) => toHex(hash))));
    expect(hashes.length).toBeLessThanOrEqual(19 + 4);
  });

  it("matches a scope exactly, or with everything below it", async () => {
    const scopes = ["g:europe/nl", "g:europe/nl/utrecht", "g:europe/nlx", "t:gaming", "t:gaming/pokemon"];
    const envelopes = (await Promise.all(scopes.map((scope) => sign(1, [scope])))).flat();
    await store.commit({ envelopes });
    const at = (key: string): string => toHex((envelopes[scopes.indexOf(key)] as SignedEnvelope).hash);
    const target = (key: string, match: "exact" | "prefix"): RequestedSubscription => ({
      target: { kind: "scope", scope: scopeFromKey(key), match },
      mode: "push",
      since: 0,
    });
    await subscribe(target("g:europe/nl", "prefix"), target("t:gaming", "exact"));
    expect((await announced()).hashes.sort()).toEqual(
      [at("g:europe/nl"), at("g:europe/nl/utrecht"), at("t:gaming")].sort(),
    );
  });

  it("sends what is wanted, in frames of at most 64 KiB, and leaves out what it lost", async () => {
    const envelopes = await sign(300);
    await store.commit({ envelopes });
    await subscribe(commons);
    const have = await hear();
    if (have.kind !== "have") throw new Error(have.kind);
    await store.commit({ removeEnvelopes: [(envelopes[5] as SignedEnvelope).hash] });
    await say({ kind: "want", more: false, hashes: have.hashes });
    const got: string[] = [];
    for (let last = false; !last;) {
      const message = await hear();
      if (message.kind === "caughtUp") continue;
      if (message.kind !== "envelopes") throw new Error(message.kind);
      got.push(...message.envelopes.map((bytes) => toHex(hashOf(bytes))));
      expect(message.envelopes.reduce((sum, bytes) => sum + bytes.length, 0)).toBeLessThanOrEqual(65_536);
      last = message.last;
    }
    expect(got).toEqual(envelopes.filter((_, at) => at !== 5).map(({ hash }) => toHex(hash)));
  });

  it("keeps no more than four announcements open", async () => {
    await store.commit({ envelopes: await sign(4_000) });
    await subscribe(commons);
    for (let at = 0; at < 4; at++) expect((await hear()).kind).toBe("have");
    let more = false;
    void stream.read().then(() => (more = true));
    await clock.advance(10_000);
    expect(more).toBe(false);
    await say({ kind: "want", more: false, hashes: [] });
    await clock.until(() => more);
  });

  it("pushes what arrives, but not to whom it came from", async () => {
    await subscribe(commons);
    await announced();
    const [theirs, others] = await sign(2);
    await store.commit({ envelopes: [theirs as SignedEnvelope, others as SignedEnvelope] });
    arrive([theirs as SignedEnvelope], reading.self);
    arrive([others as SignedEnvelope], serving.self);
    expect(await hear()).toEqual({ kind: "push", generation: 1, cursor: 2, bytes: (others as SignedEnvelope).bytes });
  });

  it("leaves to gossip what the subscriber hears there, and announces it later", async () => {
    const channel = channelOf(scopeFromKey(COMMONS));
    reading.join(channel);
    await clock.advance(1_000);
    await subscribe(commons);
    await announced();
    const [envelope] = (await sign(1)) as [SignedEnvelope];
    await store.commit({ envelopes: [envelope] });
    arrive([envelope], null, channel);
    const started = clock.now();
    expect(await hear()).toEqual({ kind: "have", generation: 1, cursor: 1, hashes: [envelope.hash] });
    expect(clock.now() - started).toBeGreaterThanOrEqual(3_000);
  });

  it("does not tell of what the subscriber told of first, and says later how far it is", async () => {
    const channel = channelOf(scopeFromKey(COMMONS));
    reading.join(channel);
    await clock.advance(1_000);
    await subscribe(commons);
    await announced();
    const [envelope] = (await sign(1)) as [SignedEnvelope];
    await store.commit({ envelopes: [envelope] });
    arrive([envelope], null, channel);
    await clock.advance(1_000);
    expect(taken).toEqual([]);
    server.holds(reading.self, [envelope.hash]);
    expect(taken).toEqual([`${toHex(envelope.hash)} ${toHex(reading.self)}`]);
    const frame = stream.read();
    await clock.advance(610_000);
    const message = decodeServerMessage((await frame) as Uint8Array);
    expect(message).toEqual({ kind: "caughtUp", generation: 1, cursor: 1 });
  });

  it("tells of what the subscriber wrote, whoever told of it: another device of the same identity may lack it", async () => {
    const [own] = (await sign(1)) as [SignedEnvelope];
    const device = network.createMesh(own.envelope.author);
    await device.start();
    network.connect(device, serving);
    stream = await open(device);
    await subscribe(commons);
    await announced();
    await store.commit({ envelopes: [own] });
    server.holds(device.self, [own.hash]);
    arrive([own], serving.self);
    expect(await hear()).toMatchObject({ kind: "push", bytes: own.bytes });
  });

  it("tells a device that has just taken over of what came from its key: another one may have written it", async () => {
    const [own, later] = (await sign(2)) as [SignedEnvelope, SignedEnvelope];
    const [others] = (await sign(1, [COMMONS], 1)) as [SignedEnvelope];
    const device = network.createMesh(own.envelope.author);
    await device.start();
    network.connect(device, serving);
    await open(device);
    stream = await open(device);
    await subscribe(commons);
    await announced();
    await store.commit({ envelopes: [own] });
    arrive([own], device.self);
    expect(await hear()).toMatchObject({ kind: "push", bytes: own.bytes });
    await clock.advance(60_001);
    await store.commit({ envelopes: [later, others] });
    arrive([later], device.self);
    arrive([others], serving.self);
    expect(await hear()).toMatchObject({ kind: "push", bytes: others.bytes });
  });

  it("waits for longer than the one with the lower key, so that one of two tells the other", async () => {
    const channel = channelOf(scopeFromKey(COMMONS));
    const higher = network.createMesh(new Uint8Array(32).fill(3));
    await higher.start();
    network.connect(reading, higher);
    const other = servePub({ mesh: higher, library: store, audience: EVERY_SCOPED, clock });
    for (const each of [reading, serving, higher]) each.join(channel);
    await clock.advance(1_000);
    stream = (await outcome(reading.openStream(higher.self, PUB_PROTOCOL))) as FrameStream;
    await subscribe(commons);
    await announced();
    const [envelope] = (await sign(1)) as [SignedEnvelope];
    await store.commit({ envelopes: [envelope] });
    other.arrived([{ ...envelope, from: null, channel }]);
    const started = clock.now();
    expect((await hear()).kind).toBe("have");
    expect(clock.now() - started).toBeGreaterThanOrEqual(6_000);
    other.stop();
  });

  it("tells of what was stored without its being told of, too", async () => {
    await subscribe(commons);
    await announced();
    const [silent, told] = (await sign(2)) as [SignedEnvelope, SignedEnvelope];
    await store.commit({ envelopes: [silent] });
    await store.commit({ envelopes: [told] });
    arrive([told], serving.self);
    expect(await hear()).toEqual({ kind: "have", generation: 1, cursor: 2, hashes: [silent.hash, told.hash] });
  });

  it("does not move the cursor over what it left to gossip", async () => {
    const channel = channelOf(scopeFromKey(COMMONS));
    reading.join(channel);
    await clock.advance(1_000);
    await subscribe(commons);
    await announced();
    const [first, second] = (await sign(2)) as [SignedEnvelope, SignedEnvelope];
    await store.commit({ envelopes: [first, second] });
    arrive([first], null, channel);
    arrive([second], null, null);
    expect(await hear()).toMatchObject({ kind: "push", cursor: 0, bytes: second.bytes });
    expect(await hear()).toMatchObject({ kind: "have", cursor: 2, hashes: [first.hash] });
  });

  it("stops pushing when the subscriber grants no more, and announces instead", async () => {
    await subscribe(commons);
    await announced();
    const envelopes = await sign(80);
    const kinds: string[] = [];
    for (const envelope of envelopes) {
      await store.commit({ envelopes: [envelope] });
      arrive([envelope], serving.self);
      await clock.advance(100);
    }
    const heard = new Set<string>();
    while (heard.size < 80) {
      const message = await hear();
      kinds.push(message.kind);
      if (message.kind === "push") heard.add(toHex(hashOf(message.bytes)));
      if (message.kind !== "have") continue;
      for (const hash of message.hashes) heard.add(toHex(hash));
      await say({ kind: "want", more: false, hashes: [] });
    }
    expect(kinds.filter((kind) => kind === "push")).toHaveLength(64);
    await say({ kind: "credit", count: 16 });
    await clock.advance(1_000);
    const [later] = (await sign(1, [COMMONS], 1)) as [SignedEnvelope];
    await store.commit({ envelopes: [later] });
    arrive([later], serving.self);
    expect((await hear()).kind).toBe("push");
  });

  it("refuses modes that it does not serve, and keeps the set in force", async () => {
    await subscribe(commons);
    await announced();
    const subscriptions = [{ ...commons, mode: "unknown" as const }];
    await say({ kind: "subscribe", generation: 2, epoch: null, subscriptions });
    expect(await hear()).toEqual({ kind: "refused", generation: 2, code: "UNSUPPORTED_MODE" });
    const [envelope] = (await sign(1)) as [SignedEnvelope];
    await store.commit({ envelopes: [envelope] });
    arrive([envelope], serving.self);
    expect(await hear()).toMatchObject({ kind: "push", generation: 1 });
  });

  describe("with a hostile client", () => {
    const many = (count: number): RequestedSubscription[] =>
      Array.from({ length: count }, (_, at) => ({
        target: { kind: "node", key: new Uint8Array(32).fill(at & 0xff) },
        mode: "push",
        since: 0,
      }));

    async function cutOff(code: string): Promise<void> {
      await clock.until(() => server.subscribers === 0);
      expect(serving.reports.map((report) => report.code)).toEqual([code]);
    }

    it("reports 10,000 subscriptions", async () => {
      // The frame is too long for the protocol, and shorter ones hold too many.
      await stream.write(Uint8Array.of(0x84, 1, 1, 0xf6, 0x99, 0x27, 0x10));
      await cutOff("MALFORMED");
    });

    it("serves 1,024 at once, and again only as fast as a person changes them", async () => {
      await store.commit({ envelopes: await sign(1) });
      const started = clock.now();
      for (let generation = 1; generation <= 20; generation++) {
        // Not awaited: there is room for the next only when the server has taken this one.
        void say({ kind: "subscribe", generation, epoch: null, subscriptions: [...many(1_023), commons] });
      }
      for (;;) {
        const message = await hear();
        if (message.kind === "caughtUp" && message.generation === 20) break;
        if (message.kind === "have") void say({ kind: "want", more: false, hashes: [] });
      }
      // Ten at once, then one every five seconds.
      expect(clock.now() - started).toBeGreaterThan(45_000);
    });

    it("reports a want for what was not announced, or announced before", async () => {
      const envelopes = await sign(2);
      await store.commit({ envelopes });
      await subscribe(commons);
      await hear();
      const hashes = [(envelopes[0] as SignedEnvelope).hash];
      await say({ kind: "want", more: true, hashes });
      await say({ kind: "want", more: true, hashes });
      await cutOff("VIOLATION");
    });

    it("cuts off one who never reads, having buffered next to nothing for it", async () => {
      await store.commit({ envelopes: await sign(4_000) });
      const have = subscribe(commons).then(() => hear());
      const first = (await outcome(have)) as Extract<ServerMessage, { kind: "have" }>;
      // Asks for everything, over and over, and reads none of it.
      await say({ kind: "want", more: false, hashes: first.hashes });
      await clock.advance(1_000);
      const before = reading.links()[0]?.bytesIn ?? 0;
      for (let at = 0; at < 100; at++) {
        const [envelope] = (await sign(1, [COMMONS], 1)) as [SignedEnvelope];
        arrive([envelope], serving.self);
      }
      await clock.advance(300_000);
      expect((reading.links()[0]?.bytesIn ?? 0) - before).toBeLessThan(400_000);
    });

    it("replaces a stream by the newer one of the same peer", async () => {
      await subscribe(commons);
      const older = stream;
      stream = await open(reading);
      await subscribe(commons);
      expect(server.subscribers).toBe(1);
      expect(await outcome(drained(older))).toBe("STREAM_RESET");
      expect(serving.reports).toEqual([]);
    });

    async function drained(old: FrameStream): Promise<void> {
      while ((await old.read()) !== null);
    }
  });
});
