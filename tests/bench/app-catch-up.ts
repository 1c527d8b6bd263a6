/**
 * How long a peer takes that was away and meets a neighbour which it does not know: two browsers with profiles on disk, one
 * holds 100,000 envelopes and the other all but 10,000 of them. Once the newest are missing, as after an absence, and once
 * every tenth of ninety days, as between two who were each away at times. Timed in the page, from the first direct link
 * until everything is held, also where a second link that was dialled at once takes its place; bytes are those of the
 * links' protocols.
 */
import type { Page } from "@playwright/test";
import type { NetworkView } from "../../src/peer/api.ts";
import { valueOf } from "../browser/people.ts";
import type { Filled, FillArgs, Lacking } from "./app-fill.ts";
import { Site } from "./app-site.ts";
import type { HarnessContext, NodeBench } from "./harness.ts";
import type { BenchResult } from "./types.ts";

const ENVELOPES = 100_000;
const MISSED = ENVELOPES / 10;
const AUTHORS = 200;
/** Where everyone is at first (docs/protocol.md, section 7). */
const HOME = "g:cyberspace/commons";
const TARGET_SECONDS = 10;
const TARGET_OVERHEAD = 10;
const TIMEOUT = 300_000;
const INTERVAL = 50;
const SYNC = "/mehr/sync/1";
const PUB = "/mehr/pub/1";

interface CaughtUp {
  readonly seconds: number;
  readonly bytes: Readonly<Record<string, number>>;
}

/** Runs in the page: the moment at which everything is held, and how long after the link that was. */
async function caughtUp(page: Page): Promise<CaughtUp> {
  await page.waitForFunction(() => "mehr" in window);
  const { view, milliseconds } = await page.evaluate(
    async ({ interval, timeout, wanted }) => {
      const look = async (): Promise<NetworkView> => {
        const { promise, resolve } = Promise.withResolvers<NetworkView>();
        const watching = await window.mehr.watch("network", {}, ({ value }) => resolve(value));
        const value = await promise;
        await watching.close();
        return value;
      };
      const end = Date.now() + timeout;
      let opened = Infinity;
      for (;;) {
        const value = await look();
        const at = Date.now();
        const direct = value.connections.filter(({ transport }) => transport === "webrtc");
        opened = Math.min(opened, ...direct.map(({ openedAt }) => openedAt));
        if (value.storage.envelopes >= wanted) return { view: value, milliseconds: at - opened };
        if (at > end) throw new Error(`${value.storage.envelopes} envelopes after ${timeout} ms`);
        await new Promise((resolve) => void setTimeout(resolve, interval));
      }
    },
    { interval: INTERVAL, timeout: TIMEOUT, wanted: ENVELOPES },
  );
  const bytes: Record<string, number> = {};
  for (const { protocols } of view.connections) {
    for (const [name, { in: came, out }] of Object.entries(protocols)) bytes[name] = (bytes[name] ?? 0) + came + out;
  }
  return { seconds: milliseconds / 1_000, bytes };
}

async function benchCatchUp(context: HarnessContext): Promise<BenchResult[]> {
  const site = await Site.open(context);
  const now = Date.now();
  const args: FillArgs = { envelopes: ENVELOPES, authors: AUTHORS, home: HOME, together: true, now };
  const holder = await site.browser();
  const whole = await site.fill<Filled>(holder, args);
  context.log(`${whole.envelopes} envelopes, ${(whole.bytes / 1e6).toFixed(1)} MB`);
  await valueOf(await site.visit(holder), "status");
  const results: BenchResult[] = [];
  for (const lacking of ["newest", "scattered"] as const)
    results.push(...(await measure(context, site, whole, { ...args, lacking })));
  await holder.close();
  return results;
}

async function measure(
  context: HarnessContext,
  site: Site,
  whole: Filled,
  args: FillArgs & { readonly lacking: Lacking },
): Promise<BenchResult[]> {
  const browser = await site.browser();
  const own = await site.fill<Filled>(browser, args);
  if (own.envelopes !== ENVELOPES - MISSED) throw new Error(`${own.envelopes} envelopes instead of all but ${MISSED}`);
  const missed = whole.bytes - own.bytes;
  const { bytes, seconds } = await caughtUp(await site.visit(browser));
  await browser.close();
  for (const [name, count] of Object.entries(bytes)) context.log(`${args.lacking}: ${name} ${count} bytes`);
  // What /mehr/pub/1 takes belongs to it: its stream is opened beside, and has to announce nothing.
  const overhead = ((bytes[SYNC] ?? 0) + (bytes[PUB] ?? 0) - missed) / missed;
  const where = args.lacking === "newest" ? "the newest" : "scattered";
  const what = `${MISSED} missed of ${ENVELOPES}, ${where}`;
  const reference = `the missed envelopes: ${(missed / 1e6).toFixed(2)} MB`;
  return [
    {
      name: `catching up from a new neighbour, ${what}`,
      value: seconds,
      unit: "s",
      reference,
      ratio: seconds / TARGET_SECONDS,
      target: TARGET_SECONDS,
      ok: seconds <= TARGET_SECONDS,
    },
    {
      name: `bytes beyond the envelopes, ${what}`,
      value: overhead * 100,
      unit: "%",
      reference,
      ratio: overhead,
      target: TARGET_OVERHEAD,
      ok: overhead * 100 <= TARGET_OVERHEAD,
    },
  ];
}

export const benches: NodeBench[] = [{ name: "app-catch-up", run: benchCatchUp }];
