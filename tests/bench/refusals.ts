/**
 * How fast this peer says no: to bytes that are no envelope, and to envelopes whose signature is wrong, which is what a flood
 * costs its victim. Both go through the intake as the peer uses it. Runs in a browser's worker.
 */
import { initHash } from "../../src/hash/index.ts";
import { Intake, type IntakeSource } from "../../src/social/index.ts";
import {
  channelOf,
  createSigner,
  encodeObject,
  scopeFromKey,
  signingPayload,
  signObject,
} from "../../src/wire/index.ts";
import { Chance, numbered } from "./store-material.ts";
import { median } from "./quantile.ts";
import { measurePaired } from "./paired.ts";
import type { Bench, BenchContext, BenchResult } from "./types.ts";

const PLACE = "g:europe/nl/utrecht/centre";
const SUMMARY = "A few words such as a neighbour writes, neither short nor long, about the market on the square.";
/** Refusals of one sample. */
const MALFORMED = 20_000;
const FORGED = 2_048;
const AUTHORS = 64;
/** As many checks as the peer begins at once (src/mesh/budgets/limits.ts). */
const PARALLEL = 32;
const ROUNDS = 9;
/** Refusals of malformed bytes, each second. */
const TARGET = 10_000;
/** Hashing, decoding and the rules beside the signature, which alone the reference checks. */
const FORGED_TARGET = 0.7;

const SOURCE: IntakeSource = { kind: "channel", channel: channelOf(scopeFromKey(PLACE)), from: numbered(1, 1) };

interface Forged {
  readonly bytes: Uint8Array;
  readonly key: CryptoKey;
  readonly payload: Uint8Array<ArrayBuffer>;
  readonly signature: Uint8Array<ArrayBuffer>;
}

/** Envelopes like any others but for one bit of the scalar of the signature: nothing but the whole verification tells. */
async function forgedEnvelopes(now: number): Promise<Forged[]> {
  const signers = await Promise.all(Array.from({ length: AUTHORS }, (_, at) => createSigner(numbered(at, 2))));
  const keys = await Promise.all(
    signers.map(({ publicKey }) =>
      crypto.subtle.importKey("raw", new Uint8Array(publicKey), "Ed25519", false, ["verify"]),
    ),
  );
  return await Promise.all(
    Array.from({ length: FORGED }, async (_, at): Promise<Forged> => {
      const signer = signers[at % AUTHORS];
      const key = keys[at % AUTHORS];
      if (signer === undefined || key === undefined) throw new Error("no author");
      const { object } = await signObject(
        {
          type: "PostEnvelope",
          author: signer.publicKey,
          postHash: numbered(at, 3),
          headline: null,
          summary: SUMMARY,
          mediaHints: [],
          scopes: [scopeFromKey(PLACE)],
          replyTo: null,
          boostOf: null,
          references: [],
          contentSize: 300,
          created: now,
          kickbackRate: 0,
        },
        signer,
      );
      const signature = new Uint8Array(object.signature);
      signature[32] = (signature[32] ?? 0) ^ 1;
      const bytes = encodeObject({ ...object, signature });
      return { bytes, key, payload: new Uint8Array(signingPayload(object, encodeObject(object))), signature };
    }),
  );
}

/** Each of them has one to four bytes of another one in the place of its own: most are refused where they stand. */
function malformedEnvelopes(valid: readonly Forged[], chance: Chance): Uint8Array[] {
  return Array.from({ length: MALFORMED }, (_, at) => {
    const bytes = Uint8Array.from(valid[at % valid.length]?.bytes ?? []);
    // Within the heads and fields before the texts, so that none stays an envelope.
    bytes[0] = 0x80 + chance.below(13);
    for (let left = chance.below(4); left > 0; left--) bytes[chance.below(bytes.length)] = chance.below(256);
    return bytes;
  });
}

async function inParallel<Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) await work(items[at] as Item);
  };
  await Promise.all(Array.from({ length: PARALLEL }, lane));
}

async function benchMalformed(context: BenchContext): Promise<BenchResult[]> {
  await initHash();
  const now = Date.now();
  const malformed = malformedEnvelopes(await forgedEnvelopes(now), new Chance(1));
  const rates: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const intake = new Intake({ known: () => false });
    const began = context.now();
    await inParallel(malformed, (bytes) => intake.check(bytes, SOURCE, now));
    const rate = (malformed.length / (context.now() - began)) * 1_000;
    const refused = Object.values(intake.counts.total()).reduce((sum, count) => sum + count, 0);
    if (refused !== malformed.length) throw new Error(`${malformed.length - refused} were taken`);
    if (round > 0) rates.push(rate);
  }
  const value = median(rates);
  context.log(`malformed envelopes refused: ${Math.round(value)} a second`);
  const reference = `bound ${TARGET} refusals/s`;
  return [
    {
      name: "malformed envelopes refused",
      value,
      unit: "refusals/s",
      reference,
      ratio: value / TARGET,
      target: 1,
      ok: value >= TARGET,
    },
  ];
}

async function benchForged(context: BenchContext): Promise<BenchResult[]> {
  await initHash();
  const now = Date.now();
  const forged = await forgedEnvelopes(now);
  return [
    await measurePaired(context, {
      name: "forged envelopes refused",
      unit: "refusals/s",
      reference: "WebCrypto alone",
      target: FORGED_TARGET,
      rounds: ROUNDS,
      subject: {
        work: async () => {
          const intake = new Intake({ known: () => false });
          await inParallel(forged, ({ bytes }) => intake.check(bytes, SOURCE, now));
          const refused = intake.counts.total()["SIGNATURE_INVALID"] ?? 0;
          if (refused !== forged.length) throw new Error(`${refused} of ${forged.length} refused`);
          return refused;
        },
      },
      against: {
        work: async () => {
          let wrong = 0;
          await inParallel(forged, async ({ key, payload, signature }) => {
            if (!(await crypto.subtle.verify("Ed25519", key, signature, payload))) wrong++;
          });
          return wrong;
        },
      },
    }),
  ];
}

export const benches: readonly Bench[] = [
  { name: "refuse-malformed", run: benchMalformed },
  { name: "refuse-forged", run: benchForged },
];
