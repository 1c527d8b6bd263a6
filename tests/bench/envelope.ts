/** How many bytes the free layer takes: envelopes of plain posts with a place and a topic, as the composer makes them. */
import { initHash } from "../../src/hash/index.ts";
import { createSigner, LIMITS } from "../../src/wire/index.ts";
import { PLAIN_POSTS, plainEnvelopeBytes } from "../social/plain-posts.ts";
import type { NodeBench } from "./harness.ts";
import { median } from "./quantile.ts";
import { numbered } from "./store-material.ts";
import type { BenchResult } from "./types.ts";

/** Bytes of a typical envelope, and of what a plain post may take. */
const TYPICAL = [300, 500] as const;

async function benchEnvelope(): Promise<BenchResult[]> {
  await initHash();
  const { publicKey } = await createSigner(numbered(1, 1));
  const sizes = PLAIN_POSTS.map((post) => plainEnvelopeBytes(post, publicKey, Date.now()));
  const frame = LIMITS.radioFrameBytes;
  const beside = { unit: "bytes", reference: `one LoRa frame ${frame} bytes` };
  const [middle, largest] = [median(sizes), Math.max(...sizes)];
  return [
    {
      name: "envelope of a plain post with a place and a topic, the middle one",
      value: middle,
      ...beside,
      ratio: middle / frame,
      target: TYPICAL[1],
      ok: middle >= TYPICAL[0] && middle <= TYPICAL[1],
    },
    {
      name: "envelope of a plain post with a place and a topic, the largest",
      value: largest,
      ...beside,
      ratio: largest / frame,
      target: frame,
      ok: largest <= frame,
    },
  ];
}

export const benches: readonly NodeBench[] = [{ name: "envelope", run: benchEnvelope }];
