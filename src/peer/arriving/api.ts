/** The part of `PeerApi` about posts that were written elsewhere and are published here, a few at a time. */
import type { GivenDraft, ScopeKey } from "../api.ts";

/** A post that is to be published when it is its turn. */
export interface Arrival {
  readonly draft: GivenDraft;
  /** As the place it comes from names it, up to 2,048 characters. */
  readonly id: string;
  /** Which of those given with it, before it, it goes on from: it becomes an answer to that. */
  readonly parent: string | null;
}

export interface ArrivalsView {
  /**
   * `none`: nothing waits; `offline`: nobody is there who would hear it; `looking`: the next one came with a backup, and whether
   * it was published since is still looked for among the neighbours.
   */
  readonly state: "none" | "publishing" | "offline" | "looking";
  readonly waiting: number;
  /** Those that came with a backup: nothing of them is published before `resumeArrivals`. */
  readonly held: number;
  /** Those of them that another device has published, as a backup says, and that are not found in the own history. */
  readonly doubted: number;
  readonly published: number;
  /** Those that could not be published as they are; they are among the drafts, where there was room for them. */
  readonly refused: number;
  /** Those that another device has published; here they are not. */
  readonly elsewhere: number;
  /** When the next one is published, in milliseconds since 1970; `null` where nothing waits. */
  readonly nextAt: number | null;
  /** When the last one will be, if this peer runs until then. */
  readonly doneAt: number | null;
  /** Milliseconds between two posts with the scopes that were asked for. */
  readonly interval: number;
}

/** What waited to be published and could not be read when it was its turn, because the storage of this device was damaged. */
export interface DamagedArrival {
  /** Names it in calls. */
  readonly id: string;
  /** When that was noticed, in milliseconds since 1970; `null` where that is not known. */
  readonly noticed: number | null;
  /** How it begins, as far as that can be told; may be empty. */
  readonly words: string;
}

/** One that came with a backup and is held. */
export interface HeldArrival {
  readonly id: string;
  /** How it begins; may be empty. */
  readonly words: string;
  /** Another device has published it, as a backup says. */
  readonly doubted: boolean;
}

export interface ArrivingQueries {
  /** The first eight of what is held, in the order in which they go on: so that a person sees what that would publish. */
  heldArrivals: { params: Record<string, never>; rows: HeldArrival };
  /** The latest first. */
  damagedArrivals: { params: Record<string, never>; rows: DamagedArrival };
  /** With `scopes`: how fast posts with those would be published. Default: those of nothing, for trusted people only. */
  arrivals: { params: { scopes?: readonly ScopeKey[] }; value: ArrivalsView };
}

export interface ArrivingApi {
  /**
   * Publishes posts one after the other, in the order given, no faster than half of what others take from one author in an hour
   * at that place (docs/protocol.md, section 12). What waits is stored, and goes on at the next start.
   * @throws `ARRIVALS_FULL` with more than 2,000 waiting, `ARRIVAL_INVALID`, `DRAFT_INVALID`; then none of them waits
   */
  addArrivals(posts: readonly Arrival[]): Promise<ArrivalsView>;
  /** What waits is not published. What was, stays. */
  dropArrivals(): Promise<void>;
  /**
   * Publishes what is held, as far as there is room for it among what waits; the rest stays held, and so does what is doubted, until
   * nothing else is held. What another device still publishes may then be published twice.
   */
  resumeArrivals(): Promise<ArrivalsView>;
  /** Removes what is held. */
  dropHeldArrivals(): Promise<void>;
  /** What is left of one that could not be read, as a JSON file. @throws `NOT_FOUND` */
  damagedArrival(id: string): Promise<Blob>;
  /** Removes what is left of it. */
  dropDamagedArrival(id: string): Promise<void>;
}
