/**
 * How long a newcomer waits who joins by invite, without any relay: from the moment at which the second code is used until the
 * first envelope is on screen. The inviter holds 200 envelopes; the newcomer has a new browser with an empty profile. Beside
 * it: two bare connections of the same browsers, from the answer until the first message.
 */
import type { BrowserContext, Page } from "@playwright/test";
import { ensureBuild } from "../../scripts/ensure-build.mjs";
import { until } from "../browser/fixtures.ts";
import { publish, valueOf } from "../browser/people.ts";
import { startStaticSite, type StaticSite } from "../browser/static-site.ts";
import { installProbe, SEEN_MARK } from "./app-probe.ts";
import type { HarnessContext, NodeBench } from "./harness.ts";
import { median, quantile } from "./quantile.ts";
import type { BenchResult } from "./types.ts";

const ENVELOPES = 200;
const RUNS = 10;
const TARGET = 2_000;
/** What a link to somebody who has gone may take to be given up. */
const GONE_TIMEOUT = 60_000;

async function open(browser: BrowserContext, site: StaticSite): Promise<Page> {
  await browser.addInitScript(installProbe, SEEN_MARK);
  const page = await browser.newPage();
  page.setDefaultTimeout(0);
  await page.goto(site.url);
  await page.waitForFunction(() => "mehr" in window);
  return page;
}

/** Milliseconds from using the answer until the newcomer sees anything. */
async function join(inviter: Page, newcomer: Page): Promise<number> {
  const { code } = await inviter.evaluate(() => window.mehr.createInvite());
  const answer = await newcomer.evaluate((offer) => window.mehr.answerInvite(offer), code);
  const began = await inviter.evaluate(async (text) => {
    const now = window.benchProbe.now();
    await window.mehr.acceptAnswer(text);
    return now;
  }, answer.code);
  const seen = await newcomer.evaluate(async () => performance.timeOrigin + (await window.benchProbe.first()));
  return seen - began;
}

/** The same with nothing but what the browser has. */
async function bareJoin(one: Page, other: Page): Promise<number> {
  const offer = await one.evaluate(async () => {
    const connection = new RTCPeerConnection();
    const channel = connection.createDataChannel("bare");
    channel.addEventListener("open", () => channel.send("hello"));
    await connection.setLocalDescription();
    while (connection.iceGatheringState !== "complete") await new Promise((resolve) => setTimeout(resolve, 5));
    Object.assign(window, { bare: connection });
    return connection.localDescription?.sdp ?? "";
  });
  const answer = await other.evaluate(async (sdp) => {
    const connection = new RTCPeerConnection();
    const heard = new Promise<number>((resolve) => {
      connection.addEventListener("datachannel", ({ channel }) => {
        channel.addEventListener("message", () => resolve(window.benchProbe.now()));
      });
    });
    await connection.setRemoteDescription({ type: "offer", sdp });
    await connection.setLocalDescription();
    while (connection.iceGatheringState !== "complete") await new Promise((resolve) => setTimeout(resolve, 5));
    Object.assign(window, { bare: connection, bareHeard: heard });
    return connection.localDescription?.sdp ?? "";
  }, offer);
  const began = await one.evaluate(async (sdp) => {
    const now = window.benchProbe.now();
    await (Reflect.get(window, "bare") as RTCPeerConnection).setRemoteDescription({ type: "answer", sdp });
    return now;
  }, answer);
  const heard = await other.evaluate(() => Reflect.get(window, "bareHeard") as Promise<number>);
  for (const page of [one, other]) {
    await page.evaluate(() => (Reflect.get(window, "bare") as RTCPeerConnection).close());
  }
  return heard - began;
}

async function benchInvite(context: HarnessContext): Promise<BenchResult[]> {
  await ensureBuild();
  const site = await startStaticSite([]);
  context.atEnd(() => site.stop());
  const inviter = await open(await context.browser(), site);
  const { home } = await valueOf(inviter, "settings");
  for (let index = 0; index < ENVELOPES; index++) {
    await publish(inviter, { headline: `Notice ${index}`, text: `Notice ${index} is to be read by everybody.` }, [
      home,
    ]);
  }
  const times: number[] = [];
  const bare: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    await until("nobody else", async () => (await valueOf(inviter, "status")).peers === 0, { timeout: GONE_TIMEOUT });
    const browser = await context.browser();
    const newcomer = await open(browser, site);
    bare.push(await bareJoin(inviter, newcomer));
    times.push(await join(inviter, newcomer));
    await browser.close();
    context.log(`run ${run + 1}: ${times.at(-1)?.toFixed(0)} ms, bare connection ${bare.at(-1)?.toFixed(0)} ms`);
  }
  const value = median(times);
  const against = median(bare);
  context.log(`least ${Math.min(...times).toFixed(0)} ms, p95 ${quantile(times, 0.95).toFixed(0)} ms`);
  return [
    {
      name: "join by invite, from second code to first envelope on screen, p50",
      value,
      unit: "ms",
      reference: `bare connection, from answer to first message: ${against.toFixed(0)} ms`,
      ratio: value / against,
      target: TARGET,
      ok: value <= TARGET,
    },
  ];
}

export const benches: NodeBench[] = [{ name: "app-invite", run: benchInvite }];
