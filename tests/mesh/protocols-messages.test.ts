import { encode } from "cborg";
import { describe, expect, it } from "vitest";
import { encodeFrame, FrameReader } from "../../src/mesh/protocols/frame.ts";
import {
  decodeClientMessage,
  decodeServerMessage,
  encodeClientMessage,
  encodeServerMessage,
  type ClientMessage,
  type ServerMessage,
} from "../../src/mesh/protocols/pub/messages.ts";
import {
  decodeAnswer,
  decodeRequest,
  encodeAnswer,
  encodeRequest,
  type StoreAnswer,
  type StoreRequest,
} from "../../src/mesh/protocols/store/messages.ts";
import { ObjectType, scopeFromKey } from "../../src/wire/index.ts";

const hash = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const hashes = (count: number): Uint8Array[] => Array.from({ length: count }, (_, at) => hash(at & 0xff));
const scope = scopeFromKey("g:europe/nl/utrecht");
const MALFORMED = expect.objectContaining({ code: "MALFORMED" });

function bytes(...values: number[]): Uint8Array {
  return Uint8Array.from(values);
}

describe("a frame", () => {
  const reader = (...values: number[]): FrameReader => new FrameReader(bytes(...values), 64);

  it("is not looked at when it is longer than its limit", () => {
    expect(() => new FrameReader(new Uint8Array(65), 64)).toThrow(MALFORMED);
    expect(() => encodeFrame([new Uint8Array(64)], 64)).toThrow(expect.objectContaining({ code: "LIMIT" }));
  });

  it("has one spelling for a number", () => {
    expect(reader(0x17).uint()).toBe(23);
    expect(reader(0x18, 0x18).uint()).toBe(24);
    expect(reader(0x19, 1, 0).uint()).toBe(256);
    expect(reader(0x1b, 0, 0, 0, 1, 0, 0, 0, 0).uint()).toBe(2 ** 32);
    expect(() => reader(0x18, 0x17).uint()).toThrow(MALFORMED);
    expect(() => reader(0x19, 0, 0xff).uint()).toThrow(MALFORMED);
    expect(() => reader(0x1a, 0, 0, 0xff, 0xff).uint()).toThrow(MALFORMED);
    expect(() => reader(0x1b, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff).uint()).toThrow(MALFORMED);
  });

  it("has no numbers above 2^53 - 1, none below 0, no indefinite lengths, maps, tags or floats", () => {
    expect(() => reader(0x1b, 0, 0x20, 0, 0, 0, 0, 0, 0).uint()).toThrow(MALFORMED);
    expect(() => reader(0x20).uint()).toThrow(MALFORMED);
    expect(() => reader(0x9f, 0xff).array(0, 9)).toThrow(MALFORMED);
    expect(() => reader(0x5f, 0xff).bytes(0, 9)).toThrow(MALFORMED);
    expect(() => reader(0xa0).array(0, 9)).toThrow(MALFORMED);
    expect(() => reader(0xc0, 0x80).array(0, 9)).toThrow(MALFORMED);
    expect(() => reader(0xf9, 0, 0).uint()).toThrow(MALFORMED);
  });

  it("names what is there: lengths are checked before anything is taken", () => {
    // An array of 2^32 - 1 items and a byte string of 4 GiB, in five bytes each.
    expect(() => reader(0x9a, 0xff, 0xff, 0xff, 0xff).array(0, 512)).toThrow(MALFORMED);
    expect(() => reader(0x5a, 0xff, 0xff, 0xff, 0xff).bytes(0, 65_536)).toThrow(MALFORMED);
    expect(() => reader(0x42, 1).bytes(0, 9)).toThrow(MALFORMED);
    expect(() => reader().uint()).toThrow(MALFORMED);
    expect(() => reader(0x62, 0xc3, 0x28).text(9)).toThrow(MALFORMED);
    expect(() => reader(0x63, 0xed, 0xa0, 0x80).text(9)).toThrow(MALFORMED);
    expect(() => reader(0xf6).boolean()).toThrow(MALFORMED);
    expect(() => reader(0x00, 0x00).end()).toThrow(MALFORMED);
  });

  it("keeps a byte order mark, which is a character", () => {
    expect(reader(0x63, 0xef, 0xbb, 0xbf).text(9)).toBe("\ufeff");
  });

  it("nests as deep as the message says, however deep the bytes go", () => {
    const deep = new Uint8Array(60_000).fill(0x81);
    expect(() => decodeClientMessage(deep)).toThrow(MALFORMED);
    expect(() => decodeServerMessage(deep)).toThrow(MALFORMED);
    expect(() => decodeRequest(deep)).toThrow(MALFORMED);
    expect(() => decodeAnswer(deep)).toThrow(MALFORMED);
  });
});

describe("messages of /mehr/store/1", () => {
  const requests: Exclude<StoreRequest, { kind: "unknown" }>[] = [
    { kind: "get", id: 0, hash: hash(1) },
    { kind: "has", id: 7, hashes: hashes(256) },
    {
      kind: "head",
      id: 0xffff_ffff,
      keys: Array.from({ length: 64 }, () => ({ type: ObjectType.CuratedFeed, owner: hash(3), name: "نام 名 name" })),
    },
  ];
  const answers: StoreAnswer[] = [
    { kind: "object", id: 0, bytes: new Uint8Array(65_536).fill(9) },
    { kind: "held", id: 1, bitmap: new Uint8Array(32).fill(0xa5) },
    { kind: "heads", id: 2, versions: [[], [bytes(1)], [bytes(1, 2), bytes(3)]] },
    { kind: "refused", id: 3, code: "BUSY", retryAfter: 1_234 },
  ];

  it.each(requests)("$kind survives the wire", (request) => {
    expect(decodeRequest(encodeRequest(request))).toEqual(request);
  });

  it.each(answers)("$kind survives the wire", (answer) => {
    expect(decodeAnswer(encodeAnswer(answer))).toEqual(answer);
  });

  it("have the largest batches and not one more", () => {
    expect(() => decodeRequest(encode([2, 0, hashes(257)]))).toThrow(MALFORMED);
    expect(() => decodeRequest(encode([2, 0, []]))).toThrow(MALFORMED);
    const key = [3, hash(1), ""];
    expect(() => decodeRequest(encode([3, 0, Array.from({ length: 65 }, () => key)]))).toThrow(MALFORMED);
    expect(() => decodeRequest(encode([3, 0, [[3, hash(1), "x".repeat(257)]]]))).toThrow(MALFORMED);
    expect(() => decodeAnswer(encode([129, 0, new Uint8Array(65_537)]))).toThrow(MALFORMED);
  });

  it("of a later version are refused, not fatal", () => {
    expect(decodeRequest(encode([77, 5, "anything", [1, 2]]))).toEqual({ kind: "unknown", id: 5 });
    expect(decodeAnswer(encode([255, 5, 99, 0]))).toEqual({
      kind: "refused",
      id: 5,
      code: "REMOTE_FAULT",
      retryAfter: 0,
    });
  });

  it.each([
    [[1, 0]],
    [[1, 0, hash(1), 0]],
    [[1, -1, hash(1)]],
    [[1, 0, new Uint8Array(31)]],
    [[1, 0, null]],
    ["get"],
    [{ a: 1 }],
  ])("%j is none of them", (message) => {
    expect(() => decodeRequest(encode(message))).toThrow(MALFORMED);
  });
});

describe("messages of /mehr/pub/1", () => {
  const fromClient: ClientMessage[] = [
    { kind: "subscribe", generation: 1, epoch: null, subscriptions: [] },
    {
      kind: "subscribe",
      generation: 2,
      epoch: new Uint8Array(8).fill(1),
      subscriptions: [
        { target: { kind: "node", key: hash(1) }, mode: "push", since: 0 },
        { target: { kind: "scope", scope, match: "exact" }, mode: "digest", since: 5 },
        { target: { kind: "scope", scope, match: "prefix" }, mode: "pullhint", since: Number.MAX_SAFE_INTEGER },
      ],
    },
    { kind: "want", more: true, hashes: hashes(512) },
    { kind: "want", more: false, hashes: [] },
    { kind: "credit", count: 16 },
    { kind: "fetch", id: 3, hashes: hashes(64) },
    {
      kind: "subscribe",
      generation: 3,
      epoch: null,
      subscriptions: [
        { target: { kind: "trusted" }, mode: "push", since: 0 },
        { target: { kind: "key", type: 4, owner: hash(2), name: "Été" }, mode: "push", since: 9 },
      ],
    },
  ];
  const fromServer: ServerMessage[] = [
    { kind: "welcome", generation: 1, epoch: new Uint8Array(8) },
    { kind: "have", generation: 1, cursor: 9, hashes: hashes(512) },
    { kind: "have", generation: 1, cursor: 9, hashes: hashes(3), starts: [{ at: 4, ranks: [0, 2] }] },
    { kind: "envelopes", last: false, envelopes: [new Uint8Array(4_096), bytes(1)] },
    { kind: "envelopes", last: true, envelopes: [] },
    { kind: "caughtUp", generation: 1, cursor: 10 },
    { kind: "push", generation: 1, cursor: 11, bytes: bytes(1, 2, 3) },
    { kind: "refused", generation: 1, code: "UNSUPPORTED_MODE" },
    { kind: "told", mode: "digest", generation: 1, cursor: 3, items: [{ hash: hash(1), at: [0, 4], headline: "Été" }] },
    { kind: "told", mode: "digest", generation: 1, cursor: 3, items: [{ hash: hash(1), at: [7], headline: null }] },
    { kind: "told", mode: "pullhint", generation: 2, cursor: 4, items: [{ hash: hash(1), at: [1], headline: null }] },
    { kind: "fetched", id: 3, last: true, envelopes: [bytes(1, 2)] },
    { kind: "version", generation: 1, at: 5, sequence: 8, bytes: bytes(1, 2, 3) },
  ];

  it.each(fromClient)("$kind survives the wire", (message) => {
    expect(decodeClientMessage(encodeClientMessage(message))).toEqual(message);
  });

  it.each(fromServer)("$kind survives the wire", (message) => {
    expect(decodeServerMessage(encodeServerMessage(message))).toEqual(message);
  });

  it("carry a thousand people, and refuse ten thousand", () => {
    const subscriptions = Array.from({ length: 1_024 }, (_, at) => ({
      target: { kind: "node", key: new Uint8Array(32).fill(at & 0xff) } as const,
      mode: "push" as const,
      since: Number.MAX_SAFE_INTEGER,
    }));
    const message = { kind: "subscribe", generation: 1, epoch: new Uint8Array(8), subscriptions } as const;
    expect(decodeClientMessage(encodeClientMessage(message))).toEqual(message);
    const many = Array.from({ length: 10_000 }, () => [0, hash(1), 0, 0]);
    expect(() => decodeClientMessage(encode([1, 1, null, many]))).toThrow(MALFORMED);
    expect(() => decodeClientMessage(encode([1, 1, null, many.slice(0, 1_025)]))).toThrow(MALFORMED);
  });

  it("name scopes in their one normal form", () => {
    const subscribe = (text: string): Uint8Array => encode([1, 1, null, [[1, text, 0, 0]]]);
    expect(() => decodeClientMessage(subscribe("g:europe/nl"))).not.toThrow();
    for (const text of ["g:Europe/nl", "g:", "x:europe", "g:europe//nl", "europe", `g:${"a/".repeat(8)}a`]) {
      expect(() => decodeClientMessage(subscribe(text)), text).toThrow(MALFORMED);
    }
  });

  it("of an unknown mode can be told apart from broken ones", () => {
    const message = decodeClientMessage(encode([1, 1, null, [[0, hash(1), 9, 0]]]));
    expect(message).toMatchObject({ subscriptions: [{ mode: "unknown" }] });
  });

  it("have limits", () => {
    expect(() => decodeServerMessage(encode([129, 1, 0, hashes(513)]))).toThrow(MALFORMED);
    expect(() => decodeServerMessage(encode([129, 1, 0, []]))).toThrow(MALFORMED);
    for (const starts of [
      [],
      [[0, []]],
      [[0, [2]]],
      [[0, [1, 1]]],
      [[0, [1, 0]]],
      [[1_024, [0]]],
      [[0, [0], 1]],
      [
        [0, [0]],
        [0, [1]],
      ],
      [
        [1, [0]],
        [0, [1]],
      ],
    ]) {
      expect(() => decodeServerMessage(encode([129, 1, 0, hashes(2), starts])), String(starts)).toThrow(MALFORMED);
    }
    expect(() => decodeServerMessage(encode([132, 1, 0, new Uint8Array(24_577)]))).toThrow(MALFORMED);
    expect(() => decodeServerMessage(encode([130, true, [new Uint8Array(24_577)]]))).toThrow(MALFORMED);
    expect(() => decodeClientMessage(encode([3, 65]))).toThrow(MALFORMED);
    expect(() => decodeClientMessage(encode([4, 1, hashes(65)]))).toThrow(MALFORMED);
    expect(() => decodeClientMessage(encode([4, 1, []]))).toThrow(MALFORMED);
    expect(() => decodeServerMessage(encode([133, 1, 0, [[hash(1), [0], "x".repeat(401)]]]))).toThrow(MALFORMED);
    expect(() => decodeServerMessage(encode([133, 1, 0, [[hash(1), [0], ""]]]))).toThrow(MALFORMED);
    expect(() => decodeServerMessage(encode([134, 1, 0, [[hash(1), []]]]))).toThrow(MALFORMED);
    expect(() => decodeServerMessage(encode([134, 1, 0, [[hash(1), [2, 2]]]]))).toThrow(MALFORMED);
    expect(() => decodeServerMessage(encode([134, 1, 0, [[hash(1), [1_024]]]]))).toThrow(MALFORMED);
    expect(() => decodeServerMessage(encode([134, 1, 0, []]))).toThrow(MALFORMED);
    expect(() => decodeClientMessage(encode([1, 1, null, [[4, [2, hash(1), ""], 0, 0]]]))).toThrow(MALFORMED);
    expect(() => decodeClientMessage(encode([1, 1, null, [[3, hash(1), 0, 0]]]))).toThrow(MALFORMED);
    expect(() => decodeClientMessage(encode([2, false, hashes(513)]))).toThrow(MALFORMED);
  });
});
