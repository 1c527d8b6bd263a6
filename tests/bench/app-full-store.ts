/** What a peer costs that holds 100,000 envelopes: a cold start without a network, and the memory of its worker. */
import type { Page } from "@playwright/test";
import { meets, valueOf } from "../browser/people.ts";
import { until } from "../browser/fixtures.ts";
import type { Filled, FillArgs } from "./app-fill.ts";
import { firstSeen } from "./app-probe.ts";
import { BARE_PAGE, Site } from "./app-site.ts";
import { memoryOfRenderers, memoryOfWorker } from "./app-memory.ts";
import type { HarnessContext, NodeBench } from "./harness.ts";
import { median } from "./quantile.ts";
import type { BenchResult } from "./types.ts";

const ENVELOPES = 100_000;
const AUTHORS = 200;
/** Where everyone is at first (protocol section 3). */
const HOME = "g:cyberspace/commons";

const STARTS = 9;
const START_TARGET = 700;

const NEIGHBOURS = 5;
const MEMORY_TARGET = 150;
const MEBIBYTE = 1_048_576;
/** Neighbours fetch what was posted at their place: a tenth of everything, verified one by one. */
const CATCH_UP_TIMEOUT = 300_000;

interface FullProfile {
  readonly site: Site;
  readonly folder: string;
}

/** A profile whose store is full and in which the app was opened once, so that the service worker has it all. */
async function fullProfile(context: HarnessContext): Promise<FullProfile> {
  const site = await Site.open(context);
  const folder = await context.folder();
  const browser = await site.browser(folder);
  const args: FillArgs = { envelopes: ENVELOPES, authors: AUTHORS, home: HOME, now: Date.now() };
  const { envelopes, bytes, milliseconds } = await site.fill<Filled>(browser, args);
  context.log(
    `${envelopes} envelopes, ${(bytes / 1e6).toFixed(1)} MB, signed and stored in ${Math.round(milliseconds)} ms`,
  );
  const page = await site.visit(browser);
  await firstSeen(page);
  await page.evaluate(async (bare) => {
    await navigator.serviceWorker.ready;
    // Beside the app's own files, so that the page to compare with comes the same way.
    const shell = (await caches.keys()).find((name) => name.startsWith("mehr shell"));
    if (shell === undefined) throw new Error("the service worker has no cache");
    const answer = new Response(bare, { headers: { "content-type": "text/html" } });
    await (await caches.open(shell)).put("/assets/bare.html", answer);
  }, BARE_PAGE);
  await page.close();
  await browser.close();
  return { site, folder };
}

async function benchOfflineStart(context: HarnessContext): Promise<BenchResult[]> {
  const { site, folder } = await fullProfile(context);
  await site.goOffline();
  const started = async (address: string): Promise<number> => {
    const browser = await site.browser(folder);
    const time = await firstSeen(await site.visit(browser, address));
    await browser.close();
    return time;
  };
  const times: number[] = [];
  const bare: number[] = [];
  for (let run = 0; run < STARTS; run++) {
    times.push(await started(""));
    bare.push(await started("assets/bare.html"));
    context.log(`run ${run + 1}: ${times.at(-1)?.toFixed(0)} ms, bare page ${bare.at(-1)?.toFixed(0)} ms`);
  }
  const value = median(times);
  const against = median(bare);
  return [
    {
      name: "cold offline start with 100,000 envelopes, feed painted, p50",
      value,
      unit: "ms",
      reference: `bare page from the same service worker: ${against.toFixed(0)} ms`,
      ratio: value / against,
      target: START_TARGET,
      ok: value <= START_TARGET,
    },
  ];
}

async function caughtUp(neighbours: readonly Page[]): Promise<void> {
  const wanted = ENVELOPES / 10;
  const holds = async (page: Page): Promise<boolean> => (await valueOf(page, "network")).storage.envelopes >= wanted;
  await until(
    "neighbours have what was posted at home",
    async () => (await Promise.all(neighbours.map(holds))).every(Boolean),
    {
      timeout: CATCH_UP_TIMEOUT,
      interval: 1_000,
    },
  );
}

async function benchMemory(context: HarnessContext): Promise<BenchResult[]> {
  const { site, folder } = await fullProfile(context);
  // The same peer before it held anything or knew anybody; a second profile, so both are first starts of a process.
  const emptyFolder = await context.folder();
  const emptyBrowser = await site.browser(emptyFolder);
  const emptyPage = await site.visit(emptyBrowser);
  await valueOf(emptyPage, "status");
  await until("the relay", async () =>
    (await valueOf(emptyPage, "network")).relays.some(({ state }) => state === "reserved"),
  );
  const emptyProcess = await memoryOfRenderers(emptyBrowser);
  const empty = await memoryOfWorker(emptyPage);
  await emptyBrowser.close();

  const browser = await site.browser(folder);
  const page = await site.visit(browser);
  await firstSeen(page);
  const neighbours = await site.crowd(NEIGHBOURS);
  await meets(page, HOME, 1);
  await until(`${NEIGHBOURS} links`, async () => (await valueOf(page, "status")).peers >= NEIGHBOURS, {
    timeout: 120_000,
  });
  await caughtUp(neighbours);
  const { peers } = await valueOf(page, "status");
  const { storage } = await valueOf(page, "network");
  const fullProcess = await memoryOfRenderers(browser);
  const full = await memoryOfWorker(page);
  await browser.close();
  const mebibytes = (bytes: number): string => (bytes / MEBIBYTE).toFixed(1);
  for (const [name, memory] of Object.entries({ empty, full })) {
    context.log(
      `${name}: before collection ${mebibytes(memory.before.used)} MB of objects, ${mebibytes(memory.before.buffers)} MB of buffers; ` +
        `after ${mebibytes(memory.after.used)} and ${mebibytes(memory.after.buffers)}; heap reserved ${mebibytes(memory.before.reserved)}`,
    );
  }
  context.log(`${storage.envelopes} envelopes, ${peers} direct links`);
  const worker = (memory: typeof full): number => (memory.before.reserved + memory.before.buffers) / MEBIBYTE;
  const against = worker(empty);
  const value = worker(full);
  const renderers = fullProcess / MEBIBYTE;
  const delta = (fullProcess - emptyProcess) / MEBIBYTE;
  return [
    {
      name: "memory of a peer worker with 100,000 envelopes and 5 connections",
      value,
      unit: "MB",
      reference: `the same worker, empty and alone: ${against.toFixed(1)} MB`,
      ratio: value / against,
      target: MEMORY_TARGET,
      ok: value <= MEMORY_TARGET && storage.envelopes >= ENVELOPES && peers >= NEIGHBOURS,
    },
    {
      name: "what 100,000 envelopes and 5 connections add to the app's processes",
      value: delta,
      unit: "MB",
      reference: `the app's processes, empty and alone: ${(emptyProcess / MEBIBYTE).toFixed(0)} MB (then ${renderers.toFixed(0)} MB)`,
      ratio: fullProcess / emptyProcess,
      target: MEMORY_TARGET,
      ok: delta <= MEMORY_TARGET,
    },
  ];
}

export const benches: NodeBench[] = [
  { name: "app-offline-start", run: benchOfflineStart },
  { name: "app-memory", run: benchMemory },
];
