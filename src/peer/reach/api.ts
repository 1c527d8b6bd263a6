/** The part of `PeerApi` about how far posts are heard, and what lets them be heard further. */
import type { PersonView } from "../defence/api.ts";

/** How far an envelope is heard now, in short. */
export interface HeardView {
  /** The widest place beyond the one where it started; `null` while it is heard only there. */
  readonly widest: "neighbourhood" | "city" | "region" | "country" | "global" | null;
  /** Whether it is heard wherever its topics are read. */
  readonly topics: boolean;
  /** People who boosted it, as far as their boosts are held here. */
  readonly boosts: number;
  /** Of these, whom this person trusts: those count here. */
  readonly trustedBoosts: number;
  /** People who have chosen it for a curated feed that is kept here. */
  readonly curators: number;
  /** This person boosted it within the last day. */
  readonly boosted: boolean;
}

/** Somebody who vouches for an envelope. */
export interface VoucherView extends PersonView {
  readonly own: boolean;
  readonly trusted: boolean;
}

/** One certificate that carries an envelope beyond its start. */
export interface ReachStepView {
  readonly level: "topic" | "neighbourhood" | "city" | "region" | "country" | "global";
  /** Scope key: a place, or a topic with everything above it. */
  readonly scope: string;
  readonly evidence: "boost" | "receipts" | "curation";
  /** Those whose boosts, reading or selection are the evidence: sixteen of them at most. */
  readonly who: readonly VoucherView[];
  /** How many there are. */
  readonly count: number;
  /** The relay that says so. */
  readonly issuer: VoucherView;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly until: number;
}

/** How far an envelope is heard now, and why. */
export interface ReachView extends HeardView {
  /** `trusted`: no scopes; `place`: starts at `start`; `home`: topics alone, starts where its author lives. */
  readonly kind: "trusted" | "place" | "home";
  /** Scope key of where it starts, as far as that is known here. */
  readonly start: string | null;
  /** Trusted people who boosted it, who boosted last first: sixteen of them at most. */
  readonly trustedBoosters: readonly VoucherView[];
  /** People who read it, as far as receipts of theirs that are held here show it. */
  readonly readers: number;
  /** The widest place first, topics last. */
  readonly steps: readonly ReachStepView[];
  /** Whether this person can boost it: it is somebody else's. */
  readonly mayBoost: boolean;
}

export interface ReachApi {
  /**
   * Boosts an envelope, or what a boost is of: a small envelope of one's own with the same scopes. It says to those who go by
   * this person's word that others should hear it, too, and cannot be taken back. Boosting again within a day does nothing.
   * @returns the hash of the boost
   * @throws `HASH_INVALID`, `NOT_FOUND`, `BOOST_OWN`, `AUTHOR_BLOCKED`
   */
  boost(hash: string): Promise<string>;
}
