/**
 * BLAKE3 for the whole project: one-shot and incremental hashing.
 */
import { blake3 as nobleBlake3 } from "@noble/hashes/blake3.js";

/** Resolves once the fastest implementation that this environment allows is ready. */
export async function initHash(): Promise<void> {}

/** BLAKE3-256 of `bytes`: 32 bytes. */
export function blake3(bytes: Uint8Array): Uint8Array {
  return nobleBlake3(bytes);
}

/** Incremental BLAKE3-256. */
export class Blake3Hasher {
  readonly #state = nobleBlake3.create();

  update(bytes: Uint8Array): this {
    this.#state.update(bytes);
    return this;
  }

  digest(): Uint8Array {
    return this.#state.clone().digest();
  }
}
