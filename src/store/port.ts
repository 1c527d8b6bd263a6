/**
 * What the rest of the peer asks of a store. Two adapters implement it, IndexedDB and memory;
 * `tests/store/acceptance.ts` is the suite that both must pass.
 *
 * Reading the envelope index is synchronous, because the index lives in memory as typed columns
 * (docs/architecture.md, "Storage"); whatever touches bytes on disk is asynchronous.
 * `commit` is the only way to write, so whatever must be atomic is one transaction by construction.
 */
import type { Hash, NodeKey, ObjectTypeNumber, PostEnvelope, Scope } from "../wire/types.ts";

/** What the index knows of an envelope without reading its bytes. */
export interface EnvelopeRow {
  /** Order of arrival in this store, strictly increasing; the cursor of `/mehr/pub/1`. */
  readonly seq: number;
  readonly hash: Hash;
  readonly author: NodeKey;
  readonly created: number;
}

export interface NewEnvelope {
  readonly hash: Hash;
  readonly bytes: Uint8Array;
  /** Decoded from `bytes`, already verified. */
  readonly envelope: PostEnvelope;
}

export type Relation = "reply" | "boost" | "reference" | "post";

export type EnvelopeFilter =
  | { readonly kind: "all" }
  | { readonly kind: "authors"; readonly authors: readonly NodeKey[] }
  | { readonly kind: "scope"; readonly scope: Scope; readonly match: "exact" | "prefix" }
  /** Envelopes that reply to, boost or reference `target`, or whose post is `target`. */
  | { readonly kind: "relation"; readonly relation: Relation; readonly target: Hash }
  /** Envelopes that declare no scope: for trusted peers only. */
  | { readonly kind: "unscoped" }
  /** Envelopes by their order of arrival, ascending and each once: what somebody else's index has found. */
  | { readonly kind: "arrived"; readonly seqs: Float64Array }
  | { readonly kind: "any"; readonly of: readonly EnvelopeFilter[] }
  | { readonly kind: "every"; readonly of: readonly EnvelopeFilter[] }
  /** Those of `of` by anybody else. */
  | { readonly kind: "without"; readonly of: EnvelopeFilter; readonly authors: readonly NodeKey[] }
  /** Those of `of` that are none of these: no answers to anything, no boosts of anything. */
  | { readonly kind: "unrelated"; readonly of: EnvelopeFilter; readonly relations: readonly ("reply" | "boost")[] };

/** A place in the order (created descending, hash descending). */
export interface TimeCursor {
  readonly created: number;
  readonly hash: Hash;
}

export interface EnvelopeQuery {
  readonly filter: EnvelopeFilter;
  /** Only envelopes strictly after this place in the order, that is: older ones. */
  readonly before?: TimeCursor;
  /** Only envelopes strictly before this place in the order, that is: newer ones. */
  readonly after?: TimeCursor;
  readonly limit: number;
}

export interface ScopeCount {
  readonly scope: Scope;
  /** Envelopes that declare exactly this scope. */
  readonly count: number;
}

/** A scope in the tree of those that were seen. */
export interface ScopeBranch {
  readonly scope: Scope;
  /** Envelopes that declare it or something below it, each counted once. */
  readonly count: number;
  /** Scopes right below it of which an envelope is held. */
  readonly branches: number;
}

/** What answers an envelope, as far as it is held. */
export interface Answers {
  /** The same for all envelopes of one post, as long as the store is open, and no hash; `null` for one that names no post. */
  readonly post: string | null;
  /** Those that name the envelope itself, and those that name its post, each newest first. */
  readonly toEnvelope: readonly EnvelopeRow[];
  readonly toPost: readonly EnvelopeRow[];
}

export interface EnvelopeIndex {
  readonly size: number;
  has(hash: Hash): boolean;
  row(hash: Hash): EnvelopeRow | undefined;
  /** Newest first. */
  query(query: EnvelopeQuery): EnvelopeRow[];
  /** In order of arrival, `seq` greater than `since`. */
  arrivals(query: { filter: EnvelopeFilter; since: number; limit: number }): EnvelopeRow[];
  /** With a window only those newer than `after`, and no further than `most`: as much work as there are of them. */
  count(filter: EnvelopeFilter, window?: { readonly after: TimeCursor; readonly most: number }): number;
  /** At most `limit` of either kind; `undefined` for an envelope that is not held. */
  answers(hash: Hash, limit: number): Answers | undefined;
  /** Highest `seq` given out so far, 0 in an empty store. */
  readonly lastSeq: number;
  /** Scopes seen, by kind and text prefix of the scope's key, most used first. */
  scopes(query: { kind: Scope["kind"]; prefix: string; limit: number }): ScopeCount[];
  /** Scopes right below `within` (`null`: the top ones), most used first, then by name. */
  branches(query: { kind: Scope["kind"]; within: Scope | null; skip: number; limit: number }): ScopeBranch[];
  /** Bytes of the given envelopes, in the order asked; `undefined` where not held. */
  bytes(hashes: readonly Hash[]): Promise<(Uint8Array | undefined)[]>;
}

/** Why an object is held; the order in which it may be collected follows from it (protocol section 6). */
export type Holding = "own" | "trusted" | "paid" | "cache";

export interface StoredObject {
  readonly hash: Hash;
  readonly type: ObjectTypeNumber;
  readonly bytes: Uint8Array;
  readonly holding: Holding;
  readonly storedAt: number;
}

/** The newest valid version of a mutable object, key (type, owner, name). */
export interface Head {
  readonly type: ObjectTypeNumber;
  readonly owner: NodeKey;
  readonly name: string;
  readonly sequence: number;
  readonly hash: Hash;
  readonly bytes: Uint8Array;
  /** Another valid version with the same sequence: evidence of a fork. */
  readonly forkBytes: Uint8Array | null;
  /** No update of a forked key is accepted before this time (protocol section 2); 0 when not forked. */
  readonly frozenUntil: number;
}

export interface OutboxEntry {
  /** Hash of the object to deliver. */
  readonly hash: Hash;
  readonly bytes: Uint8Array;
  /** None: for trusted peers only, which take it by a stream. */
  readonly channels: readonly string[];
  readonly queuedAt: number;
}

export interface DraftRecord {
  readonly id: string;
  readonly updated: number;
  /** Owned by the composer; the store does not look inside. */
  readonly content: unknown;
}

export interface WriteBatch {
  readonly envelopes?: readonly NewEnvelope[];
  readonly removeEnvelopes?: readonly Hash[];
  readonly objects?: readonly StoredObject[];
  readonly removeObjects?: readonly Hash[];
  readonly heads?: readonly Head[];
  readonly outboxPut?: readonly OutboxEntry[];
  readonly outboxRemove?: readonly Hash[];
  readonly draftsPut?: readonly DraftRecord[];
  readonly draftsRemove?: readonly string[];
  /** `undefined` removes the key. Values survive structured clone. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Key material; a room of its own so that it can be encrypted and wiped apart. `undefined` removes. */
  readonly keys?: Readonly<Record<string, unknown>>;
  /** Ids of damages of which everything that others still had is here again. */
  readonly mended?: readonly number[];
}

export interface CommitOptions {
  /** "strict" for what a person wrote, "relaxed" for what can be fetched again. Default "relaxed". */
  readonly durability?: "strict" | "relaxed";
}

export interface Blobs {
  /**
   * Stores the chunks of one blob and marks it whole when the stream ends; a stream that fails leaves nothing.
   * The caller has verified (or verifies while streaming) that the bytes hash to `hash`. Of a blob that is here already the
   * chunks are not asked for; it is held as `holding` from then on, unless what it is held as outlasts that.
   * @param holding what nobody calls a cache is kept
   */
  put(
    hash: Hash,
    chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    signal?: AbortSignal,
    holding?: Holding,
  ): Promise<void>;
  size(hash: Hash): Promise<number | undefined>;
  /** Bytes `[start, end)`; `undefined` when the blob is not held whole. */
  read(hash: Hash, start?: number, end?: number): Promise<Uint8Array | undefined>;
  remove(hash: Hash): Promise<void>;
}

export interface StoreUsage {
  readonly envelopes: number;
  readonly envelopeBytes: number;
  readonly objects: number;
  readonly objectBytes: number;
  readonly blobs: number;
  readonly blobBytes: number;
  /** Bytes that `collect` could free, by kind: what is cached, and envelopes of others. */
  readonly collectable: Freeable;
  /** What was collected since the store was opened. */
  readonly collected: Collected;
}

/** Bytes by kind. */
export interface Freeable {
  readonly objects: number;
  readonly blobs: number;
  readonly envelopes: number;
}

/** How many were dropped to make room, and how many bytes they had. */
export interface Collected {
  readonly objects: number;
  readonly blobs: number;
  readonly envelopes: number;
  readonly bytes: number;
}

/**
 * Which envelopes make room for others, said by whoever knows the person. Objects and blobs need no such rule: those held
 * as `cache` go by their last use, others never.
 */
export interface Keeping {
  /** Never dropped. What waits in the outbox is not either. */
  readonly never: EnvelopeFilter;
  /**
   * Makes the rule for one collection. Envelopes for which it gives a lower number go first; among equals the older ones.
   */
  readonly priorities: () => (row: EnvelopeRow) => number;
}

export interface CollectOptions {
  /** Stops when so many bytes were freed. Default: all that may be collected. */
  readonly bytes?: number;
  /** Default: `caches` (objects and blobs), then `envelopes`. */
  readonly kinds?: readonly ("caches" | "envelopes")[];
  /** Leaves envelopes of a higher priority alone. */
  readonly upTo?: number;
  readonly signal?: AbortSignal;
}

/** What one commit changed; what was already held is not in it. */
export interface StoreChange {
  readonly envelopes: readonly EnvelopeRow[];
  readonly removedEnvelopes: readonly Hash[];
  readonly objects: readonly StoredObject[];
  readonly removedObjects: readonly Hash[];
  readonly heads: readonly Head[];
  readonly outboxPut: readonly OutboxEntry[];
  readonly outboxRemoved: readonly Hash[];
  /** Ids of drafts that were put or removed. */
  readonly drafts: readonly string[];
  /** Keys of settings that were put or removed. */
  readonly settings: readonly string[];
}

/** What may be had again, from others or, for `outbox`, from the envelope itself. */
export type LostRecord =
  | { readonly kind: "envelope" | "object" | "blob" | "outbox"; readonly hash: Hash }
  | { readonly kind: "head"; readonly type: ObjectTypeNumber; readonly owner: NodeKey; readonly name: string };

/**
 * Something that could not be read back. It was moved aside, with what was left of it, and counts as not held; the records
 * beside it are not concerned.
 */
export interface Damage {
  readonly id: number;
  readonly what:
    | "segment"
    | "snapshot"
    | "removals"
    | "object"
    | "head"
    | "blob"
    | "cache"
    | "draft"
    | "outbox"
    | "setting"
    | "key"
    | "meta"
    | "note";
  /** Envelopes that were lost; 0 for a snapshot, which is rebuilt from the segments. */
  readonly envelopes: number;
  /** When it was noticed, milliseconds since 1970. */
  readonly noticed: number;
  readonly reason: string;
  /** What is missing since, as far as it is known and has a hash or an owner. */
  readonly lost: readonly LostRecord[];
  /** Whether it is whole again. */
  readonly mended: boolean;
}

/**
 * Why a store is no longer usable: `closed` was asked for, `replaced` when another tab opens a newer version or deletes
 * the database, `terminated` when the browser took it away (eviction, a failing disk).
 */
export type CloseReason = "closed" | "replaced" | "terminated";

export interface Store {
  /** Eight random bytes made when the store was created: cursors of one store mean nothing in another. */
  readonly epoch: Uint8Array;
  readonly envelopes: EnvelopeIndex;
  readonly blobs: Blobs;
  /**
   * Writes everything or nothing. Resolves when it is durable and visible to the index.
   * Envelopes and objects that are already held are skipped silently; a head replaces its key's previous head.
   * What the batch removes is removed before anything is added. The batch must not change until the promise settles.
   * When the browser has no room, caches are collected and it is tried once more; what is to be durable may use room that
   * was put by for it.
   * @throws StoreError `STORE_QUOTA` when there is no room even so, with what could be freed; `STORE_CLOSED` after close
   *   and when the store was opened elsewhere since; `STORE_FAILED` for any other failure. Nothing of the batch is kept then.
   */
  commit(batch: WriteBatch, options?: CommitOptions): Promise<void>;
  object(hash: Hash): Promise<StoredObject | undefined>;
  hasObject(hash: Hash): Promise<boolean>;
  /** Hashes of all objects held of a type. */
  objectHashes(type: ObjectTypeNumber): Promise<Hash[]>;
  head(type: ObjectTypeNumber, owner: NodeKey, name: string): Promise<Head | undefined>;
  /** Those of one name by several owners, in the order asked; read together. */
  headsOf(type: ObjectTypeNumber, owners: readonly NodeKey[], name: string): Promise<(Head | undefined)[]>;
  heads(type: ObjectTypeNumber): Promise<Head[]>;
  outbox(): Promise<OutboxEntry[]>;
  drafts(): Promise<DraftRecord[]>;
  setting(key: string): Promise<unknown>;
  /** By name, for whoever writes all of them anew. */
  allSettings(): Promise<ReadonlyMap<string, unknown>>;
  /** @throws StoreError `STORE_DAMAGED` when there was one that could not be read back: nothing may take its place unasked */
  key(name: string): Promise<unknown>;
  allKeys(): Promise<ReadonlyMap<string, unknown>>;
  usage(): Promise<StoreUsage>;
  /** Says which envelopes may be collected; until then none are. */
  keep(keeping: Keeping): void;
  /**
   * Drops what is only cached, least recently used first, then envelopes of others as `keep` has said: little by little,
   * commits find their way between. What is own, trusted or paid stays.
   * @throws StoreError; the signal's reason
   */
  collect(options?: CollectOptions): Promise<Collected>;
  /**
   * `listener` hears of every commit that changed something, in order, once it is durable and visible to the index and
   * before the promise of that commit resolves. Returns how to stop.
   */
  subscribe(listener: (change: StoreChange) => void): () => void;
  /** What was found unreadable so far, earlier sessions included. */
  damaged(): Promise<Damage[]>;
  /** Resolves, never rejects, when the store can no longer be used. */
  readonly closed: Promise<CloseReason>;
  /** Flushes what is written behind, then releases the database. Idempotent. */
  close(): Promise<void>;
  /** Closes and deletes everything, keys included. */
  destroy(): Promise<void>;
}
