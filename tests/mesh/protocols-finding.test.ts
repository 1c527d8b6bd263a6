/** /mehr/index/1: both ends over the streams of a simulated network. */
import { beforeEach, describe, expect, it } from "vitest";
import { initHash } from "../../src/hash/index.ts";
import {
  askIndex,
  INDEX_PROTOCOL,
  IndexServer,
  SHORT_HASH,
  type IndexPage,
  type IndexServerLimits,
  type Question,
} from "../../src/mesh/protocols/finding/index.ts";
import {
  decodeAnswer,
  decodeQuestion,
  encodeAnswer,
  encodeQuestion,
} from "../../src/mesh/protocols/finding/messages.ts";
import { pageOf } from "../../src/mesh/protocols/finding/pages.ts";
import { EVERY_SCOPED } from "../../src/mesh/protocols/audience.ts";
import { encodeFrame } from "../../src/mesh/protocols/frame.ts";
import type { FrameStream } from "../../src/mesh/port.ts";
import type { Store } from "../../src/store/index.ts";
import { ObjectType, toHex, type Hash, type Signer } from "../../src/wire/index.ts";
import { signerOf, signProfile, type EnvelopeText, type SignedEnvelope } from "../sim/author.ts";
import { SIM_START, type VirtualClock } from "../sim/clock.ts";
import type { SimMesh } from "../sim/mesh.ts";
import { hexes, holdSigned, indexPair } from "./index-pair.ts";

await initHash();

const POST: Hash = new Uint8Array(32).fill(9);
const author: Signer = await signerOf(1);

let clock: VirtualClock;
let asking: SimMesh;
let serving: SimMesh;
let store: Store;

beforeEach(async () => {
  ({ clock, asking, serving, store } = await indexPair());
});

function serve(limits: Partial<IndexServerLimits> = {}): IndexServer {
  const server = new IndexServer({
    mesh: serving,
    library: store,
    audience: EVERY_SCOPED,
    clock,
    limits,
    feedsWith: () => Promise.resolve([]),
    feedsOf: () => Promise.resolve([]),
  });
  serving.handle(INDEX_PROTOCOL, (stream) => server.serve(stream));
  return server;
}

const hold = (text: EnvelopeText): Promise<SignedEnvelope> => holdSigned(store, author, text);

const question = (given: Partial<Question> = {}): Question => ({
  relations: ["reply"],
  targets: [POST],
  cursor: null,
  held: [],
  ...given,
});

async function pages(given: Partial<Question> = {}, signal = new AbortController().signal): Promise<IndexPage[]> {
  const all: IndexPage[] = [];
  for await (const page of askIndex(serving.self, question(given), { mesh: asking, clock, signal })) all.push(page);
  return all;
}

describe("what is asked of an index", () => {
  it("is answered newest first, by each relation, and by nothing else", async () => {
    serve();
    const older = await hold({ summary: "first", replyTo: POST, created: SIM_START - 2 });
    const newer = await hold({ summary: "second", replyTo: POST, created: SIM_START - 1 });
    const own = await hold({ summary: "the post", postHash: POST });
    await hold({ summary: "something else", replyTo: new Uint8Array(32).fill(8) });
    expect(hexes(await clock.finish(pages()))).toEqual([toHex(newer.bytes), toHex(older.bytes)]);
    expect(hexes(await clock.finish(pages({ relations: ["post"] })))).toEqual([toHex(own.bytes)]);
    expect(hexes(await clock.finish(pages({ relations: ["boost", "reference"] })))).toEqual([]);
    expect(hexes(await clock.finish(pages({ relations: ["reply", "post"] })))).toHaveLength(3);
  });

  it("is never told what is for trusted people only", async () => {
    serve();
    await hold({ summary: "between us", replyTo: POST, scopes: [] });
    expect(await clock.finish(pages())).toEqual([{ objects: [], more: false }]);
  });

  it("is not told by a cursor either what is for trusted people only", async () => {
    serve();
    const secret: string[] = [];
    // A page is full, of 128, exactly where one of them stands.
    for (let at = 0; at < 300; at++) {
      const isSecret = at % 3 === 2;
      const scopes = isSecret ? { scopes: [] } : {};
      const signed = await hold({ summary: `${at}`, replyTo: POST, created: SIM_START - at, ...scopes });
      if (isSecret) secret.push(toHex(signed.hash));
    }
    const cursors: string[] = [];
    const objects: string[] = [];
    for (let cursor: Uint8Array | null = null; ;) {
      const sources = { library: store, audience: EVERY_SCOPED, feedsWith: async () => [], feedsOf: async () => [] };
      const page = await pageOf(sources, question({ cursor }), asking.self);
      objects.push(...(page?.objects ?? []).map(toHex));
      cursor = page?.next ?? null;
      if (cursor === null) break;
      cursors.push(toHex(cursor));
    }
    expect(objects).toHaveLength(300 - secret.length);
    expect(cursors).toHaveLength(1);
    expect(cursors.filter((cursor) => secret.some((hash) => cursor.endsWith(hash)))).toEqual([]);
  });

  it("leaves out what the asker holds", async () => {
    serve();
    const known = await hold({ summary: "known", replyTo: POST });
    const fresh = await hold({ summary: "fresh", replyTo: POST });
    expect(hexes(await clock.finish(pages({ held: [known.hash.slice(0, SHORT_HASH)] })))).toEqual([toHex(fresh.bytes)]);
  });

  it("comes by pages, each envelope once", async () => {
    serve();
    const all = [];
    for (let at = 0; at < 300; at++) {
      all.push(await hold({ summary: `${at} `.repeat(40), replyTo: POST, created: SIM_START - (at % 7) }));
    }
    const found = await clock.finish(pages());
    expect(found.length).toBeGreaterThan(2);
    expect(found.map(({ more }) => more)).toEqual([...found.slice(1).map(() => true), false]);
    expect(hexes(found).toSorted()).toEqual(all.map(({ bytes }) => toHex(bytes)).toSorted());
  });

  it("gives both versions of a profile that is forked", async () => {
    serve();
    const [one, two] = [await signProfile(author, "One"), await signProfile(author, "Two")];
    const head = { type: ObjectType.UserProfile, owner: author.publicKey, name: "", sequence: 1, hash: one.hash };
    await store.commit({ heads: [{ ...head, bytes: one.bytes, forkBytes: two.bytes, frozenUntil: 1 }] });
    const found = await clock.finish(pages({ relations: ["profile"], targets: [author.publicKey] }));
    expect(hexes(found)).toEqual([toHex(one.bytes), toHex(two.bytes)]);
  });

  it("is refused when it comes too often, with the time after which it makes sense again", async () => {
    serve({ questions: { perSecond: 0.1, burst: 1 } });
    await clock.finish(pages());
    await expect(clock.finish(pages())).rejects.toMatchObject({ code: "BUSY", retryAfter: expect.any(Number) });
    expect(serving.reports).toEqual([]);
  });
});

describe("an index server", () => {
  /** Frames as somebody writes them who need not follow any rule; resolves with what came of the stream. */
  async function raw(...frames: Uint8Array[]): Promise<void> {
    const stream = await asking.openStream(serving.self, INDEX_PROTOCOL);
    for (const frame of frames) await stream.write(frame);
    for (let frame = await stream.read(); frame !== null; frame = await stream.read());
  }

  it.each([
    ["garbage", Uint8Array.of(1, 2, 3)],
    ["another type of message", encodeFrame([2, [1], [POST], null, []], 1_000)],
    ["no target", encodeFrame([1, [1], [], null, []], 1_000)],
    ["profiles and answers at once", encodeQuestion(question({ relations: ["reply", "profile"] }))],
    ["a cursor of somebody else", encodeQuestion(question({ cursor: new Uint8Array(3) }))],
    ["a cursor beyond all time", encodeQuestion(question({ cursor: new Uint8Array(40).fill(255) }))],
  ])("parts from whoever says %s", async (_what, frame) => {
    serve();
    await expect(clock.finish(raw(frame))).rejects.toThrow();
    expect(serving.reports).toMatchObject([{ code: "MALFORMED" }]);
  });

  it("answers with nothing where all it is asked for is of a later version", async () => {
    serve();
    const later = encodeFrame([1, [77], [POST], null, []], 1_000);
    const stream = await clock.finish(asking.openStream(serving.self, INDEX_PROTOCOL));
    await clock.finish(stream.write(later));
    const answer = await clock.finish(stream.read());
    expect(decodeAnswer(answer!)).toEqual({ kind: "page", objects: [], next: null });
    expect(serving.reports).toEqual([]);
    await clock.finish(stream.close());
  });

  it("lets go of who says nothing, and takes no more streams of one peer than are allowed", async () => {
    serve({ streamsPerPeer: 2 });
    const streams: FrameStream[] = [];
    for (let at = 0; at < 2; at++) streams.push(await clock.finish(asking.openStream(serving.self, INDEX_PROTOCOL)));
    await expect(clock.finish(pages())).rejects.toThrow();
    await clock.advance(20_000);
    expect(await clock.finish(streams[0]!.read())).toBeNull();
    for (const stream of streams) await clock.finish(stream.close());
    expect(await clock.finish(pages())).toHaveLength(1);
  });
});

describe("who asks an index", () => {
  it("waits for an answer no longer than it has to", async () => {
    serving.handle(INDEX_PROTOCOL, () => new Promise(() => undefined));
    const began = clock.now();
    await expect(clock.finish(pages())).rejects.toMatchObject({ code: "TIMEOUT" });
    expect(clock.now() - began).toBeLessThan(9_000);
  });

  it("reports who answers with what is no answer", async () => {
    serving.handle(INDEX_PROTOCOL, async (stream) => {
      await stream.read();
      await stream.write(Uint8Array.of(0x83, 1, 2, 3));
    });
    await expect(clock.finish(pages())).rejects.toMatchObject({ code: "MALFORMED" });
    expect(asking.reports).toMatchObject([{ code: "MALFORMED" }]);
  });
});

describe("messages", () => {
  it("read as they were written", () => {
    const asked = question({
      relations: ["reply", "boost", "reference", "post"],
      targets: [POST, new Uint8Array(32)],
      cursor: Uint8Array.of(1),
      held: [new Uint8Array(SHORT_HASH)],
    });
    expect(decodeQuestion(encodeQuestion(asked))).toEqual(asked);
    const page = { kind: "page", objects: [Uint8Array.of(1)], next: Uint8Array.of(2) } as const;
    expect(decodeAnswer(encodeAnswer(page))).toEqual(page);
    const busy = { kind: "refused", code: "BUSY", retryAfter: 7 } as const;
    expect(decodeAnswer(encodeAnswer(busy))).toEqual(busy);
  });
});
