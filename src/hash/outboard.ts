/**
 * The outboard of an object: all parent nodes of its tree over groups, kept beside the bytes (0.4% of them), so
 * that any group can be served with the nodes that prove it. Nodes stand in pre-order (a parent, its left
 * subtree, its right subtree), the order in which a verifier needs them, as in Bao.
 */
import { currentEngine } from "./current.ts";
import { HashError } from "./errors.ts";
import {
  CHUNK_BYTES,
  checkRange,
  DIGEST_BYTES,
  GROUP_BYTES,
  groupCount,
  leftGroups,
  NODE_BYTES,
  outboardLength,
} from "./tree.ts";
import type { GroupRange } from "./tree.ts";

export interface Outboard {
  /** BLAKE3-256 of the object: 32 bytes. */
  readonly root: Uint8Array;
  /** Bytes of the object. */
  readonly size: number;
  /** `outboardLength(size)` bytes: the parent nodes in pre-order. */
  readonly nodes: Uint8Array;
}

/** Bytes of a file that are in memory at a time: enough that reading, not the calls, is the cost. */
const SLICE_BYTES = 4 * 1024 * 1024;

/** Computes an outboard from bytes that come in pieces. Holds 32 bytes for every group, and one group of input. */
export class OutboardBuilder {
  readonly #values: Uint8Array[] = [];
  readonly #pending = new Uint8Array(GROUP_BYTES);
  #pendingLength = 0;
  /** Bytes whose groups are in `#values`. */
  #hashed = 0;

  /** Appends `bytes`; they are read before the call returns and may be reused. */
  update(bytes: Uint8Array): this {
    let rest = bytes;
    if (this.#pendingLength > 0) {
      const taken = Math.min(rest.length, GROUP_BYTES - this.#pendingLength);
      this.#keep(rest.subarray(0, taken));
      rest = rest.subarray(taken);
      if (rest.length === 0) return this;
      this.#append(this.#pending);
      this.#pendingLength = 0;
    }
    const { maxSubtree } = currentEngine();
    while (rest.length > GROUP_BYTES) {
      // At least one byte stays pending: a single group is the root and has no chaining value.
      const whole = Math.floor((rest.length - 1) / GROUP_BYTES) * GROUP_BYTES;
      const length = Math.min(whole, maxSubtree);
      this.#append(rest.subarray(0, length));
      rest = rest.subarray(length);
    }
    this.#keep(rest);
    return this;
  }

  /** The outboard of everything so far. More may follow. */
  finish(): Outboard {
    const engine = currentEngine();
    const last = this.#pending.subarray(0, this.#pendingLength);
    const size = this.#hashed + last.length;
    if (this.#hashed === 0) return { root: engine.subtree(last, 0, true), size, nodes: new Uint8Array(0) };

    const values = [...this.#values, engine.subtree(last, this.#hashed / CHUNK_BYTES, false)];
    const leaves = concat(values, groupCount(size) * DIGEST_BYTES);
    const nodes = new Uint8Array(outboardLength(size));
    const fill = (first: number, count: number, at: number, root: boolean): Uint8Array => {
      if (count === 1) return leaves.subarray(first * DIGEST_BYTES, (first + 1) * DIGEST_BYTES);
      const left = leftGroups(count);
      const node = nodes.subarray(at, at + NODE_BYTES);
      node.set(fill(first, left, at + NODE_BYTES, false));
      // The node itself and the left - 1 nodes under its left child stand before the right subtree.
      node.set(fill(first + left, count - left, at + left * NODE_BYTES, false), DIGEST_BYTES);
      return engine.parent(node, root);
    };
    return { root: fill(0, groupCount(size), 0, true), size, nodes };
  }

  #keep(bytes: Uint8Array): void {
    this.#pending.set(bytes, this.#pendingLength);
    this.#pendingLength += bytes.length;
  }

  #append(groups: Uint8Array): void {
    this.#values.push(currentEngine().groups(groups, this.#hashed / CHUNK_BYTES));
    this.#hashed += groups.length;
  }
}

function concat(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** The outboard of bytes in memory. */
export function outboardOf(bytes: Uint8Array): Outboard {
  return new OutboardBuilder().update(bytes).finish();
}

/**
 * The outboard of a file, read 4 MiB at a time, so that its size is no matter of memory.
 * `onProgress` gets the bytes done so far. Rejects with the signal's reason, or with what reading threw.
 */
export async function outboardOfBlob(
  blob: Blob,
  options: { readonly signal?: AbortSignal; readonly onProgress?: (done: number) => void } = {},
): Promise<Outboard> {
  const builder = new OutboardBuilder();
  for (let start = 0; start < blob.size; start += SLICE_BYTES) {
    options.signal?.throwIfAborted();
    const slice = blob.slice(start, Math.min(start + SLICE_BYTES, blob.size));
    builder.update(new Uint8Array(await slice.arrayBuffer()));
    options.onProgress?.(start + slice.size);
  }
  options.signal?.throwIfAborted();
  return builder.finish();
}

/**
 * The parent nodes in pre-order that prove the groups of `range` to somebody who knows only the root hash and the
 * size: what a provider sends along with those groups. The whole object's proof is its outboard.
 * @throws HashError `BAD_RANGE`, or `BAD_LENGTH` when `outboard.nodes` does not fit `outboard.size`
 */
export function proofOf(outboard: Pick<Outboard, "size" | "nodes">, range: GroupRange): Uint8Array {
  checkRange(outboard.size, range);
  if (outboard.nodes.length !== outboardLength(outboard.size)) {
    throw new HashError("BAD_LENGTH", `outboard of ${outboard.nodes.length} bytes for ${outboard.size}`);
  }
  const end = range.first + range.count;
  const proof: Uint8Array[] = [];
  const walk = (first: number, count: number, at: number): void => {
    if (count === 1 || first >= end || first + count <= range.first) return;
    const left = leftGroups(count);
    proof.push(outboard.nodes.subarray(at, at + NODE_BYTES));
    walk(first, left, at + NODE_BYTES);
    walk(first + left, count - left, at + left * NODE_BYTES);
  };
  walk(0, groupCount(outboard.size), 0);
  return concat(proof, proof.length * NODE_BYTES);
}
