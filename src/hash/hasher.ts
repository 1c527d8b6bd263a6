/** BLAKE3-256 of bytes that are there at once, and of bytes that come in pieces. */
import { currentEngine } from "./current.ts";
import { CHUNK_BYTES, DIGEST_BYTES, GROUP_BYTES, NODE_BYTES } from "./tree.ts";

/** BLAKE3-256 of `bytes`: 32 bytes. Synchronous; large inputs belong into the hash worker (`HashClient`). */
export function blake3(bytes: Uint8Array): Uint8Array {
  const engine = currentEngine();
  if (bytes.length <= engine.maxSubtree) return engine.subtree(bytes, 0, true);
  return new Blake3Hasher().update(bytes).digest();
}

/** The parent node of two chaining values. */
function nodeOf(left: Uint8Array, right: Uint8Array): Uint8Array {
  const node = new Uint8Array(NODE_BYTES);
  node.set(left);
  node.set(right, DIGEST_BYTES);
  return node;
}

/**
 * Incremental BLAKE3-256. Holds at most one group of input and one chaining value for every level of the tree.
 * `digest` does not end it: more may follow.
 */
export class Blake3Hasher {
  /**
   * Chaining values of the complete subtrees so far, from the left. Their sizes are the powers of two in the
   * binary form of `#groups`, as in a binary counter.
   */
  readonly #subtrees: Uint8Array[] = [];
  /** Whole groups under `#subtrees`. */
  #groups = 0;
  /** Bytes not yet under a subtree. At least one byte stays here, because the last group may be the root. */
  #pending: Uint8Array | undefined;
  #pendingLength = 0;

  /** Appends `bytes`; they are read before the call returns and may be reused. */
  update(bytes: Uint8Array): this {
    let rest = bytes;
    if (this.#pendingLength > 0) {
      const taken = Math.min(rest.length, GROUP_BYTES - this.#pendingLength);
      this.#keep(rest.subarray(0, taken));
      rest = rest.subarray(taken);
      if (rest.length === 0 || !this.#pending) return this;
      this.#append(this.#pending, 1);
      this.#pendingLength = 0;
    }
    while (rest.length > GROUP_BYTES) {
      const groups = this.#nextSubtree(rest.length);
      this.#append(rest.subarray(0, groups * GROUP_BYTES), groups);
      rest = rest.subarray(groups * GROUP_BYTES);
    }
    this.#keep(rest);
    return this;
  }

  /** Hash of everything so far: 32 bytes. */
  digest(): Uint8Array {
    const engine = currentEngine();
    const last = this.#pending?.subarray(0, this.#pendingLength) ?? new Uint8Array(0);
    let value = engine.subtree(last, this.#firstChunk(), this.#subtrees.length === 0);
    for (let i = this.#subtrees.length - 1; i >= 0; i--) {
      value = engine.parent(nodeOf(this.#subtrees[i] as Uint8Array, value), i === 0);
    }
    return value;
  }

  #firstChunk(): number {
    return (this.#groups * GROUP_BYTES) / CHUNK_BYTES;
  }

  #keep(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#pending ??= new Uint8Array(GROUP_BYTES);
    this.#pending.set(bytes, this.#pendingLength);
    this.#pendingLength += bytes.length;
  }

  /**
   * Groups of the largest subtree that may come next: a power of two, so aligned that it is a node of the
   * tree, within what the engine takes, and leaving at least one byte of `available`.
   */
  #nextSubtree(available: number): number {
    const most = currentEngine().maxSubtree / GROUP_BYTES;
    let groups = 1;
    while (groups < most && this.#groups % (groups * 2) === 0 && groups * 2 * GROUP_BYTES < available) groups *= 2;
    return groups;
  }

  #append(bytes: Uint8Array, groups: number): void {
    const engine = currentEngine();
    let value = engine.subtree(bytes, this.#firstChunk(), false);
    this.#groups += groups;
    // Every subtree that is now complete is joined with its left neighbour: the carries of the binary counter.
    for (let size = groups; this.#groups % (size * 2) === 0; size *= 2) {
      value = engine.parent(nodeOf(this.#subtrees.pop() as Uint8Array, value), false);
    }
    this.#subtrees.push(value);
  }
}
