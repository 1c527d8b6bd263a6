import { type Hash, toHex } from "../../wire/index.ts";
import { collectedSince, NOTHING_COLLECTED, plusCollected } from "../collected.ts";
import type { EnvelopeTable } from "../columns/index.ts";
import type { CollectOptions, Collected, Freeable, Keeping, StoredObject } from "../port.ts";
import { chooseVictims, collectableBytes } from "../victims.ts";
import type { MemoryBlobs } from "./memory-blobs.ts";

export interface MemoryCachesParts {
  readonly table: EnvelopeTable;
  readonly objects: Map<string, StoredObject>;
  readonly blobs: MemoryBlobs;
  readonly waiting: () => readonly Hash[];
  readonly removeEnvelopes: (hashes: readonly Hash[]) => Promise<void>;
  readonly removeObjects: (hashes: readonly Hash[]) => Promise<void>;
}

/** Envelopes dropped at a time. */
const AT_ONCE = 512;

/** What a store in memory would drop to make room, and dropping it. */
export class MemoryCaches {
  readonly #parts: MemoryCachesParts;
  #keeping: Keeping | undefined;
  #collected = NOTHING_COLLECTED;

  constructor(parts: MemoryCachesParts) {
    this.#parts = parts;
  }

  get collected(): Collected {
    return this.#collected;
  }

  keep(keeping: Keeping): void {
    this.#keeping = keeping;
  }

  /** A map keeps the order in which things were put: what was used last goes to its end. */
  used(hash: Hash): void {
    const { objects } = this.#parts;
    const object = objects.get(toHex(hash));
    if (object === undefined) return;
    objects.delete(toHex(hash));
    objects.set(toHex(hash), object);
  }

  freeable(): Freeable {
    const { blobs, table } = this.#parts;
    return {
      objects: this.#cachedObjects().reduce((sum, { bytes }) => sum + bytes.length, 0),
      blobs: blobs.cached.reduce((sum, { bytes }) => sum + bytes, 0),
      envelopes: this.#keeping === undefined ? 0 : collectableBytes(table, this.#keeping),
    };
  }

  async collect(options: CollectOptions): Promise<Collected> {
    const { bytes = Infinity, kinds = ["caches", "envelopes"], signal, upTo = Infinity } = options;
    const { blobs, removeEnvelopes, removeObjects, table } = this.#parts;
    signal?.throwIfAborted();
    const before = this.#collected;
    const missing = (): number => bytes - (this.#collected.bytes - before.bytes);
    for (const { hash, bytes: content } of kinds.includes("caches") ? this.#cachedObjects() : []) {
      if (missing() <= 0) break;
      await removeObjects([hash]);
      this.#count({ objects: 1, bytes: content.length });
    }
    for (const { hash, bytes: size } of kinds.includes("caches") ? blobs.cached : []) {
      if (missing() <= 0) break;
      await blobs.remove(hash);
      this.#count({ blobs: 1, bytes: size });
    }
    if (kinds.includes("envelopes") && this.#keeping !== undefined && missing() > 0) {
      const waiting = this.#parts.waiting();
      const choice = { keeping: this.#keeping, bytes: missing(), upTo, waiting, signal, atOnce: AT_ONCE };
      for await (const hashes of chooseVictims(table, choice)) {
        const held = table.bytes;
        await removeEnvelopes(hashes);
        this.#count({ envelopes: hashes.length, bytes: held - table.bytes });
      }
    }
    return collectedSince(before, this.#collected);
  }

  #cachedObjects(): StoredObject[] {
    return [...this.#parts.objects.values()].filter(({ holding }) => holding === "cache");
  }

  #count(more: Partial<Collected>): void {
    this.#collected = plusCollected(this.#collected, more);
  }
}
