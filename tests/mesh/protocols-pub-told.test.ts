/** What a server tells of instead of sending it, to whom it gives what, and versions of objects. */
import { beforeEach, describe, expect, it } from "vitest";
import { initHash } from "../../src/hash/index.ts";
import type { FrameStream } from "../../src/mesh/port.ts";
import {
  EVERY_SCOPED,
  PUB_PROTOCOL,
  servePub,
  type Audience,
  type PubServer,
  type Target,
} from "../../src/mesh/protocols/index.ts";
import {
  decodeServerMessage,
  encodeClientMessage,
  type RequestedSubscription,
  type ServerMessage,
} from "../../src/mesh/protocols/pub/messages.ts";
import { createMemoryStore, type Store } from "../../src/store/index.ts";
import {
  type Hash,
  type Scope,
  decodeEnvelope,
  equalBytes,
  hashOf,
  ObjectType,
  scopeFromKey,
  toHex,
} from "../../src/wire/index.ts";
import { COMMONS, signEnvelope, signerOf, signProfile, type EnvelopeText, type SignedEnvelope } from "../sim/author.ts";
import { SIM_START, VirtualClock } from "../sim/clock.ts";
import type { SimMesh } from "../sim/mesh.ts";
import { SimNetwork } from "../sim/network.ts";

await initHash();

const AUTHORS = await Promise.all([1, 2].map(signerOf));
const [ALICE, BOB] = AUTHORS as [(typeof AUTHORS)[number], (typeof AUTHORS)[number]];

const COMMONS_EXACT: Target = { kind: "scope", scope: scopeFromKey(COMMONS), match: "exact" };
const MINUTE = 60_000;

let clock: VirtualClock;
let network: SimNetwork;
let store: Store;
let server: PubServer;
let serving: SimMesh;
let stream: FrameStream;
/** Frames that have come, in order, with the time. */
let heard: { at: number; message: ServerMessage }[];

const signed = (text: EnvelopeText, author = ALICE): Promise<SignedEnvelope> =>
  signEnvelope(author, { created: SIM_START, ...text });

async function serve(audience: Audience): Promise<void> {
  clock = new VirtualClock();
  network = new SimNetwork({ clock, seed: 5 });
  serving = network.createMesh(new Uint8Array(32).fill(1));
  const reading = network.createMesh(new Uint8Array(32).fill(2));
  await serving.start();
  await reading.start();
  network.connect(reading, serving);
  store = createMemoryStore({ randomBytes: (length) => network.random.bytes(length) });
  server = servePub({ mesh: serving, library: store, audience, clock });
  const opening = reading.openStream(serving.self, PUB_PROTOCOL);
  await clock.advance(1_000);
  stream = await opening;
  heard = [];
  void listen();
}

async function listen(): Promise<void> {
  for (let frame = await stream.read(); frame !== null; frame = await stream.read()) {
    heard.push({ at: clock.now(), message: decodeServerMessage(frame) });
  }
}

async function subscribe(...subscriptions: RequestedSubscription[]): Promise<void> {
  await stream.write(encodeClientMessage({ kind: "subscribe", generation: 1, epoch: store.epoch, subscriptions }));
  await clock.advance(1_000);
}

async function arrive(...envelopes: SignedEnvelope[]): Promise<void> {
  await store.commit({ envelopes });
  server.arrived(envelopes.map((envelope) => ({ ...envelope, from: null, channel: null })));
  await clock.advance(500);
}

const of = <Kind extends ServerMessage["kind"]>(kind: Kind) =>
  heard
    .map(({ message }) => message)
    .filter((message): message is Extract<ServerMessage, { kind: Kind }> => message.kind === kind);
const hex = (envelopes: readonly SignedEnvelope[]): string[] => envelopes.map(({ hash }) => toHex(hash)).sort();

describe("a server that tells of envelopes", () => {
  beforeEach(async () => {
    await serve(EVERY_SCOPED);
    return () => server.stop();
  });

  it("sends what was held at once, and then one digest a minute with hash and headline", async () => {
    await arrive(await signed({ headline: "Market day" }));
    await subscribe({ target: COMMONS_EXACT, mode: "digest", since: 0 });
    const [first] = of("told");
    expect(first?.items).toEqual([{ hash: expect.any(Uint8Array), at: [0], headline: "Market day" }]);
    const later = await Promise.all([1, 2, 3].map((at) => signed({ headline: `Number ${at}` })));
    for (const envelope of later) await arrive(envelope);
    expect(of("told")).toHaveLength(1);
    await clock.advance(MINUTE);
    expect(of("told")).toHaveLength(2);
    expect(
      of("told")[1]
        ?.items.map(({ hash }) => toHex(hash))
        .sort(),
    ).toEqual(hex(later));
    await clock.advance(10 * MINUTE);
    // Nothing new, no frame.
    expect(of("told")).toHaveLength(2);
    expect(heard.some(({ message }) => message.kind === "push" || message.kind === "have")).toBe(false);
  });

  it("gives hashes alone as hints, naming every subscription that covers one", async () => {
    const envelope = await signed({ headline: "Market day", scopes: ["g:europe/nl/utrecht", "t:food/markets"] });
    await arrive(envelope);
    await subscribe(
      { target: { kind: "scope", scope: scopeFromKey("t:food"), match: "prefix" }, mode: "pullhint", since: 0 },
      { target: { kind: "node", key: BOB.publicKey }, mode: "pullhint", since: 0 },
      { target: { kind: "node", key: ALICE.publicKey }, mode: "pullhint", since: 0 },
    );
    expect(of("told")).toEqual([
      {
        kind: "told",
        mode: "pullhint",
        generation: 1,
        cursor: 1,
        items: [{ hash: envelope.hash, at: [0, 2], headline: null }],
      },
    ]);
  });

  it("goes on from the cursor, and leaves out all but the newest 512", async () => {
    const many = await Promise.all(
      Array.from({ length: 600 }, (_, at) => signed({ summary: `Number ${at}`, created: SIM_START + at })),
    );
    await store.commit({ envelopes: many });
    await subscribe({ target: COMMONS_EXACT, mode: "pullhint", since: 590 });
    expect(
      of("told")[0]
        ?.items.map(({ hash }) => toHex(hash))
        .sort(),
    ).toEqual(hex(many.slice(590)));
    await stream.write(
      encodeClientMessage({
        kind: "subscribe",
        generation: 2,
        epoch: null,
        subscriptions: [{ target: COMMONS_EXACT, mode: "pullhint", since: 0 }],
      }),
    );
    await clock.advance(1_000);
    const all = of("told").at(-1);
    expect(all).toMatchObject({ generation: 2, cursor: 600 });
    expect(all?.items.map(({ hash }) => toHex(hash)).sort()).toEqual(hex(many.slice(88)));
  });

  it("sends what is fetched, as far as the set in force may have it", async () => {
    const here = await signed({ summary: "here" });
    const elsewhere = await signed({ summary: "elsewhere", scopes: ["g:asia/jp/tokyo"] });
    const unscoped = await signed({ summary: "neighbours only", scopes: [] });
    await arrive(here, elsewhere, unscoped);
    await subscribe({ target: COMMONS_EXACT, mode: "pullhint", since: 0 });
    const hashes = [here.hash, elsewhere.hash, unscoped.hash, new Uint8Array(32).fill(9)];
    await stream.write(encodeClientMessage({ kind: "fetch", id: 7, hashes }));
    await clock.advance(1_000);
    expect(of("fetched")).toEqual([{ kind: "fetched", id: 7, last: true, envelopes: [here.bytes] }]);
  });

  it("sends the version of an object that is newer than the subscriber's, and each one after it", async () => {
    const key = { type: ObjectType.UserProfile, owner: ALICE.publicKey, name: "" } as const;
    const keep = async (sequence: number): Promise<Uint8Array> => {
      const { bytes, hash } = await signProfile(ALICE, `Alice ${sequence}`, sequence);
      await store.commit({ heads: [{ ...key, sequence, hash, bytes, forkBytes: null, frozenUntil: 0 }] });
      server.versioned([key]);
      await clock.advance(500);
      return bytes;
    };
    const second = await keep(2);
    await subscribe({ target: { kind: "key", ...key }, mode: "push", since: 1 });
    const third = await keep(3);
    expect(of("version").map(({ bytes, sequence }) => ({ bytes, sequence }))).toEqual([
      { bytes: second, sequence: 2 },
      { bytes: third, sequence: 3 },
    ]);
    await stream.write(
      encodeClientMessage({
        kind: "subscribe",
        generation: 2,
        epoch: null,
        subscriptions: [{ target: { kind: "key", ...key }, mode: "push", since: 3 }],
      }),
    );
    await clock.advance(1_000);
    expect(of("version")).toHaveLength(2);
  });
});

describe("a server with an audience", () => {
  const TRUSTED: RequestedSubscription = { target: { kind: "trusted" }, mode: "push", since: 0 };
  /** Summaries that may be had by evidence. */
  let promoted: Set<string>;
  let trusting: boolean;
  /** What became open after it had arrived, and with which arrival number. */
  let late: { readonly hash: Hash; readonly became: number }[];
  /** Where envelopes with topics alone started, by hex. */
  let starts: Map<string, readonly Scope[]>;

  beforeEach(async () => {
    late = [];
    starts = new Map();
    promoted = new Set();
    trusting = false;
    const admits: Audience["admits"] = ({ envelope: { scopes, summary } }, asker) => {
      expect(equalBytes(asker, new Uint8Array(32).fill(2))).toBe(true);
      return scopes.length === 0 ? trusting : promoted.has(summary ?? "");
    };
    await serve({
      admits,
      give: async ({ bytes, hash }, asker, targets) =>
        admits({ hash, envelope: decodeEnvelope(bytes) }, asker, targets) ? { bytes } : null,
      trusts: () => trusting,
      startsOf: (hash) => starts.get(toHex(hash)) ?? [],
      besides: (_targets, since, limit) =>
        late
          .filter(({ became }) => became > since)
          .slice(0, limit)
          .flatMap(({ became, hash }) => {
            const row = store.envelopes.row(hash);
            return row === undefined ? [] : [{ row, became }];
          }),
    });
    return () => server.stop();
  });

  const pokemon: RequestedSubscription = {
    target: { kind: "scope", scope: scopeFromKey("t:gaming"), match: "prefix" },
    mode: "push",
    since: 0,
  };
  const topical = (summary: string): Promise<SignedEnvelope> =>
    signed({ summary, scopes: [COMMONS, "t:gaming/pokemon"] });

  it("does not even tell the hash of what its subscriber may not have, whatever the mode", async () => {
    const held = await topical("held");
    await arrive(held);
    await subscribe(pokemon, { ...pokemon, target: { ...pokemon.target, match: "exact" } as Target, mode: "digest" });
    await arrive(await topical("came later"));
    await clock.advance(2 * MINUTE);
    expect(heard.map(({ message }) => message.kind)).toEqual(["welcome", "caughtUp"]);
    await stream.write(encodeClientMessage({ kind: "fetch", id: 1, hashes: [held.hash] }));
    await clock.advance(1_000);
    expect(of("fetched")).toEqual([{ kind: "fetched", id: 1, last: true, envelopes: [] }]);
  });

  it("announces what evidence has opened since, and gives it in the next digest", async () => {
    const envelope = await topical("liked");
    await arrive(envelope);
    await subscribe(pokemon);
    promoted.add("liked");
    server.opened([envelope]);
    await clock.advance(1_000);
    expect(of("have").map(({ hashes }) => hashes)).toEqual([[envelope.hash]]);
    await stream.write(encodeClientMessage({ kind: "want", more: false, hashes: [envelope.hash] }));
    await clock.advance(1_000);
    expect(of("envelopes")[0]?.envelopes).toEqual([envelope.bytes]);

    const second = await topical("liked, too");
    await stream.write(
      encodeClientMessage({
        kind: "subscribe",
        generation: 2,
        epoch: store.epoch,
        subscriptions: [{ ...pokemon, mode: "digest", since: 1 }],
      }),
    );
    await arrive(second);
    await clock.advance(2 * MINUTE);
    expect(of("told")).toEqual([]);
    promoted.add("liked, too");
    server.opened([second]);
    await clock.advance(MINUTE);
    expect(of("told").map(({ items }) => items.map(({ hash }) => hash))).toEqual([[second.hash]]);
  });

  it("announces all of what evidence opens at once, however much it is", async () => {
    const envelopes = await Promise.all(Array.from({ length: 700 }, (_, at) => topical(`post ${at}`)));
    await arrive(...envelopes);
    await subscribe(pokemon);
    for (const [at, envelope] of envelopes.entries()) {
      promoted.add(envelope.envelope.summary ?? "");
      // Each by a boost that arrived before it.
      late.push({ hash: envelope.hash, became: 701 + at });
      server.opened([envelope]);
    }
    await clock.advance(1_000);
    for (let answered = 0; answered < of("have").length; answered++) {
      await stream.write(encodeClientMessage({ kind: "want", more: false, hashes: [] }));
      await clock.advance(1_000);
    }
    const announced = of("have").flatMap(({ hashes }) => hashes.map(toHex));
    expect(announced.toSorted()).toEqual(hex(envelopes));
  });

  it("announces what turns out to have started at a place that is asked for", async () => {
    const envelope = await signed({ summary: "heard at home", scopes: ["t:gaming/pokemon"] });
    promoted.add("heard at home");
    await arrive(envelope);
    await subscribe({
      target: { kind: "scope", scope: scopeFromKey("g:europe/nl/utrecht"), match: "exact" },
      mode: "push",
      since: 0,
    });
    server.opened([{ ...envelope, start: scopeFromKey("g:europe/nl/delft") }]);
    await clock.advance(10_000);
    expect(of("have")).toEqual([]);
    const utrecht = scopeFromKey("g:europe/nl/utrecht");
    starts.set(toHex(envelope.hash), [utrecht]);
    server.opened([{ ...envelope, start: utrecht }]);
    await clock.advance(1_000);
    expect(of("have").map(({ hashes }) => hashes)).toEqual([[envelope.hash]]);
    expect(of("have").map((have) => have.starts)).toEqual([[{ at: 0, ranks: [0] }]]);
  });

  it("says so of what its subscriber holds, too, and nothing of other places", async () => {
    const utrecht = scopeFromKey("g:europe/nl/utrecht");
    const [held, elsewhere] = [
      await signed({ summary: "heard at home", scopes: ["t:gaming/pokemon"] }),
      await signed({ summary: "heard elsewhere", scopes: ["t:gaming/pokemon"] }),
    ];
    for (const summary of ["heard at home", "heard elsewhere"]) promoted.add(summary);
    starts.set(toHex(elsewhere.hash), [scopeFromKey("g:europe/nl/delft")]);
    await arrive(held, elsewhere);
    await subscribe(pokemon, { target: { kind: "scope", scope: utrecht, match: "exact" }, mode: "push", since: 0 });
    expect(of("have")).toMatchObject([{ hashes: [held.hash, elsewhere.hash] }]);
    expect(of("have")[0]).not.toHaveProperty("starts");
    await stream.write(encodeClientMessage({ kind: "want", more: false, hashes: [] }));
    await clock.advance(1_000);
    starts.set(toHex(held.hash), [utrecht]);
    server.opened([{ ...held, start: utrecht }]);
    await clock.advance(1_000);
    expect(of("have").slice(1)).toMatchObject([{ hashes: [held.hash], starts: [{ at: 1, ranks: [0] }] }]);
  });

  it("takes back what was announced when it may not be had any more", async () => {
    promoted.add("liked");
    const envelope = await topical("liked");
    await arrive(envelope);
    await subscribe(pokemon);
    promoted.clear();
    await stream.write(encodeClientMessage({ kind: "want", more: false, hashes: [envelope.hash] }));
    await clock.advance(1_000);
    expect(of("envelopes")).toEqual([{ kind: "envelopes", last: true, envelopes: [] }]);
  });

  it("answers who is not trusted as if nothing were held, and gives everything to who is trusted from now on", async () => {
    const secret = await signed({ summary: "block party", scopes: [] });
    await arrive(secret);
    await subscribe(TRUSTED, { target: { kind: "node", key: ALICE.publicKey }, mode: "push", since: 0 });
    expect(heard.map(({ message }) => message.kind)).toEqual(["welcome", "caughtUp"]);
    trusting = true;
    server.trustChanged(new Uint8Array(32).fill(2));
    await clock.advance(1_000);
    expect(of("have").map(({ hashes }) => hashes)).toEqual([[secret.hash]]);
    await stream.write(encodeClientMessage({ kind: "want", more: false, hashes: [secret.hash] }));
    const next = await signed({ summary: "and cake", scopes: [] });
    await arrive(next);
    expect(of("push").map(({ bytes }) => toHex(hashOf(bytes)))).toEqual(hex([next]));
    // Revoked: what comes now is for others.
    trusting = false;
    await arrive(await signed({ summary: "not for you", scopes: [] }));
    await clock.advance(10_000);
    expect(of("push")).toHaveLength(1);
    expect(of("have")).toHaveLength(1);
  });
});
