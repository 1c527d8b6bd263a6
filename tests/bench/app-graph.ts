/**
 * The graph of 500 posts, in a browser without a graphics card: the longest frame and the longest task of the page while it
 * is laid out, and while somebody looks about in it. Beside it the same of an empty page, over which the mouse goes likewise.
 */
import type { Page } from "@playwright/test";
import type { FillArgs, Filled } from "./app-fill.ts";
import { Site } from "./app-site.ts";
import type { HarnessContext, NodeBench } from "./harness.ts";
import { costliestOf, type Task, tasksWhile, told } from "./main-thread.ts";
import { settled } from "./settled.ts";
import type { BenchResult } from "./types.ts";

const POSTS = 500;
const HOME = "g:cyberspace/commons";
/** Milliseconds of pointing at dots, of moving, and of enlarging. */
const PART = 5_000;
const TARGET = 50;
/** Milliseconds for which it is left alone once it rests. */
const IDLE = 2_000;

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

async function lookAbout(page: Page, { x, y }: { x: number; y: number }): Promise<void> {
  const began = performance.now();
  const circle = async (until: number): Promise<void> => {
    for (let step = 0; performance.now() < began + until; step += 1) {
      await page.mouse.move(x + 120 * Math.sin(step / 9), y + 80 * Math.cos(step / 7));
    }
  };
  await circle(PART);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await circle(2 * PART);
  await page.mouse.up();
  await page.keyboard.down("Control");
  for (let step = 0; performance.now() < began + 3 * PART; step += 1)
    await page.mouse.wheel(0, step % 40 < 20 ? -30 : 30);
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
  const moving = await tasksWhile(page, () => framesWhile(page, () => rests.waitFor()));
  const laidOut = performance.now() - began;
  const box = await page.locator("canvas").boundingBox();
  if (box === null) throw new Error("there is no picture");
  const centre = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const label = (await page.locator("canvas").getAttribute("aria-label")) ?? "";
  if (!label.includes(String(POSTS))) throw new Error(`not all posts are in the picture: ${label}`);
  const idle = await tasksWhile(page, () => new Promise((resolve) => setTimeout(resolve, IDLE)));
  const looking = await tasksWhile(page, () => framesWhile(page, () => lookAbout(page, centre)));
  const bare = await site.visitBare(browser);
  await bare.setViewportSize({ width: 1_280, height: 800 });
  await bare.waitForLoadState("load");
  await settled(bare);
  const plain = await tasksWhile(bare, () => framesWhile(bare, () => lookAbout(bare, centre)));
  await browser.close();
  context.log(
    `rests after ${laidOut.toFixed(0)} ms; then ${sumOf(idle.tasks).toFixed(1)} ms of processor in ${IDLE} ms`,
  );
  context.log(`costliest task while it is laid out: ${told(costliestOf(moving.tasks))}`);
  context.log(`while somebody looks about: ${told(costliestOf(looking.tasks))}`);
  context.log(`of an empty page: ${told(costliestOf(plain.tasks))}`);

  const kept = (name: string, value: number, empty: number): BenchResult => ({
    name: `graph of ${POSTS} posts, ${name}`,
    value,
    unit: "ms",
    reference: `an empty page: ${empty.toFixed(1)} ms`,
    ratio: value / empty,
    target: TARGET,
    ok: value <= TARGET,
  });
  const frame = (name: string, frames: readonly number[]): BenchResult =>
    kept(`longest frame while ${name}`, Math.max(...frames), Math.max(...plain.value));
  const task = (name: string, tasks: readonly Task[]): BenchResult =>
    kept(`processor time of the costliest task while ${name}`, costliestOf(tasks).cpu, costliestOf(plain.tasks).cpu);
  return [
    frame("somebody looks about in it", looking.value),
    task("somebody looks about in it", looking.tasks),
    frame("it is laid out", moving.value),
    task("it is laid out", moving.tasks),
  ];
}

function sumOf(tasks: readonly Task[]): number {
  return tasks.reduce((sum, { cpu }) => sum + cpu, 0);
}

export const benches: NodeBench[] = [{ name: "app-graph", run: benchGraph }];
