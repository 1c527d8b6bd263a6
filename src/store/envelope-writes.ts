import { toHex } from "../wire/index.ts";
import type { EnvelopeTable } from "./columns/index.ts";
import type { NewEnvelope, WriteBatch } from "./port.ts";

/** What a batch does to the envelopes of a table, duplicates and absent ones left out. */
export interface EnvelopeWrites {
  /** Rows to remove, each once. */
  readonly removed: readonly number[];
  /** Envelopes to add, each hash once, in the order of the batch. */
  readonly added: readonly NewEnvelope[];
}

export function envelopeWritesOf(table: EnvelopeTable, batch: WriteBatch): EnvelopeWrites {
  const removed = new Set<number>();
  for (const hash of batch.removeEnvelopes ?? []) {
    const row = table.find(hash);
    if (row !== -1) removed.add(row);
  }
  const added = new Map<string, NewEnvelope>();
  for (const envelope of batch.envelopes ?? []) {
    const row = table.find(envelope.hash);
    if (row !== -1 && !removed.has(row)) continue;
    const name = toHex(envelope.hash);
    if (!added.has(name)) added.set(name, envelope);
  }
  return { removed: [...removed], added: [...added.values()] };
}
