import type { Hash } from "../../wire/index.ts";
import type { StoredObject } from "../port.ts";
import { type Checked, checked, checksumOf, RecordFault, shapeOf } from "./checked.ts";
import type { CachedRecord, ObjectRecord } from "./schema.ts";

type WholeRecord = Omit<ObjectRecord, "bytes"> & { readonly bytes: Uint8Array };

/** As it lies on the disk: what is only cached in a file of its own, which leaves its room behind at once. */
export function objectRecordOf({ type, bytes, holding, storedAt }: WholeRecord): Checked<ObjectRecord> {
  const record = { type, bytes, holding, storedAt };
  if (holding !== "cache") return checked<ObjectRecord>(record);
  return { value: { ...record, bytes: new Blob([bytes as Uint8Array<ArrayBuffer>]) }, checksum: checksumOf(record) };
}

/** Bytes of the object itself. */
export function sizeOf({ bytes }: Pick<ObjectRecord, "bytes">): number {
  return bytes instanceof Blob ? bytes.size : bytes.length;
}

/**
 * What the record holds. Not to be called within a transaction, which would end while a file is being read.
 * @throws RecordFault
 */
export async function objectOf(hash: Hash, record: unknown): Promise<StoredObject> {
  const { checksum, value } = shapeOf<ObjectRecord>(record);
  if (typeof value !== "object" || value === null) throw new RecordFault("not an object");
  const { bytes: stored, holding, storedAt, type } = value;
  const bytes = stored instanceof Blob ? await contentOf(stored) : stored;
  if (checksum !== checksumOf({ type, bytes, holding, storedAt })) throw new RecordFault("wrong checksum");
  return { hash: hash.slice(), type, bytes, holding, storedAt };
}

async function contentOf(file: Blob): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (cause) {
    // Lost or cut short on the disk: the browser says NotReadableError or NotFoundError.
    throw new RecordFault(cause instanceof Error ? cause.message : String(cause));
  }
}

export function cachedRecordOf(kind: CachedRecord["kind"], bytes: number, used: number): Checked<CachedRecord> {
  return checked({ kind, bytes, used });
}

/** IndexedDB gives binary keys back as bare buffers, whatever they were given as. */
export function hashOfKey(key: unknown): Hash {
  return key instanceof Uint8Array ? key.slice() : new Uint8Array(key as ArrayBuffer);
}

/** Size and holding of an object on the disk; of a damaged one, as much as can be told. */
export function objectIn(record: unknown): { bytes: number; holding: unknown } {
  const { value } = record as { value?: Partial<ObjectRecord> | null };
  const { bytes, holding } = value ?? {};
  const isWhole = bytes instanceof Blob || bytes instanceof Uint8Array;
  return { bytes: isWhole ? sizeOf({ bytes }) : 0, holding };
}
