import { decodeEnvelope } from "../../wire/index.ts";
import { EnvelopeTable, type TableEntry } from "../columns/index.ts";
import type { NewEnvelope } from "../port.ts";
import { checked } from "./checked.ts";
import type { CheckedRecords } from "./checked-records.ts";
import type { Connection } from "./connection.ts";
import type { BrokenRecord, Damages } from "./damages.ts";
import { type Salvage, salvaged } from "./salvage.ts";
import type { SegmentKey } from "./schema.ts";
import { SegmentFault, segmentEntries } from "./segment.ts";
import { readSegments, Segments } from "./segments.ts";
import { readSnapshot } from "./snapshot.ts";

export interface Recovered {
  readonly epoch: Uint8Array;
  readonly table: EnvelopeTable;
  readonly segments: Segments;
  /** By segment id: seqs of removed envelopes whose bytes are still there. */
  readonly removals: Map<number, number[]>;
  /** Rows that the snapshot on disk lacks or has wrong. */
  readonly unsaved: number;
  readonly salvage: Salvage;
}

export interface RecoveryOptions {
  readonly connection: Connection;
  readonly records: CheckedRecords;
  readonly damages: Damages;
  readonly randomBytes: (length: number) => Uint8Array;
}

/** Segments read at a time while replaying: some 3 MiB. */
const REPLAY_BATCH = 64;

/**
 * The index as the segments on disk have it. The snapshot saves the work where it fits them; what was written after it
 * is replayed on top, so it does not matter when the last session ended between two writes.
 */
export async function recover(options: RecoveryOptions): Promise<Recovered> {
  const { connection, randomBytes } = options;
  const { epoch, lastSeq, keys, removals } = await readDirectory(options);
  const newTable = () => new EnvelopeTable(new Uint32Array(randomBytes(8).slice().buffer));
  const snapshot = await soundSnapshot(options, epoch);
  const fitting = snapshot === undefined ? undefined : matchSnapshot(snapshot, keys);
  const table = fitting?.table ?? newTable();
  const covered = new Set(fitting?.segments.map(([id]) => id));

  let unsaved = removeMarked(table, removals);
  const fresh = keys.filter(([id]) => !covered.has(id));
  const damaged: { key: SegmentKey; fault: SegmentFault }[] = [];
  for (let from = 0; from < fresh.length; from += REPLAY_BATCH) {
    const batch = fresh.slice(from, from + REPLAY_BATCH);
    const values = await readSegments(connection, batch);
    for (const [index, key] of batch.entries()) {
      const value = values[index]!;
      const fault = value instanceof SegmentFault ? value : replay(table, key, value, new Set(removals.get(key[0])));
      if (fault === undefined) unsaved += key[1];
      else damaged.push({ key, fault });
    }
  }
  const damagedIds = new Set(damaged.map(({ key }) => key[0]));
  const held = keys.filter(([id]) => !damagedIds.has(id));
  const salvage = salvageOf(damaged, removals);
  unsaved += removeLost(table, new Set(held.map(([id]) => id)));
  if (table.isSparse || !isInOrder(table)) table.compact();
  // The damaged ones count: they and their removals stay on disk until what was whole of them is stored again.
  table.lastSeq = keys.reduce((highest, key) => Math.max(highest, key[3]), Math.max(table.lastSeq, lastSeq));

  const ids = [...keys, ...(fitting?.segments ?? [])].map(([id]) => id);
  const segments = new Segments(connection, held, 1 + ids.reduce((highest, id) => Math.max(highest, id), 0));
  segments.countRows(table);
  return { epoch, table, segments, removals, unsaved, salvage };
}

async function readDirectory({ connection, damages, randomBytes, records }: RecoveryOptions) {
  const before = damages.count;
  const [stored, lastSeq] = [await records.get("meta", "epoch"), await records.get("meta", "lastSeq")];
  // Without them it cannot be told which numbers were given out: under a new epoch none were.
  const isCertain = damages.count === before && stored instanceof Uint8Array;
  const directory = {
    lastSeq: typeof lastSeq === "number" ? lastSeq : 0,
    keys: await connection.read(["segments"], (reading) => reading.objectStore("segments").getAllKeys()),
    removals: new Map((await records.all("removals")).map(({ key, value }) => [key, [...value]])),
  };
  if (isCertain) return { ...directory, epoch: stored };
  const epoch = randomBytes(8);
  await connection.write(["meta"], "strict", (writing) => writing.objectStore("meta").put(checked(epoch), "epoch"));
  return { ...directory, epoch };
}

/** What damaged segments held is known from what is left of them. */
function salvageOf(
  damaged: readonly { key: SegmentKey; fault: SegmentFault }[],
  removals: ReadonlyMap<number, readonly number[]>,
): Salvage {
  const envelopes: NewEnvelope[] = [];
  const broken: BrokenRecord[] = [];
  for (const { key, fault } of damaged) {
    const removed = removals.get(key[0]) ?? [];
    const held = salvaged(fault.remains, key[1]).filter(({ seq }) => !removed.includes(seq));
    const whole = held.flatMap(({ envelope }) => envelope ?? []);
    const lost = held.filter(({ envelope }) => envelope === undefined);
    envelopes.push(...whole);
    broken.push({
      store: "segments",
      key,
      reason: fault.message,
      envelopes: key[1] - removed.length - whole.length,
      lost: lost.map(({ hash }) => ({ kind: "envelope", hash })),
    });
  }
  return { envelopes, broken };
}

async function soundSnapshot(
  { connection, damages }: RecoveryOptions,
  epoch: Uint8Array,
): ReturnType<typeof readSnapshot> {
  try {
    return await readSnapshot(connection, epoch);
  } catch (fault) {
    // Whatever is wrong with it, unreadable value or broken content: the segments know everything that it knew.
    connection.ensureOpen();
    await damages.dropSnapshot(fault instanceof Error ? fault.message : String(fault));
    return undefined;
  }
}

/** The snapshot, unless it is one of other segments than those on disk. Segments that are gone are no contradiction. */
function matchSnapshot(
  snapshot: NonNullable<Awaited<ReturnType<typeof readSnapshot>>>,
  keys: readonly SegmentKey[],
): typeof snapshot | undefined {
  const onDisk = new Map(keys.map((key) => [key[0], key.join()]));
  const fits = snapshot.segments.every((key) => (onDisk.get(key[0]) ?? key.join()) === key.join());
  return fits ? snapshot : undefined;
}

/** Removes rows that were marked removed since the snapshot. */
function removeMarked(table: EnvelopeTable, removals: ReadonlyMap<number, readonly number[]>): number {
  let removed = 0;
  for (const seq of [...removals.values()].flat()) {
    const row = table.rowAfter(seq - 1);
    if (row >= table.rows || table.seq[row] !== seq || table.removed[row] !== 0) continue;
    table.remove(row);
    removed += 1;
  }
  return removed;
}

/** Removes rows whose segment is gone and that no later segment has taken over. */
function removeLost(table: EnvelopeTable, held: ReadonlySet<number>): number {
  let removed = 0;
  for (let row = 0; row < table.rows; row += 1) {
    if (table.removed[row] !== 0 || held.has(table.segment[row]!)) continue;
    table.remove(row);
    removed += 1;
  }
  return removed;
}

/**
 * Adds what a segment holds to the table, and leads rows that were moved into it there.
 * @returns the fault of a segment that holds something else than envelopes; nothing of it is added then
 */
function replay(
  table: EnvelopeTable,
  key: SegmentKey,
  value: Uint8Array,
  removed: ReadonlySet<number>,
): SegmentFault | undefined {
  const moved: { row: number; offset: number }[] = [];
  const added: TableEntry[] = [];
  try {
    for (const { seq, hash, offset, size } of segmentEntries(value)) {
      if (removed.has(seq)) continue;
      const row = table.find(hash);
      if (row !== -1 && table.seq[row] === seq) {
        moved.push({ row, offset });
      } else if (row === -1 || table.seq[row]! < seq) {
        // An older row of the same envelope is one that was removed and rewritten away since; `removeLost` takes it.
        const envelope = decodeEnvelope(value.slice(offset, offset + size));
        added.push({ hash, envelope, seq, segment: key[0], offset, size });
      }
    }
  } catch (cause) {
    return new SegmentFault(cause instanceof Error ? cause.message : String(cause), value);
  }
  for (const { row, offset } of moved) table.relocate(row, key[0], offset);
  table.insert(added);
  return undefined;
}

function isInOrder(table: EnvelopeTable): boolean {
  for (let row = 1; row < table.rows; row += 1) if (table.seq[row - 1]! >= table.seq[row]!) return false;
  return true;
}
