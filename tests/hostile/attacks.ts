/** What hostile peers do. Each attack names what its victim has to say of it afterwards. */
import { encode } from "cborg";
import {
  channelOf,
  concatBytes,
  encodeObject,
  postSize,
  scopeFromKey,
  signObject,
  type Hash,
  type PostEnvelope,
} from "../../src/wire/index.ts";
import { SeededRandom } from "../sim/random.ts";
import { send, type Attacker } from "./attacker.ts";
import { addProvider, framed, gossip, varint } from "./wire.ts";

export const PLACE = "g:cyberspace/commons";
export const CHANNEL = channelOf(scopeFromKey(PLACE));
/** What a victim follows. */
export const TOPIC = "t:music/jazz";
const TOPIC_CHANNEL = channelOf(scopeFromKey(TOPIC));

const STORE = "/mehr/store/1";
const PUB = "/mehr/pub/1";
const DHT = "/mehr/kad/1";
const GOSSIP = "/meshsub/1.1.0";

/** What an attack may need to know of its victim. */
export interface Scene {
  /** The victim's clock, milliseconds since 1970. */
  readonly now: () => number;
  /** Envelopes that the victim holds, as they were signed. */
  readonly held: readonly Uint8Array[];
  /** A post of 50 kB that the victim holds. */
  readonly large: Hash;
  /** Has the victim open a post, as a person does who presses on it; whatever comes of it. */
  readonly read: (post: Hash) => Promise<void>;
  readonly pause: (ms: number) => Promise<void>;
}

export interface Attack {
  readonly name: string;
  /** Reasons, any of which is right, for which the offender is shut out; empty where nothing is done that is forbidden. */
  readonly reasons: readonly string[];
  /** Envelopes of its own that a victim may keep: what an honest author may write in an hour. */
  readonly mayKeep?: number;
  /** It consists of waiting, for longer than a test with a real clock has time for. */
  readonly slow?: boolean;
  run(attacker: Attacker, scene: Scene): Promise<void>;
}

interface Text {
  readonly summary: string;
  readonly created: number;
  readonly scopes?: readonly string[];
  readonly postHash?: Hash | undefined;
}

const ANY_HASH = new Uint8Array(32).fill(7);

async function signed(attacker: Attacker, { created, postHash, scopes, summary }: Text): Promise<Uint8Array> {
  const { bytes } = await signObject(unsigned(attacker, { created, postHash, scopes, summary }), attacker.signer);
  return bytes;
}

function unsigned(
  attacker: Attacker,
  text: { [K in keyof Text]: Text[K] | undefined },
): Omit<PostEnvelope, "signature"> {
  const summary = text.summary ?? "";
  return {
    type: "PostEnvelope",
    author: attacker.key,
    postHash: text.postHash ?? ANY_HASH,
    headline: null,
    summary,
    mediaHints: [],
    scopes: (text.scopes ?? [PLACE]).map(scopeFromKey),
    replyTo: null,
    boostOf: null,
    references: [],
    contentSize: postSize(summary),
    created: text.created ?? 0,
    kickbackRate: 0,
  };
}

/** Like signed ones in every byte but the signature's. */
function forged(attacker: Attacker, text: Text, random: SeededRandom): Uint8Array {
  const signature = random.bytes(64);
  // S below L: it passes every cheap check and costs a whole verification.
  signature.fill(0, 60);
  // R must be a point or the check is cheap again; half of all y are, which is enough.
  return encodeObject({ ...unsigned(attacker, { scopes: undefined, postHash: undefined, ...text }), signature });
}

async function many(count: number, make: (at: number) => Promise<Uint8Array> | Uint8Array): Promise<Uint8Array[]> {
  const made: Uint8Array[] = [];
  for (let at = 0; at < count; at++) made.push(await make(at));
  return made;
}

/** An attack goes on until it is done, or until the victim has hung up. */
async function whileLinked(attacker: Attacker, times: number, step: (at: number) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < times && attacker.linked; at++) await step(at);
}

const MALFORMED = ["MALFORMED", "PROTOCOL_VIOLATION", "VIOLATION"];

export const ATTACKS: readonly Attack[] = [
  {
    name: "frames that say they are larger than any may be",
    reasons: ["FRAME_TOO_LARGE", "PROTOCOL_VIOLATION", "MALFORMED"],
    async run(attacker) {
      const piece = new Uint8Array(65_536);
      const head = concatBytes(varint(200_000_000), piece);
      await whileLinked(attacker, 4, async (at) => {
        await attacker.pour(at % 2 === 0 ? STORE : PUB, head, ...Array.from({ length: 20 }, () => piece));
      });
      await whileLinked(attacker, 4, () => attacker.pour(GOSSIP, head, ...Array.from({ length: 20 }, () => piece)));
    },
  },
  {
    name: "garbage on every protocol",
    reasons: MALFORMED,
    async run(attacker) {
      const random = new SeededRandom(1);
      await whileLinked(attacker, 12, async (at) => {
        const frames = Array.from({ length: 20 }, () => framed(random.bytes(1 + random.below(900))));
        await attacker.pour([STORE, PUB, DHT, GOSSIP][at % 4] as string, ...frames);
      });
    },
  },
  {
    name: "messages in another spelling than the one that is allowed",
    reasons: [...MALFORMED, "NOT_CANONICAL"],
    async run(attacker, { now }) {
      // [1, 0, hash] with the head of the hash one byte longer than needed.
      const question = concatBytes(Uint8Array.of(0x83, 1, 0, 0x59, 0, 32), ANY_HASH);
      await attacker.pour(STORE, framed(question));
      const envelopes = await many(20, async (at) => {
        const bytes = await signed(attacker, { summary: `Spelt otherwise ${at}`, created: now() });
        // The type number as 0x18 0x01 instead of 0x01.
        return concatBytes(bytes.subarray(0, 1), Uint8Array.of(0x18), bytes.subarray(1));
      });
      await attacker.gossip(CHANNEL, envelopes, 4);
    },
  },
  {
    name: "signatures that are wrong",
    reasons: ["SIGNATURE_INVALID", "WASTED_WORK"],
    async run(attacker, { now }) {
      const random = new SeededRandom(2);
      await attacker.join(CHANNEL);
      const envelopes = await many(400, (at) => forged(attacker, { summary: `Forged ${at}`, created: now() }, random));
      await attacker.gossip(CHANNEL, envelopes);
    },
  },
  {
    name: "envelopes of tomorrow",
    reasons: ["FROM_THE_FUTURE", "FLOODING", "WASTED_WORK"],
    async run(attacker, { now }) {
      await attacker.join(CHANNEL);
      const created = now() + 86_400_000;
      await attacker.gossip(CHANNEL, await many(300, (at) => signed(attacker, { summary: `Tomorrow ${at}`, created })));
    },
  },
  {
    name: "10,000 envelopes a minute",
    reasons: ["FLOODING", "RATE_EXCEEDED", "WASTED_WORK"],
    mayKeep: 600,
    async run(attacker, { now, pause }) {
      await attacker.join(CHANNEL);
      const envelopes = await many(6_800, (at) => signed(attacker, { summary: `Flood ${at}`, created: now() }));
      // Forty seconds at that rate, five times a second.
      await whileLinked(attacker, 200, async (at) => {
        await attacker.gossip(CHANNEL, envelopes.slice(at * 34, (at + 1) * 34), 34);
        await pause(200);
      });
    },
  },
  {
    name: "posts whose bytes have another hash",
    reasons: ["BAD_HASH"],
    mayKeep: 4,
    async run(attacker, { now, pause, read }) {
      // Whatever is asked for by hash: the id comes back from the question, whose third byte it is. No profile is known.
      attacker.serve = (question) => {
        const [, kind, id = 0] = question;
        return Uint8Array.from(encode(kind === 1 ? [129, id, new Uint8Array(300).fill(id)] : [131, id, [[]]]));
      };
      await attacker.join(CHANNEL);
      const posts = Array.from({ length: 4 }, (_, at) => new Uint8Array(32).fill(0xa0 + at));
      await attacker.gossip(
        CHANNEL,
        await many(4, (at) => signed(attacker, { summary: `Bait ${at}`, created: now(), postHash: posts[at] })),
      );
      await pause(500);
      for (const post of posts) if (attacker.linked) await read(post);
    },
  },
  {
    name: "streams that are never closed and say nothing",
    slow: true,
    reasons: ["SILENT_STREAM", "STREAM_FLOOD", "STALLED"],
    async run(attacker, { pause }) {
      await whileLinked(attacker, 5, async () => {
        // Some of them begin a frame and never end it.
        for (let at = 0; at < 12 && attacker.linked; at++) {
          const stream = await attacker.open(STORE);
          if (stream !== null && at % 4 === 0) await send(stream, Uint8Array.of(0x83));
        }
        await pause(20_000);
      });
    },
  },
  {
    name: "500 open streams",
    reasons: ["STREAM_FLOOD"],
    async run(attacker) {
      for (let round = 0; round < 10 && attacker.linked; round++) {
        await Promise.all(Array.from({ length: 50 }, (_, at) => attacker.open(at % 2 === 0 ? STORE : PUB)));
      }
    },
  },
  {
    name: "a reader that asks for much and takes nothing",
    slow: true,
    reasons: ["STALLED", "STREAM_FLOOD"],
    async run(attacker, { large, pause }) {
      const question = framed(Uint8Array.from(encode([1, 1, large])));
      // Each stream takes more than its window; the victim waits half a minute for each of them.
      await whileLinked(attacker, 4, async () => {
        const streams = await Promise.all([attacker.open(STORE), attacker.open(STORE), attacker.open(STORE)]);
        for (const stream of streams) {
          if (stream?.status !== "open") continue;
          stream.pause();
          for (let asked = 0; asked < 40; asked++) if (!(await send(stream, question))) break;
        }
        await pause(35_000);
      });
    },
  },
  {
    name: "envelopes without a scope on a channel",
    reasons: ["UNSCOPED_ON_CHANNEL"],
    async run(attacker, { now }) {
      await attacker.join(CHANNEL);
      await attacker.gossip(
        CHANNEL,
        await many(20, (at) => signed(attacker, { summary: `Unscoped ${at}`, created: now(), scopes: [] })),
        4,
      );
    },
  },
  {
    name: "envelopes from another town that nobody there has endorsed",
    // A slow victim reads no more of them than it has time for.
    reasons: ["NOT_PROMOTED", "FLOODING", "WASTED_WORK"],
    async run(attacker, { now, pause }) {
      await attacker.join(TOPIC_CHANNEL);
      const scopes = ["g:europe/nl/utrecht", TOPIC];
      await whileLinked(attacker, 60, async (round) => {
        const unproven = await many(20, (at) => {
          return signed(attacker, { summary: `Buy ${round}.${at}`, created: now(), scopes });
        });
        await attacker.gossip(TOPIC_CHANNEL, unproven, 4);
        await pause(1_500);
      });
    },
  },
  {
    name: "what was said before, again and again",
    reasons: ["FLOODING", "STALE", "WASTED_WORK", "DUPLICATE"],
    async run(attacker, { held, pause }) {
      await attacker.join(CHANNEL);
      await whileLinked(attacker, 60, async () => {
        for (let times = 0; times < 4; times++) await attacker.gossip(CHANNEL, held, 40);
        await pause(100);
      });
    },
  },
  {
    name: "announcements of messages that do not exist",
    // They are read no faster than a neighbour may send, and the router asks for a few: it costs the attacker more.
    reasons: [],
    async run(attacker) {
      const random = new SeededRandom(3);
      await attacker.join(CHANNEL);
      await whileLinked(attacker, 40, () =>
        attacker.tellRouter(
          gossip.ihave(
            CHANNEL,
            Array.from({ length: 1_000 }, () => random.bytes(32)),
          ),
        ),
      );
    },
  },
  {
    name: "provider records: of others, of everything, in masses",
    reasons: ["STREAM_FLOOD", "FLOODING", "FRAME_TOO_LARGE"],
    async run(attacker) {
      const random = new SeededRandom(4);
      const own = attacker.peerId.toMultihash().bytes;
      await whileLinked(attacker, 400, async (at) => {
        const liar = at % 2 === 0 ? own : concatBytes(own.subarray(0, 6), random.bytes(32));
        const stream = await attacker.open(DHT);
        if (stream === null) return;
        for (let record = 0; record < 20; record++) {
          if (!(await send(stream, framed(addProvider(random.bytes(32), liar))))) break;
        }
      });
    },
  },
];
