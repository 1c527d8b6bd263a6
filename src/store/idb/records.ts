import type { Hash, NodeKey } from "../../wire/index.ts";
import type { StoreChange, StoredObject, WriteBatch } from "../port.ts";
import { requested } from "./connection.ts";
import type { BytesKey, ObjectRecord, StoreName, Totals, Writing } from "./schema.ts";

export function keyOf(bytes: Hash | NodeKey): BytesKey {
  return bytes as BytesKey;
}

export function objectOf(hash: Hash, record: ObjectRecord): StoredObject {
  const { type, bytes, holding, storedAt } = record;
  return { hash: hash.slice(), type, bytes, holding, storedAt };
}

export const NO_TOTALS: Totals = { objects: 0, objectBytes: 0, blobs: 0, blobBytes: 0 };

/** Adds to the totals that `usage` reports; in the transaction of what they count, so that they cannot drift. */
export async function addToTotals(writing: Writing, delta: Partial<Totals>): Promise<void> {
  const meta = writing.objectStore("meta");
  const totals = ((await meta.get("totals")) as Totals | undefined) ?? NO_TOTALS;
  await meta.put(
    {
      objects: totals.objects + (delta.objects ?? 0),
      objectBytes: totals.objectBytes + (delta.objectBytes ?? 0),
      blobs: totals.blobs + (delta.blobs ?? 0),
      blobBytes: totals.blobBytes + (delta.blobBytes ?? 0),
    },
    "totals",
  );
}

type RecordChange = Omit<StoreChange, "envelopes" | "removedEnvelopes">;

/** The stores that the batch touches apart from its envelopes. */
export function recordStoresOf(batch: WriteBatch): StoreName[] {
  const touched: [StoreName, ...(readonly unknown[] | undefined)[]][] = [
    ["objects", batch.objects, batch.removeObjects],
    ["meta", batch.objects, batch.removeObjects],
    ["heads", batch.heads],
    ["outbox", batch.outboxPut, batch.outboxRemove],
    ["drafts", batch.draftsPut, batch.draftsRemove],
    ["settings", Object.keys(batch.settings ?? {})],
    ["keys", Object.keys(batch.keys ?? {})],
  ];
  return touched
    .filter(([, ...parts]) => parts.some((part) => part !== undefined && part.length > 0))
    .map(([name]) => name);
}

/** Writes what the batch holds apart from envelopes, removals first. */
export async function writeRecords(writing: Writing, batch: WriteBatch): Promise<RecordChange> {
  const requests: Promise<unknown>[] = [];
  const outboxRemoved = batch.outboxRemove ?? [];
  for (const hash of outboxRemoved) requests.push(writing.objectStore("outbox").delete(keyOf(hash)));
  for (const entry of batch.outboxPut ?? []) requests.push(writing.objectStore("outbox").put(entry, keyOf(entry.hash)));
  for (const id of batch.draftsRemove ?? []) requests.push(writing.objectStore("drafts").delete(id));
  for (const draft of batch.draftsPut ?? []) requests.push(writing.objectStore("drafts").put(draft, draft.id));
  for (const head of batch.heads ?? []) {
    requests.push(writing.objectStore("heads").put(head, [head.type, keyOf(head.owner), head.name]));
  }
  requested(requests);
  writeValues(writing, "settings", batch.settings);
  writeValues(writing, "keys", batch.keys);
  return {
    ...(await writeObjects(writing, batch)),
    heads: batch.heads ?? [],
    outboxPut: batch.outboxPut ?? [],
    outboxRemoved,
    drafts: [...(batch.draftsRemove ?? []), ...(batch.draftsPut ?? []).map(({ id }) => id)],
    settings: Object.keys(batch.settings ?? {}),
  };
}

function writeValues(writing: Writing, store: "settings" | "keys", values: WriteBatch["settings"]): void {
  for (const [key, value] of Object.entries(values ?? {})) {
    const target = writing.objectStore(store);
    requested([value === undefined ? target.delete(key) : target.put(value, key)]);
  }
}

async function writeObjects(
  writing: Writing,
  batch: WriteBatch,
): Promise<Pick<RecordChange, "objects" | "removedObjects">> {
  const objects: StoredObject[] = [];
  const removedObjects: Hash[] = [];
  if (!recordStoresOf(batch).includes("objects")) return { objects, removedObjects };
  const store = writing.objectStore("objects");
  let objectBytes = 0;
  for (const hash of batch.removeObjects ?? []) {
    const record = await store.get(keyOf(hash));
    if (record === undefined) continue;
    objectBytes -= record.bytes.length;
    removedObjects.push(hash);
    requested([store.delete(keyOf(hash))]);
  }
  for (const object of batch.objects ?? []) {
    if ((await store.getKey(keyOf(object.hash))) !== undefined) continue;
    const { hash, type, bytes, holding, storedAt } = object;
    objectBytes += bytes.length;
    objects.push(object);
    requested([store.add({ type, bytes, holding, storedAt }, keyOf(hash))]);
  }
  await addToTotals(writing, { objects: objects.length - removedObjects.length, objectBytes });
  return { objects, removedObjects };
}

/** All keys that begin with `[hash]`: binary keys sort before arrays. */
export function chunksOf(hash: Hash, first = 0, last = Infinity): IDBKeyRange {
  return IDBKeyRange.bound([keyOf(hash), first], [keyOf(hash), last]);
}

/** All heads of a type. */
export function headsOf(type: number): IDBKeyRange {
  return IDBKeyRange.bound([type], [type, []]);
}
