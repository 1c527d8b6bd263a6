/** A valid message of every kind, with lists that are empty, short and full. */
import type { ClientMessage, ServerMessage } from "../../../src/mesh/protocols/pub/messages.ts";
import type { StoreAnswer, StoreRequest } from "../../../src/mesh/protocols/store/messages.ts";
import { CellWriter } from "../../../src/mesh/protocols/sync/cells.ts";
import { ShortIds } from "../../../src/mesh/protocols/sync/ids.ts";
import type { SyncAnswer, SyncQuestion } from "../../../src/mesh/protocols/sync/messages.ts";
import type { ClientFrame, ServerFrame } from "../../../src/mesh/rendezvous-messages.ts";
import { hashOf, scopeFromKey, type Hash } from "../../../src/wire/index.ts";
import { COMMONS, signEnvelope, signerOf, type SignedEnvelope } from "../../sim/author.ts";
import { SIM_START } from "../../sim/clock.ts";
import { SeededRandom } from "../../sim/random.ts";
import { initHash } from "../../../src/hash/index.ts";

await initHash();
const random = new SeededRandom(1);
export const author = await signerOf(1);

/** What the served stores hold. */
export const held: readonly SignedEnvelope[] = await Promise.all(
  Array.from({ length: 24 }, (_, at) =>
    signEnvelope(author, { summary: `Number ${at}`, created: SIM_START - at * 1_000 }),
  ),
);
const envelopes = held.map(({ bytes }) => bytes);
const hashes = (count: number): Hash[] => Array.from({ length: count }, (_, at) => held[at]?.hash ?? random.bytes(32));
const epoch = random.bytes(8);

export const requests: readonly Exclude<StoreRequest, { kind: "unknown" }>[] = [
  { kind: "get", id: 0, hash: hashes(1)[0] as Hash },
  { kind: "get", id: 0xffff_ffff, hash: random.bytes(32) },
  { kind: "has", id: 7, hashes: hashes(1) },
  { kind: "has", id: 300, hashes: hashes(256) },
  { kind: "head", id: 70_000, keys: [{ type: 3, owner: author.publicKey, name: "" }] },
  {
    kind: "head",
    id: 1,
    keys: Array.from({ length: 64 }, () => ({ type: 4 as const, owner: random.bytes(32), name: "é" })),
  },
];

export const answers: readonly StoreAnswer[] = [
  { kind: "object", id: 0, bytes: envelopes[0] as Uint8Array },
  { kind: "held", id: 0, bitmap: Uint8Array.of(1) },
  { kind: "held", id: 1, bitmap: new Uint8Array(32).fill(0xff) },
  { kind: "heads", id: 0, versions: [[], [random.bytes(300)], [random.bytes(200), random.bytes(200)]] },
  { kind: "refused", id: 0, code: "NOT_FOUND", retryAfter: 0 },
  { kind: "refused", id: 0, code: "BUSY", retryAfter: 3_600_000 },
];

export const clientMessages: readonly ClientMessage[] = [
  {
    kind: "subscribe",
    generation: 1,
    epoch: null,
    subscriptions: [
      { target: { kind: "scope", scope: scopeFromKey(COMMONS), match: "exact" }, mode: "push", since: 0 },
    ],
  },
  {
    kind: "subscribe",
    generation: 2,
    epoch,
    subscriptions: [
      { target: { kind: "node", key: author.publicKey }, mode: "push", since: 12 },
      {
        target: { kind: "scope", scope: scopeFromKey("t:music/jazz"), match: "prefix" },
        mode: "digest",
        since: 2 ** 40,
      },
      { target: { kind: "scope", scope: scopeFromKey("g:europe/nl"), match: "prefix" }, mode: "pullhint", since: 1 },
    ],
  },
  {
    kind: "subscribe",
    generation: 3,
    epoch,
    subscriptions: [
      { target: { kind: "trusted" }, mode: "push", since: 0 },
      { target: { kind: "key", type: 4, owner: author.publicKey, name: "Jazz" }, mode: "push", since: 3 },
      { target: { kind: "scope", scope: scopeFromKey(COMMONS), match: "exact" }, mode: "digest", since: 0 },
      { target: { kind: "node", key: author.publicKey }, mode: "pullhint", since: 2 },
    ],
  },
  { kind: "fetch", id: 1, hashes: hashes(2) },
  { kind: "fetch", id: 0xffff_ffff, hashes: hashes(64) },
  { kind: "want", more: false, hashes: hashes(3) },
  { kind: "want", more: true, hashes: [] },
  { kind: "credit", count: 64 },
];

export const serverMessages: readonly ServerMessage[] = [
  { kind: "welcome", generation: 1, epoch },
  { kind: "have", generation: 1, cursor: 24, hashes: hashes(24) },
  { kind: "have", generation: 1, cursor: 2 ** 52, hashes: hashes(512) },
  {
    kind: "have",
    generation: 1,
    cursor: 2 ** 52,
    hashes: hashes(24),
    starts: [
      { at: 0, ranks: [0, 5, 23] },
      { at: 1_023, ranks: [7] },
    ],
  },
  { kind: "envelopes", last: true, envelopes: envelopes.slice(0, 5) },
  { kind: "envelopes", last: false, envelopes: [] },
  { kind: "caughtUp", generation: 1, cursor: 24 },
  { kind: "push", generation: 1, cursor: 25, bytes: envelopes[6] as Uint8Array },
  { kind: "refused", generation: 1, code: "UNSUPPORTED_MODE" },
  {
    kind: "told",
    mode: "digest",
    generation: 1,
    cursor: 24,
    items: hashes(24).map((hash, at) => ({ hash, at: [0, at + 1], headline: at % 2 === 0 ? null : "Été" })),
  },
  {
    kind: "told",
    mode: "pullhint",
    generation: 1,
    cursor: 2 ** 52,
    items: hashes(512).map((hash) => ({ hash, at: [1_023], headline: null })),
  },
  { kind: "fetched", id: 1, last: true, envelopes: envelopes.slice(0, 3) },
  { kind: "fetched", id: 2, last: false, envelopes: [] },
  { kind: "version", generation: 1, at: 0, sequence: 7, bytes: random.bytes(300) },
];

export const registrations: readonly ClientFrame[] = [
  { type: "register", ttl: 60_000, channels: [] },
  { type: "register", ttl: 300_000, channels: hashes(1) },
  { type: "register", ttl: 0, channels: hashes(64) },
];

export const rendezvousAnswers: readonly ServerFrame[] = [
  { type: "answer", ttl: 60_000, introductions: [] },
  { type: "answer", ttl: 300_000, introductions: [{ channel: hashes(1)[0] as Hash, peers: hashes(16) }] },
  { type: "introduce", introductions: hashes(8).map((channel) => ({ channel, peers: hashes(16) })) },
  { type: "refuse", code: "RENDEZVOUS_RATE" },
];

export const hashOfFirst: Hash = hashOf(envelopes[0] as Uint8Array);

const salt = new Uint8Array(8).fill(6);
const sorted = new ShortIds(salt).list(held.map(({ hash }) => hash)).ids;
const cells = (count: number): Uint8Array => new CellWriter(sorted).write(count).bytes();
const oldest = { created: SIM_START - 60_000, hash: hashes(24)[23] as Hash };

export const syncQuestions: readonly SyncQuestion[] = [
  { kind: "open", salt, before: null, targets: [{ kind: "scope", scope: scopeFromKey(COMMONS), match: "exact" }] },
  { kind: "open", salt, before: oldest, targets: [{ kind: "node", key: author.publicKey }] },
  { kind: "next", done: 0 },
  { kind: "next", done: 1 },
  { kind: "ids", window: 0 },
  { kind: "cells", window: 0, count: 10 },
  { kind: "want", window: 0, first: 0, bits: Uint8Array.of(0xff, 0x0f) },
  { kind: "want", window: 0, first: 16, bits: Uint8Array.of(0xff) },
];

export const syncAnswers: readonly SyncAnswer[] = [
  { kind: "welcome", epoch, lastSeq: 24, held: 24 },
  { kind: "window", of: "start", number: 0, count: 24, end: oldest, sum: cells(1) },
  { kind: "window", of: "besides", number: 0, count: 3, end: oldest, sum: cells(1) },
  { kind: "window", of: "start", number: 1, count: 24, end: { ...oldest, created: 5 }, sum: cells(1) },
  { kind: "ids", bytes: sorted.bytes() },
  { kind: "cells", bytes: cells(40).slice(12) },
  { kind: "envelopes", last: true, items: envelopes.slice(0, 12) },
  { kind: "envelopes", last: false, items: envelopes.slice(12, 20) },
  { kind: "end" },
];
