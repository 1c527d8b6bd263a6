/**
 * How long a newcomer waits who opens the address for the first time: from the start of the navigation until the first
 * envelope is on screen. Three peers hold 200 envelopes between them; the newcomer has a new browser with an empty profile
 * and knows the relay only, so the time holds: loading everything, making an identity, finding peers, a direct link,
 * verifying and storing what comes over it.
 */
import type { Page } from "@playwright/test";
import { meets, publish, valueOf } from "../browser/people.ts";
import { until } from "../browser/fixtures.ts";
import { firstSeen } from "./app-probe.ts";
import { Site } from "./app-site.ts";
import type { HarnessContext, NodeBench } from "./harness.ts";
import { median, quantile } from "./quantile.ts";
import type { BenchResult } from "./types.ts";

const PEERS = 3;
const ENVELOPES = 200;
const RUNS = 12;
const TARGET = 2_000;
/** What a link to somebody who has gone may take to be given up. */
const GONE_TIMEOUT = 60_000;

async function settledTown(site: Site): Promise<Page[]> {
  const residents = await site.crowd(PEERS);
  const { home } = await valueOf(residents[0] as Page, "settings");
  await Promise.all(residents.map((page) => meets(page, home, PEERS - 1)));
  for (let index = 0; index < ENVELOPES; index++) {
    const words = { headline: `Notice ${index}`, text: `Notice ${index} is to be read by everybody.` };
    await publish(residents[index % PEERS] as Page, words, [home]);
  }
  await Promise.all(residents.map((page) => holdsAll(page)));
  return residents;
}

async function holdsAll(page: Page): Promise<void> {
  await until(`${ENVELOPES} envelopes`, async () => (await valueOf(page, "network")).storage.envelopes >= ENVELOPES, {
    timeout: GONE_TIMEOUT,
    interval: 250,
  });
}

/** Nobody has a link to anybody but the residents. */
async function alone(residents: readonly Page[]): Promise<void> {
  const among = async (page: Page): Promise<boolean> => (await valueOf(page, "status")).peers === PEERS - 1;
  await until("residents alone", async () => (await Promise.all(residents.map(among))).every(Boolean), {
    timeout: GONE_TIMEOUT,
    interval: 250,
  });
}

async function benchNewcomer(context: HarnessContext): Promise<BenchResult[]> {
  const site = await Site.open(context);
  const residents = await settledTown(site);
  const times: number[] = [];
  const bare: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    await alone(residents);
    const browser = await site.browser();
    times.push(await firstSeen(await site.visit(browser)));
    await browser.close();
    const other = await site.browser();
    bare.push(await firstSeen(await site.visitBare(other)));
    await other.close();
    context.log(`run ${run + 1}: ${times.at(-1)?.toFixed(0)} ms, bare page ${bare.at(-1)?.toFixed(0)} ms`);
  }
  const value = median(times);
  const against = median(bare);
  context.log(`least ${Math.min(...times).toFixed(0)} ms, p95 ${quantile(times, 0.95).toFixed(0)} ms`);
  return [
    {
      name: "address opened by a newcomer, first envelope on screen, p50",
      value,
      unit: "ms",
      reference: `bare page of the same server, in a new browser: ${against.toFixed(0)} ms`,
      ratio: value / against,
      target: TARGET,
      ok: value <= TARGET,
    },
  ];
}

export const benches: NodeBench[] = [{ name: "app-newcomer", run: benchNewcomer }];
