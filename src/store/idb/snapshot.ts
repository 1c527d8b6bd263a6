import { equalBytes } from "../../wire/index.ts";
import { EnvelopeTable, type NumericArray, type SavedTable } from "../columns/index.ts";
import type { Connection } from "./connection.ts";
import { requested } from "./connection.ts";
import type { SegmentKey } from "./schema.ts";
import { xxHash32 } from "./xxhash32.ts";

/** Raise when `SavedTable` changes its shape or meaning: an older snapshot is then ignored and the index rebuilt. */
const FORMAT = 1;

/** Stands in the place of a typed array, which is a value of its own in the database. */
interface ArrayAt {
  readonly array: number;
}

/** The saved table without its typed arrays, and what it was when it pointed into exactly these segments. */
export interface SnapshotHead {
  readonly format: number;
  /** Of the store that it is a snapshot of. */
  readonly epoch: Uint8Array;
  readonly segments: readonly SegmentKey[];
  /** `SavedTable` with an `ArrayAt` for each typed array. */
  readonly table: unknown;
  /** Of each typed array. */
  readonly checksums: readonly number[];
  /** Of everything else in here. */
  readonly checksum: number;
}

/** What makes values from the disk no snapshot. */
export class SnapshotFault extends Error {
  override readonly name = "SnapshotFault";
}

/**
 * Replaces the snapshot on disk by one of the index as it is now.
 *
 * The index is copied at once, 10 ms for 100,000 envelopes. Checksums and the browser's own copies are made array by
 * array with room for other work between: all at once they would hold up the worker for another 50.
 * @throws StoreError
 */
export async function writeSnapshot(
  connection: Connection,
  table: EnvelopeTable,
  segments: readonly SegmentKey[],
  epoch: Uint8Array,
): Promise<void> {
  const arrays: NumericArray[] = [];
  const rest = { format: FORMAT, epoch, segments, table: withoutArrays(table.save(), arrays) };
  await connection.write(["snapshots"], "relaxed", async (writing) => {
    const store = writing.objectStore("snapshots");
    const checksums: number[] = [];
    requested([store.clear()]);
    for (const [index, array] of arrays.entries()) {
      checksums.push(checksumOf(array));
      await store.put(array, index);
    }
    await store.put({ ...rest, checksums, checksum: headChecksum({ ...rest, checksums }) }, "head");
  });
}

/**
 * The snapshot on disk, `undefined` when there is none, or only one by other code or of another store.
 * @throws SnapshotFault when it is not what `writeSnapshot` wrote
 * @throws StoreError when it cannot be read
 */
export async function readSnapshot(
  connection: Connection,
  epoch: Uint8Array,
): Promise<{ table: EnvelopeTable; segments: readonly SegmentKey[] } | undefined> {
  const [head, arrays] = await connection.read(["snapshots"], (reading) => {
    const store = reading.objectStore("snapshots");
    return Promise.all([store.get("head"), store.getAll(IDBKeyRange.bound(0, Infinity))]);
  });
  if (!isHead(head) || head.format !== FORMAT || !equalBytes(head.epoch, epoch)) return undefined;
  if (head.checksum !== headChecksum(head)) throw new SnapshotFault("wrong checksum");
  const columns = arrays.filter((array) => ArrayBuffer.isView(array));
  if (
    head.checksums.some((checksum, index) => columns[index] === undefined || checksum !== checksumOf(columns[index]))
  ) {
    throw new SnapshotFault("wrong checksum");
  }
  return { table: new EnvelopeTable(withArrays(head.table, columns) as SavedTable), segments: head.segments };
}

function isHead(value: SnapshotHead | NumericArray | undefined): value is SnapshotHead {
  return value !== undefined && !ArrayBuffer.isView(value);
}

function checksumOf(array: NumericArray): number {
  return xxHash32(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
}

function headChecksum({ segments, table, checksums }: Omit<SnapshotHead, "checksum">): number {
  return xxHash32(new TextEncoder().encode(JSON.stringify([segments, table, checksums])));
}

/** A copy of `value` with an `ArrayAt` for each typed array, which goes into `arrays`. */
function withoutArrays(value: unknown, arrays: NumericArray[]): unknown {
  if (ArrayBuffer.isView(value)) {
    arrays.push(value as NumericArray);
    return { array: arrays.length - 1 } satisfies ArrayAt;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withoutArrays(part, arrays)]));
}

function withArrays(value: unknown, arrays: readonly NumericArray[]): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  if ("array" in value) return arrays[(value as ArrayAt).array];
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withArrays(part, arrays)]));
}
