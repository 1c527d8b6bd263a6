import type { Store } from "../../store/port.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Keyring } from "./keyring.ts";
import type { OriginPorts } from "./ports.ts";

/** What live queries of the origin depend on. */
export type OriginTopic = "lock" | "identities";

/** The parts of an origin's peer, as its calls work with them. */
export interface OriginCore {
  readonly ports: OriginPorts;
  readonly catalogue: Catalogue;
  readonly keyring: Keyring;
  /** The vault of the current identity, as stored; `undefined` while its records lie in the clear. */
  readonly vault: unknown;
  /** Whether the current identity runs: it is not locked. */
  readonly runs: boolean;
  /** The store of the current identity as it lies on disk: what is private in it may be sealed. */
  readonly disk: Store;
  /** Writes how the current identity is unlocked. */
  saveVault(vault: unknown): Promise<void>;
  /** Runs the current identity, if it is locked, with this key. */
  open(key: CryptoKey): Promise<void>;
  /** Says who is here: the time until it locks by itself starts over. */
  stayOpen(): void;
  invalidate(...topics: readonly OriginTopic[]): void;
  /** One after the other: calls that change which identities there are, or how they are kept. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result>;
  /**
   * Stops whatever runs, does `work` while nobody writes the current store, and has the peer started anew, also when `work`
   * fails. Calls that come meanwhile are answered by nobody: they end with this run.
   */
  anew<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Stops whatever runs, for good. */
  end(): Promise<void>;
}
