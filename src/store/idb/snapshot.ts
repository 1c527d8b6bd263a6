import { EnvelopeTable, type SavedTable } from "../columns/index.ts";
import { equalBytes } from "../../wire/index.ts";
import type { SegmentKey } from "./schema.ts";
import { xxHash32 } from "./xxhash32.ts";

/** Raise when `SavedTable` changes its shape or meaning: an older snapshot is then ignored and the index rebuilt. */
const FORMAT = 1;

/** The envelope index as it was when it pointed into exactly these segments. */
export interface Snapshot {
  readonly format: number;
  readonly checksum: number;
  /** Of the store that it is a snapshot of. */
  readonly epoch: Uint8Array;
  readonly segments: readonly SegmentKey[];
  readonly table: SavedTable;
}

export function takeSnapshot(table: EnvelopeTable, segments: readonly SegmentKey[], epoch: Uint8Array): Snapshot {
  const saved = table.save();
  return { format: FORMAT, checksum: checksumOf([epoch, segments, saved]), epoch, segments, table: saved };
}

/** What makes a value from the disk no snapshot. */
export class SnapshotFault extends Error {
  override readonly name = "SnapshotFault";
}

/**
 * @returns `undefined` when it was written by another version of the code, or for another store
 * @throws SnapshotFault when it is not what `takeSnapshot` made
 */
export function openSnapshot(
  snapshot: Snapshot,
  epoch: Uint8Array,
): { table: EnvelopeTable; segments: readonly SegmentKey[] } | undefined {
  if (snapshot.format !== FORMAT) return undefined;
  if (snapshot.checksum !== checksumOf([snapshot.epoch, snapshot.segments, snapshot.table]))
    throw new SnapshotFault("wrong checksum");
  if (!equalBytes(snapshot.epoch, epoch)) return undefined;
  return { table: new EnvelopeTable(snapshot.table), segments: snapshot.segments };
}

/** Over everything in the value, names and order of fields included. */
function checksumOf(value: unknown): number {
  const text = new TextEncoder();
  let hash = 0;
  const take = (part: unknown): void => {
    if (ArrayBuffer.isView(part)) {
      hash = xxHash32(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), hash);
    } else if (Array.isArray(part) && part.every((item) => typeof item === "string")) {
      // Thousands of scope keys: one text is quicker than as many.
      hash = xxHash32(text.encode(JSON.stringify(part)), hash);
    } else if (typeof part === "object" && part !== null) {
      for (const [name, inner] of Object.entries(part)) {
        hash = xxHash32(text.encode(name), hash);
        take(inner);
      }
    } else {
      hash = xxHash32(text.encode(JSON.stringify(part) ?? "undefined"), hash);
    }
  };
  take(value);
  return hash;
}
