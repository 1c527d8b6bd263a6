/** /mehr/index/1, asked for what there is by somebody, and of a place or topic: newest first, and without a trace of the rest. */
import { beforeEach, describe, expect, it } from "vitest";
import { initHash } from "../../src/hash/index.ts";
import { EVERY_SCOPED, type Audience } from "../../src/mesh/protocols/audience.ts";
import {
  askIndex,
  INDEX_PROTOCOL,
  IndexServer,
  SHORT_HASH,
  type IndexPage,
  type Question,
} from "../../src/mesh/protocols/finding/index.ts";
import { decodeAnswer, encodeQuestion } from "../../src/mesh/protocols/finding/messages.ts";
import type { Store } from "../../src/store/index.ts";
import { toHex, type Signer } from "../../src/wire/index.ts";
import { signerOf, type EnvelopeText, type SignedEnvelope } from "../sim/author.ts";
import { SIM_START, type VirtualClock } from "../sim/clock.ts";
import type { SimMesh } from "../sim/mesh.ts";
import { hexes, holdSigned, indexPair } from "./index-pair.ts";

await initHash();

const UTRECHT = "g:europe/nl/utrecht";
const author: Signer = await signerOf(1);
const other: Signer = await signerOf(2);
const key = (scope: string): Uint8Array => new TextEncoder().encode(scope);

let clock: VirtualClock;
let asking: SimMesh;
let serving: SimMesh;
let store: Store;

beforeEach(async () => {
  ({ clock, asking, serving, store } = await indexPair());
});

/** Opens what evidence has opened, and nothing else that is wider: `opened` are hashes in hex. */
function opening(opened: readonly SignedEnvelope[], secret: readonly SignedEnvelope[] = []): Audience {
  const hidden = new Set(secret.map(({ hash }) => toHex(hash)));
  return {
    ...EVERY_SCOPED,
    give: async (offer, asker, targets) =>
      hidden.has(toHex(offer.hash)) ? null : await EVERY_SCOPED.give(offer, asker, targets),
    besides: () => opened.map(({ hash }, at) => ({ row: store.envelopes.row(hash)!, became: at + 1 })),
  };
}

function serve(audience: Audience = EVERY_SCOPED): void {
  const none = async (): Promise<readonly Uint8Array[]> => [];
  const server = new IndexServer({ mesh: serving, library: store, audience, clock, feedsWith: none, feedsOf: none });
  serving.handle(INDEX_PROTOCOL, (stream) => server.serve(stream));
}

const hold = (text: EnvelopeText, by = author): Promise<SignedEnvelope> => holdSigned(store, by, text);

async function ask(given: Pick<Question, "relations" | "targets"> & Partial<Question>): Promise<IndexPage[]> {
  const all: IndexPage[] = [];
  const work = (async () => {
    const question = { held: [], ...given };
    const { signal } = new AbortController();
    for await (const page of askIndex(serving.self, question, { mesh: asking, clock, signal })) all.push(page);
  })();
  await clock.finish(work);
  return all;
}

const bytesOf = (...all: readonly SignedEnvelope[]): string[] => all.map(({ bytes }) => toHex(bytes));

describe("what there is by somebody", () => {
  it("comes newest first, with nothing by others and nothing that is for trusted people", async () => {
    serve();
    const older = await hold({ summary: "first", created: SIM_START - 2 });
    const newer = await hold({ summary: "second", scopes: ["t:games"], created: SIM_START - 1 });
    await hold({ summary: "between us", scopes: [] });
    await hold({ summary: "somebody else's" }, other);
    const targets = [author.publicKey];
    expect(hexes(await ask({ relations: ["author"], targets }))).toEqual(bytesOf(newer, older));
    const held = [newer.hash.subarray(0, SHORT_HASH)];
    expect(hexes(await ask({ relations: ["author"], targets, held }))).toEqual(bytesOf(older));
    expect(await ask({ relations: ["author"], targets: [new Uint8Array(32)] })).toEqual([{ objects: [], more: false }]);
  });

  it("comes over pages, each once", async () => {
    serve();
    const all: SignedEnvelope[] = [];
    for (let at = 0; at < 300; at++) all.push(await hold({ summary: `${at}`, created: SIM_START - at }));
    const pages = await ask({ relations: ["author"], targets: [author.publicKey] });
    expect(pages.length).toBeGreaterThan(2);
    expect(hexes(pages)).toEqual(bytesOf(...all));
  });
});

describe("what there is of a place or topic", () => {
  it("is what starts there, and what evidence has opened to it, in one order", async () => {
    const here = await hold({ summary: "here", scopes: [UTRECHT], created: SIM_START - 3 });
    const above = await hold({ summary: "above", scopes: ["g:europe/nl"], created: SIM_START - 2 });
    const below = await hold({ summary: "opened to all above", scopes: [`${UTRECHT}/oost`], created: SIM_START - 1 });
    const topic = await hold({ summary: "of a topic", scopes: ["t:games/cards"], created: SIM_START });
    await hold({ summary: "between us", scopes: [] });
    await hold({ summary: "elsewhere", scopes: ["g:asia/ir"] });
    serve(opening([below, topic]));
    const relations = ["scope"] as const;
    expect(hexes(await ask({ relations, targets: [key(UTRECHT)] }))).toEqual(bytesOf(below, here));
    expect(hexes(await ask({ relations, targets: [key("g:europe/nl")] }))).toEqual(bytesOf(below, above));
    expect(hexes(await ask({ relations, targets: [key("t:games")] }))).toEqual(bytesOf(topic));
    expect(hexes(await ask({ relations, targets: [key("t:nothing")] }))).toEqual([]);
    const held = [below.hash.subarray(0, SHORT_HASH)];
    expect(hexes(await ask({ relations, targets: [key(UTRECHT)], held }))).toEqual(bytesOf(here));
  });

  it("of a topic is nothing that no evidence has opened", async () => {
    await hold({ summary: "of a topic", scopes: ["t:games/cards"] });
    serve();
    expect(hexes(await ask({ relations: ["scope"], targets: [key("t:games/cards")] }))).toEqual([]);
  });

  it("comes over pages, each once, wherever those that were opened stand", async () => {
    const [all, opened]: [SignedEnvelope[], SignedEnvelope[]] = [[], []];
    for (let at = 0; at < 300; at++) {
      const wider = at % 7 === 3;
      const signed = await hold({
        summary: `${at}`,
        scopes: [wider ? `${UTRECHT}/oost` : UTRECHT],
        created: SIM_START - at,
      });
      all.push(signed);
      if (wider) opened.push(signed);
    }
    serve(opening(opened));
    const pages = await ask({ relations: ["scope"], targets: [key(UTRECHT)] });
    expect(pages.length).toBeGreaterThan(2);
    expect(hexes(pages)).toEqual(bytesOf(...all));
  });

  it("tells nothing by cursors or pages of what this asker may not have", async () => {
    const secret: SignedEnvelope[] = [];
    const open: SignedEnvelope[] = [];
    for (let at = 0; at < 300; at++) {
      const signed = await hold({ summary: `${at}`, scopes: [UTRECHT], created: SIM_START - at });
      (at % 3 === 2 ? secret : open).push(signed);
    }
    serve(opening([], secret));
    const stream = await clock.finish(asking.openStream(serving.self, INDEX_PROTOCOL));
    const cursors: string[] = [];
    let got = 0;
    let cursor: Uint8Array | null = null;
    do {
      await stream.write(encodeQuestion({ relations: ["scope"], targets: [key(UTRECHT)], cursor, held: [] }));
      const frame = await clock.finish(stream.read());
      const answer = decodeAnswer(frame ?? new Uint8Array(0));
      if (answer.kind !== "page") throw new Error("refused");
      got += answer.objects.length;
      cursor = answer.next;
      if (cursor !== null) cursors.push(toHex(cursor));
    } while (cursor !== null);
    expect(got).toBe(open.length);
    expect(cursors.length).toBeGreaterThan(0);
    const named = new Set(open.map(({ hash }) => toHex(hash)));
    expect(cursors.every((text) => named.has(text.slice(16)))).toBe(true);
  });
});

describe("a question that is none", () => {
  it.each([
    ["two kinds at once", { relations: ["author", "reply"], targets: [new Uint8Array(32)] }],
    ["a place and a hash", { relations: ["scope", "reply"], targets: [new Uint8Array(32)] }],
    ["two people", { relations: ["author"], targets: [author.publicKey, other.publicKey] }],
    ["two places", { relations: ["scope"], targets: [key(UTRECHT), key("t:games")] }],
    ["no place", { relations: ["scope"], targets: [key("europe")] }],
    ["a place in another spelling", { relations: ["scope"], targets: [key("g:Europe")] }],
    ["bytes that are no text", { relations: ["scope"], targets: [Uint8Array.of(0x67, 0x3a, 0xff)] }],
    ["a cursor of somebody else", { relations: ["scope"], targets: [key(UTRECHT)], cursor: Uint8Array.of(1) }],
  ] as const)("ends the stream and counts: %s", async (_, given) => {
    serve();
    const stream = await clock.finish(asking.openStream(serving.self, INDEX_PROTOCOL));
    await stream.write(encodeQuestion({ cursor: null, held: [], ...given }));
    const read = stream.read();
    await expect(clock.finish(read)).rejects.toThrow();
    expect(serving.reports).toMatchObject([{ peer: toHex(asking.self), code: "MALFORMED" }]);
  });
});
