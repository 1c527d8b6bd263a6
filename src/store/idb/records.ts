import type { Hash, NodeKey } from "../../wire/index.ts";
import type { StoreChange, WriteBatch } from "../port.ts";
import { checked } from "./checked.ts";
import { requested } from "./connection.ts";
import type { Damages } from "./damages.ts";
import { cachedRecordOf, objectIn, objectRecordOf } from "./objects.ts";
import type { BytesKey, StoreName, Totals, Writing } from "./schema.ts";
import type { RunningTotals } from "./totals.ts";

export function keyOf(bytes: Hash | NodeKey): BytesKey {
  return bytes as BytesKey;
}

type RecordChange = Omit<StoreChange, "envelopes" | "removedEnvelopes">;

/** Records that are written but whose transaction is not complete. */
interface Written {
  readonly change: RecordChange;
  /** Brings what is in memory up to date. To be called once, when the transaction is complete. */
  apply(): void;
}

export interface RecordParts {
  readonly totals: RunningTotals;
  readonly damages: Damages;
}

/** The stores that the batch touches apart from its envelopes. */
export function recordStoresOf(batch: WriteBatch, damages: Damages): StoreName[] {
  const touched: [StoreName, ...(readonly unknown[] | undefined)[]][] = [
    ["objects", batch.objects, batch.removeObjects],
    ["cached", batch.objects, batch.removeObjects],
    ["heads", batch.heads],
    ["outbox", batch.outboxPut, batch.outboxRemove],
    ["drafts", batch.draftsPut, batch.draftsRemove],
    ["settings", Object.keys(batch.settings ?? {})],
    ["keys", Object.keys(batch.keys ?? {})],
    ["damaged", batch.mended, damages.ofKeys(Object.keys(batch.keys ?? {}))],
  ];
  return touched
    .filter(([, ...parts]) => parts.some((part) => part !== undefined && part.length > 0))
    .map(([name]) => name);
}

/** Writes what the batch holds apart from envelopes, removals first. */
export async function writeRecords(writing: Writing, batch: WriteBatch, parts: RecordParts): Promise<Written> {
  const requests: Promise<unknown>[] = [];
  const outboxRemoved = batch.outboxRemove ?? [];
  for (const hash of outboxRemoved) requests.push(writing.objectStore("outbox").delete(keyOf(hash)));
  for (const entry of batch.outboxPut ?? []) {
    requests.push(writing.objectStore("outbox").put(checked(entry), keyOf(entry.hash)));
  }
  for (const id of batch.draftsRemove ?? []) requests.push(writing.objectStore("drafts").delete(id));
  for (const draft of batch.draftsPut ?? []) requests.push(writing.objectStore("drafts").put(checked(draft), draft.id));
  for (const head of batch.heads ?? []) {
    requests.push(writing.objectStore("heads").put(checked(head), [head.type, keyOf(head.owner), head.name]));
  }
  requested(requests);
  writeValues(writing, "settings", batch.settings);
  writeValues(writing, "keys", batch.keys);
  const mended = [...(batch.mended ?? []), ...parts.damages.ofKeys(Object.keys(batch.keys ?? {}))];
  const applyMended = mended.length === 0 ? undefined : await parts.damages.mend(writing, mended);
  const { applyTotals, objects, removedObjects } = await writeObjects(writing, batch, parts);
  return {
    change: {
      objects,
      removedObjects,
      heads: batch.heads ?? [],
      outboxPut: batch.outboxPut ?? [],
      outboxRemoved,
      drafts: [...(batch.draftsRemove ?? []), ...(batch.draftsPut ?? []).map(({ id }) => id)],
      settings: Object.keys(batch.settings ?? {}),
    },
    apply() {
      applyMended?.();
      applyTotals?.();
    },
  };
}

function writeValues(writing: Writing, store: "settings" | "keys", values: WriteBatch["settings"]): void {
  for (const [key, value] of Object.entries(values ?? {})) {
    const target = writing.objectStore(store);
    requested([value === undefined ? target.delete(key) : target.put(checked(value), key)]);
  }
}

async function writeObjects(writing: Writing, batch: WriteBatch, { damages, totals }: RecordParts) {
  const objects: NonNullable<WriteBatch["objects"]>[number][] = [];
  const removedObjects: Hash[] = [];
  if (!recordStoresOf(batch, damages).includes("objects")) return { objects, removedObjects };
  const store = writing.objectStore("objects");
  const cached = writing.objectStore("cached");
  let delta = NOTHING;
  for (const hash of batch.removeObjects ?? []) {
    const record: unknown = await store.get(keyOf(hash));
    if (record === undefined) continue;
    delta = plus(delta, -1, objectIn(record));
    removedObjects.push(hash);
    requested([store.delete(keyOf(hash)), cached.delete(keyOf(hash))]);
  }
  for (const object of batch.objects ?? []) {
    if ((await store.getKey(keyOf(object.hash))) !== undefined) continue;
    const { bytes, hash, holding, storedAt } = object;
    delta = plus(delta, 1, { bytes: bytes.length, holding });
    objects.push(object);
    requested([store.add(objectRecordOf(object), keyOf(hash))]);
    if (holding === "cache") requested([cached.put(cachedRecordOf("object", bytes.length, storedAt), keyOf(hash))]);
  }
  return { objects, removedObjects, applyTotals: totals.add(writing, delta) };
}

type ObjectTotals = Pick<Totals, "objects" | "objectBytes" | "cachedObjectBytes">;
const NOTHING: ObjectTotals = { objects: 0, objectBytes: 0, cachedObjectBytes: 0 };

function plus(sum: ObjectTotals, sign: 1 | -1, { bytes, holding }: { bytes: number; holding: unknown }): ObjectTotals {
  return {
    objects: sum.objects + sign,
    objectBytes: sum.objectBytes + sign * bytes,
    cachedObjectBytes: sum.cachedObjectBytes + (holding === "cache" ? sign * bytes : 0),
  };
}

/** All keys that begin with `[hash]`: binary keys sort before arrays. */
export function chunksOf(hash: Hash, first = 0, last = Infinity): IDBKeyRange {
  return IDBKeyRange.bound([keyOf(hash), first], [keyOf(hash), last]);
}

/** All heads of a type. */
export function headsOf(type: number): IDBKeyRange {
  return IDBKeyRange.bound([type], [type, []]);
}
