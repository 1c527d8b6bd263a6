/**
 * Verification of groups against a root hash. Nothing that a provider sends is believed before the root hash
 * commits to it: nodes are checked from the root downwards, then the groups under them.
 *
 * The size is believed only as far as it has been used: a false size changes the shape of the tree and fails at
 * the first node or group that differs in shape, at the latest at the last group of the object. Whoever verifies
 * a range that does not hold the last group has proof of those bytes, but none of the size.
 */
import { currentEngine } from "./current.ts";
import { HashError } from "./errors.ts";
import { checkRange, CHUNKS_PER_GROUP, DIGEST_BYTES, groupCount, groupLength, leftGroups, NODE_BYTES } from "./tree.ts";
import type { GroupRange } from "./tree.ts";

/** What a verifier knows of an object beforehand. */
export interface HashedObject {
  /** BLAKE3-256 of the object: 32 bytes. */
  readonly root: Uint8Array;
  /** Bytes of the object. */
  readonly size: number;
}

/** What a verifier needs next: a parent node of 64 bytes, or the bytes of a group. */
export type VerifierNeed =
  | { readonly kind: "node" }
  | { readonly kind: "group"; readonly index: number; readonly length: number };

/** A subtree whose chaining value (of the whole tree: root hash) is known and whose content is not. */
interface Subtree extends GroupRange {
  /** The 32 bytes at `at` of `known` are its chaining value. */
  readonly known: Uint8Array;
  readonly at: 0 | 32;
  readonly root: boolean;
}

const NODE_DUE: VerifierNeed = { kind: "node" };

/** Scratch: what a node or group hashes to. */
const computed = new Uint8Array(DIGEST_BYTES);

function isComputed({ known, at }: Subtree): boolean {
  for (let i = 0; i < DIGEST_BYTES; i++) if (known[at + i] !== computed[i]) return false;
  return true;
}

/**
 * Takes the nodes and groups of a range in pre-order, whether they come interleaved in one stream or from
 * different places, and throws at the first byte range that the root hash does not commit to. A call that throws
 * changes nothing: the same node or group may be tried again with bytes from elsewhere.
 */
export class RangeVerifier {
  readonly #size: number;
  readonly #first: number;
  readonly #end: number;
  /** Subtrees that meet the range and are not verified yet, the next one on top. Never deeper than the tree. */
  readonly #open: Subtree[];

  /**
   * Verifies the groups of `range`, or all.
   * @throws HashError `BAD_RANGE`, or `BAD_LENGTH` when the root hash is not 32 bytes
   */
  constructor(object: HashedObject, range?: GroupRange) {
    const { root, size } = object;
    const count = groupCount(size);
    const { first, count: wanted } = range ?? { first: 0, count };
    checkRange(size, { first, count: wanted });
    if (root.length !== DIGEST_BYTES) throw new HashError("BAD_LENGTH", `root hash of ${root.length} bytes`);
    this.#size = size;
    this.#first = first;
    this.#end = first + wanted;
    this.#open = [{ known: root.slice(), at: 0, first: 0, count, root: true }];
  }

  /** What is due next; null when the whole range is verified. */
  get need(): VerifierNeed | null {
    const top = this.#open.at(-1);
    if (!top) return null;
    if (top.count > 1) return NODE_DUE;
    return { kind: "group", index: top.first, length: groupLength(this.#size, top.first) };
  }

  /**
   * Accepts the parent node that is due. The bytes are copied.
   * @throws HashError `NODE_MISMATCH`, `BAD_LENGTH` or `OUT_OF_ORDER`
   */
  node(bytes: Uint8Array): void {
    const top = this.#open.at(-1);
    if (!top || top.count === 1) throw new HashError("OUT_OF_ORDER", "no node is due");
    if (bytes.length !== NODE_BYTES) throw new HashError("BAD_LENGTH", `node of ${bytes.length} bytes`);
    currentEngine().parent(bytes, top.root, computed);
    if (!isComputed(top)) {
      throw new HashError("NODE_MISMATCH", `node over groups ${top.first} + ${top.count}`);
    }
    this.#open.pop();
    const left = leftGroups(top.count);
    const known = bytes.slice();
    this.#push({ known, at: 32, first: top.first + left, count: top.count - left, root: false });
    this.#push({ known, at: 0, first: top.first, count: left, root: false });
  }

  /**
   * Accepts the group that is due. The bytes are read before the call returns and not kept.
   * @throws HashError `GROUP_MISMATCH`, `BAD_LENGTH` or `OUT_OF_ORDER`
   */
  group(bytes: Uint8Array): void {
    const top = this.#open.at(-1);
    if (!top || top.count > 1) throw new HashError("OUT_OF_ORDER", "no group is due");
    if (bytes.length !== groupLength(this.#size, top.first)) {
      throw new HashError("BAD_LENGTH", `group ${top.first} of ${bytes.length} bytes`);
    }
    currentEngine().subtree(bytes, top.first * CHUNKS_PER_GROUP, top.root, computed);
    if (!isComputed(top)) throw new HashError("GROUP_MISMATCH", `group ${top.first}`);
    this.#open.pop();
  }

  #push(subtree: Subtree): void {
    if (subtree.first < this.#end && subtree.first + subtree.count > this.#first) this.#open.push(subtree);
  }
}

/**
 * Verifies the bytes of whole groups with their proof, as `proofOf` makes it. For one group: `count` 1.
 * @param bytes all bytes of the groups of `range`
 * @throws HashError `NODE_MISMATCH`, `GROUP_MISMATCH`, `BAD_RANGE`, or `BAD_LENGTH` when bytes or proof are cut
 * short or have something behind their end
 */
export function verifyGroups(object: HashedObject, range: GroupRange, proof: Uint8Array, bytes: Uint8Array): void {
  const verifier = new RangeVerifier(object, range);
  let proofAt = 0;
  let bytesAt = 0;
  for (let need = verifier.need; need; need = verifier.need) {
    if (need.kind === "node") {
      verifier.node(proof.subarray(proofAt, proofAt + NODE_BYTES));
      proofAt += NODE_BYTES;
    } else {
      verifier.group(bytes.subarray(bytesAt, bytesAt + need.length));
      bytesAt += need.length;
    }
  }
  if (proofAt !== proof.length) throw new HashError("BAD_LENGTH", `proof of ${proof.length} bytes, not ${proofAt}`);
  if (bytesAt !== bytes.length) throw new HashError("BAD_LENGTH", `${bytes.length} bytes, not ${bytesAt}`);
}
