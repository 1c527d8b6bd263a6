/**
 * A slice: the groups of a range interleaved with the parent nodes that prove them, in pre-order, as in Bao (with
 * groups of 16 KiB and without Bao's length header: the size comes with the hash). Its receiver can verify every
 * group the moment it is there and never holds more than one group that is not verified.
 */
import { HashError } from "./errors.ts";
import type { Outboard } from "./outboard.ts";
import { proofOf } from "./outboard.ts";
import { GROUP_BYTES, groupCount, NODE_BYTES } from "./tree.ts";
import type { GroupRange } from "./tree.ts";
import { RangeVerifier } from "./verify.ts";
import type { HashedObject } from "./verify.ts";

/** One verified group. */
export interface VerifiedGroup {
  readonly index: number;
  /** Fresh bytes that belong to the receiver. */
  readonly bytes: Uint8Array;
}

interface SliceOptions {
  /** The groups wanted; all by default. */
  readonly range?: GroupRange;
  readonly signal?: AbortSignal;
}

/**
 * What a provider sends: yields nodes (64 bytes) and groups in pre-order. Everything is verified on the way out, so a
 * provider whose disk or memory is broken fails itself instead of being taken for a liar.
 * @param read gives the bytes from `start` up to and without `end` of the object
 * @throws HashError as `proofOf` and `RangeVerifier`; the signal's reason
 */
export async function* encodeSlice(
  outboard: Outboard,
  read: (start: number, end: number) => Promise<Uint8Array> | Uint8Array,
  options: SliceOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const range = options.range ?? { first: 0, count: groupCount(outboard.size) };
  const proof = proofOf(outboard, range);
  const verifier = new RangeVerifier(outboard, range);
  let proofAt = 0;
  for (let need = verifier.need; need; need = verifier.need) {
    options.signal?.throwIfAborted();
    if (need.kind === "node") {
      const node = proof.subarray(proofAt, proofAt + NODE_BYTES);
      proofAt += NODE_BYTES;
      verifier.node(node);
      yield node;
    } else {
      const start = need.index * GROUP_BYTES;
      const bytes = await read(start, start + need.length);
      verifier.group(bytes);
      yield bytes;
    }
  }
}

/**
 * What a receiver makes of a slice: yields each group once it is verified. `source` may cut the stream anywhere.
 * Returns as soon as the range is complete, which closes `source`; bytes behind the end in the last piece are an error.
 * @throws HashError `NODE_MISMATCH`, `GROUP_MISMATCH`, `BAD_RANGE`, or `BAD_LENGTH` when the stream ends early or has
 * something behind its end; the signal's reason; what `source` throws
 */
export async function* decodeSlice(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  object: HashedObject,
  options: SliceOptions = {},
): AsyncGenerator<VerifiedGroup, void, undefined> {
  const verifier = new RangeVerifier(object, options.range);
  let need = verifier.need;
  let part = new Uint8Array(need?.kind === "group" ? need.length : NODE_BYTES);
  let filled = 0;
  // An empty object has a group of no bytes, which no piece of the stream will ever announce.
  if (need?.kind === "group" && need.length === 0) {
    verifier.group(part);
    yield { index: 0, bytes: part };
    need = null;
  }
  if (!need) return;
  for await (const piece of source) {
    options.signal?.throwIfAborted();
    let at = 0;
    while (need && at < piece.length) {
      const taken = Math.min(part.length - filled, piece.length - at);
      part.set(piece.subarray(at, at + taken), filled);
      filled += taken;
      at += taken;
      if (filled < part.length) break;
      if (need.kind === "node") {
        verifier.node(part);
      } else {
        verifier.group(part);
        yield { index: need.index, bytes: part };
      }
      need = verifier.need;
      part = new Uint8Array(need?.kind === "group" ? need.length : NODE_BYTES);
      filled = 0;
    }
    if (at < piece.length) throw new HashError("BAD_LENGTH", `${piece.length - at} bytes behind the end of the slice`);
    if (!need) return;
  }
  throw new HashError("BAD_LENGTH", "the slice ends early");
}
