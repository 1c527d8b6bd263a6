import type { Hash } from "../../wire/index.ts";
import { collectedSince, NOTHING_COLLECTED, plusCollected } from "../collected.ts";
import { StoreError } from "../errors.ts";
import type { CollectOptions, Collected, Keeping, StoreChange } from "../port.ts";
import type { EnvelopeTable } from "../columns/index.ts";
import { NO_CHANGE } from "../listeners.ts";
import { chooseVictims } from "../victims.ts";
import type { Cached, Caches } from "./caches.ts";
import { type Connection, requested } from "./connection.ts";
import type { EnvelopeLog } from "./envelope-log.ts";
import { chunksOf, keyOf } from "./records.ts";
import type { Totals } from "./schema.ts";
import type { RunningTotals } from "./totals.ts";

/** Caches dropped in one transaction: some 5 ms of deleting, so that nothing else waits long. */
const AT_ONCE = 64;
/** Envelopes dropped in one transaction: marking and rewriting so many costs about as much as storing them did. */
const ENVELOPES_AT_ONCE = 512;

export interface CollectorParts {
  readonly connection: Connection;
  readonly totals: RunningTotals;
  readonly caches: Caches;
  readonly log: EnvelopeLog;
  readonly table: EnvelopeTable;
  /** Hashes of what waits to be sent. */
  readonly waiting: () => Promise<readonly Hash[]>;
  /** Told of what is gone. */
  readonly onDropped: (change: StoreChange) => void;
}

/** Runs one short step; between two of them others get their turn. */
export type Turn = <T>(step: () => Promise<T>) => Promise<T>;

/**
 * Drops what is only cached. Its transactions do nothing but delete where that is possible: when there is no room, a
 * browser accepts nothing else.
 */
export class Collector {
  readonly #parts: CollectorParts;
  #collected = NOTHING_COLLECTED;
  #keeping: Keeping | undefined;

  constructor(parts: CollectorParts) {
    this.#parts = parts;
  }

  /** Since the store was opened. */
  get collected(): Collected {
    return this.#collected;
  }

  get keeping(): Keeping | undefined {
    return this.#keeping;
  }

  keep(keeping: Keeping): void {
    this.#keeping = keeping;
  }

  /** @throws StoreError; the signal's reason */
  async collect(options: CollectOptions, turn: Turn): Promise<Collected> {
    const { bytes = Infinity, kinds = ["caches", "envelopes"], signal } = options;
    const before = this.#collected;
    const missing = (): number => bytes - (this.#collected.bytes - before.bytes);
    if (kinds.includes("caches")) await this.#noteUses();
    while (kinds.includes("caches") && missing() > 0) {
      signal?.throwIfAborted();
      if (!(await turn(() => this.#dropCaches(missing())))) break;
    }
    if (kinds.includes("envelopes") && missing() > 0) await this.#dropEnvelopes(options, missing(), turn);
    return collectedSince(before, this.#collected);
  }

  async #dropEnvelopes({ signal, upTo = Infinity }: CollectOptions, bytes: number, turn: Turn): Promise<void> {
    const { log, onDropped, table } = this.#parts;
    const keeping = this.#keeping;
    if (keeping === undefined) return;
    const waiting = await this.#parts.waiting();
    const options = { keeping, bytes, upTo, waiting, signal, atOnce: ENVELOPES_AT_ONCE };
    for await (const hashes of chooseVictims(table, options)) {
      const dropped = await turn(() => log.drop(hashes));
      this.#count({ envelopes: dropped.hashes.length, bytes: dropped.bytes });
      onDropped({ ...NO_CHANGE, removedEnvelopes: dropped.hashes });
    }
  }

  /** @returns whether anything was dropped */
  async #dropCaches(bytes: number): Promise<boolean> {
    const { connection, caches, totals } = this.#parts;
    const dropped: Cached[] = [];
    let wanted = bytes;
    for (const cached of await caches.oldest(AT_ONCE)) {
      if (wanted <= 0) break;
      wanted -= cached.bytes;
      dropped.push(cached);
    }
    if (dropped.length === 0) return false;
    const objects = dropped.filter(({ kind }) => kind === "object");
    const blobs = dropped.filter(({ kind }) => kind === "blob");
    const delta: Totals = {
      objects: -objects.length,
      objectBytes: -sizeOfAll(objects),
      cachedObjectBytes: -sizeOfAll(objects),
      blobs: -blobs.length,
      blobBytes: -sizeOfAll(blobs),
      cachedBlobBytes: -sizeOfAll(blobs),
    };
    const applyTotals = await connection.write(
      ["objects", "blobs", "chunks", "cached", "meta"],
      "relaxed",
      async (writing) => {
        for (const { hash, kind } of dropped) {
          requested([writing.objectStore("cached").delete(keyOf(hash))]);
          if (kind === "object") requested([writing.objectStore("objects").delete(keyOf(hash))]);
          else
            requested([
              writing.objectStore("blobs").delete(keyOf(hash)),
              writing.objectStore("chunks").delete(chunksOf(hash)),
            ]);
        }
        return totals.forget(writing, delta);
      },
    );
    applyTotals();
    this.#count({ objects: objects.length, blobs: blobs.length, bytes: sizeOfAll(dropped) });
    this.#parts.onDropped({ ...NO_CHANGE, removedObjects: objects.map(({ hash }) => hash) });
    return true;
  }

  async #noteUses(): Promise<void> {
    try {
      await this.#parts.caches.flush();
    } catch (fault) {
      // No room for even that: the order is then that of the last time that there was.
      if (!(fault instanceof StoreError && fault.code === "STORE_QUOTA")) throw fault;
    }
  }

  #count(more: Partial<Collected>): void {
    this.#collected = plusCollected(this.#collected, more);
  }
}

function sizeOfAll(cached: readonly Cached[]): number {
  return cached.reduce((sum, { bytes }) => sum + bytes, 0);
}
