/** What is fuzzed: one decoder, or one end of a protocol. */
import { deserialize, serialize } from "node:v8";
import { fromHex, toHex } from "../../src/wire/index.ts";
import type { SeededRandom } from "../sim/random.ts";
import { mutatedBytes, mutatedCbor, mutatedText, oneOf, TELLING, textOf } from "./mutations.ts";

/** Methods, not functions: a list of targets of all kinds is a list of targets. */
export interface Target<Input = unknown> {
  /** Room and what of it. */
  readonly name: string;
  /** Exported functions that its inputs reach, as `file#function` below src/. The registry's test asks for them. */
  readonly covers: readonly string[];
  /** Inputs of a run of 200,000; a longer run grows in proportion. */
  readonly share: number;
  /** The input that follows from this source of randomness. */
  input(random: SeededRandom): Input;
  /**
   * Feeds one input. Resolves with whether it was accepted.
   * @throws whatever shows a fault: an error that is not the room's own, a second spelling of something accepted
   */
  check(input: Input): boolean | Promise<boolean>;
  readonly text: Spelling<Input>;
}

/** An input as text that gives it back, for replaying it. */
interface Spelling<Input> {
  write(input: Input): string;
  read(text: string): Input;
}

export const asBytes: Spelling<Uint8Array> = { write: toHex, read: fromHex };

export const asText: Spelling<string> = {
  // Not UTF-8: unpaired surrogates have to survive.
  write: (text) => Buffer.from(text, "utf16le").toString("hex"),
  read: (hex) => Buffer.from(hex, "hex").toString("utf16le"),
};

/** Anything that structured clone carries. */
export const asValue: Spelling<unknown> = {
  write: (value) => serialize(value).toString("hex"),
  read: (hex) => deserialize(Buffer.from(hex, "hex")) as unknown,
};

/** Bytes made from valid ones by damage, by changes of their CBOR tree, and from nothing. */
export function damagedCbor(seeds: readonly Uint8Array[], random: SeededRandom): Uint8Array {
  const seed = oneOf(random, seeds);
  const way = random.next();
  if (way < 0.55) return mutatedBytes(seed, random, oneOf(random, seeds));
  if (way < 0.85) return mutatedCbor(seed, random);
  if (way < 0.9) return mutatedBytes(mutatedCbor(seed, random), random, seed);
  // Behind the first bytes of a valid one, or every run would end at its head.
  const bytes = Uint8Array.from({ length: random.below(300) }, () =>
    random.below(3) === 0 ? oneOf(random, TELLING) : random.below(256),
  );
  if (bytes.length > 4) bytes.set(seed.subarray(0, 1 + random.below(4)));
  return bytes;
}

/** Text made from valid ones, or from nothing. */
export function damagedText(seeds: readonly string[], random: SeededRandom): string {
  return random.next() < 0.8 ? mutatedText(oneOf(random, seeds), random) : textOf(random);
}

/** What a decoder says: the object, or `undefined` when it refuses as it should. Anything else that is thrown is a fault. */
export function decoded<Value>(decode: () => Value, isRefusal: (error: unknown) => boolean): Value | undefined {
  try {
    return decode();
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

export function sameBytes(again: Uint8Array, input: Uint8Array): void {
  if (!Buffer.from(again).equals(input)) throw new Error(`accepted, but encodes to ${toHex(again)}`);
}
