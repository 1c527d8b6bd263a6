/** Both ends of every protocol, run against a remote side that sends damaged frames in any order. */
import { MeshError } from "../../../src/mesh/errors.ts";
import type { FrameStream } from "../../../src/mesh/port.ts";
import {
  createPubClient,
  createStoreClient,
  EVERY_SCOPED,
  ProtocolError,
  servePub,
  serveStore,
  serveSync,
  type Delivered,
} from "../../../src/mesh/protocols/index.ts";
import {
  decodeClientMessage,
  decodeServerMessage,
  encodeClientMessage,
  encodeServerMessage,
} from "../../../src/mesh/protocols/pub/messages.ts";
import {
  decodeAnswer,
  decodeRequest,
  encodeAnswer,
  encodeRequest,
} from "../../../src/mesh/protocols/store/messages.ts";
import { Claims } from "../../../src/mesh/protocols/pub/claims.ts";
// Loaded beforehand: what is imported while it runs takes time outside of the virtual clock.
import "../../../src/mesh/protocols/sync/conversation.ts";
import { ShortIds } from "../../../src/mesh/protocols/sync/ids.ts";
import {
  decodeAnswer as decodeSyncAnswer,
  decodeQuestion,
  encodeAnswer as encodeSyncAnswer,
  encodeQuestion,
} from "../../../src/mesh/protocols/sync/messages.ts";
import { SyncSession } from "../../../src/mesh/protocols/sync/session.ts";
import { decodeSignal, encodeSignal } from "../../../src/mesh/protocols/signal/index.ts";
import {
  decodeClientFrame,
  decodeServerFrame,
  encodeClientFrame,
  encodeServerFrame,
} from "../../../src/mesh/rendezvous-messages.ts";
import { RendezvousServer } from "../../../src/mesh/rendezvous-server.ts";
import { RendezvousClient, RendezvousRefused } from "../../../src/mesh/rendezvous.ts";
import { createMemoryStore } from "../../../src/store/index.ts";
import { equalBytes, hashOf, scopeFromKey } from "../../../src/wire/index.ts";
import { COMMONS } from "../../sim/author.ts";
import { VirtualClock } from "../../sim/clock.ts";
import { SeededRandom } from "../../sim/random.ts";
import { oneOf } from "../mutations.ts";
import { ScriptedStream } from "../scripted-stream.ts";
import { asValue, damagedCbor, type Target } from "../target.ts";
import {
  answers,
  author,
  clientMessages,
  hashOfFirst,
  held,
  registrations,
  rendezvousAnswers,
  requests,
  serverMessages,
  syncAnswers,
  syncQuestions,
} from "./messages.ts";
import { signalMessages, signalSession } from "./signal.ts";

const SELF = new Uint8Array(32).fill(1);
const CHANNEL = `mehr/1/g/${COMMONS.slice(2)}`;
/** Virtual ms within which every session has to come to its end once its stream has. */
const PATIENCE = 600_000;

/** Of a protocol that goes wrong: the errors that a caller is told to expect. */
function isExpected(error: unknown): boolean {
  return error instanceof ProtocolError || error instanceof MeshError || error instanceof RendezvousRefused;
}

interface Session {
  readonly name: string;
  readonly covers: readonly string[];
  readonly seeds: readonly Uint8Array[];
  /** Runs one end until the stream has ended. @throws on any fault */
  run(stream: ScriptedStream, clock: VirtualClock, random: SeededRandom): Promise<void>;
  /** What the end under test writes is always well-formed. @throws when a frame is not */
  reads(frame: Uint8Array): void;
}

function sessionTarget({ covers, name, reads, run, seeds }: Session): Target {
  return {
    name: `mesh: ${name}`,
    covers,
    share: 2_500,
    input(random) {
      const frames = Array.from({ length: 1 + random.below(8) }, () =>
        random.next() < 0.6 ? oneOf(random, seeds) : damagedCbor(seeds, random),
      );
      return { peer: random.bytes(32), frames };
    },
    async check(input) {
      const { peer, frames } = input as { peer: Uint8Array; frames: Uint8Array[] };
      const clock = new VirtualClock();
      const stream = new ScriptedStream(peer, frames);
      let outcome: { error: unknown } | "ended" | null = null;
      run(stream, clock, new SeededRandom(peer[0] ?? 0)).then(
        () => (outcome = "ended"),
        (error: unknown) => (outcome = { error }),
      );
      await clock.until(() => outcome !== null, PATIENCE);
      const ended = outcome as { error: unknown } | "ended" | null;
      if (ended !== "ended" && ended !== null && !isExpected(ended.error)) throw ended.error;
      for (const frame of stream.written) reads(frame);
      return ended === "ended";
    },
    text: asValue,
  };
}

async function library(): Promise<ReturnType<typeof createMemoryStore>> {
  const random = new SeededRandom(2);
  const store = createMemoryStore({ randomBytes: (length) => random.bytes(length) });
  await store.commit({ envelopes: held });
  return store;
}
const store = await library();
/** Holds a part of what there is. */
const few = createMemoryStore({ randomBytes: (length) => new Uint8Array(length).fill(7) });
await few.commit({ envelopes: held.slice(0, 6) });

type Handler = (stream: FrameStream) => Promise<void>;

/** What a server asks of the mesh; keeps the handler that it registers. */
function listening() {
  const kept: { handler: Handler } = { handler: () => Promise.reject(new Error("no handler")) };
  const mesh = {
    handle: (_protocol: string, handler: Handler) => {
      kept.handler = handler;
    },
    report: () => undefined,
    channelPeers: () => [],
    eagerPeers: () => [],
  };
  return { kept, mesh };
}

const sessions: readonly Session[] = [
  {
    name: "a server of /mehr/store/1",
    covers: ["mesh/protocols/store/server.ts#serveStore"],
    seeds: requests.map(encodeRequest),
    async run(stream, clock) {
      const { kept, mesh } = listening();
      const server = serveStore({ mesh, library: store, clock });
      await kept.handler(stream).finally(() => server.stop());
    },
    reads: decodeAnswer,
  },
  {
    name: "a server of /mehr/pub/1",
    covers: ["mesh/protocols/pub/server.ts#servePub"],
    seeds: clientMessages.map(encodeClientMessage),
    async run(stream, clock) {
      const { kept, mesh } = listening();
      const server = servePub({
        mesh: { ...mesh, self: new Uint8Array(32) },
        library: store,
        audience: EVERY_SCOPED,
        clock,
      });
      await kept.handler(stream).finally(() => server.stop());
    },
    reads: decodeServerMessage,
  },
  {
    name: "a client of /mehr/store/1",
    covers: ["mesh/protocols/store/client.ts#createStoreClient"],
    seeds: answers.map(encodeAnswer),
    async run(stream, clock) {
      const openStream = async (): Promise<FrameStream> => stream;
      const client = createStoreClient({
        mesh: { self: SELF, peers: () => [], openStream, report: () => undefined },
        clock,
      });
      const asked = await Promise.allSettled([
        client.get(stream.peer, hashOfFirst).then((bytes) => {
          if (!equalBytes(hashOf(bytes), hashOfFirst)) throw new Error("gave bytes of another hash");
        }),
        client.has(stream.peer, [hashOfFirst, SELF]).then((bits) => {
          if (bits.length !== 2) throw new Error(`${bits.length} answers to 2 questions`);
        }),
        client.heads(stream.peer, [{ type: 3, owner: author.publicKey, name: "" }]),
      ]);
      client.stop();
      for (const result of asked) if (result.status === "rejected" && !isExpected(result.reason)) throw result.reason;
    },
    reads: decodeRequest,
  },
  {
    name: "a client of /mehr/pub/1",
    covers: ["mesh/protocols/pub/client.ts#createPubClient"],
    seeds: serverMessages.map(encodeServerMessage),
    async run(stream, clock, random) {
      const faults: unknown[] = [];
      const ended = Promise.withResolvers<void>();
      let opened = 0;
      const client = createPubClient({
        mesh: {
          self: SELF,
          peers: () => [stream.peer],
          // The second stream is opened when the first has come to its end.
          openStream: async (): Promise<FrameStream> => {
            if (opened++ === 0) return stream;
            ended.resolve();
            throw new MeshError("PROTOCOL_UNSUPPORTED", "once is enough");
          },
          on: () => () => undefined,
          report: () => undefined,
        },
        clock,
        random: () => random.next(),
        cursors: { load: async () => undefined, save: async () => undefined, clear: async () => undefined },
        known: () => false,
        told: async () => undefined,
        version: async () => undefined,
        trusts: () => true,
        receive: async (items: readonly Delivered[]) => {
          for (const { bytes, hash } of items) {
            if (!equalBytes(hashOf(bytes), hash)) faults.push(new Error("delivered under another hash"));
          }
        },
        onFailure: (_server, error) => {
          if (!isExpected(error)) faults.push(error);
        },
      });
      client.subscribe([{ target: { kind: "scope", scope: scopeFromKey(COMMONS), match: "exact" }, mode: "push" }]);
      await ended.promise;
      await client.stop();
      if (faults.length > 0) throw faults[0];
    },
    reads: decodeClientMessage,
  },
  {
    name: "a server of /mehr/sync/1",
    covers: ["mesh/protocols/sync/server.ts#serveSync"],
    seeds: syncQuestions.map(encodeQuestion),
    async run(stream, clock) {
      const { kept, mesh } = listening();
      const server = serveSync({ mesh, library: store, audience: EVERY_SCOPED, clock });
      await kept.handler(stream).finally(() => server.stop());
    },
    reads: decodeSyncAnswer,
  },
  {
    name: "a client of /mehr/sync/1",
    covers: ["mesh/protocols/sync/session.ts#SyncSession"],
    seeds: syncAnswers.map(encodeSyncAnswer),
    async run(stream, clock) {
      const { signal } = new AbortController();
      const salt = new Uint8Array(8).fill(6);
      const ids = new ShortIds(salt);
      const options = {
        stream,
        clock,
        salt,
        before: null,
        envelopes: few.envelopes,
        targets: [{ kind: "scope", scope: scopeFromKey(COMMONS), match: "exact" }] as const,
        served: () => null,
        claims: new Claims((hash) => ids.name(hash)),
        known: (hash: Uint8Array) => few.envelopes.has(hash),
        receive: async (items: readonly Delivered[]) => {
          for (const { hash } of items) {
            if (few.envelopes.has(hash)) throw new Error("took what it has");
          }
        },
      };
      const session = await SyncSession.open(options, signal);
      await session.run(signal, () => undefined);
    },
    reads: decodeQuestion,
  },
  {
    name: "a server of /mehr/rendezvous/1",
    covers: ["mesh/rendezvous-server.ts#RendezvousServer"],
    seeds: registrations.map(encodeClientFrame),
    async run(stream, clock, random) {
      const server = new RendezvousServer({ clock, random: (below) => random.below(below) });
      try {
        await server.handle(stream);
      } finally {
        server.stop();
      }
      if (server.status().peers !== 0) throw new Error("remembers who has gone");
    },
    reads: decodeServerFrame,
  },
  {
    name: "a client of /mehr/rendezvous/1",
    covers: ["mesh/rendezvous.ts#RendezvousClient"],
    seeds: rendezvousAnswers.map(encodeServerFrame),
    async run(stream, clock) {
      const told: Uint8Array[] = [];
      const client = new RendezvousClient(stream, {
        self: SELF,
        clock,
        onPeers: (_channel, peers) => told.push(...peers),
      });
      client.setChannels([CHANNEL]);
      await client.run();
      if (told.some((peer) => equalBytes(peer, SELF))) throw new Error("was introduced to itself");
    },
    reads: decodeClientFrame,
  },
  {
    name: "a neighbour in between and a peer that is wanted, in /mehr/signal/1",
    covers: ["mesh/protocols/signal/signalling.ts#Signalling"],
    seeds: signalMessages.map(encodeSignal),
    run: (stream, clock, random) => signalSession(stream, clock, random, "serves"),
    reads: decodeSignal,
  },
  {
    name: "a caller in /mehr/signal/1",
    covers: ["mesh/protocols/signal/caller.ts#call"],
    seeds: signalMessages.map(encodeSignal),
    run: (stream, clock, random) => signalSession(stream, clock, random, "calls"),
    reads: decodeSignal,
  },
];

export const sessionTargets: readonly Target[] = sessions.map(sessionTarget);
