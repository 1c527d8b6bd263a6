import { type Hash, toHex } from "../../wire/index.ts";
import type { EnvelopeTable, TableEntry } from "../columns/index.ts";
import type { EnvelopeWrites } from "../envelope-writes.ts";
import { StoreError } from "../errors.ts";
import type { EnvelopeRow } from "../port.ts";
import { checked } from "./checked.ts";
import { type Connection, requested } from "./connection.ts";
import type { BrokenRecord } from "./damages.ts";
import type { SegmentKey, StoreName, Writing } from "./schema.ts";
import {
  packSegment,
  type SegmentEntry,
  SegmentFault,
  segmentEntries,
  type SegmentRecord,
  segmentRuns,
} from "./segment.ts";
import { type Salvage, salvaged } from "./salvage.ts";
import type { SegmentInfo, Segments } from "./segments.ts";

export interface EnvelopeLogParts {
  readonly connection: Connection;
  readonly table: EnvelopeTable;
  readonly segments: Segments;
  /** By segment id: seqs of removed envelopes whose bytes are still there. */
  readonly removals: Map<number, number[]>;
  /** Told of envelopes that could not be read back and are gone from the index. */
  readonly onLost: (hashes: Hash[]) => void;
  /** Stores envelopes again that were whole within a damaged segment, and moves it aside. */
  readonly storeAgain: (salvage: Salvage) => Promise<void>;
}

/** A change of envelopes that is worked out but not written yet. */
interface StagedWrites {
  readonly stores: readonly StoreName[];
  /** Queues the requests of this change in a transaction over (at least) `stores`. */
  write(writing: Writing): void;
  /** Brings the index up to date. To be called once, when the transaction is complete. */
  apply(): { envelopes: EnvelopeRow[]; removedEnvelopes: Hash[] };
}

interface PackedSegment {
  readonly key: SegmentKey;
  readonly value: Uint8Array;
  readonly entries: readonly SegmentEntry[];
}

/** Sparse segments that are worth a rewriting together: reading and writing so many costs about as much as one commit. */
const MERGE_AT = 32;
/** At most so many at a time, so that a commit never waits long behind it. */
const MERGE_AT_MOST = 128;

/** Envelopes in packed segments under the index in memory. */
export class EnvelopeLog {
  readonly #parts: EnvelopeLogParts;

  constructor(parts: EnvelopeLogParts) {
    this.#parts = parts;
  }

  stage({ removed, added }: EnvelopeWrites): StagedWrites {
    const { table } = this.#parts;
    const packed = this.#pack(added.map(({ hash, bytes }, index) => ({ seq: table.lastSeq + 1 + index, hash, bytes })));
    const removals = this.#removalsWith(removed);
    return {
      stores: [
        ...(packed.length > 0 ? (["segments"] as const) : []),
        ...(removals.size > 0 ? (["removals"] as const) : []),
      ],
      write: (writing) => {
        requested([
          ...packed.map(({ key, value }) => writing.objectStore("segments").add(value, key)),
          ...writesOf(writing, removals),
        ]);
      },
      apply: () => {
        // A row may have been lost with a damaged segment since.
        const removedEnvelopes = removed.filter((row) => table.removed[row] === 0).map((row) => this.#remove(row));
        for (const [segment, seqs] of removals) this.#parts.removals.set(segment, seqs);
        const entries = packed.flatMap((segment) =>
          segment.entries.map((entry) => ({ ...entry, segment: segment.key[0] })),
        );
        const envelopes = this.#insert(entries.map((entry, index) => ({ ...entry, envelope: added[index]!.envelope })));
        for (const { key, value } of packed) this.#parts.segments.added(key, value);
        this.#parts.segments.countRows(table, table.rows - envelopes.length);
        if (table.isSparse) table.compact();
        return { envelopes, removedEnvelopes };
      },
    };
  }

  /** @throws StoreError */
  async read(hashes: readonly Hash[]): Promise<(Uint8Array | undefined)[]> {
    const { connection, table, segments } = this.#parts;
    connection.ensureOpen();
    const found: (Uint8Array | undefined)[] = hashes.map(() => undefined);
    let open = hashes.map((_, index) => index);
    while (open.length > 0) {
      const rows = new Map<number, number>();
      for (const index of open) {
        const row = table.find(hashes[index]!);
        if (row !== -1) rows.set(index, row);
      }
      const loaded = await segments.load(Array.from(rows.values(), (row) => table.segment[row]!));
      for (const [id, value] of loaded) {
        if (value instanceof SegmentFault) await this.#parts.storeAgain(this.#giveUp(id, value));
      }
      // While this waited, rows may have been renumbered, removed, or moved to another segment: look again.
      open = [...rows.keys()].filter((index) => {
        const row = table.find(hashes[index]!);
        const value = row === -1 ? undefined : loaded.get(table.segment[row]!);
        if (!(value instanceof Uint8Array)) return row !== -1;
        found[index] = value.slice(table.offset[row], table.offset[row]! + table.size[row]!);
        return false;
      });
    }
    return found;
  }

  /** Whether `merge` would find enough to do. */
  get wantsMerge(): boolean {
    const { sparse } = this.#parts.segments;
    return sparse.length >= MERGE_AT || sparse.some(({ live }) => live === 0);
  }

  /**
   * Rewrites sparse segments into full ones and lets go of removed bytes. No commit may run meanwhile.
   * @throws StoreError
   */
  async merge(): Promise<void> {
    const { connection, table, segments, removals } = this.#parts;
    const sparse = segments.sparse;
    const empty = sparse.filter(({ live }) => live === 0);
    const partial = sparse.filter(({ live }) => live > 0);
    const merged = partial.length >= MERGE_AT ? partial.slice(0, MERGE_AT_MOST) : [];
    const records = await this.#liveRecords(merged);
    // A segment that turned out to be damaged is no longer known.
    const replaced = [...empty, ...merged].filter(({ key }) => segments.get(key[0]) !== undefined);
    if (replaced.length === 0) return;
    const packed = this.#pack(records);
    await connection.write(["segments", "removals", "meta"], "relaxed", async (writing) => {
      await Promise.all([
        ...packed.map(({ key, value }) => writing.objectStore("segments").add(value, key)),
        ...replaced.map(({ key }) => writing.objectStore("segments").delete(key)),
        ...replaced.map(({ key }) => writing.objectStore("removals").delete(key[0])),
        // The segment that proved how far seqs had got may be among the deleted.
        writing.objectStore("meta").put(checked(table.lastSeq), "lastSeq"),
      ]);
    });
    for (const { key } of replaced) {
      segments.deleted(key[0]);
      removals.delete(key[0]);
    }
    for (const { key, value, entries } of packed) {
      segments.added(key, value);
      for (const { hash, offset } of entries) {
        const row = table.find(hash);
        if (row === -1) continue;
        table.relocate(row, key[0], offset);
        segments.countRow(table, row);
      }
    }
  }

  async #liveRecords(merged: readonly SegmentInfo[]): Promise<SegmentRecord[]> {
    const { table, segments } = this.#parts;
    const records: SegmentRecord[] = [];
    for (const [id, value] of await segments.load(merged.map(({ key }) => key[0]))) {
      if (value instanceof SegmentFault) {
        // Not waited for: it comes after the merge.
        void this.#parts.storeAgain(this.#giveUp(id, value));
        continue;
      }
      for (const { seq, hash, offset, size } of segmentEntries(value)) {
        const row = table.find(hash);
        if (row !== -1 && table.seq[row] === seq) {
          records.push({ seq, hash, bytes: value.subarray(offset, offset + size) });
        }
      }
    }
    return records.sort((a, b) => a.seq - b.seq);
  }

  #pack(records: readonly SegmentRecord[]): PackedSegment[] {
    const runs = [...segmentRuns(records)];
    const firstId = this.#parts.segments.reserve(runs.length);
    return runs.map((run, index) => {
      const { value, entries } = packSegment(run);
      return { key: [firstId + index, run.length, value.length, run.at(-1)!.seq], value, entries };
    });
  }

  /** What is marked removed in each segment concerned, these rows included. */
  #removalsWith(rows: readonly number[]): Map<number, number[]> {
    const { table, removals } = this.#parts;
    const changed = new Map<number, number[]>();
    for (const row of rows) {
      const segment = table.segment[row]!;
      const seqs = changed.get(segment) ?? [...(removals.get(segment) ?? [])];
      seqs.push(table.seq[row]!);
      changed.set(segment, seqs);
    }
    return changed;
  }

  #insert(entries: readonly TableEntry[]): EnvelopeRow[] {
    const { table } = this.#parts;
    const first = table.insert(entries);
    return entries.map((_, index) => table.rowAt(first + index));
  }

  #remove(row: number): Hash {
    const { table, segments } = this.#parts;
    segments.uncountRow(table, row);
    table.remove(row);
    return table.hashes.key(row);
  }

  /**
   * Drops envelopes to make room. Where a whole segment goes, nothing but deleting is done; of others the envelopes are
   * marked, and their bytes go with the next merge. When there is no room for the marks, these stay.
   * No commit may run meanwhile.
   * @throws StoreError
   */
  async drop(hashes: readonly Hash[]): Promise<{ hashes: Hash[]; bytes: number }> {
    const { connection, table, segments, removals } = this.#parts;
    const rows = hashes.map((hash) => table.find(hash)).filter((row) => row !== -1);
    const bySegment = new Map<number, number[]>();
    for (const row of rows) bySegment.set(table.segment[row]!, [...(bySegment.get(table.segment[row]!) ?? []), row]);
    // The segment with the highest seq proves how far they have got.
    const last = segments.keys.reduce((highest, key) => Math.max(highest, key[3]), 0);
    const whole = [...bySegment].filter(([id, members]) => {
      const info = segments.get(id);
      return info !== undefined && info.live === members.length && info.key[3] !== last;
    });
    if (whole.length > 0) {
      await connection.write(["segments", "removals"], "relaxed", async (writing) => {
        for (const [id] of whole) {
          const info = segments.get(id);
          if (info !== undefined) requested([writing.objectStore("segments").delete(info.key)]);
          requested([writing.objectStore("removals").delete(id)]);
        }
      });
    }
    const gone = new Set(whole.map(([id]) => id));
    const dropped = { hashes: [] as Hash[], bytes: 0 };
    const dropRow = (row: number): void => {
      dropped.bytes += table.size[row]!;
      dropped.hashes.push(this.#remove(row));
    };
    for (const [id, members] of whole) {
      members.forEach(dropRow);
      segments.deleted(id);
      removals.delete(id);
    }
    const others = rows.filter((row) => !gone.has(table.segment[row]!));
    if (others.length > 0 && (await this.#mark(others))) others.forEach(dropRow);
    if (table.isSparse) table.compact();
    return dropped;
  }

  /** Writes down that these rows are removed. @returns false when there is no room for it */
  async #mark(rows: readonly number[]): Promise<boolean> {
    const marks = this.#removalsWith(rows);
    try {
      await this.#parts.connection.write(["removals"], "relaxed", async (writing) => {
        requested(writesOf(writing, marks));
      });
    } catch (fault) {
      if (fault instanceof StoreError && fault.code === "STORE_QUOTA") return false;
      throw fault;
    }
    for (const [segment, seqs] of marks) this.#parts.removals.set(segment, seqs);
    return true;
  }

  /**
   * Forgets a segment that cannot be read. What is lost may be fetched from peers again.
   * @returns those of its envelopes that are whole, and the segment, which is still on disk
   */
  #giveUp(id: number, fault: SegmentFault): Salvage {
    const { table, segments, removals, onLost } = this.#parts;
    const info = segments.get(id);
    if (info === undefined) return { envelopes: [], broken: [] };
    segments.deleted(id);
    removals.delete(id);
    const gone: Hash[] = [];
    for (let row = 0; row < table.rows; row += 1) {
      if (table.removed[row] !== 0 || table.segment[row] !== id) continue;
      table.remove(row);
      gone.push(table.hashes.key(row));
    }
    if (gone.length > 0) onLost(gone);
    const held = new Set(gone.map(toHex));
    const whole = salvaged(fault.remains, info.key[1]).flatMap(({ envelope, hash }) =>
      envelope !== undefined && held.has(toHex(hash)) ? [envelope] : [],
    );
    const saved = new Set(whole.map(({ hash }) => toHex(hash)));
    const lost = gone.filter((hash) => !saved.has(toHex(hash)));
    const broken: BrokenRecord = {
      store: "segments",
      key: info.key,
      reason: fault.message,
      envelopes: lost.length,
      lost: lost.map((hash) => ({ kind: "envelope", hash })),
    };
    return { envelopes: whole, broken: [broken] };
  }
}

function writesOf(writing: Writing, removals: ReadonlyMap<number, readonly number[]>): Promise<unknown>[] {
  return Array.from(removals, ([segment, seqs]) =>
    writing.objectStore("removals").put(checked(Float64Array.from(seqs)), segment),
  );
}
