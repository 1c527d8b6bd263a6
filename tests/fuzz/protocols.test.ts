/** Whatever comes in a frame: a message, or `MALFORMED`, quickly; and a message has one spelling only. */
import fc from "fast-check";
import { encode } from "cborg";
import { describe, expect, it } from "vitest";
import { ProtocolError } from "../../src/mesh/protocols/index.ts";
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
import { scopeFromKey, type ObjectTypeNumber } from "../../src/wire/index.ts";
import { SeededRandom } from "../sim/random.ts";

const SEED = 20_260_101;
const RUNS = 300;

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
const id = fc.integer({ min: 0, max: 0xffff_ffff });
const seq = fc.maxSafeNat();
const epoch = fc.uint8Array({ minLength: 8, maxLength: 8 });
const envelope = fc.uint8Array({ minLength: 1, maxLength: 300 });
const scope = fc
  .tuple(fc.constantFrom("g", "t"), fc.array(fc.stringMatching(/^[a-z][a-z0-9]{0,9}$/), { minLength: 1, maxLength: 8 }))
  .map(([kind, segments]) => scopeFromKey(`${kind}:${segments.join("/")}`));
const target = fc.oneof(
  hash.map((key) => ({ kind: "node", key }) as const),
  fc
    .tuple(scope, fc.constantFrom("exact", "prefix"))
    .map(([scope, match]) => ({ kind: "scope", scope, match }) as const),
);
const headKey = fc.record({
  type: fc.integer({ min: 0, max: 255 }).map((type) => type as ObjectTypeNumber),
  owner: hash,
  name: fc.string({ maxLength: 60, unit: "grapheme" }).filter((name) => new TextEncoder().encode(name).length <= 256),
});

const requests: fc.Arbitrary<Exclude<StoreRequest, { kind: "unknown" }>> = fc.oneof(
  fc.record({ kind: fc.constant("get" as const), id, hash }),
  fc.record({ kind: fc.constant("has" as const), id, hashes: fc.array(hash, { minLength: 1, maxLength: 256 }) }),
  fc.record({ kind: fc.constant("head" as const), id, keys: fc.array(headKey, { minLength: 1, maxLength: 64 }) }),
);
const answers: fc.Arbitrary<StoreAnswer> = fc.oneof(
  fc.record({ kind: fc.constant("object" as const), id, bytes: envelope }),
  fc.record({ kind: fc.constant("held" as const), id, bitmap: fc.uint8Array({ minLength: 1, maxLength: 32 }) }),
  fc.record({
    kind: fc.constant("heads" as const),
    id,
    versions: fc.array(fc.array(envelope, { maxLength: 2 }), { minLength: 1, maxLength: 64 }),
  }),
  fc.record({
    kind: fc.constant("refused" as const),
    id,
    code: fc.constantFrom("NOT_FOUND", "BUSY", "TOO_LARGE", "UNSUPPORTED", "REMOTE_FAULT"),
    retryAfter: fc.integer({ min: 0, max: 3_600_000 }),
  }),
);
const fromClient: fc.Arbitrary<ClientMessage> = fc.oneof(
  fc.record({
    kind: fc.constant("subscribe" as const),
    generation: id,
    epoch: fc.option(epoch),
    subscriptions: fc.array(
      fc.record({ target, mode: fc.constantFrom("push" as const, "digest" as const, "pullhint" as const), since: seq }),
      { maxLength: 200 },
    ),
  }),
  fc.record({ kind: fc.constant("want" as const), more: fc.boolean(), hashes: fc.array(hash, { maxLength: 512 }) }),
  fc.record({ kind: fc.constant("credit" as const), count: fc.integer({ min: 0, max: 64 }) }),
);
const fromServer: fc.Arbitrary<ServerMessage> = fc.oneof(
  fc.record({ kind: fc.constant("welcome" as const), generation: id, epoch }),
  fc.record({
    kind: fc.constant("have" as const),
    generation: id,
    cursor: seq,
    hashes: fc.array(hash, { minLength: 1, maxLength: 512 }),
  }),
  fc.record({
    kind: fc.constant("envelopes" as const),
    last: fc.boolean(),
    envelopes: fc.array(envelope, { maxLength: 200 }),
  }),
  fc.record({ kind: fc.constant("caughtUp" as const), generation: id, cursor: seq }),
  fc.record({ kind: fc.constant("push" as const), generation: id, cursor: seq, bytes: envelope }),
  fc.record({ kind: fc.constant("refused" as const), generation: id, code: fc.constant("UNSUPPORTED_MODE" as const) }),
);

interface Codec {
  readonly name: string;
  /** Valid frames. */
  readonly frames: fc.Arbitrary<Uint8Array>;
  readonly decode: (frame: Uint8Array) => unknown;
  /** The one spelling of what was decoded; `null` for what has several on purpose. */
  readonly again: (message: never) => Uint8Array | null;
}

const codecs: Codec[] = [
  {
    name: "request",
    frames: requests.map(encodeRequest),
    decode: decodeRequest,
    again: (message: StoreRequest) => (message.kind === "unknown" ? null : encodeRequest(message)),
  },
  {
    name: "answer",
    frames: answers.map(encodeAnswer),
    decode: decodeAnswer,
    // Codes of later versions all read as a fault of the remote side.
    again: (message: StoreAnswer) => (message.kind === "refused" ? null : encodeAnswer(message)),
  },
  {
    name: "client message",
    frames: fromClient.map(encodeClientMessage),
    decode: decodeClientMessage,
    again: (message: ClientMessage) =>
      message.kind === "subscribe" && message.subscriptions.some(({ mode }) => mode === "unknown")
        ? null
        : encodeClientMessage(message),
  },
  {
    name: "server message",
    frames: fromServer.map(encodeServerMessage),
    decode: decodeServerMessage,
    again: (message: ServerMessage) => (message.kind === "refused" ? null : encodeServerMessage(message)),
  },
];

/** The message, or nothing when the frame is refused as it should be. Anything else thrown fails the test. */
function attempt(codec: Codec, frame: Uint8Array): unknown {
  try {
    return codec.decode(frame);
  } catch (error) {
    if (error instanceof ProtocolError && error.code === "MALFORMED") return undefined;
    throw error;
  }
}

function expectOneSpelling(codec: Codec, frame: Uint8Array): void {
  const message = attempt(codec, frame);
  if (message === undefined) return;
  const again = codec.again(message as never);
  if (again !== null) expect(Buffer.from(again).equals(frame)).toBe(true);
}

describe.each(codecs)("the decoder of a $name", (codec) => {
  it("reads what the encoder writes", () => {
    fc.assert(
      fc.property(codec.frames, (frame) => {
        expect(attempt(codec, frame)).toBeDefined();
        expectOneSpelling(codec, frame);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it("survives frames with bytes changed, cut out, put in and cut off", () => {
    const random = new SeededRandom(SEED);
    for (const frame of fc.sample(codec.frames, { seed: SEED, numRuns: 100 })) {
      for (let round = 0; round < 40; round++) expectOneSpelling(codec, damaged(frame, random));
    }
  });

  it("survives any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => expectOneSpelling(codec, bytes)),
      { seed: SEED, numRuns: RUNS * 10 },
    );
  });

  it("survives any CBOR, behind its own first items, too", () => {
    const item = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.maxSafeInteger(),
        fc.uint8Array({ maxLength: 40 }),
        fc.string(),
        fc.boolean(),
        fc.constant(null),
        fc.double({ noNaN: true }),
        fc.array(tie("tree"), { maxLength: 6 }),
        fc.dictionary(fc.string(), tie("tree"), { maxKeys: 3 }),
      ),
    })).tree;
    const tagged = fc.tuple(fc.constantFrom(1, 2, 3, 128, 129, 130, 131, 132, 255), fc.array(item, { maxLength: 4 }));
    fc.assert(
      fc.property(
        fc.oneof(
          item,
          tagged.map(([tag, rest]) => [tag, ...rest]),
        ),
        (message) => expectOneSpelling(codec, Uint8Array.from(encode(message))),
      ),
      { seed: SEED, numRuns: RUNS * 3 },
    );
  });
});

function damaged(frame: Uint8Array, random: SeededRandom): Uint8Array {
  const bytes = Array.from(frame);
  for (let changes = 1 + random.below(3); changes > 0; changes--) {
    // Heads stand near the beginning: half of the damage goes there.
    const at = random.below(random.next() < 0.5 ? Math.min(16, bytes.length) : bytes.length);
    const way = random.below(5);
    if (way === 0) bytes[at] = random.below(256);
    else if (way === 1) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
    else if (way === 2) bytes.splice(at, 1 + random.below(8));
    else if (way === 3) bytes.splice(at, 0, ...random.bytes(1 + random.below(8)));
    else bytes.length = at + 1;
  }
  return Uint8Array.from(bytes);
}
