/** What following and unfollowing put on the wire, and what a client makes of digests and hints. */
import { beforeEach, describe, expect, it } from "vitest";
import { initHash } from "../../src/hash/index.ts";
import { PUB_PROTOCOL, targetKey, type Subscription } from "../../src/mesh/protocols/index.ts";
import {
  decodeClientMessage,
  encodeServerMessage,
  type ClientMessage,
  type ServerMessage,
} from "../../src/mesh/protocols/pub/messages.ts";
import type { FrameStream } from "../../src/mesh/port.ts";
import { scopeFromKey, toHex, type Hash } from "../../src/wire/index.ts";
import { COMMONS, signEnvelope, signerOf } from "../sim/author.ts";
import { SIM_START, VirtualClock } from "../sim/clock.ts";
import { SimNetwork } from "../sim/network.ts";
import { SimNode } from "../sim/node.ts";

await initHash();

const AUTHORS = await Promise.all([1, 2, 3].map(signerOf));
const [ALICE, BOB] = AUTHORS as [(typeof AUTHORS)[number], (typeof AUTHORS)[number]];
const HOME: Subscription = { target: { kind: "scope", scope: scopeFromKey(COMMONS), match: "exact" }, mode: "push" };
const following = (key: Uint8Array, mode: Subscription["mode"] = "push"): Subscription => ({
  target: { kind: "node", key },
  mode,
});

let clock: VirtualClock;
let network: SimNetwork;
let node: SimNode;

interface Neighbour {
  readonly key: Uint8Array;
  readonly said: ClientMessage[];
  /** Bytes that came from the client, whatever they mean. */
  bytes: number;
  stream: FrameStream | null;
  say(message: ServerMessage): Promise<void>;
}

/** A neighbour that writes down everything it is told and answers each set. */
async function neighbour(number: number): Promise<Neighbour> {
  const mesh = network.createMesh(new Uint8Array(32).fill(number));
  await mesh.start();
  const made: Neighbour = {
    key: mesh.self,
    said: [],
    bytes: 0,
    stream: null,
    async say(message) {
      await made.stream?.write(encodeServerMessage(message));
      await clock.advance(1_000);
    },
  };
  mesh.handle(PUB_PROTOCOL, async (stream) => {
    made.stream = stream;
    for (let frame = await stream.read(); frame !== null; frame = await stream.read()) {
      made.bytes += frame.length;
      const message = decodeClientMessage(frame);
      made.said.push(message);
      if (message.kind !== "subscribe") continue;
      const { generation } = message;
      await stream.write(encodeServerMessage({ kind: "welcome", generation, epoch: new Uint8Array(8).fill(number) }));
      await stream.write(encodeServerMessage({ kind: "caughtUp", generation, cursor: 0 }));
    }
  });
  network.connect(node.mesh, mesh);
  await clock.advance(2_000);
  return made;
}

const sets = (of: Neighbour): string[][] =>
  of.said.flatMap((message) =>
    message.kind === "subscribe" ? [message.subscriptions.map(({ target }) => targetKey(target))] : [],
  );
const named = (key: Uint8Array): string => `n:${toHex(key)}`;

beforeEach(async () => {
  clock = new VirtualClock();
  network = new SimNetwork({ clock, seed: 5 });
  node = new SimNode(network, await signerOf(9));
  await node.start();
  return async () => {
    const stopping = node.stop();
    await clock.advance(1_000);
    await stopping;
  };
});

describe("following", () => {
  it("is told to the neighbours asked, and to nobody else in any way", async () => {
    const near = await neighbour(11);
    const far = network.createMesh(new Uint8Array(32).fill(12));
    await far.start();
    const published: string[] = [];
    node.mesh.publish = async (channel) => {
      published.push(channel);
      return [];
    };
    node.mesh.provide = async () => void published.push("dht");
    node.mesh.findProviders = async function* () {
      published.push("dht");
      yield* [];
    };
    const channels = node.mesh.channels();
    node.pubClient.subscribe([HOME, following(ALICE.publicKey)]);
    await clock.advance(60_000);
    expect(sets(near).at(-1)).toEqual([targetKey(HOME.target), named(ALICE.publicKey)]);
    expect(published).toEqual([]);
    expect(node.mesh.channels()).toEqual(channels);
    expect(node.mesh.links().flatMap(({ protocols }) => Object.keys(protocols))).toEqual([PUB_PROTOCOL]);
    expect(node.mesh.peers().map(toHex)).toEqual([toHex(near.key)]);
  });

  it("ends without a byte, and later sets still hold who is not followed any more", async () => {
    const near = await neighbour(11);
    node.pubClient.subscribe([HOME, following(ALICE.publicKey), following(BOB.publicKey)]);
    await clock.advance(5_000);
    const { bytes } = near;
    node.pubClient.subscribe([HOME, following(BOB.publicKey)]);
    await clock.advance(600_000);
    expect(near.bytes).toBe(bytes);

    const carol = await signerOf(4);
    node.pubClient.subscribe([HOME, following(BOB.publicKey), following(carol.publicKey)]);
    await clock.advance(5_000);
    expect(sets(near).at(-1)).toContain(named(ALICE.publicKey));
    expect(sets(near).at(-1)).toContain(named(carol.publicKey));

    // The next stream has what is wanted, and nothing tells what was before.
    near.stream?.abort(new Error("away for a while"));
    await clock.advance(10_000);
    expect(sets(near).at(-1)).toEqual([targetKey(HOME.target), named(BOB.publicKey), named(carol.publicKey)]);
  });

  it("is over all the same: what still comes is dropped, asked of nobody else, and no misdeed", async () => {
    const near = await neighbour(11);
    const other = await neighbour(12);
    node.pubClient.subscribe([HOME, following(ALICE.publicKey)]);
    await clock.advance(5_000);
    node.pubClient.subscribe([HOME]);
    const late = await signEnvelope(ALICE, { scopes: ["g:asia/jp/tokyo"], created: SIM_START });
    const generation = sets(near).length;
    await near.say({ kind: "push", generation, cursor: 1, bytes: late.bytes });
    await other.say({ kind: "have", generation: sets(other).length, cursor: 1, hashes: [late.hash] });
    expect(node.holds(late.hash)).toBe(false);
    expect(other.said.at(-1)).toEqual({ kind: "want", more: false, hashes: [] });
    expect(node.mesh.reports).toEqual([]);
    // What the place brings is still welcome, whoever wrote it.
    const here = await signEnvelope(ALICE, { scopes: [COMMONS], created: SIM_START });
    await near.say({ kind: "push", generation, cursor: 2, bytes: here.bytes });
    expect(node.holds(here.hash)).toBe(true);
  });

  it("again after unfollowing needs no word either", async () => {
    const near = await neighbour(11);
    node.pubClient.subscribe([HOME, following(ALICE.publicKey)]);
    await clock.advance(5_000);
    const { bytes } = near;
    node.pubClient.subscribe([HOME]);
    node.pubClient.subscribe([HOME, following(ALICE.publicKey)]);
    await clock.advance(5_000);
    expect(near.bytes).toBe(bytes);
  });
});

describe("following again", () => {
  it("brings what was dropped meanwhile", async () => {
    const near = await neighbour(11);
    node.pubClient.subscribe([HOME, following(ALICE.publicKey)]);
    await clock.advance(5_000);
    node.pubClient.subscribe([HOME]);
    const meanwhile = await signEnvelope(ALICE, { scopes: ["g:asia/jp/tokyo"], created: SIM_START });
    await near.say({ kind: "push", generation: sets(near).length, cursor: 9, bytes: meanwhile.bytes });
    const before = near.stream;
    node.pubClient.subscribe([HOME, following(ALICE.publicKey)]);
    await clock.advance(10_000);
    expect(near.stream).not.toBe(before);
    const set = near.said.findLast((message) => message.kind === "subscribe");
    // From where that author was read before, while the place has come further.
    expect(set?.subscriptions.map(({ since }) => since)).toEqual([9, 0]);
    await near.say({ kind: "have", generation: 1, cursor: 9, hashes: [meanwhile.hash] });
    expect(near.said.at(-1)).toEqual({ kind: "want", more: false, hashes: [meanwhile.hash] });
  });
});

describe("a client that saves bytes", () => {
  const DIGEST = following(ALICE.publicKey, "digest");
  const told = (items: readonly { hash: Hash; at: number[]; headline: string | null }[], generation: number) =>
    ({ kind: "told", mode: "digest", generation, cursor: 7, items }) as const;

  it("asks three of its neighbours, and others when one of them leaves", async () => {
    const all: Neighbour[] = [];
    for (const number of [11, 12, 13, 14, 15]) all.push(await neighbour(number));
    node.pubClient.subscribe([HOME, DIGEST]);
    await clock.advance(5_000);
    const asked = () => all.filter((each) => sets(each).at(-1)?.includes(named(ALICE.publicKey)));
    expect(asked()).toHaveLength(3);
    const leaving = asked()[0] as Neighbour;
    all.splice(all.indexOf(leaving), 1);
    const mesh = network.mesh(leaving.key);
    if (mesh !== undefined) network.disconnect(node.mesh, mesh);
    await clock.advance(5_000);
    expect(asked()).toHaveLength(3);
  });

  it("notes what it is told, fetches it when asked to, and keeps cursors of digests apart", async () => {
    const near = await neighbour(11);
    node.pubClient.subscribe([HOME, DIGEST]);
    await clock.advance(5_000);
    const envelope = await signEnvelope(ALICE, { headline: "Market", scopes: ["g:asia/jp/tokyo"], created: SIM_START });
    await near.say(told([{ hash: envelope.hash, at: [1], headline: "Market" }], 2));
    expect(node.heard).toMatchObject([{ headline: "Market", mode: "digest", targets: [DIGEST.target] }]);
    expect(node.holds(envelope.hash)).toBe(false);
    const fetching = node.pubClient.fetch([envelope.hash], [near.key], new AbortController().signal);
    await clock.advance(1_000);
    const question = near.said.at(-1);
    if (question?.kind !== "fetch") throw new Error("no fetch");
    expect(question.hashes).toEqual([envelope.hash]);
    await near.say({ kind: "fetched", id: question.id, last: true, envelopes: [envelope.bytes] });
    await fetching;
    expect(node.holds(envelope.hash)).toBe(true);

    // Pushed again, the author is read from the beginning: what was only told of is still to come.
    node.pubClient.subscribe([HOME, following(ALICE.publicKey)]);
    await clock.advance(5_000);
    const set = near.said.findLast((message) => message.kind === "subscribe");
    expect(set?.subscriptions.map(({ since }) => since)).toEqual([0, 0]);
    node.pubClient.subscribe([HOME, DIGEST]);
    await clock.advance(5_000);
    const again = near.said.findLast((message) => message.kind === "subscribe");
    expect(again?.subscriptions.map(({ since }) => since)).toEqual([0, 7]);
  });

  it.each<[string, ServerMessage]>([
    ["tells of what no subscription is in", told([{ hash: new Uint8Array(32), at: [9], headline: null }], 2)],
    ["tells of what is to be pushed", told([{ hash: new Uint8Array(32), at: [0], headline: null }], 2)],
    ["answers what was not asked", { kind: "fetched", id: 3, last: true, envelopes: [] }],
    [
      "sends a version of what has none",
      { kind: "version", generation: 2, at: 0, sequence: 1, bytes: Uint8Array.of(1) },
    ],
  ])("parts from a server that %s", async (_name, message) => {
    const near = await neighbour(11);
    node.pubClient.subscribe([HOME, DIGEST]);
    await clock.advance(5_000);
    await near.say(message);
    expect(node.mesh.reports.map(({ code }) => code)).toEqual(["VIOLATION"]);
    expect(node.heard).toEqual([]);
  });

  it("parts from a server that sends more digests than there are minutes", async () => {
    const near = await neighbour(11);
    node.pubClient.subscribe([HOME, DIGEST]);
    await clock.advance(5_000);
    for (let at = 0; at < 60 && node.mesh.reports.length === 0; at++) {
      await near.stream?.write(
        encodeServerMessage(told([{ hash: new Uint8Array(32).fill(at), at: [1], headline: "!" }], 2)),
      );
      await clock.advance(100);
    }
    expect(node.mesh.reports.map(({ code }) => code)).toEqual(["VIOLATION"]);
    expect(node.heard.length).toBeLessThan(45);
  });

  it("parts from one that delivers something else than what was fetched", async () => {
    const near = await neighbour(11);
    node.pubClient.subscribe([HOME, DIGEST]);
    await clock.advance(5_000);
    const other = await signEnvelope(BOB, { created: SIM_START });
    const fetching = node.pubClient.fetch([new Uint8Array(32).fill(1)], [near.key], new AbortController().signal);
    await clock.advance(1_000);
    await near.say({ kind: "fetched", id: 1, last: true, envelopes: [other.bytes] });
    await fetching;
    expect(node.mesh.reports.map(({ code }) => code)).toEqual(["BAD_HASH"]);
    expect(node.holds(other.hash)).toBe(false);
  });
});
