import type { Hash, NodeKey, PostEnvelope, PromotionCertificate, UserProfile, WireErrorCode } from "../wire/index.ts";
import type { AskedTargets, CertificateRefusal, EvidenceItem } from "./promotion/index.ts";
import type { ChannelRefusal } from "./start.ts";

/** Where bytes came from: what is allowed depends on it. */
export type IntakeSource =
  | { readonly kind: "channel"; readonly channel: string; readonly from: NodeKey }
  | {
      /** An envelope that this peer asked a neighbour for. */
      readonly kind: "pull";
      readonly from: NodeKey;
      /** What that neighbour was asked for. */
      readonly asked: AskedTargets;
      /** Whether this person trusts that neighbour: nobody else may bring what declares no scope. */
      readonly trusted: boolean;
      /** Whether this person follows the author: then nothing of it is too much. */
      readonly followed: (author: NodeKey) => boolean;
    }
  | {
      /**
       * An envelope that this peer asked somebody for by naming a hash: its own, its post's, or that of what it is about.
       * Whoever names it may have it without evidence that it is heard this far.
       */
      readonly kind: "named";
      readonly from: NodeKey;
      /** Whether it is what was asked for. */
      readonly asked: (envelope: PostEnvelope) => boolean;
    }
  /** A profile that this peer asked a neighbour for. */
  | { readonly kind: "head"; readonly from: NodeKey; readonly owner: NodeKey };

/** Stable. What wire refuses keeps its code. */
export type IntakeCode =
  | "ACCEPTED"
  | "DUPLICATE"
  | "OVERLOADED"
  /** This person wants to hear nothing of the author. */
  | "AUTHOR_BLOCKED"
  /** Others should hear it on the word of somebody who vouched for people whom this person has turned away. */
  | "VOUCHER_DOUBTED"
  | "SIGNATURE_INVALID"
  | "FROM_THE_FUTURE"
  | "RATE_EXCEEDED"
  /** More than this author, this neighbour or all of them may have stored here. */
  | "STORAGE_EXCEEDED"
  | "UNSOLICITED"
  | "UNSCOPED"
  | ChannelRefusal
  | CertificateRefusal
  | WireErrorCode;

export interface AcceptedEnvelope {
  readonly kind: "envelope";
  readonly verdict: "accept";
  readonly code: "ACCEPTED";
  readonly hash: Hash;
  readonly bytes: Uint8Array;
  readonly envelope: PostEnvelope;
  /** The certificate that it came with, and that stands; `null` where it needs none. */
  readonly promotion: AcceptedPromotion | null;
}

/** A certificate that stands, with all of its evidence. */
export interface AcceptedPromotion {
  readonly hash: Hash;
  readonly bytes: Uint8Array;
  readonly certificate: PromotionCertificate;
  readonly evidence: readonly EvidenceItem[];
  /** Whose boosts, reading or selection the evidence is. */
  readonly who: readonly NodeKey[];
}

/** A new certificate for an envelope that is held already. */
export interface AcceptedCertificate {
  readonly kind: "certificate";
  readonly verdict: "accept";
  readonly code: "ACCEPTED";
  /** Of the envelope. */
  readonly hash: Hash;
  readonly envelope: PostEnvelope;
  readonly promotion: AcceptedPromotion;
}

/** Valid, but whether it is news depends on the head that is held: `decideHead`. */
export interface AcceptedProfile {
  readonly kind: "profile";
  readonly verdict: "accept";
  readonly code: "ACCEPTED";
  readonly hash: Hash;
  readonly bytes: Uint8Array;
  readonly profile: UserProfile;
}

/** Nothing to store. `accept` for a duplicate that others on the channel may still lack. */
export interface Settled {
  readonly kind: "none";
  readonly verdict: "accept" | "ignore" | "reject";
  readonly code: Exclude<IntakeCode, "ACCEPTED">;
}

export type IntakeOutcome = AcceptedEnvelope | AcceptedCertificate | AcceptedProfile | Settled;

export function ignore(code: Settled["code"]): Settled {
  return { kind: "none", verdict: "ignore", code };
}

export function reject(code: Settled["code"]): Settled {
  return { kind: "none", verdict: "reject", code };
}
