/** What the benches of hashing share. */
import { hashStatus, initHash } from "../../src/hash/index.ts";

export const MEGABYTE = 1e6;

/** Larger than the caches, and the size for which the targets are set. */
export const LARGE_BYTES = 64 * 1024 * 1024;

/** Bytes without structure, the same in every run (xorshift32). */
export function seededBytes(length: number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(length / 4));
  let state = 0x9e3779b9;
  for (let i = 0; i < words.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[i] = state;
  }
  return new Uint8Array(words.buffer, 0, length);
}

/** Throws where only the portable implementation runs: its figures would be compared with the wrong targets. */
export async function startFastCore(): Promise<void> {
  await initHash();
  const { engine, reason } = hashStatus();
  if (engine !== "wasm-simd") throw new Error(`the fast core does not run here: ${reason}`);
}
