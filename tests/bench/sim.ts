/**
 * How long the simulator takes for a day of a thousand peers: reckoned from two hours of two hundred, since what a peer costs
 * does not depend on how many others there are (docs/scale.md). `npm run sim` runs the whole day and says how long it took.
 */
import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import type { HarnessContext, NodeBench } from "./harness.ts";
import type { BenchResult } from "./types.ts";

const SCRIPT = path.resolve(import.meta.dirname, "../../scripts/sim.mjs");
const DAY = { peers: 1_000, hours: 24 } as const;
const SAMPLE = { peers: 200, hours: 3 } as const;
/** Everybody arrives within the first minutes, and the compiler is busy: counted from here on, in hours of the world. */
const FROM = 1;
/** The figure to reach, in minutes. */
const TARGET = 10;

/** What the simulator says after each hour of the world: its time, and the seconds since it began. */
const PROGRESS = /^ {2}(\d\d):\d\d:\d\d after \d+ s/u;

async function benchSim(context: HarnessContext): Promise<BenchResult[]> {
  const { peers, hours } = SAMPLE;
  const child = spawn(process.execPath, [SCRIPT, "--peers", String(peers), "--hours", String(hours)], {
    stdio: ["ignore", "pipe", "inherit"],
    ...(context.signal === undefined ? {} : { signal: context.signal }),
  });
  /** Moments, in ms, by hour of the world; the last line of an hour counts. */
  const reached = new Map<number, number>();
  for await (const line of createInterface({ input: child.stdout })) {
    context.log(line);
    const hour = PROGRESS.exec(line)?.[1];
    if (hour !== undefined && !reached.has(Number(hour))) reached.set(Number(hour), context.now());
  }
  const [began, ended] = [reached.get(FROM), reached.get(hours)];
  if (began === undefined || ended === undefined) throw new Error("the simulator did not get through its hours");
  const perPeerHour = (ended - began) / (peers * (hours - FROM));
  const minutes = (perPeerHour * DAY.peers * DAY.hours) / 60_000;
  return [
    {
      name: "a simulated day of 1,000 peers",
      value: minutes,
      unit: "min",
      reference: `${perPeerHour.toFixed(1)} ms for a peer and hour`,
      ratio: minutes / TARGET,
      target: TARGET,
      ok: minutes <= TARGET,
    },
  ];
}

export const benches: readonly NodeBench[] = [{ name: "sim", run: benchSim }];
