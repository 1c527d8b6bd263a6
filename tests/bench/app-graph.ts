/** The graph of 500 posts: how long it takes to come to rest, and the longest frame while it is moved and enlarged. */
import type { Page } from "@playwright/test";
import type { FillArgs, Filled } from "./app-fill.ts";
import { Site } from "./app-site.ts";
import type { HarnessContext, NodeBench } from "./harness.ts";
import { settled } from "./settled.ts";
import type { BenchResult } from "./types.ts";

const POSTS = 500;
const HOME = "g:cyberspace/commons";
/** Milliseconds of moving, and of enlarging. */
const PART = 5_000;
const TARGET = 50;

/** Milliseconds between frames, until `done` is called in the page. */
async function framesWhile(page: Page, act: () => Promise<void>): Promise<number[]> {
  await page.evaluate(() => {
    const deltas: number[] = [];
    const state = { deltas, running: true };
    Object.assign(window, { benchFrames: state });
    let last = performance.now();
    const frame = (now: number): void => {
      deltas.push(now - last);
      last = now;
      if (state.running) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  await act();
  return await page.evaluate(() => {
    const state = (window as unknown as { benchFrames: { deltas: number[]; running: boolean } }).benchFrames;
    state.running = false;
    // The first one began before the loop did.
    return state.deltas.slice(2);
  });
}

async function moveAndEnlarge(page: Page, { x, y }: { x: number; y: number }): Promise<void> {
  const end = performance.now() + PART;
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let step = 0; performance.now() < end; step += 1) {
    await page.mouse.move(x + 120 * Math.sin(step / 9), y + 80 * Math.cos(step / 7));
  }
  await page.mouse.up();
  await page.keyboard.down("Control");
  for (let step = 0; performance.now() < end + PART; step += 1) await page.mouse.wheel(0, step % 40 < 20 ? -30 : 30);
  await page.keyboard.up("Control");
}

async function benchGraph(context: HarnessContext): Promise<BenchResult[]> {
  const site = await Site.open(context);
  const browser = await site.browser();
  const args: FillArgs = {
    envelopes: POSTS,
    authors: 40,
    home: HOME,
    together: true,
    connected: true,
    now: Date.now(),
  };
  await site.fill<Filled>(browser, args);
  const page = await site.visit(browser);
  await page.setViewportSize({ width: 1_280, height: 800 });
  await page.locator("[role=feed] article").first().waitFor();
  const hash = await page.locator("[role=feed] article").first().getAttribute("data-hash");
  // What a start does beside the feed is another bench's.
  await settled(page);
  const rests = page.locator('canvas[data-state="rests"]');
  await page.goto(new URL(`p/${hash}/graph`, site.url).href);
  await page.locator("canvas").waitFor();
  const began = performance.now();
  const moving = await framesWhile(page, () => rests.waitFor());
  const laidOut = performance.now() - began;
  const box = await page.locator("canvas").boundingBox();
  if (box === null) throw new Error("there is no picture");
  const centre = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const label = (await page.locator("canvas").getAttribute("aria-label")) ?? "";
  if (!label.includes(String(POSTS))) throw new Error(`not all posts are in the picture: ${label}`);
  // Nodes that are pressed would be walked to: it is a drag from a place where there is none.
  const resting = await framesWhile(page, () => moveAndEnlarge(page, centre));
  const bare = await site.visitBare(browser);
  await bare.setViewportSize({ width: 1_280, height: 800 });
  const plain = await framesWhile(bare, () => moveAndEnlarge(bare, centre));
  await browser.close();
  context.log(`rests after ${laidOut.toFixed(0)} ms, longest frame until then ${Math.max(...moving).toFixed(1)} ms`);

  const longest = (name: string, frames: readonly number[]): BenchResult => ({
    name,
    value: Math.max(...frames),
    unit: "ms",
    reference: `an empty page: ${Math.max(...plain).toFixed(1)} ms`,
    ratio: Math.max(...frames) / Math.max(...plain),
    target: TARGET,
    ok: Math.max(...frames) <= TARGET,
  });
  return [
    longest(`graph of ${POSTS} posts, longest frame while it is moved and enlarged`, resting),
    longest(`graph of ${POSTS} posts, longest frame while it is laid out`, moving),
  ];
}

export const benches: NodeBench[] = [{ name: "app-graph", run: benchGraph }];
