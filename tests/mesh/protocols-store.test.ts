import { beforeEach, describe, expect, it } from "vitest";
import { initHash } from "../../src/hash/index.ts";
import type { FrameStream } from "../../src/mesh/port.ts";
import {
  createStoreClient,
  type ProtocolError,
  serveStore,
  STORE_PROTOCOL,
  type Library,
  type StoreClient,
  type StoreServer,
} from "../../src/mesh/protocols/index.ts";
import { decodeAnswer, decodeRequest, encodeAnswer, encodeRequest } from "../../src/mesh/protocols/store/messages.ts";
import { createMemoryStore, type Store } from "../../src/store/index.ts";
import { hashOf, ObjectType, toHex, type Hash, type NodeKey } from "../../src/wire/index.ts";
import { signEnvelope, signerOf, signProfile } from "../sim/author.ts";
import { SIM_START, VirtualClock } from "../sim/clock.ts";
import type { SimMesh } from "../sim/mesh.ts";
import { SimNetwork } from "../sim/network.ts";

await initHash();

let clock: VirtualClock;
let network: SimNetwork;
let client: StoreClient;
let asking: SimMesh;
let serving: SimMesh;
let store: Store;
let server: StoreServer;

const nodeKey = (number: number): NodeKey => new Uint8Array(32).fill(number);

async function mesh(number: number): Promise<SimMesh> {
  const created = network.createMesh(nodeKey(number));
  await created.start();
  return created;
}

function memory(): Store {
  return createMemoryStore({ randomBytes: (length) => network.random.bytes(length) });
}

async function put(target: Store, bytes: Uint8Array, type: number = ObjectType.SocialPost): Promise<Hash> {
  const hash = hashOf(bytes);
  await target.commit({ objects: [{ hash, type: type as 2, bytes, holding: "cache", storedAt: SIM_START }] });
  return hash;
}

/** What a call comes to, with time moved until it does. */
async function outcome<Value>(call: Promise<Value>): Promise<Value | string> {
  let result: { value: Value | string } | null = null;
  call.then(
    (value) => (result = { value }),
    (error: unknown) => (result = { value: codeOf(error) }),
  );
  await clock.until(() => result !== null);
  return (result as unknown as { value: Value | string }).value;
}

async function outcomeError(call: Promise<unknown>): Promise<unknown> {
  return outcome(call.then(() => null).catch((error: unknown) => error));
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

/** A server that does as the test says, frame by frame. */
function pretend(peer: SimMesh, handler: (stream: FrameStream) => Promise<void>): void {
  peer.handle(STORE_PROTOCOL, handler);
}

async function requestOf(stream: FrameStream): Promise<{ id: number }> {
  const frame = await stream.read();
  if (frame === null) throw new Error("The stream ended.");
  return decodeRequest(frame);
}

beforeEach(async () => {
  clock = new VirtualClock();
  network = new SimNetwork({ clock, seed: 3 });
  asking = await mesh(1);
  serving = await mesh(2);
  network.connect(asking, serving);
  store = memory();
  server = serveStore({ mesh: serving, library: store, clock });
  client = createStoreClient({ mesh: asking, clock });
  return async () => {
    client.stop();
    server.stop();
    await clock.settle();
  };
});

describe("asking for objects", () => {
  it("gets bytes, up to the last that fit a frame", async () => {
    const small = await put(store, Uint8Array.of(1, 2, 3));
    const largest = await put(store, new Uint8Array(65_536).fill(4));
    expect(await outcome(client.get(serving.self, small))).toEqual(Uint8Array.of(1, 2, 3));
    expect(await outcome(client.get(serving.self, largest))).toEqual(new Uint8Array(65_536).fill(4));
    expect(await outcome(client.get(serving.self, await put(store, new Uint8Array(65_537))))).toBe("TOO_LARGE");
    expect(await outcome(client.get(serving.self, nodeKey(9)))).toBe("NOT_FOUND");
  });

  it("uses one stream for all of it, and a new one after a pause", async () => {
    let opened = 0;
    const open = asking.openStream.bind(asking);
    asking.openStream = (...parameters) => {
      opened++;
      return open(...parameters);
    };
    const hashes = await Promise.all(Array.from({ length: 40 }, (_, at) => put(store, Uint8Array.of(at))));
    const got = await outcome(Promise.all(hashes.map((hash) => client.get(serving.self, hash))));
    expect(got).toEqual(hashes.map((_, at) => Uint8Array.of(at)));
    expect(opened).toBe(1);
    await clock.advance(120_000);
    expect(server.streams).toBe(0);
    expect(await outcome(client.get(serving.self, hashes[0] as Hash))).toEqual(Uint8Array.of(0));
    expect(opened).toBe(2);
  });

  it("does not serve what two have agreed on between them", async () => {
    const secret = await put(store, Uint8Array.of(7), ObjectType.ChannelState);
    expect(await outcome(client.get(serving.self, secret))).toBe("NOT_FOUND");
  });

  it("does not serve a post that only envelopes without scopes name", async () => {
    const [hidden, shared] = [await put(store, Uint8Array.of(1)), await put(store, Uint8Array.of(2))];
    const signer = await signerOf(1);
    await store.commit({
      envelopes: [
        await signEnvelope(signer, { scopes: [], postHash: hidden }),
        await signEnvelope(signer, { scopes: [], postHash: shared }),
        await signEnvelope(signer, { postHash: shared }),
      ],
    });
    expect(await outcome(client.get(serving.self, hidden))).toBe("NOT_FOUND");
    expect(await outcome(client.get(serving.self, shared))).toEqual(Uint8Array.of(2));
    expect(await outcome(client.has(serving.self, [hidden, shared]))).toEqual([false, true]);
  });

  it("serves it to whom the server trusts, and to nobody from the moment at which that ends", async () => {
    server.stop();
    const trusted = new Set([toHex(asking.self)]);
    server = serveStore({ mesh: serving, library: store, clock, trusts: (peer) => trusted.has(toHex(peer)) });
    const post = await put(store, Uint8Array.of(1));
    const envelope = await signEnvelope(await signerOf(1), { scopes: [], postHash: post });
    const agreed = await put(store, Uint8Array.of(7), ObjectType.ChannelState);
    await store.commit({ envelopes: [envelope] });
    const hashes = [envelope.hash, post, agreed];
    expect(await outcome(client.has(serving.self, hashes))).toEqual([true, true, false]);
    expect(await outcome(client.get(serving.self, envelope.hash))).toEqual(envelope.bytes);
    expect(await outcome(client.get(serving.self, post))).toEqual(Uint8Array.of(1));
    trusted.clear();
    // On the stream that is open.
    expect(await outcome(client.has(serving.self, hashes))).toEqual([false, false, false]);
    for (const hash of hashes) expect(await outcome(client.get(serving.self, hash))).toBe("NOT_FOUND");
  });

  it("takes nobody else's word that a post is public, nor that it is not", async () => {
    const [ours, theirs, flooded] = await Promise.all([1, 2, 3].map((byte) => put(store, Uint8Array.of(byte))));
    const [author, other] = [await signerOf(1), await signerOf(2)];
    const many = await Promise.all(
      Array.from({ length: 1_024 }, (_, at) =>
        signEnvelope(other, { scopes: [], postHash: flooded, summary: `again ${at}` }),
      ),
    );
    await store.commit({
      envelopes: [
        // Somebody who got it names it in public, and once as if it were theirs.
        await signEnvelope(author, { scopes: [], postHash: ours }),
        await signEnvelope(other, { postHash: ours }),
        await signEnvelope(other, { scopes: [], postHash: ours }),
        // Whoever wrote it for trusted people made it public later.
        await signEnvelope(author, { scopes: [], postHash: theirs }),
        await signEnvelope(author, { postHash: theirs }),
        ...many,
        await signEnvelope(author, { scopes: [], postHash: flooded }),
        await signEnvelope(other, { postHash: flooded }),
      ],
    });
    const hashes = [ours, theirs, flooded] as Hash[];
    expect(await outcome(client.has(serving.self, hashes))).toEqual([false, true, false]);
  });

  it("keeps to itself a post of trusted people that no envelope names any more", async () => {
    const bytes = Uint8Array.of(9);
    const hash = hashOf(bytes);
    await store.commit({
      objects: [{ hash, type: ObjectType.SocialPost, bytes, holding: "trusted", storedAt: 0 }],
    });
    expect(await outcome(client.get(serving.self, hash))).toBe("NOT_FOUND");
  });

  it("knows which of many the peer holds", async () => {
    const hashes = await Promise.all(Array.from({ length: 300 }, (_, at) => put(memory(), Uint8Array.of(at, at >> 8))));
    for (let at = 0; at < 300; at += 3) await put(store, Uint8Array.of(at, at >> 8));
    expect(await outcome(client.has(serving.self, hashes))).toEqual(hashes.map((_, at) => at % 3 === 0));
  });

  it("gets heads, forks and absences, more than one frame of them", async () => {
    const keys = [];
    const expected = [];
    for (let at = 0; at < 70; at++) {
      const signer = await signerOf(at);
      const { bytes, hash } = await signProfile(signer, "x".repeat(64));
      const key = { type: ObjectType.UserProfile, owner: signer.publicKey, name: "" };
      keys.push(key);
      const forkBytes = at % 5 === 0 ? new Uint8Array(20_000).fill(at) : null;
      if (at % 7 !== 0)
        await store.commit({ heads: [{ ...key, sequence: 1, hash, bytes, forkBytes, frozenUntil: 0 }] });
      expected.push(at % 7 === 0 ? [] : forkBytes === null ? [bytes] : [bytes, forkBytes]);
    }
    expect(await outcome(client.heads(serving.self, keys))).toEqual(expected);
  });

  it("can be given up, and the next question is still answered", async () => {
    const hash = await put(store, Uint8Array.of(1));
    const controller = new AbortController();
    const given = client.get(serving.self, hash, { signal: controller.signal });
    const kept = client.get(serving.self, hash);
    controller.abort(new Error("no longer wanted"));
    expect(await outcome(given)).toContain("no longer wanted");
    expect(await outcome(kept)).toEqual(Uint8Array.of(1));
  });
});

describe("a server that lies", () => {
  it("with other bytes is reported", async () => {
    pretend(serving, async (stream) => {
      const { id } = await requestOf(stream);
      await stream.write(encodeAnswer({ kind: "object", id, bytes: Uint8Array.of(6, 6, 6) }));
      await stream.read();
    });
    expect(await outcome(client.get(serving.self, nodeKey(9)))).toBe("BAD_HASH");
    expect(asking.reports).toEqual([{ peer: toHex(serving.self), code: "BAD_HASH" }]);
  });

  it.each([
    ["garbage", Uint8Array.of(0xff, 1, 2), "MALFORMED"],
    ["a frame above the limit", new Uint8Array(70_000), "MALFORMED"],
    ["a frame above every limit", new Uint8Array(1_048_577), "STREAM_RESET"],
    ["an answer to another question", encodeAnswer({ kind: "held", id: 0, bitmap: Uint8Array.of(1) }), "VIOLATION"],
    [
      "an answer to a question never asked",
      encodeAnswer({ kind: "object", id: 5, bytes: Uint8Array.of(1) }),
      "VIOLATION",
    ],
  ])("with %s fails the call", async (_name, frame, code) => {
    pretend(serving, async (stream) => {
      await requestOf(stream);
      await stream.write(frame);
      await stream.read();
    });
    expect(await outcome(client.get(serving.self, nodeKey(9)))).toBe(code);
    expect(asking.reports.map((report) => report.code)).toEqual(code === "STREAM_RESET" ? [] : [code]);
  });

  it("with endless answers is cut off after the first too many", async () => {
    let sent = 0;
    pretend(serving, async (stream) => {
      const { id } = await requestOf(stream);
      for (;;) {
        await stream.write(encodeAnswer({ kind: "refused", id, code: "NOT_FOUND", retryAfter: 0 }));
        sent++;
      }
    });
    expect(await outcome(client.get(serving.self, nodeKey(9)))).toBe("NOT_FOUND");
    await clock.advance(60_000);
    expect(asking.reports.map((report) => report.code)).toEqual(["VIOLATION"]);
    // What a stream takes before it waits: nothing of it was kept.
    expect(sent).toBeLessThan(262_144 / 5);
  });

  it("by silence costs a timeout, and no report", async () => {
    pretend(serving, async (stream) => void (await stream.read(), await stream.read()));
    expect(await outcome(client.get(serving.self, nodeKey(9)))).toBe("TIMEOUT");
    expect(asking.reports).toEqual([]);
  });

  it("about a bitmap or the number of heads is noticed", async () => {
    pretend(serving, async (stream) => {
      for (;;) {
        const request = await requestOf(stream);
        const id = request.id;
        await stream.write(encodeAnswer({ kind: "held", id, bitmap: Uint8Array.of(1) }));
      }
    });
    expect(
      await outcome(
        client.has(
          serving.self,
          Array.from({ length: 9 }, () => nodeKey(1)),
        ),
      ),
    ).toBe("VIOLATION");
  });
});

describe("a client that demands too much", () => {
  const get = (id: number, hash: Hash = nodeKey(9)): Uint8Array => encodeRequest({ kind: "get", id, hash });

  it("is answered no faster than its budget", async () => {
    const stream = await openRaw();
    const started = clock.now();
    const asked = 1_000;
    for (let at = 0; at < asked; at++) {
      await pumped(stream.write(get(at)));
      expect(decodeAnswer((await pumped(stream.read())) as Uint8Array)).toMatchObject({ code: "NOT_FOUND" });
    }
    // The burst at once, the rest at its rate.
    expect(clock.now() - started).toBeGreaterThan(((asked - 400) / 50) * 1_000);
  });

  it("is told when to come back if that takes too long", async () => {
    server.stop();
    server = serveStore({ mesh: serving, library: store, clock, limits: { requests: { perSecond: 0.1, burst: 2 } } });
    const hash = await put(store, Uint8Array.of(1));
    expect(await outcome(client.get(serving.self, hash))).toEqual(Uint8Array.of(1));
    expect(await outcome(client.get(serving.self, hash))).toEqual(Uint8Array.of(1));
    const refused = await outcomeError(client.get(serving.self, hash));
    expect(refused).toMatchObject({ code: "BUSY" });
    const { retryAfter } = refused as ProtocolError;
    expect(retryAfter).toBeGreaterThan(5_000);
    await clock.advance(retryAfter as number);
    expect(await outcome(client.get(serving.self, hash))).toEqual(Uint8Array.of(1));
  });

  it("gets no more bytes than its budget", async () => {
    const hash = await put(store, new Uint8Array(65_536).fill(1));
    const stream = await openRaw();
    let received = 0;
    const started = clock.now();
    for (let at = 0; at < 300; at++) {
      await pumped(stream.write(get(at, hash)));
      received += ((await pumped(stream.read())) as Uint8Array).length;
    }
    const seconds = (clock.now() - started) / 1_000;
    expect(received).toBeLessThan(8_388_608 + 2_097_152 * (seconds + 1.5));
  });

  it("and reads nothing is cut off, while others are served", async () => {
    const hash = await put(store, new Uint8Array(65_536).fill(1));
    const stream = await openRaw();
    // More answers than the transport takes; nobody reads them.
    for (let at = 0; at < 20; at++) await stream.write(get(at, hash));
    const other = await mesh(3);
    network.connect(other, serving);
    const otherClient = createStoreClient({ mesh: other, clock });
    expect(await outcome(otherClient.get(serving.self, hash))).toHaveLength(65_536);
    await clock.advance(40_000);
    expect(server.streams).toBe(0);
    expect(serving.failures).toEqual([expect.objectContaining({ code: "TIMEOUT" })]);
    otherClient.stop();
  });

  it("opens no more streams than it may, and a silent one ends", async () => {
    for (let at = 0; at < 6; at++) await openRaw();
    expect(server.streams).toBe(4);
    expect(serving.failures.map(codeOf)).toEqual(["BUSY", "BUSY"]);
    await clock.advance(61_000);
    expect(server.streams).toBe(0);
  });

  it("with garbage is reported", async () => {
    const stream = await openRaw();
    await stream.write(Uint8Array.of(1, 2, 3));
    expect(await outcome(stream.read())).toBe("STREAM_RESET");
    expect(serving.reports).toEqual([{ peer: toHex(asking.self), code: "MALFORMED" }]);
  });

  it("learns nothing about a fault of the server but that there was one", async () => {
    const broken: Library = {
      ...store,
      envelopes: store.envelopes,
      object: () => Promise.reject(new Error("disk is on fire")),
    };
    server.stop();
    server = serveStore({ mesh: serving, library: broken, clock });
    expect(await outcome(client.get(serving.self, nodeKey(9)))).toBe("REMOTE_FAULT");
    expect(serving.failures).toEqual([expect.objectContaining({ message: "disk is on fire" })]);
  });

  async function openRaw(): Promise<FrameStream> {
    return (await outcome(asking.openStream(serving.self, STORE_PROTOCOL))) as FrameStream;
  }

  async function pumped<Value>(work: Promise<Value>): Promise<Value | string> {
    return outcome(work);
  }
});

describe("asking several", () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const hash = hashOf(bytes);

  async function provider(number: number, behaviour: "holds" | "lacks" | "silent" | "lies"): Promise<NodeKey> {
    const peer = await mesh(number);
    network.connect(asking, peer);
    if (behaviour === "holds" || behaviour === "lacks") {
      const held = memory();
      if (behaviour === "holds") await put(held, bytes);
      serveStore({ mesh: peer, library: held, clock });
    } else {
      pretend(peer, async (stream) => {
        const { id } = await requestOf(stream);
        if (behaviour === "lies") await stream.write(encodeAnswer({ kind: "object", id, bytes: Uint8Array.of(6) }));
        await stream.read();
      });
    }
    return peer.self;
  }

  it("takes the first verified answer, past those who lack it, lie or keep silent", async () => {
    const candidates = [
      await provider(10, "lacks"),
      await provider(11, "lies"),
      await provider(12, "silent"),
      await provider(13, "holds"),
      await provider(14, "holds"),
    ];
    const started = clock.now();
    expect(await outcome(client.fetchObject(hash, candidates))).toEqual({ bytes, from: candidates[3] });
    expect(clock.now() - started).toBeLessThan(1_500);
    expect(asking.reports.map((report) => report.code)).toEqual(["BAD_HASH"]);
  });

  it("asks the second only when the first takes long", async () => {
    const [fast, spare] = [await provider(10, "holds"), await provider(11, "holds")];
    expect(await outcome(client.fetchObject(hash, [fast, spare]))).toMatchObject({ from: fast });
    expect(asking.links().find((link) => toHex(link.peer) === toHex(spare))?.bytesOut).toBe(0);
  });

  it("follows a search that is still going on, and ends it when it has the answer", async () => {
    const [lacking, holding] = [await provider(10, "lacks"), await provider(11, "holds")];
    let ended = false;
    async function* search(): AsyncGenerator<NodeKey> {
      try {
        yield asking.self;
        yield lacking;
        await new Promise<void>((resolve) => void clock.after(5_000, resolve));
        yield lacking;
        yield holding;
        yield nodeKey(99);
      } finally {
        ended = true;
      }
    }
    expect(await outcome(client.fetchObject(hash, search()))).toMatchObject({ from: holding });
    await clock.settle();
    expect(ended).toBe(true);
  });

  it("says why when nobody delivers", async () => {
    expect(await outcome(client.fetchObject(hash, []))).toBe("NO_PROVIDERS");
    expect(await outcome(client.fetchObject(hash, [await provider(10, "lacks"), nodeKey(98)]))).toBe("NOT_FOUND");
    expect(await outcome(client.fetchObject(hash, [nodeKey(98), nodeKey(99)]))).toBe("UNREACHABLE");
  });

  it("asks a linked one once more whose stream broke, and who is gone not again", async () => {
    const peer = await mesh(10);
    network.connect(asking, peer);
    let streams = 0;
    pretend(peer, async (stream) => {
      const { id } = await requestOf(stream);
      if (++streams === 1) stream.abort(new Error("another link was kept"));
      else await stream.write(encodeAnswer({ kind: "object", id, bytes }));
    });
    expect(await outcome(client.fetchObject(hash, [peer.self]))).toEqual({ bytes, from: peer.self });
    expect(streams).toBe(2);

    const leaving = await mesh(11);
    network.connect(asking, leaving);
    pretend(leaving, async (stream) => {
      streams++;
      await requestOf(stream);
      network.disconnect(asking, leaving);
    });
    expect(await outcome(client.fetchObject(hash, [leaving.self]))).toBe("UNREACHABLE");
    expect(streams).toBe(3);
  });

  it("is given up at once", async () => {
    const controller = new AbortController();
    const fetching = client.fetchObject(hash, [await provider(10, "silent")], { signal: controller.signal });
    await clock.advance(1_000);
    controller.abort(new Error("the page was closed"));
    expect(await outcome(fetching)).toContain("the page was closed");
  });
});
