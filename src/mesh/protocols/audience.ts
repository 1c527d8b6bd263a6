/**
 * Who may have what of a store (docs/protocol.md, sections 7 and 11). The protocols that serve envelopes by subscription
 * ask this for each one; what the answer rests on (evidence, trust, where something was heard) is known to the peer room.
 */
import { decodeEnvelope, type Hash, type NodeKey, type PostEnvelope, type Scope } from "../../wire/index.ts";
import type { LibraryRow } from "./library.ts";
import { Matcher, type Target } from "./pub/subscription.ts";

/** A held envelope, with its bytes. */
export interface Offer extends LibraryRow {
  readonly bytes: Uint8Array;
}

/** A held envelope that has been read. */
export interface HeldEnvelope {
  readonly hash: Hash;
  readonly envelope: PostEnvelope;
}

/** A row that the walk in order of arrival does not come by. */
export interface Beside {
  readonly row: LibraryRow;
  /** The arrival number from which on it may be had. */
  readonly became: number;
}

export interface Audience {
  /** Whether `give` would give this one. Asked for every neighbour, so nothing is read for the answer. */
  admits(held: HeldEnvelope, asker: NodeKey, targets: readonly Target[]): boolean;
  /**
   * What to send to `asker` for this envelope: its bytes, or the promoted message that holds it where only evidence opens
   * it to one of `targets`. `null` when none of them covers it or this asker may not have it; then not even its hash is told.
   * Envelopes of authors asked for, and those that start at a place asked for, may be given without this question.
   */
  give(offer: Offer, asker: NodeKey, targets: readonly Target[]): Promise<{ readonly bytes: Uint8Array } | null>;
  /** Whether `asker` may have what is meant for trusted people. Whoever may not is answered as if there were nothing. */
  trusts(asker: NodeKey): boolean;
  /**
   * Held envelopes that `targets` may have though the walk in order of arrival does not come by them: opened by a
   * certificate that came later than they did, or, without a place of their own, heard on a place that a target names
   * exactly. Those that became so after arrival number `since`, the latest last; with more than `limit` the first of them.
   */
  besides(targets: readonly Target[], since: number, limit: number): readonly Beside[];
  /** Places at which an envelope with topics alone started, as far as is known here. */
  startsOf(hash: Hash): readonly Scope[];
}

/** For peers that know of no evidence and trust nobody: what declares a scope is for everybody who asks for it. */
export const EVERY_SCOPED: Audience = {
  admits: ({ envelope }, _asker, targets) => envelope.scopes.length > 0 && new Matcher(targets).matches(envelope),
  async give({ bytes, hash }, asker, targets) {
    return EVERY_SCOPED.admits({ hash, envelope: decodeEnvelope(bytes) }, asker, targets) ? { bytes } : null;
  },
  trusts: () => false,
  besides: () => [],
  startsOf: () => [],
};
