/** Two things measured in turn, so that what disturbs the machine disturbs both. */
import type { BenchContext, BenchResult } from "./types.ts";

export interface Subject {
  /** Does the work once and returns how much it was, in the unit of the result. */
  readonly work: () => number | Promise<number>;
}

/** A subject that measures itself, for instance a program of its own: its rate for each second. */
export interface SelfTimed {
  readonly rate: () => number | Promise<number>;
}

export interface PairedSpec {
  readonly name: string;
  readonly unit: string;
  readonly reference: string;
  /** The least ratio of the rates of `subject` and `against`. */
  readonly target: number;
  readonly rounds: number;
  readonly subject: Subject | SelfTimed;
  readonly against: Subject | SelfTimed;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}

async function rateOf(context: BenchContext, subject: Subject | SelfTimed): Promise<number> {
  if ("rate" in subject) return subject.rate();
  const start = context.now();
  const amount = await subject.work();
  return (amount / (context.now() - start)) * 1000;
}

/** Medians of the rates, and the median of the ratios of neighbours in time. The first round only warms up. */
export async function measurePaired(context: BenchContext, spec: PairedSpec): Promise<BenchResult> {
  const rates: number[] = [];
  const references: number[] = [];
  for (let round = 0; round <= spec.rounds; round++) {
    context.signal?.throwIfAborted();
    const rate = await rateOf(context, spec.subject);
    const reference = await rateOf(context, spec.against);
    if (round === 0) continue;
    rates.push(rate);
    references.push(reference);
  }
  const value = median(rates);
  const ratio = median(rates.map((rate, index) => rate / (references[index] as number)));
  const reference = `${spec.reference} ${Math.round(median(references))} ${spec.unit}`;
  context.log(`${spec.name}: ${Math.round(value)} ${spec.unit}, ${ratio.toFixed(2)} of ${reference}`);
  return { name: spec.name, value, unit: spec.unit, reference, ratio, target: spec.target, ok: ratio >= spec.target };
}
