/**
 * Signatures on which implementations of Ed25519 disagree, and the project's verdict on each. Built with curve
 * arithmetic, since no honest signer makes them.
 */
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { concatBytes, fromHex } from "../../src/wire/index.ts";
import { filled } from "./samples.ts";

export interface CraftedSignature {
  readonly name: string;
  readonly key: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  readonly valid: boolean;
}

const { Point } = ed25519;
const { ORDER } = Point.Fn;
type CurvePoint = InstanceType<typeof Point>;

const P = 2n ** 255n - 19n;

function littleEndian(value: bigint, length = 32): Uint8Array {
  const bytes = new Uint8Array(length);
  let rest = value;
  for (let at = 0; at < length; at++) {
    bytes[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}

function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function challenge(r: Uint8Array, key: Uint8Array, message: Uint8Array): bigint {
  return numberOf(sha512(concatBytes(r, key, message))) % ORDER;
}

/** One of the two generators of the eight points of small order. */
const ORDER_8 = Point.fromBytes(fromHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"));

const SECRET = 12_345_678_901_234_567_890n;
const NONCE = 9_876_543_210_987_654_321n;
const GOOD_KEY = Point.BASE.multiply(SECRET);
const GOOD_R = Point.BASE.multiply(NONCE);

function sign(r: Uint8Array, nonce: bigint, key: Uint8Array, message: Uint8Array): Uint8Array {
  return concatBytes(r, littleEndian((nonce + challenge(r, key, message) * SECRET) % ORDER));
}

/** The first message whose challenge is, or is not, a multiple of eight. */
function messageFor(r: Uint8Array, key: Uint8Array, multipleOfEight: boolean): Uint8Array {
  for (let byte = 0; ; byte++) {
    const message = filled(byte, 40);
    if ((challenge(r, key, message) % 8n === 0n) === multipleOfEight) return message;
  }
}

function mixedOrder(): CraftedSignature[] {
  const message = filled(9, 40);
  const key = GOOD_KEY.add(ORDER_8).toBytes();
  const r = GOOD_R.toBytes();
  const agreeing = messageFor(r, key, true);
  const differing = messageFor(r, key, false);
  const goodKey = GOOD_KEY.toBytes();
  const mixedR = GOOD_R.add(ORDER_8).toBytes();
  return [
    {
      name: "A of mixed order, k a multiple of 8: both equations hold",
      key,
      message: agreeing,
      signature: sign(r, NONCE, key, agreeing),
      valid: true,
    },
    {
      name: "A of mixed order, k not a multiple of 8: only the cofactored equation holds",
      key,
      message: differing,
      signature: sign(r, NONCE, key, differing),
      valid: false,
    },
    {
      name: "R of mixed order: only the cofactored equation holds",
      key: goodKey,
      message,
      signature: sign(mixedR, NONCE, goodKey, message),
      valid: false,
    },
  ];
}

/** Every encoding of a point of small order that some decoder accepts: eight canonical ones and those that are not. */
function smallOrderEncodings(): [string, Uint8Array][] {
  const encodings: [string, Uint8Array][] = [];
  let point: CurvePoint = Point.ZERO;
  for (let multiple = 0; multiple < 8; multiple++) {
    encodings.push([`${multiple} times the point of order 8`, point.toBytes()]);
    point = point.add(ORDER_8);
  }
  const withSign = (bytes: Uint8Array) => bytes.map((byte, at) => (at === 31 ? byte | 0x80 : byte));
  encodings.push(["y = 1 with the sign of x set", withSign(littleEndian(1n))]);
  encodings.push(["y = p - 1 with the sign of x set", withSign(littleEndian(P - 1n))]);
  encodings.push(["y = p", littleEndian(P)], ["y = p with the sign of x set", withSign(littleEndian(P))]);
  encodings.push(
    ["y = p + 1", littleEndian(P + 1n)],
    ["y = p + 1 with the sign of x set", withSign(littleEndian(P + 1n))],
  );
  return encodings;
}

function smallOrder(): CraftedSignature[] {
  const identity = Point.ZERO.toBytes();
  const goodKey = GOOD_KEY.toBytes();
  const table: CraftedSignature[] = [];
  for (const [name, encoding] of smallOrderEncodings()) {
    // With k a multiple of eight kA vanishes, so the bare equation holds for R = identity and S = 0.
    const message = messageFor(identity, encoding, true);
    table.push({
      name: `A is ${name}`,
      key: encoding,
      message,
      signature: concatBytes(identity, littleEndian(0n)),
      valid: false,
    });
    // A valid equation up to a point of small order, exact where R is the identity.
    table.push({
      name: `R is ${name}`,
      key: goodKey,
      message,
      signature: sign(encoding, 0n, goodKey, message),
      valid: false,
    });
  }
  return table;
}

/** y = 2 to 18 has a second spelling as y + p; the first such y on the curve that is not of small order. */
function doublySpelt(): bigint {
  for (let y = 2n; y < 19n; y++) {
    try {
      Point.fromBytes(littleEndian(y));
      return y;
    } catch (cause) {
      if (!(cause instanceof Error)) throw cause;
    }
  }
  throw new Error("no such point");
}

function offCurve(): Uint8Array {
  for (let y = 2n; ; y++) {
    try {
      Point.fromBytes(littleEndian(y));
    } catch (cause) {
      if (cause instanceof Error) return littleEndian(y);
      throw cause;
    }
  }
}

export function craftedSignatures(): CraftedSignature[] {
  const seed = filled(7);
  const key = ed25519.getPublicKey(seed);
  const message = filled(9, 40);
  const signature = ed25519.sign(message, seed);
  const r = signature.slice(0, 32);
  const s = numberOf(signature.slice(32));
  const y = doublySpelt();
  const goodKey = GOOD_KEY.toBytes();
  const withS = (value: bigint) => concatBytes(r, littleEndian(value));
  return [
    { name: "honest", key, message, signature, valid: true },
    {
      name: "honest, empty message",
      key,
      message: new Uint8Array(0),
      signature: ed25519.sign(new Uint8Array(0), seed),
      valid: true,
    },
    { name: "honest, for another message", key, message: filled(8, 40), signature, valid: false },
    { name: "honest, of another key", key: goodKey, message, signature, valid: false },
    {
      name: "one bit of R flipped",
      key,
      message,
      signature: signature.map((byte, at) => (at === 3 ? byte ^ 1 : byte)),
      valid: false,
    },
    {
      name: "one bit of S flipped",
      key,
      message,
      signature: signature.map((byte, at) => (at === 40 ? byte ^ 1 : byte)),
      valid: false,
    },
    { name: "S + L", key, message, signature: withS(s + ORDER), valid: false },
    { name: "S + 8L", key, message, signature: withS((s + 8n * ORDER) % 2n ** 256n), valid: false },
    { name: "S = L", key, message, signature: withS(ORDER), valid: false },
    { name: "S = L - 1", key, message, signature: withS(ORDER - 1n), valid: false },
    { name: "S = 0", key, message, signature: withS(0n), valid: false },
    { name: "S = 2^256 - 1", key, message, signature: concatBytes(r, filled(0xff)), valid: false },
    { name: "signature of 63 bytes", key, message, signature: signature.slice(0, 63), valid: false },
    { name: "signature of 65 bytes", key, message, signature: concatBytes(signature, filled(0, 1)), valid: false },
    { name: "no signature", key, message, signature: new Uint8Array(0), valid: false },
    { name: "signature of zeros", key, message, signature: filled(0, 64), valid: false },
    { name: "key of 31 bytes", key: key.slice(0, 31), message, signature, valid: false },
    { name: "key of 33 bytes", key: concatBytes(key, filled(0, 1)), message, signature, valid: false },
    { name: "A is no point of the curve", key: offCurve(), message, signature, valid: false },
    {
      name: "R is no point of the curve",
      key,
      message,
      signature: concatBytes(offCurve(), littleEndian(s)),
      valid: false,
    },
    { name: `A is y = ${y}, spelt canonically`, key: littleEndian(y), message, signature, valid: false },
    { name: `A is y = ${y}, spelt as y + p`, key: littleEndian(y + P), message, signature, valid: false },
    {
      name: `R is y = ${y}, spelt as y + p`,
      key,
      message,
      signature: concatBytes(littleEndian(y + P), littleEndian(s)),
      valid: false,
    },
    {
      name: "made with curve arithmetic",
      key: goodKey,
      message,
      signature: sign(GOOD_R.toBytes(), NONCE, goodKey, message),
      valid: true,
    },
    ...mixedOrder(),
    ...smallOrder(),
  ];
}
