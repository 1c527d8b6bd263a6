/** What `npm run sim` runs, in a thread of its own. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { workerData } from "node:worker_threads";
import { lightAborts } from "../abort.ts";
import { inlineEd25519 } from "../crypto.ts";
import { nativeHex } from "../hex.ts";
import { curveSvg } from "./curve-svg.ts";
import { growth, traffic, type TrafficPoint } from "./curve.ts";
import { DAY, likeOthers, ofSize, type WorldOptions } from "./options.ts";
import { timeOf } from "./watch.ts";
import { World, type WorldReport } from "./world.ts";

const SIZES = [100, 300, 1_000, 3_000] as const;
/** A town's traffic does not change much from one hour to the next: as much as four sizes take in some minutes. */
const CURVE_HOURS = 0.25;
/** People of each size: small networks are run several times, or a single busy author would be the curve. */
const CURVE_PEOPLE = 600;
const HOUR = 3_600_000;
const SPLIT_HOURS = 1.5;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

inlineEd25519();
lightAborts();
nativeHex();
// Peers make errors by the thousand that nobody reads the stack of.
Error.stackTraceLimit = 0;

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    peers: { type: "string" },
    hours: { type: "string" },
    coalition: { type: "string" },
    blocking: { type: "string" },
    posts: { type: "string" },
    split: { type: "string" },
    "split-for": { type: "string" },
    curve: { type: "boolean", default: false },
  },
});
const whole = (name: Exclude<keyof typeof values, "curve">, fallback: number): number => {
  const text = values[name] ?? String(fallback);
  if (!/^\d+(\.\d+)?$/.test(text)) throw new Error(`--${name} is a number, not ${text}`);
  return Number(text);
};

const seed = whole("seed", 1);
process.exitCode = values.curve ? await drawCurve(whole("hours", CURVE_HOURS)) : await runOne(optionsOf());

/** A day of a thousand people, or what of it fits so many peers and hours. */
function optionsOf(): WorldOptions {
  const sized = optionsOfSize();
  const { blocking, coalition, partition, postsADay } = sized;
  return {
    ...sized,
    coalition: whole("coalition", coalition),
    blocking: whole("blocking", blocking),
    postsADay: whole("posts", postsADay),
    partition:
      values.split === undefined
        ? partition
        : { from: whole("split", 0) * HOUR, lasts: whole("split-for", SPLIT_HOURS) * HOUR },
  };
}

function optionsOfSize(): WorldOptions {
  const [peers, hours] = [whole("peers", DAY.peers), whole("hours", DAY.duration / HOUR)];
  if (peers === DAY.peers && hours * HOUR === DAY.duration) return { ...DAY, seed };
  const share = (hours * HOUR) / DAY.duration;
  const { partition } = DAY;
  return {
    ...ofSize(peers, hours, seed),
    absent: Math.min(DAY.absent, Math.round(peers / 50)),
    partition: partition === null ? null : { from: partition.from * share, lasts: partition.lasts * share },
  };
}

async function runOne(options: WorldOptions): Promise<number> {
  const report = await run(options);
  for (const line of report.lines) say(line);
  const hours = report.people.reduce((sum, { online }) => sum + online, 0) / HOUR;
  for (const [protocol, messages, bytes] of report.protocols.toSorted((a, b) => b[1] - a[1])) {
    say(
      `${protocol}: ${(messages / hours).toFixed(1)} messages, ${(bytes / hours / 1_000).toFixed(1)} kB an hour and person`,
    );
  }
  for (const [what, times] of report.faults.slice(0, 10)) say(`logged ${times} times: ${what}`);
  for (const line of report.breaches) say(`BROKEN ${line}`);
  say(
    `seed ${options.seed}: ${report.breachCount} promises broken, digest ${report.digest} of ${report.events} events`,
  );
  return report.breachCount === 0 ? 0 : 1;
}

async function drawCurve(hours: number): Promise<number> {
  const points: TrafficPoint[] = [];
  const { root } = workerData as { readonly root: string };
  for (const peers of SIZES) {
    const reports: WorldReport[] = [];
    for (let time = 0; time * peers < CURVE_PEOPLE; time++)
      reports.push(await run(likeOthers(peers, hours, seed + time)));
    const measured = traffic(reports);
    points.push(...measured);
    for (const { kilobytes, topics } of measured)
      say(`${peers} peers, ${topics} topics: ${kilobytes.toFixed(1)} kB an hour`);
    // The largest takes longest, and may not fit the memory that there is.
    await writeFile(path.join(root, "docs/pictures/traffic.svg"), curveSvg(points));
  }
  say(`a network twice as large adds ${(100 * growth(points)).toFixed(1)}% to the traffic of a peer`);
  return 0;
}

async function run(options: WorldOptions): Promise<WorldReport> {
  const began = performance.now();
  const before = process.cpuUsage();
  const seconds = (): string => {
    const { system, user } = process.cpuUsage(before);
    return `${Math.round((performance.now() - began) / 1_000)} s (${Math.round((system + user) / 1e6)} s of processor time)`;
  };
  say(`${options.peers} peers, ${options.duration / HOUR} hours, seed ${options.seed}`);
  const tell = (world: World): void => {
    const memory = Math.round(process.memoryUsage().rss / 1_048_576);
    say(`  ${timeOf(world.now)} after ${seconds()}: ${world.ledger.entries.length} envelopes, ${memory} MiB`);
  };
  const report = await new World(options, { progress: { every: HOUR, tell } }).run();
  say(`  done after ${seconds()}`);
  return report;
}
