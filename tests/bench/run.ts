/**
 * `npm run bench` and `npm run bench -- NAME...`: runs the benches, prints a table and writes results.json. A bench that is
 * run by its name replaces its own figures there and leaves the others.
 */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { Harness, type NodeBench } from "./harness.ts";
import type { BenchResult } from "./types.ts";

const RESULTS = path.resolve(import.meta.dirname, "results.json");

/** The benches by file, and where they run: in a worker of Chromium, as the product does, unless they need Node. */
const MODULES: readonly { readonly file: string; readonly where: "worker" | "node" }[] = [
  { file: "hash.ts", where: "worker" },
  { file: "hash-native.ts", where: "node" },
  { file: "refusals.ts", where: "worker" },
  { file: "store.ts", where: "worker" },
  { file: "search.ts", where: "worker" },
  { file: "threads.ts", where: "worker" },
  { file: "mutes.ts", where: "worker" },
  { file: "mesh-bulk.ts", where: "node" },
  { file: "app-post.ts", where: "node" },
  { file: "app-newcomer.ts", where: "node" },
  { file: "app-catch-up.ts", where: "node" },
  { file: "app-invite.ts", where: "node" },
  { file: "app-takeover.ts", where: "node" },
  { file: "app-full-store.ts", where: "node" },
  { file: "app-scroll.ts", where: "node" },
  { file: "app-graph.ts", where: "node" },
  { file: "sim.ts", where: "node" },
  { file: "size.ts", where: "node" },
  { file: "envelope.ts", where: "node" },
];

interface Runnable {
  readonly name: string;
  run(): Promise<BenchResult[]>;
}

/** @returns Whether every figure kept its bound. */
export async function run(names: readonly string[]): Promise<boolean> {
  const log = (line: string): void => console.log(`  ${line}`);
  const harness = new Harness(log);
  try {
    const all = (await Promise.all(MODULES.map((module) => runnables(module, harness)))).flat();
    const unknown = names.filter((name) => !all.some((bench) => bench.name === name));
    if (unknown.length > 0) {
      throw new Error(`No bench ${unknown.join(", ")}. There are: ${all.map(({ name }) => name).join(", ")}`);
    }
    const results: BenchResult[] = [];
    for (const bench of all) {
      if (names.length > 0 && !names.includes(bench.name)) continue;
      console.log(bench.name);
      results.push(...(await bench.run()));
    }
    console.log(`\n${table(results)}\n`);
    await write(names.length === 0 ? results : merge(await earlier(), results));
    return results.every(({ ok }) => ok);
  } finally {
    await harness.close();
  }
}

async function runnables({ file, where }: (typeof MODULES)[number], harness: Harness): Promise<Runnable[]> {
  const { benches } = (await import(/* @vite-ignore */ `./${file}`)) as { benches: readonly NodeBench[] };
  const context = harness.context();
  return benches.map((bench) => ({
    name: bench.name,
    run: () => (where === "node" ? bench.run(context) : harness.inWorker<BenchResult[]>(file, "benches", bench.name)),
  }));
}

function table(results: readonly BenchResult[]): string {
  const rows = results.map(({ name, value, unit, reference, ratio, target, ok }) => [
    ok ? "ok" : "MISSED",
    name,
    `${figure(value)} ${unit}`,
    reference,
    figure(ratio),
    figure(target),
  ]);
  const lines = [["", "what", "value", "beside", "ratio", "target"], ...rows];
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function figure(value: number): string {
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

async function earlier(): Promise<BenchResult[]> {
  try {
    return JSON.parse(await readFile(RESULTS, "utf8")) as BenchResult[];
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

function merge(before: readonly BenchResult[], now: readonly BenchResult[]): BenchResult[] {
  const renewed = new Map(now.map((result) => [result.name, result]));
  const kept = before.map((result) => {
    const fresh = renewed.get(result.name) ?? result;
    renewed.delete(result.name);
    return fresh;
  });
  return [...kept, ...renewed.values()];
}

async function write(results: readonly BenchResult[]): Promise<void> {
  await writeFile(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
}
