import type { Mesh } from "../mesh/port.ts";
import type { Clock, Library } from "../mesh/protocols/index.ts";
import type { IntakeOptions } from "../social/index.ts";
import type { OutboxEntry, Store } from "../store/port.ts";
import type { Hash, Signer } from "../wire/index.ts";
import type { Settings } from "./api.ts";
import type { Blocks } from "./blocks/index.ts";
import type { Feeds } from "./feeds/index.ts";
import type { Findings } from "./finding/index.ts";
import type { Following } from "./following.ts";
import type { Hints } from "./hints/index.ts";
import type { AuthorMarks } from "./marks.ts";
import type { Reaching } from "./reach/index.ts";
import type { Receiver } from "./receiver.ts";
import type { Trust } from "./trust/index.ts";

/** What an exchange works with. */
export interface ExchangeOptions {
  readonly mesh: Mesh;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: () => number;
  readonly randomBytes: (length: number) => Uint8Array;
  readonly receiver: Receiver;
  /** The verdict on signatures, where it is not made by each peer for itself. */
  readonly verify: IntakeOptions["verify"];
  readonly following: Following;
  readonly blocks: Blocks;
  readonly trust: Trust;
  readonly reaching: Reaching;
  readonly signer: Signer;
  readonly relay: () => Settings["relay"];
  /** Whether the platform says that bytes are dear or few. */
  readonly metered: () => boolean;
  /** The store as others may see it. */
  readonly library: Library;
  readonly marks: AuthorMarks;
  readonly findings: Findings;
  readonly home: () => string;
  readonly feeds: Feeds;
  readonly hints: Hints;
  /** What is known of a curated feed has changed. */
  readonly onCurated: () => void;
  /** Dates an own envelope, that has not left yet, anew. */
  readonly redate: (entry: OutboxEntry) => Promise<void>;
  readonly onHeld: (post: Hash) => void;
  readonly isHeld: (post: Hash) => boolean;
  /** Whether this waits in the outbox. */
  readonly waits: (hash: Hash) => boolean;
  readonly onSent: (hash: Hash) => void;
  readonly onNetwork: () => void;
  readonly log: (context: string, error: unknown) => void;
}
