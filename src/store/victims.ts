import { type Hash, toHex } from "../wire/index.ts";
import { type EnvelopeTable, planOf } from "./columns/index.ts";
import type { EnvelopeRow, Keeping } from "./port.ts";

/** Rows looked at without a pause: some 5 ms, of the 50 that a task of the worker may take. */
const ROWS_AT_ONCE = 2_000;
/** Envelopes of one day are of one age here: exact order would cost sorting the whole index. */
const DAY = 86_400_000;

export interface ChooseOptions {
  readonly keeping: Keeping;
  readonly bytes: number;
  /** Envelopes given at a time. */
  readonly atOnce: number;
  /** Highest priority that may be chosen. */
  readonly upTo: number;
  /** Never chosen: what waits to be sent. */
  readonly waiting: readonly Hash[];
  readonly signal?: AbortSignal | undefined;
}

/** Bytes of the envelopes that may be dropped. */
export function collectableBytes(table: EnvelopeTable, keeping: Keeping): number {
  const kept = new Set<number>();
  planOf(table, keeping.never).visit((row) => {
    if (table.removed[row] === 0) kept.add(row);
  });
  let { bytes } = table;
  for (const row of kept) bytes -= table.size[row]!;
  return bytes;
}

/**
 * Hashes of envelopes that make room: with `bytes` bytes or somewhat more, fewer when there are not so many that may be
 * dropped. Looks at the index twice, a little at a time, and sorts nothing but days.
 * @throws the signal's reason
 */
export async function* chooseVictims(table: EnvelopeTable, options: ChooseOptions): AsyncGenerator<readonly Hash[]> {
  const { atOnce, keeping, signal, upTo } = options;
  const waiting = new Set(options.waiting.map(toHex));
  const rule = keeping.priorities();
  const priorityOf = (found: EnvelopeRow): number => (waiting.has(toHex(found.hash)) ? Infinity : rule(found));
  const ages = new Map<number, Map<number, number>>();
  for (let seq: number | null = 0; seq !== null; await breathe()) {
    signal?.throwIfAborted();
    seq = visitPortion(table, keeping, seq, (found, size) => {
      const priority = priorityOf(found);
      if (priority === Infinity || priority > upTo) return;
      const days = ages.get(priority) ?? new Map<number, number>();
      days.set(dayOf(found), (days.get(dayOf(found)) ?? 0) + size);
      ages.set(priority, days);
    });
  }
  const chosen = chosenDays(ages, options.bytes);
  const missing = { bytes: options.bytes };
  const batch: Hash[] = [];
  for (let seq: number | null = 0; seq !== null && missing.bytes > 0; await breathe()) {
    signal?.throwIfAborted();
    seq = visitPortion(table, keeping, seq, (found, size) => {
      if (missing.bytes <= 0 || chosen.get(priorityOf(found))?.has(dayOf(found)) !== true) return;
      missing.bytes -= size;
      batch.push(found.hash);
    });
    // Rows are renumbered while whoever asked drops these; hashes stay.
    while (batch.length >= atOnce) yield batch.splice(0, atOnce);
  }
  if (batch.length > 0) yield batch;
}

/**
 * Visits the next envelopes in order of arrival that are not among those never dropped.
 * @returns where to go on, `null` at the end
 */
function visitPortion(
  table: EnvelopeTable,
  keeping: Keeping,
  seq: number,
  visit: (found: EnvelopeRow, size: number) => void,
): number | null {
  const never = planOf(table, keeping.never);
  const first = table.rowAfter(seq);
  const end = Math.min(first + ROWS_AT_ONCE, table.rows);
  for (let row = first; row < end; row += 1) {
    if (table.removed[row] === 0 && !never.matches(row)) visit(table.rowAt(row), table.size[row]!);
  }
  return end < table.rows ? table.seq[end - 1]! : null;
}

/** The lowest priorities, and of each the oldest days, that together have so many bytes. */
function chosenDays(
  ages: ReadonlyMap<number, ReadonlyMap<number, number>>,
  bytes: number,
): Map<number, ReadonlySet<number>> {
  const chosen = new Map<number, Set<number>>();
  let missing = bytes;
  for (const [priority, days] of [...ages].sort(([a], [b]) => a - b)) {
    const taken = new Set<number>();
    for (const [day, size] of [...days].sort(([a], [b]) => a - b)) {
      if (missing <= 0) break;
      taken.add(day);
      missing -= size;
    }
    chosen.set(priority, taken);
  }
  return chosen;
}

function dayOf({ created }: EnvelopeRow): number {
  return Math.floor(created / DAY);
}

/** Lets whatever waits have its turn. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
