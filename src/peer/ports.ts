import type { Mesh } from "../mesh/port.ts";
import type { Clock } from "../mesh/protocols/index.ts";
import type { IntakeOptions } from "../social/index.ts";
import type { Store } from "../store/port.ts";
import type { Signer } from "../wire/index.ts";
import type { Settings } from "./api.ts";
import type { LogRing } from "./diagnostics/index.ts";
import type { FileHashing } from "./files.ts";
import type { StorageEstimates } from "./network.ts";
import type { RememberedBans } from "./blocks/index.ts";
import type { RememberedPeers } from "./peer-memory.ts";
import type { Stretch } from "./vault/stretch.ts";

/** What the platform gives a peer: the worker of a browser, or a process of many peers. */
export interface PeerPorts {
  readonly store: Store;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly randomBytes: (length: number) => Uint8Array;
  /** Makes the mesh of an identity. Called after the peer answers, since loading the network takes a while. */
  readonly createMesh: (
    seed: Uint8Array,
    settings: Settings,
    memory: RememberedPeers & RememberedBans,
  ) => Promise<Mesh>;
  /**
   * Milliseconds that the page has for its first screen before the mesh is made, where something is stored that may be on
   * it. Default: the mesh is made at once.
   */
  readonly firstScreen?: number;
  /** Whether the platform says that bytes are to be saved, or that the connection is slow. Default: it does not say. */
  readonly metered?: () => boolean;
  readonly estimates: StorageEstimates | null;
  /** Hashes what is too large for this thread. */
  readonly hashing: FileHashing;
  /** Argon2id, off this thread. */
  readonly stretch: Stretch;
  readonly log: (context: string, error: unknown) => void;
  /** The log that people can read, where something was written to it before the peer started. Default: a new one. */
  readonly ring?: LogRing;
  /** The verdict on signatures, where many peers of one process share it; by default each peer verifies by itself. */
  readonly verify?: IntakeOptions["verify"];
  /** How what this peer signs by itself is signed, where time is not that of this machine; by default with its own key as it is. */
  readonly signing?: (own: Signer) => Signer;
}
