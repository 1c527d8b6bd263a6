/** What frames are read from, and what the messages in them are. */
import { streamPair } from "@libp2p/utils";
import { frameStream } from "../../../src/mesh/frames.ts";
import { MeshError } from "../../../src/mesh/errors.ts";
import { ProtocolError } from "../../../src/mesh/protocols/index.ts";
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
import * as index from "../../../src/mesh/protocols/finding/messages.ts";
import { decodeSignal, encodeSignal } from "../../../src/mesh/protocols/signal/index.ts";
import {
  decodeAnswer as decodeSyncAnswer,
  decodeQuestion,
  encodeAnswer as encodeSyncAnswer,
  encodeQuestion,
} from "../../../src/mesh/protocols/sync/messages.ts";
import {
  decodeTimeAnswer,
  decodeTimeQuestion,
  encodeTimeAnswer,
  encodeTimeQuestion,
} from "../../../src/mesh/protocols/time/messages.ts";
import {
  decodeClientFrame,
  decodeServerFrame,
  encodeClientFrame,
  encodeServerFrame,
} from "../../../src/mesh/rendezvous-messages.ts";
import { concatBytes } from "../../../src/wire/index.ts";
import { VirtualClock } from "../../sim/clock.ts";
import { mutatedBytes, oneOf } from "../mutations.ts";
import { asBytes, asValue, damagedCbor, decoded, sameBytes, type Target } from "../target.ts";
import {
  answers,
  clientMessages,
  rendezvousAnswers,
  registrations,
  requests,
  serverMessages,
  syncAnswers,
  syncQuestions,
} from "./messages.ts";
import { signalMessages } from "./signal.ts";
import { indexAnswers, indexQuestions } from "./finding.ts";

const isMalformed = (error: unknown): boolean => error instanceof ProtocolError && error.code === "MALFORMED";

interface Codec<Message> {
  readonly name: string;
  readonly covers: string;
  readonly seeds: readonly Uint8Array[];
  readonly decode: (frame: Uint8Array) => Message;
  /** The one spelling; `null` for what has several on purpose. */
  readonly again: (message: Message) => Uint8Array | null;
  readonly share?: number;
}

function messageTarget<Message>({
  again,
  covers,
  decode,
  name,
  seeds,
  share = 9_000,
}: Codec<Message>): Target<Uint8Array> {
  return {
    name: `mesh: ${name}`,
    covers: [covers],
    share,
    input: (random) => damagedCbor(seeds, random),
    check(frame) {
      const read = decoded(() => ({ message: decode(frame) }), isMalformed);
      if (read === undefined) return false;
      const spelling = again(read.message);
      if (spelling !== null) sameBytes(spelling, frame);
      return true;
    },
    text: asBytes,
  };
}

const messages = [
  messageTarget({
    name: "questions of /mehr/store/1",
    covers: "mesh/protocols/store/messages.ts#decodeRequest",
    seeds: requests.map(encodeRequest),
    decode: decodeRequest,
    again: (message) => (message.kind === "unknown" ? null : encodeRequest(message)),
  }),
  messageTarget({
    name: "answers of /mehr/store/1",
    covers: "mesh/protocols/store/messages.ts#decodeAnswer",
    seeds: answers.map(encodeAnswer),
    decode: decodeAnswer,
    // Codes of later versions all read as a fault of the remote side.
    again: (message) => (message.kind === "refused" ? null : encodeAnswer(message)),
  }),
  messageTarget({
    name: "what subscribers say in /mehr/pub/1",
    covers: "mesh/protocols/pub/messages.ts#decodeClientMessage",
    seeds: clientMessages.map(encodeClientMessage),
    decode: decodeClientMessage,
    again: (message) =>
      message.kind === "subscribe" && message.subscriptions.some(({ mode }) => mode === "unknown")
        ? null
        : encodeClientMessage(message),
  }),
  messageTarget({
    name: "what servers say in /mehr/pub/1",
    covers: "mesh/protocols/pub/messages.ts#decodeServerMessage",
    seeds: serverMessages.map(encodeServerMessage),
    decode: decodeServerMessage,
    again: (message) => (message.kind === "refused" ? null : encodeServerMessage(message)),
  }),
  messageTarget({
    name: "questions of /mehr/index/1",
    covers: "mesh/protocols/finding/messages.ts#decodeQuestion",
    seeds: indexQuestions.map(index.encodeQuestion),
    decode: (frame) => ({ frame, question: index.decodeQuestion(frame) }),
    // Relations of later versions are left out.
    again: ({ frame, question }) =>
      question.relations.length === frame[2]! - 0x80 ? index.encodeQuestion(question) : null,
    share: 4_000,
  }),
  messageTarget({
    name: "answers of /mehr/index/1",
    covers: "mesh/protocols/finding/messages.ts#decodeAnswer",
    seeds: indexAnswers.map(index.encodeAnswer),
    decode: index.decodeAnswer,
    // Codes of later versions all read as a fault of the remote side.
    again: (message) => (message.kind === "refused" ? null : index.encodeAnswer(message)),
    share: 4_000,
  }),
  messageTarget({
    name: "registrations of /mehr/rendezvous/1",
    covers: "mesh/rendezvous-messages.ts#decodeClientFrame",
    seeds: registrations.map(encodeClientFrame),
    decode: decodeClientFrame,
    again: encodeClientFrame,
  }),
  messageTarget({
    name: "answers of /mehr/rendezvous/1",
    covers: "mesh/rendezvous-messages.ts#decodeServerFrame",
    seeds: rendezvousAnswers.map(encodeServerFrame),
    decode: decodeServerFrame,
    again: encodeServerFrame,
  }),
  messageTarget({
    name: "messages of /mehr/signal/1",
    covers: "mesh/protocols/signal/messages.ts#decodeSignal",
    seeds: signalMessages.map(encodeSignal),
    decode: decodeSignal,
    // Reasons of later versions all read as a failure.
    again: (message) => (message.kind === "refused" ? null : encodeSignal(message)),
  }),
  messageTarget({
    name: "questions of /mehr/sync/1",
    covers: "mesh/protocols/sync/messages.ts#decodeQuestion",
    seeds: syncQuestions.map(encodeQuestion),
    decode: decodeQuestion,
    again: encodeQuestion,
  }),
  messageTarget({
    name: "answers of /mehr/sync/1",
    covers: "mesh/protocols/sync/messages.ts#decodeAnswer",
    seeds: syncAnswers.map(encodeSyncAnswer),
    decode: decodeSyncAnswer,
    again: encodeSyncAnswer,
  }),
  messageTarget({
    name: "questions of /mehr/time/1",
    covers: "mesh/protocols/time/messages.ts#decodeTimeQuestion",
    seeds: [encodeTimeQuestion({ instance: new Uint8Array(8).fill(5) })],
    decode: decodeTimeQuestion,
    again: encodeTimeQuestion,
    share: 1_000,
  }),
  messageTarget({
    name: "answers of /mehr/time/1",
    covers: "mesh/protocols/time/messages.ts#decodeTimeAnswer",
    seeds: [0, 1_767_225_600_000, Number.MAX_SAFE_INTEGER].map((now) => encodeTimeAnswer({ now, twin: now === 0 })),
    decode: decodeTimeAnswer,
    again: encodeTimeAnswer,
    share: 1_000,
  }),
];

const LIMIT = 2_000;
const PEER = new Uint8Array(32).fill(3);

function prefixed(frame: Uint8Array): Uint8Array {
  const head: number[] = [];
  for (let rest = frame.length; ; rest >>>= 7) {
    if (rest < 0x80) return concatBytes(Uint8Array.of(...head, rest), frame);
    head.push((rest & 0x7f) | 0x80);
  }
}

const frames: Target = {
  name: "mesh: frames on a stream, in any pieces",
  covers: ["mesh/frames.ts#frameStream"],
  share: 4_000,
  input(random) {
    const valid = [0, 1, 127, 128, 300, LIMIT].map((length) => prefixed(random.bytes(length)));
    let bytes = concatBytes(...Array.from({ length: 1 + random.below(4) }, () => oneOf(random, valid)));
    if (random.next() < 0.9) bytes = mutatedBytes(bytes, random, oneOf(random, valid));
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < bytes.length;) {
      const end = at + 1 + random.below(random.next() < 0.3 ? 3 : 1_000);
      pieces.push(bytes.slice(at, end));
      at = end;
    }
    return pieces;
  },
  async check(input) {
    const pieces = input as Uint8Array[];
    const clock = new VirtualClock();
    const [theirs, ours] = await streamPair();
    const reader = frameStream(ours, PEER, { limits: { maxFrame: LIMIT }, clock });
    for (const piece of pieces) theirs.send(piece);
    theirs.abort(new Error("gone"));
    const read: Uint8Array[] = [];
    try {
      for (let frame = await reader.read(); frame !== null; frame = await reader.read()) read.push(prefixed(frame));
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
    }
    const [sent, got] = [concatBytes(...pieces), concatBytes(...read)];
    sameBytes(got, sent.subarray(0, got.length));
    return read.length > 0;
  },
  text: asValue,
};

export const frameTargets: readonly Target[] = [...messages, frames];
