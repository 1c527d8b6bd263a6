/** The part of `PeerApi` about whom this person trusts. */

/** Somebody whom this person trusts. */
export interface TrustedView {
  /** `mehr1...` */
  readonly id: string;
  /** From the profile; `null` until one was received. */
  readonly name: string | null;
  /** When this person began to trust it. */
  readonly since: number;
  /** There is a direct connection now. */
  readonly linked: boolean;
}

export interface TrustApi {
  /**
   * This person trusts that one: it may read what is written for trusted people, also what was written before, and its
   * boosts count. One-sided, and told to nobody. The connection to it is kept up.
   * @throws `NODE_ID_INVALID`, `TRUST_OWN`, `TRUST_BLOCKED`, `TRUST_FULL`
   */
  trust(id: string): Promise<void>;
  /** Nothing more is given to that one, from now on; what it has it keeps. @throws `NODE_ID_INVALID` */
  distrust(id: string): Promise<void>;
}
