/**
 * Mutated and random bytes against the decoder: whatever is thrown is a WireError, and whatever is accepted encodes to
 * the very bytes it came from, by this codec and by a general one. `FUZZ_ITERATIONS` says how many (default 5,000),
 * `FUZZ_SEED` where to start; a failure names the bytes.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { WireObject } from "../../src/wire/index.ts";
import {
  concatBytes,
  decodeEnvelope,
  decodeNodeId,
  decodeObject,
  encodeObject,
  equalBytes,
  fromHex,
  LIMITS,
  parseScope,
  scopeFromChannel,
  scopeFromKey,
  toHex,
  verifyEncoded,
  verifySignature,
  WireError,
} from "../../src/wire/index.ts";
import { entropyFromPhrase } from "../../src/wire/phrase.ts";
import { recoded } from "../wire/plain.ts";
import { filled, sampleSigners, samples } from "../wire/samples.ts";

const ITERATIONS = Number(process.env["FUZZ_ITERATIONS"] ?? 5_000);
const SEED = Number(process.env["FUZZ_SEED"] ?? 20_260_104);

/** A 32-bit xorshift (Marsaglia 2003): what matters is that a seed gives the same run again. */
function randomSource(seed: number): (below: number) => number {
  let state = seed | 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

type Random = ReturnType<typeof randomSource>;

/** Heads and values where decoders go wrong: every major type, every length of argument, breaks and reserved ones. */
const TELLING = [
  0x00, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1f, 0x20, 0x3b, 0x40, 0x58, 0x59, 0x5a, 0x5b, 0x5f, 0x60, 0x78, 0x7f,
  0x80, 0x98, 0x9b, 0x9f, 0xa0, 0xbf, 0xc0, 0xd8, 0xf4, 0xf6, 0xf7, 0xf8, 0xf9, 0xfb, 0xff,
];

function insert(bytes: Uint8Array, at: number, part: Uint8Array): Uint8Array {
  return concatBytes(bytes.slice(0, at), part, bytes.slice(at));
}

const MUTATIONS: readonly ((bytes: Uint8Array, random: Random, other: Uint8Array) => Uint8Array)[] = [
  (bytes, random) => {
    const at = random(bytes.length);
    return bytes.map((byte, index) => (index === at ? byte ^ (1 << random(8)) : byte));
  },
  (bytes, random) => {
    const at = random(bytes.length);
    const value = TELLING[random(TELLING.length)] as number;
    return bytes.map((byte, index) => (index === at ? value : byte));
  },
  (bytes, random) => insert(bytes, random(bytes.length + 1), Uint8Array.of(TELLING[random(TELLING.length)] as number)),
  (bytes, random) => insert(bytes, random(bytes.length + 1), Uint8Array.of(random(256))),
  (bytes, random) => {
    const at = random(bytes.length);
    return concatBytes(bytes.slice(0, at), bytes.slice(at + 1 + random(8)));
  },
  (bytes, random) => bytes.slice(0, random(bytes.length)),
  (bytes, random) => {
    const from = random(bytes.length);
    return insert(bytes, random(bytes.length), bytes.slice(from, from + 1 + random(40)));
  },
  (bytes, random, other) => {
    const from = random(other.length);
    return insert(bytes, random(bytes.length), other.slice(from, from + 1 + random(80)));
  },
  (bytes, random, other) => concatBytes(bytes.slice(0, random(bytes.length)), other.slice(random(other.length))),
  // A head written longer than needed: the value stays, the form is wrong.
  (bytes, random) => {
    const at = random(bytes.length);
    const byte = bytes[at] as number;
    const argument = byte & 31;
    if (argument >= 24) return bytes;
    return concatBytes(bytes.slice(0, at), Uint8Array.of((byte & 0xe0) | 24, argument), bytes.slice(at + 1));
  },
];

function outcome(decode: () => WireObject, bytes: Uint8Array): WireObject | null {
  try {
    return decode();
  } catch (error) {
    if (error instanceof WireError) return null;
    throw new Error(`not a WireError for ${toHex(bytes)}`, { cause: error });
  }
}

function checkAccepted(object: WireObject, bytes: Uint8Array): void {
  if (!equalBytes(encodeObject(object), bytes)) throw new Error(`encodes differently: ${toHex(bytes)}`);
  if (!equalBytes(recoded(bytes), bytes)) throw new Error(`a general codec encodes it differently: ${toHex(bytes)}`);
}

const all = await samples();
const signers = await sampleSigners();
const parties = signers.map((signer) => signer.publicKey);

describe("the decoder", () => {
  it(`holds against ${ITERATIONS} mutations`, async () => {
    const random = randomSource(SEED);
    const originals = all.map(({ signed }) => signed.bytes);
    let accepted = 0;
    for (let round = 0; round < ITERATIONS; round++) {
      let bytes = originals[random(originals.length)] as Uint8Array;
      for (let times = 1 + random(3); times > 0 && bytes.length > 0; times--) {
        const mutate = MUTATIONS[random(MUTATIONS.length)] as (typeof MUTATIONS)[number];
        bytes = mutate(bytes, random, originals[random(originals.length)] as Uint8Array);
      }
      const object = outcome(() => decodeObject(bytes), bytes);
      const envelope = outcome(() => decodeEnvelope(bytes), bytes);
      if (envelope !== null) expect(object).toEqual(envelope);
      if (object === null || originals.some((original) => equalBytes(original, bytes))) continue;
      accepted++;
      checkAccepted(object, bytes);
      if (object.type !== "ChannelState") {
        expect(await verifyEncoded(object, bytes, { parties, partial: true })).toBe(false);
      }
    }
    // Flipped bits within hashes, texts and numbers give other valid objects: the run is not all refusals.
    expect(accepted).toBeGreaterThan(ITERATIONS / 50);
  });

  it(`holds against ${ITERATIONS} random inputs`, () => {
    const random = randomSource(SEED + 1);
    for (let round = 0; round < ITERATIONS; round++) {
      const bytes = Uint8Array.from({ length: random(300) }, () =>
        random(3) === 0 ? (TELLING[random(TELLING.length)] as number) : random(256),
      );
      // Past the first two bytes, or every run would end at the type.
      if (bytes.length > 2) bytes.set([0x80 | (2 + random(16)), 1 + random(10)]);
      const object = outcome(() => decodeObject(bytes), bytes);
      if (object !== null) checkAccepted(object, bytes);
    }
  });

  it("takes bounded time for the largest inputs", () => {
    // The worst that fits: lists of the shortest elements, nested heads, one text; none may be decoded past its limit.
    for (const byte of TELLING) {
      const bytes = new Uint8Array(LIMITS.objectBytes).fill(byte);
      for (const type of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) {
        bytes.set([0x8e, type]);
        expect(outcome(() => decodeObject(bytes), bytes)).toBeNull();
      }
    }
  });
});

describe("what people type", () => {
  const readers: readonly [name: string, read: (text: string) => unknown][] = [
    ["parseScope", (text) => parseScope("geo", text)],
    ["scopeFromKey", scopeFromKey],
    ["scopeFromKey, with a prefix", (text) => scopeFromKey(`g:${text}`)],
    ["scopeFromChannel", (text) => scopeFromChannel(`mehr/1/t/${text}`)],
    ["decodeNodeId", decodeNodeId],
    ["decodeNodeId, with a prefix", (text) => decodeNodeId(`mehr1${text}`)],
    ["entropyFromPhrase", entropyFromPhrase],
    ["fromHex", fromHex],
  ];
  it.each(readers)("%s throws nothing but WireError", (_name, read) => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), fc.string()), (text) => {
        try {
          read(text);
        } catch (error) {
          if (!(error instanceof WireError)) throw error;
        }
      }),
      { seed: SEED, numRuns: Math.ceil(ITERATIONS / 10) },
    );
  });
});

describe("the verdict", () => {
  it("is a boolean for anything", async () => {
    const random = randomSource(SEED + 2);
    const any = (length: number) => Uint8Array.from({ length }, () => random(256));
    for (let round = 0; round < ITERATIONS / 20; round++) {
      const key = any(random(4) === 0 ? random(40) : 32);
      const signature = concatBytes(any(random(4) === 0 ? random(80) : 63), filled(0, 1));
      expect(await verifySignature(key, any(random(50)), signature)).toBe(false);
    }
  });
});
