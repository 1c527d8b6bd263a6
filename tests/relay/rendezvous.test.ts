import { encode } from "cborg";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RENDEZVOUS_LIMITS, RendezvousClient, RendezvousRefused, channelHash } from "../../src/mesh/rendezvous.ts";
import {
  decodeClientFrame,
  decodeServerFrame,
  encodeClientFrame,
  encodeServerFrame,
} from "../../src/mesh/rendezvous-messages.ts";
import { RendezvousServer } from "../../src/mesh/rendezvous-server.ts";
import { toHex } from "../../src/wire/index.ts";
import { VirtualClock, framePair, key, seededRandom, settle } from "./memory.ts";

const HOME = "mehr/1/g/cyberspace/commons";
const TOPIC = "mehr/1/t/gaming/pokemon";
const SERVER = key(0xffff);

function setUp(maxPeers?: number) {
  const clock = new VirtualClock();
  const server = new RendezvousServer({
    clock,
    random: seededRandom(7),
    ...(maxPeers === undefined ? {} : { maxPeers }),
  });

  /** The server's end and ours of one stream; what the handler ended with. */
  function open(n: number) {
    const { atA: ours, atB: theirs } = framePair(key(n), SERVER);
    const handled = server.handle(theirs).then(
      () => "ended" as const,
      (error: unknown) => {
        theirs.abort(error instanceof Error ? error : new Error(String(error)));
        return error;
      },
    );
    return { ours, theirs, handled };
  }

  async function join(n: number, channels: readonly string[]) {
    const { ours, theirs, handled } = open(n);
    const seen = new Map<string, Set<string>>();
    const client = new RendezvousClient(ours, {
      self: key(n),
      clock,
      onPeers(channel, peers) {
        const known = seen.get(channel) ?? new Set();
        for (const peer of peers) known.add(toHex(peer));
        seen.set(channel, known);
      },
    });
    const stop = new AbortController();
    const ended = client.run(stop.signal).then(
      () => null,
      (error: unknown) => error,
    );
    client.setChannels(channels);
    await clock.advance(0);
    const peers = (channel: string): string[] => [...(seen.get(channel) ?? [])].toSorted();
    return { client, stop, ended, handled, peers, ours, theirs };
  }

  return { clock, server, open, join };
}

const hexOf = (...numbers: number[]): string[] => numbers.map((n) => toHex(key(n))).toSorted();

describe("introductions", () => {
  test("a newcomer hears of those who are there, and they of the newcomer", async () => {
    const { clock, join } = setUp();
    const first = await join(1, [HOME]);
    const second = await join(2, [HOME, TOPIC]);
    const third = await join(3, [TOPIC]);
    await clock.advance(1_000);
    expect(first.peers(HOME)).toEqual(hexOf(2));
    expect(second.peers(HOME)).toEqual(hexOf(1));
    expect(second.peers(TOPIC)).toEqual(hexOf(3));
    expect(third.peers(TOPIC)).toEqual(hexOf(2));
    expect(third.peers(HOME)).toEqual([]);
  });

  test("nobody is introduced who has left", async () => {
    const { clock, server, join } = setUp();
    const first = await join(1, [HOME]);
    first.stop.abort();
    expect(await first.ended).toBeNull();
    await clock.advance(0);
    expect(server.status()).toEqual({ peers: 0, channels: 0 });
    const second = await join(2, [HOME]);
    await clock.advance(1_000);
    expect(second.peers(HOME)).toEqual([]);
  });

  test("a channel that is no longer wanted brings nobody", async () => {
    const { clock, join } = setUp();
    const first = await join(1, [HOME]);
    first.client.setChannels([TOPIC]);
    await clock.advance(5_000);
    const second = await join(2, [HOME]);
    await clock.advance(5_000);
    expect(second.peers(HOME)).toEqual([]);
    expect(first.peers(HOME)).toEqual([]);
  });

  test("a crowd is sampled: at most 16 a channel, and everybody is told of somebody", async () => {
    const { clock, join } = setUp();
    const crowd = [];
    for (let n = 1; n <= 60; n++) crowd.push(await join(n, [HOME]));
    const last = await join(100, [HOME]);
    expect(last.peers(HOME)).toHaveLength(RENDEZVOUS_LIMITS.maxPeersPerChannel);
    await clock.advance(1_000);
    const told = crowd.filter((member) => member.peers(HOME).includes(toHex(key(100))));
    expect(told).toHaveLength(RENDEZVOUS_LIMITS.maxPeersPerChannel);
    expect(crowd.every((member) => member.peers(HOME).length > 0)).toBe(true);
  });

  test("newcomers are pushed together, at most every half second", async () => {
    const { clock, open, join } = setUp();
    const { ours } = open(1);
    await ours.write(encodeClientFrame({ type: "register", ttl: 300_000, channels: [channelHash(HOME)] }));
    expect(decodeServerFrame((await ours.read()) ?? new Uint8Array())).toMatchObject({ type: "answer" });
    await join(2, [HOME]);
    expect(decodeServerFrame((await ours.read()) ?? new Uint8Array())).toMatchObject({
      type: "introduce",
      introductions: [{ peers: [key(2)] }],
    });
    await join(3, [HOME]);
    await join(4, [HOME]);
    let frame: Uint8Array | null = null;
    const next = ours.read().then((bytes) => {
      frame = bytes;
    });
    await clock.advance(400);
    expect(frame).toBeNull();
    await clock.advance(200);
    await next;
    expect(decodeServerFrame(frame ?? new Uint8Array())).toMatchObject({
      introductions: [{ peers: [key(3), key(4)] }],
    });
  });
});

describe("registrations", () => {
  test("live as long as the client refreshes them, and end with the connection that went silent", async () => {
    const { clock, server, open, join } = setUp();
    const client = await join(1, [HOME]);
    const silent = open(2);
    await silent.ours.write(encodeClientFrame({ type: "register", ttl: 60_000, channels: [channelHash(HOME)] }));
    await clock.advance(59_000);
    expect(server.status().peers).toBe(2);
    await clock.advance(2_000);
    expect(server.status().peers).toBe(1);
    expect(await silent.handled).toMatchObject({ code: "TIMEOUT" });
    await clock.advance(3_600_000);
    expect(server.status().peers).toBe(1);
    client.stop.abort();
    await client.ended;
  });

  test("the time asked for is held within the limits", async () => {
    const { open } = setUp();
    const granted = async (n: number, ttl: number): Promise<unknown> => {
      const { ours } = open(n);
      await ours.write(encodeClientFrame({ type: "register", ttl, channels: [] }));
      return decodeServerFrame((await ours.read()) ?? new Uint8Array());
    };
    expect(await granted(1, 0)).toMatchObject({ ttl: RENDEZVOUS_LIMITS.minTtl });
    expect(await granted(2, Number.MAX_SAFE_INTEGER)).toMatchObject({ ttl: RENDEZVOUS_LIMITS.maxTtl });
  });

  test("two devices of one identity are both told of others, and others of them once; never of themselves", async () => {
    const { clock, server, join } = setUp();
    const phone = await join(1, [HOME]);
    const laptop = await join(1, [HOME]);
    const other = await join(2, [HOME]);
    await clock.advance(1_000);
    expect(server.status().peers).toBe(2);
    for (const device of [phone, laptop]) expect(device.peers(HOME)).toEqual(hexOf(2));
    expect(other.peers(HOME)).toEqual(hexOf(1));
    phone.stop.abort();
    expect(await phone.ended).toBeNull();
    expect(server.status().peers).toBe(2);
    laptop.stop.abort();
    expect(await laptop.ended).toBeNull();
    await clock.advance(0);
    expect(server.status().peers).toBe(1);
  });

  test("a third stream of a peer takes the place of the first", async () => {
    const { clock, server, join } = setUp();
    const first = await join(1, [HOME]);
    const second = await join(1, [HOME]);
    const again = await join(1, [HOME]);
    const other = await join(2, [HOME]);
    await clock.advance(1_000);
    expect(server.status().peers).toBe(2);
    expect(await first.ended).toMatchObject({ code: "STREAM_RESET" });
    for (const device of [second, again]) expect(device.peers(HOME)).toEqual(hexOf(2));
    expect(other.peers(HOME)).toEqual(hexOf(1));
  });

  test("a full relay says so, and has room again when somebody leaves", async () => {
    const { clock, join } = setUp(1);
    const first = await join(1, [HOME]);
    const refused = await join(2, [HOME]);
    const error = await refused.ended;
    expect(error).toBeInstanceOf(RendezvousRefused);
    expect(error).toMatchObject({ code: "RENDEZVOUS_FULL" });
    first.stop.abort();
    await first.ended;
    await clock.advance(0);
    const third = await join(3, [HOME]);
    await clock.advance(1_000);
    third.stop.abort();
    expect(await third.ended).toBeNull();
  });

  test("a client that changes its mind all the time stays within its rate", async () => {
    const { clock, join } = setUp();
    const client = await join(1, [HOME]);
    for (let n = 0; n < 200; n++) {
      client.client.setChannels([`mehr/1/t/topic${n}`]);
      await clock.advance(100);
    }
    client.stop.abort();
    expect(await client.ended).toBeNull();
  });

  test("a peer that registers without end is refused, and a new stream does not help it", async () => {
    const { open } = setUp();
    const flood = async (): Promise<unknown> => {
      const { ours, handled } = open(1);
      for (let n = 0; n < 20; n++) {
        await ours.write(encodeClientFrame({ type: "register", ttl: 60_000, channels: [] }));
      }
      await handled;
      let last: Uint8Array | null = null;
      for (let bytes = await ours.read(); bytes !== null; bytes = await ours.read()) last = bytes;
      return decodeServerFrame(last ?? new Uint8Array());
    };
    expect(await flood()).toEqual({ type: "refuse", code: "RENDEZVOUS_RATE" });
    expect(await flood()).toEqual({ type: "refuse", code: "RENDEZVOUS_RATE" });
  });

  test("a peer that reads nothing is dropped", async () => {
    const { clock, server, open } = setUp();
    const { ours, theirs, handled } = open(1);
    theirs.stalled = true;
    await ours.write(encodeClientFrame({ type: "register", ttl: 300_000, channels: [channelHash(HOME)] }));
    await clock.advance(31_000);
    expect(await handled).toMatchObject({ code: "TIMEOUT" });
    expect(server.status()).toEqual({ peers: 0, channels: 0 });
  });

  test("stopping the relay ends every stream", async () => {
    const { server, join } = setUp();
    const peers = [await join(1, [HOME]), await join(2, [HOME])];
    server.stop();
    for (const peer of peers) expect(await peer.ended).toMatchObject({ code: "STREAM_RESET" });
    expect(server.status()).toEqual({ peers: 0, channels: 0 });
  });
});

describe("frames", () => {
  const hash = channelHash(HOME);
  const hostile: [string, Uint8Array][] = [
    ["empty", new Uint8Array()],
    ["not CBOR", Uint8Array.of(0xff, 0xff)],
    ["a map", encode({ type: 1 })],
    ["another type", encode([9, 1, [hash]])],
    ["a field too many", encode([1, 1, [hash], 0])],
    ["a negative duration", encode([1, -1, [hash]])],
    ["a fraction", encode([1, 1.5, [hash]])],
    ["a short hash", encode([1, 1, [hash.slice(1)]])],
    ["a text for a hash", encode([1, 1, ["x".repeat(32)]])],
    ["65 channels", encode([1, 1, Array.from({ length: 65 }, () => hash)])],
    ["a channel count of 2^32", Uint8Array.of(0x83, 1, 1, 0x9a, 0xff, 0xff, 0xff, 0xff)],
    ["bytes behind the end", Uint8Array.of(...encode([1, 1, [hash]]), 0)],
    ["nested a thousand deep", new Uint8Array(1_000).fill(0x81)],
    ["5,000 bytes", new Uint8Array(5_000)],
  ];

  test.each(hostile)("the relay ends the stream at a frame that is %s", async (_, bytes) => {
    const { server, open } = setUp();
    const { ours, handled } = open(1);
    await ours.write(bytes);
    expect(await handled).toMatchObject({ code: "MALFORMED" });
    expect(server.status()).toEqual({ peers: 0, channels: 0 });
  });

  test("a client refuses what no relay may send", async () => {
    const peers = Array.from({ length: RENDEZVOUS_LIMITS.maxPeersPerFrame + 1 }, (_, n) => key(n));
    for (const bytes of [encode([2, 1]), encode([3, [[hash, peers]]]), encode([4, "OTHER"]), encode([3, [[hash]]])]) {
      const { join } = setUp();
      const client = await join(1, [HOME]);
      await client.theirs.write(bytes);
      expect(await client.ended).toMatchObject({ code: "MALFORMED" });
    }
  });

  test("a client passes on neither itself nor channels that it did not ask for", async () => {
    const { join } = setUp();
    const client = await join(1, [HOME]);
    const introductions = [
      { channel: channelHash(TOPIC), peers: [key(5)] },
      { channel: hash, peers: [key(1), key(6)] },
    ];
    await client.theirs.write(encodeServerFrame({ type: "introduce", introductions }));
    await settle();
    expect(client.peers(TOPIC)).toEqual([]);
    expect(client.peers(HOME)).toEqual(hexOf(6));
  });

  test("any bytes either decode or are refused as malformed", () => {
    const check = (decode: (bytes: Uint8Array) => unknown) => (bytes: Uint8Array) => {
      try {
        decode(bytes);
      } catch (error) {
        expect(error).toMatchObject({ code: "MALFORMED" });
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), check(decodeClientFrame)), { seed: 1, numRuns: 2_000 });
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), check(decodeServerFrame)), { seed: 2, numRuns: 2_000 });
  });

  test("what is encoded decodes to the same", () => {
    const hashes = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const register = fc.record({
      type: fc.constant("register" as const),
      ttl: fc.nat(),
      channels: fc.array(hashes, { maxLength: 64 }),
    });
    fc.assert(
      fc.property(register, (frame) => {
        expect(decodeClientFrame(encodeClientFrame(frame))).toEqual(frame);
      }),
      { seed: 3 },
    );
    const introductions = fc.array(fc.record({ channel: hashes, peers: fc.array(hashes, { maxLength: 16 }) }), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(introductions, fc.nat(), (list, ttl) => {
        const frame = { type: "answer" as const, ttl, introductions: list };
        expect(decodeServerFrame(encodeServerFrame(frame))).toEqual(frame);
      }),
      { seed: 4 },
    );
  });
});
