import { equalBytes, type Hash, type NodeKey, type ObjectTypeNumber } from "../wire/index.ts";

/** How long a forked key takes no update: 24 hours (protocol section 2). */
export const FORK_FREEZE = 86_400_000;

/** A valid version of a mutable object. */
export interface Version {
  readonly type: ObjectTypeNumber;
  readonly owner: NodeKey;
  readonly name: string;
  readonly sequence: number;
  readonly hash: Hash;
  readonly bytes: Uint8Array;
}

/** The version that counts, and what is known of forks; the store's `Head`. */
export interface HeadState extends Version {
  readonly forkBytes: Uint8Array | null;
  readonly frozenUntil: number;
}

export type HeadOutcome = "newer" | "fork" | "same" | "older" | "frozen";

export interface HeadDecision {
  readonly outcome: HeadOutcome;
  /** What to store and pass on; `null` when nothing changes. */
  readonly head: HeadState | null;
}

/**
 * What a valid version means for its key: the highest sequence wins; another version with the same sequence is a fork,
 * kept as evidence, and freezes the key. Of two that fork, the one that came first stays the one that is shown.
 * @param now milliseconds since 1970 UTC
 */
export function decideHead(current: HeadState | undefined, version: Version, now: number): HeadDecision {
  if (current === undefined || (version.sequence > current.sequence && now >= current.frozenUntil)) {
    return { outcome: "newer", head: { ...version, forkBytes: null, frozenUntil: 0 } };
  }
  if (equalBytes(current.hash, version.hash)) return { outcome: "same", head: null };
  if (current.forkBytes !== null && equalBytes(current.forkBytes, version.bytes))
    return { outcome: "same", head: null };
  if (version.sequence > current.sequence) return { outcome: "frozen", head: null };
  if (version.sequence < current.sequence) return { outcome: "older", head: null };
  // Two versions prove the fork; a third adds nothing.
  if (current.forkBytes !== null) return { outcome: "frozen", head: null };
  return { outcome: "fork", head: { ...current, forkBytes: version.bytes, frozenUntil: now + FORK_FREEZE } };
}
