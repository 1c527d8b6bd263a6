import { equalBytes } from "../../wire/index.ts";
import { EnvelopeTable, type NumericArray, type SavedTable } from "../columns/index.ts";
import type { Connection } from "./connection.ts";
import { requested } from "./connection.ts";
import type { SegmentKey } from "./schema.ts";
import { xxHash32 } from "./xxhash32.ts";

/** Raise when `SavedTable` changes its shape or meaning: an older snapshot is then ignored and the index rebuilt. */
const FORMAT = 4;

/** Stands in the place of a typed array, which is a value of its own in the database. */
interface ArrayAt {
  readonly array: number;
}

/** Snapshots take turns at two places, so that the last one is whole until the next one is. */
const PLACES = [0, 1_000] as const;

/** The saved table without its typed arrays, and what it was when it pointed into exactly these segments. */
export interface SnapshotHead {
  readonly format: number;
  /** Key of its first typed array; the others follow. */
  readonly place: number;
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
 * array, each in a transaction of its own, so that commits find their way between: all at once they would hold up the
 * worker for another 50 ms, and commits for the whole time.
 * @throws StoreError
 */
export async function writeSnapshot(
  connection: Connection,
  table: EnvelopeTable,
  segments: readonly SegmentKey[],
  epoch: Uint8Array,
): Promise<void> {
  const arrays: NumericArray[] = [];
  const saved = withoutArrays(table.save(), arrays);
  const last = await connection.read(["snapshots"], (reading) => reading.objectStore("snapshots").get("head"));
  const place = isHead(last) && last.place === PLACES[0] ? PLACES[1] : PLACES[0];
  const rest = { format: FORMAT, place, epoch, segments, table: saved };
  const checksums: number[] = [];
  try {
    for (const [index, array] of arrays.entries()) {
      checksums.push(checksumOf(array));
      await connection.write(["snapshots"], "relaxed", (writing) =>
        writing.objectStore("snapshots").put(array, place + index),
      );
    }
    await connection.write(["snapshots"], "relaxed", async (writing) => {
      const store = writing.objectStore("snapshots");
      requested([
        store.delete(IDBKeyRange.bound(-Infinity, place, false, true)),
        store.delete(IDBKeyRange.bound(place + arrays.length, Infinity)),
      ]);
      await store.put({ ...rest, checksums, checksum: headChecksum({ ...rest, checksums }) }, "head");
    });
  } catch (fault) {
    await connection
      .write(["snapshots"], "relaxed", (writing) => writing.objectStore("snapshots").delete(rangeOf(place)))
      .catch(() => {
        // Closed or out of order. What is left there is overwritten next time; the first fault is the one to tell.
      });
    throw fault;
  }
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
  const { head, arrays } = await connection.read(["snapshots"], async (reading) => {
    const store = reading.objectStore("snapshots");
    const found = await store.get("head");
    if (found !== undefined && !isHead(found)) throw new SnapshotFault("not a snapshot");
    const isOurs = found !== undefined && found.format === FORMAT && equalBytes(found.epoch, epoch);
    return isOurs ? { head: found, arrays: await store.getAll(rangeOf(found.place)) } : { head: undefined, arrays: [] };
  });
  if (head === undefined) return undefined;
  if (head.checksum !== headChecksum(head)) throw new SnapshotFault("wrong checksum");
  const columns = arrays.filter((array) => ArrayBuffer.isView(array));
  if (
    head.checksums.some((checksum, index) => columns[index] === undefined || checksum !== checksumOf(columns[index]))
  ) {
    throw new SnapshotFault("wrong checksum");
  }
  return { table: new EnvelopeTable(withArrays(head.table, columns) as SavedTable), segments: head.segments };
}

function rangeOf(place: number): IDBKeyRange {
  return IDBKeyRange.bound(place, place + PLACES[1], false, true);
}

/** Of any version of the code. */
function isHead(value: unknown): value is SnapshotHead {
  return typeof value === "object" && value !== null && "format" in value && typeof value.format === "number";
}

function checksumOf(array: NumericArray): number {
  return xxHash32(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
}

function headChecksum({ place, segments, table, checksums }: Omit<SnapshotHead, "checksum">): number {
  return xxHash32(new TextEncoder().encode(JSON.stringify([place, segments, table, checksums])));
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
