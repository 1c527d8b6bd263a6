/**
 * Hashing and verification, each beside its reference. Runs in Node and in a browser's worker alike.
 * The comparison with native code is in `hash-native.ts`, which needs Node.
 */
import { ed25519 } from "@noble/curves/ed25519.js";
import { createBLAKE3 } from "hash-wasm";
import { blake3, GROUP_BYTES, NODE_BYTES, outboardOf, RangeVerifier } from "../../src/hash/index.ts";
import { LARGE_BYTES, MEGABYTE, seededBytes, startFastCore } from "./material.ts";
import { measurePaired } from "./paired.ts";
import type { Bench, BenchContext, BenchResult } from "./types.ts";

const SMALL_BYTES = 4096;
/** Calls of one sample over small inputs: some ten milliseconds, far above the resolution of a browser's clock. */
const SMALL_CALLS = 5000;
/** About the size of an envelope with a headline, a summary and two scopes. */
const MESSAGE_BYTES = 300;
const SIGNATURES = 64;

function repeat(times: number, work: () => void): void {
  for (let i = 0; i < times; i++) work();
}

async function benchAgainstHashWasm(context: BenchContext): Promise<BenchResult[]> {
  await startFastCore();
  const theirs = await createBLAKE3();
  const large = seededBytes(LARGE_BYTES);
  const small = large.slice(0, SMALL_BYTES);
  const unit = "MB/s";
  return [
    await measurePaired(context, {
      name: "BLAKE3 of 64 MB",
      unit,
      reference: "hash-wasm",
      target: 2.3,
      rounds: 9,
      subject: { work: () => (blake3(large), LARGE_BYTES / MEGABYTE) },
      against: { work: () => (theirs.init().update(large).digest("binary"), LARGE_BYTES / MEGABYTE) },
    }),
    await measurePaired(context, {
      name: "BLAKE3 of 4 KB",
      unit,
      reference: "hash-wasm",
      target: 2,
      rounds: 15,
      subject: {
        work: () => (repeat(SMALL_CALLS, () => blake3(small)), (SMALL_CALLS * SMALL_BYTES) / MEGABYTE),
      },
      against: {
        work: () => {
          repeat(SMALL_CALLS, () => theirs.init().update(small).digest("binary"));
          return (SMALL_CALLS * SMALL_BYTES) / MEGABYTE;
        },
      },
    }),
  ];
}

async function benchVerifiedStreaming(context: BenchContext): Promise<BenchResult[]> {
  await startFastCore();
  const bytes = seededBytes(LARGE_BYTES);
  const object = outboardOf(bytes);
  const verifyAll = (): number => {
    const verifier = new RangeVerifier(object);
    let nodeAt = 0;
    for (let need = verifier.need; need; need = verifier.need) {
      if (need.kind === "node") {
        verifier.node(object.nodes.subarray(nodeAt, nodeAt + NODE_BYTES));
        nodeAt += NODE_BYTES;
      } else {
        const start = need.index * GROUP_BYTES;
        verifier.group(bytes.subarray(start, start + need.length));
      }
    }
    return LARGE_BYTES / MEGABYTE;
  };
  const result = await measurePaired(context, {
    name: "verified streaming of 64 MB in 16 KiB groups",
    unit: "MB/s",
    reference: "plain hashing",
    target: 0.9,
    rounds: 31,
    subject: { work: verifyAll },
    against: { work: () => (blake3(bytes), LARGE_BYTES / MEGABYTE) },
  });
  return [result];
}

async function benchSignatures(context: BenchContext): Promise<BenchResult[]> {
  const content = seededBytes(SIGNATURES * (MESSAGE_BYTES + 32));
  const signed = Array.from({ length: SIGNATURES }, (_, index) => {
    const start = index * (MESSAGE_BYTES + 32);
    const secret = content.slice(start, start + 32);
    const message = content.slice(start + 32, start + 32 + MESSAGE_BYTES);
    const key = new Uint8Array(ed25519.getPublicKey(secret));
    return { key, message, signature: new Uint8Array(ed25519.sign(message, secret)) };
  });
  const check = (valid: boolean): void => {
    if (!valid) throw new Error("a good signature was refused");
  };
  const result = await measurePaired(context, {
    name: "Ed25519 verification with importKey, one after the other",
    unit: "1/s",
    reference: "@noble/curves",
    target: 4,
    rounds: 9,
    subject: {
      work: async () => {
        for (const { key, message, signature } of signed) {
          const imported = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
          check(await crypto.subtle.verify("Ed25519", imported, signature, message));
        }
        return SIGNATURES;
      },
    },
    against: {
      work: () => {
        for (const { key, message, signature } of signed) check(ed25519.verify(signature, message, key));
        return SIGNATURES;
      },
    },
  });
  return [result];
}

export const benches: Bench[] = [
  { name: "hash", run: benchAgainstHashWasm },
  { name: "hash-streaming", run: benchVerifiedStreaming },
  { name: "signatures", run: benchSignatures },
];
