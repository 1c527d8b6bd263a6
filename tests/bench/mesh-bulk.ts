/**
 * How fast a peer pushes bytes to another one through a stream of the mesh, and how far the page is from freezing
 * meanwhile. Beside it, in turn: the same bytes over a bare data channel between the same two browsers.
 */
import path from "node:path";
import type { Page } from "@playwright/test";
import { build } from "vite";
import { callIn, CHANNEL } from "../browser/mesh-harness/calling.ts";
import { startServer } from "../browser/server.ts";
import { SeededRandom } from "../sim/random.ts";
import type { HarnessContext, NodeBench } from "./harness.ts";
import { openBulkWire, pushOverWire } from "./mesh-wire.ts";
import { measurePaired } from "./paired.ts";
import { quantile } from "./quantile.ts";
import type { BenchResult } from "./types.ts";

const MEBIBYTE = 1_048_576;
/** Some two seconds of work for Chromium's data channels, which reach 12-16 MiB/s on loopback. */
const AMOUNT = 32 * MEBIBYTE;
/** What the protocols put into one frame at most: an object inline. */
const FRAME = 65_536;
const ROUNDS = 5;
const TARGETS = { ratio: 0.9, lag: 30 };
const HARNESS = path.resolve(import.meta.dirname, "../browser/mesh-harness/vite.config.ts");

interface Peer {
  readonly page: Page;
  readonly key: string;
}

async function benchBulk(context: HarnessContext): Promise<BenchResult[]> {
  const root = await context.folder();
  await build({ configFile: HARNESS, build: { outDir: root } });
  const server = await startServer({ root });
  context.atEnd(() => server.stop());
  const random = new SeededRandom(1);
  const browsers = [await context.browser(), await context.browser()];
  const open = async (index: number): Promise<Peer> => {
    const page = await (browsers[index] as (typeof browsers)[number]).newPage();
    page.setDefaultTimeout(0);
    await page.goto(server.url);
    await page.waitForFunction(() => document.title === "ready");
    const seed = Buffer.from(random.bytes(32)).toString("hex");
    const config = { seed, relays: [server.relayUrl], mode: "auto", channels: [CHANNEL] } as const;
    await page.evaluate((given) => window.harness.spawn(given), config);
    await callIn(page, 0, "start", []);
    return { page, key: await callIn(page, 0, "self", []) };
  };
  const sender = await open(0);
  const receiver = await open(1);
  // The channel brings them together; that is not what is measured.
  await sender.page.waitForFunction(linkedTo, receiver.key, { polling: 100 });
  await openBulkWire(sender.page, receiver.page);

  const lags: number[] = [];
  const speed = await measurePaired(context, {
    name: "bulk transfer between two peers",
    unit: "MiB/s",
    reference: "bare data channel",
    target: TARGETS.ratio,
    rounds: ROUNDS,
    subject: {
      work: async () => {
        await Promise.all([sender.page, receiver.page].map((page) => page.evaluate(watchLag)));
        const { received } = await callIn(sender.page, 0, "flood", [receiver.key, AMOUNT / FRAME, FRAME]);
        if (received !== AMOUNT) throw new Error(`${received} of ${AMOUNT} bytes arrived`);
        for (const page of [sender.page, receiver.page]) lags.push(...(await page.evaluate(() => window.benchLag())));
        return AMOUNT / MEBIBYTE;
      },
    },
    against: {
      work: async () => {
        await pushOverWire(sender.page, receiver.page, AMOUNT);
        return AMOUNT / MEBIBYTE;
      },
    },
  });
  const lag = quantile(lags, 0.99);
  context.log(`${lags.length} probes of the pages' threads: p50 ${quantile(lags, 0.5).toFixed(1)} ms`);
  return [
    speed,
    {
      name: "page lag during bulk transfer, p99",
      value: lag,
      unit: "ms",
      reference: "both pages, sending and receiving",
      ratio: lag / TARGETS.lag,
      target: TARGETS.lag,
      ok: lag <= TARGETS.lag,
    },
  ];
}

declare global {
  interface Window {
    /** Ends the watch and tells by how many milliseconds each of its turns came late. */
    benchLag: () => number[];
  }
}

/** Runs in the page: asks for a turn of its thread every 5 ms. */
function watchLag(): void {
  const period = 5;
  const lags: number[] = [];
  let due = performance.now() + period;
  const timer = setInterval(() => {
    const now = performance.now();
    lags.push(Math.max(0, now - due));
    due = now + period;
  }, period);
  window.benchLag = () => {
    clearInterval(timer);
    return lags;
  };
}

/** Runs in the page. Playwright does not wait for what a predicate promises, so the answer is kept for the next call. */
function linkedTo(key: string): boolean {
  void window.harness.call(0, { name: "peers", args: [] }).then((peers) => {
    document.documentElement.dataset["linked"] = String((peers as string[]).includes(key));
  });
  return document.documentElement.dataset["linked"] === "true";
}

export const benches: NodeBench[] = [{ name: "mesh-bulk", run: benchBulk }];
