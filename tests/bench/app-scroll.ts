/**
 * Scrolling a feed of 10,000: the longest frame, the frame rate and the costliest task of the page, in a browser without a GPU. First
 * while the feed grows page by page under the reader, then through what is all there. Beside it, in the same browser: the same number of plain
 * paragraphs, which nothing but the browser lays out.
 */
import type { Page } from "@playwright/test";
import { Site } from "./app-site.ts";
import type { HarnessContext, NodeBench } from "./harness.ts";
import { costliestOf, type Task, tasksWhile, told } from "./main-thread.ts";
import { quantile } from "./quantile.ts";
import { settled } from "./settled.ts";
import type { BenchResult } from "./types.ts";

const ROWS = 10_000;
const AUTHORS = 200;
const HOME = "g:cyberspace/commons";
/** A flick of the thumb: fifteen posts a second are more than anybody reads. */
const SPEED = 3_000;
/** Of scrolling in each part, in ms. */
const PART = 15_000;
/** A frame is long when a person can see that it is (RAIL: 50 ms). */
const TARGET = 50;

interface Frames {
  /** Milliseconds from one frame to the next. */
  readonly deltas: readonly number[];
  readonly tasks: readonly Task[];
}

/** Scrolls down at an even speed, and turns at the end. */
async function scroll(page: Page, speed: number, ms: number): Promise<Frames> {
  const { tasks, value: deltas } = await tasksWhile(page, () =>
    page.evaluate(
      async ([pixelsPerSecond, duration]) => {
        const between: number[] = [];
        let direction = 1;
        await new Promise<void>((resolve) => {
          let first: number | null = null;
          let last = 0;
          const frame = (now: number): void => {
            if (first === null) first = now;
            else between.push(now - last);
            last = now;
            if (now - first >= duration) {
              resolve();
              return;
            }
            const before = window.scrollY;
            window.scrollBy(0, (direction * pixelsPerSecond) / 60);
            if (window.scrollY === before) direction = -direction;
            requestAnimationFrame(frame);
          };
          requestAnimationFrame(frame);
        });
        return between;
      },
      [speed, ms] as const,
    ),
  );
  return { deltas, tasks };
}

/** Goes to the end again and again until nothing older comes. */
async function loadAll(page: Page): Promise<void> {
  await page.evaluate(async (wanted) => {
    const isWhole = (): boolean => document.querySelector(`[role=feed] [aria-setsize="${wanted}"]`) !== null;
    while (!isWhole()) {
      window.scrollTo(0, document.documentElement.scrollHeight);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  }, ROWS);
}

/** As many paragraphs as there are posts, each as high as one. */
async function plainPage(page: Page): Promise<void> {
  await page.evaluate((count) => {
    document.body.replaceChildren(
      ...Array.from({ length: count }, (_, index) => {
        const paragraph = document.createElement("p");
        paragraph.textContent = `Paragraph ${index}. ${"Rain in the morning, sun after noon. ".repeat(6)}`;
        return paragraph;
      }),
    );
  }, ROWS);
}

function summary(frames: Frames): string {
  const { deltas, tasks } = frames;
  const [p50, p99, longest] = [0.5, 0.99, 1].map((p) => quantile(deltas, p).toFixed(1));
  const [half, most] = [0.5, 0.99].map((p) =>
    quantile(
      tasks.filter(isFrame).map(({ cpu }) => cpu),
      p,
    ).toFixed(1),
  );
  const costs = `a frame takes ${half} ms of processor, p99 ${most} ms`;
  const rate = `${rateOf(frames).toFixed(1)} frames a second, p50 ${p50} ms, p99 ${p99} ms, longest ${longest} ms`;
  return `${rate}; ${costs}; costliest task ${told(costliestOf(tasks))}`;
}

/** Whether the browser drew a frame in this task. */
function isFrame({ parts }: Task): boolean {
  return parts.some((part) => part.startsWith("FireAnimationFrame") || part.startsWith("Commit"));
}

function rateOf({ deltas }: Frames): number {
  return 1_000 / (deltas.reduce((sum, delta) => sum + delta, 0) / deltas.length);
}

function longestOf({ deltas }: Frames): number {
  return Math.max(...deltas);
}

async function benchScroll(context: HarnessContext): Promise<BenchResult[]> {
  const site = await Site.open(context);
  const browser = await site.browser();
  await site.fill(browser, { envelopes: ROWS, authors: AUTHORS, home: HOME, together: true, now: Date.now() });
  const page = await site.visit(browser);
  await page.locator("[role=feed] article").first().waitFor();
  // What a start does beside the feed is another bench's.
  await settled(page);

  const growing = await scroll(page, SPEED, PART);
  context.log(`while it grows: ${summary(growing)}`);
  await loadAll(page);
  const parts: Frames[] = [];
  for (const place of [0, 0.5, 0.95]) {
    await page.evaluate((part) => window.scrollTo(0, document.documentElement.scrollHeight * part), place);
    await settled(page);
    parts.push(await scroll(page, SPEED, PART));
    context.log(`from ${place * 100}% of ${ROWS}: ${summary(parts.at(-1) as Frames)}`);
  }
  const whole: Frames = {
    deltas: parts.flatMap(({ deltas }) => deltas),
    tasks: parts.flatMap(({ tasks }) => tasks),
  };
  const bare = await site.visitBare(browser);
  await bare.waitForLoadState("load");
  await plainPage(bare);
  // To lay all of them out for the first time is no part of scrolling.
  await settled(bare);
  const plain = await scroll(bare, SPEED, PART);
  context.log(`plain paragraphs: ${summary(plain)}`);
  await browser.close();

  const kept = (name: string, value: number, ofPlain: number): BenchResult => ({
    name,
    value,
    unit: "ms",
    reference: `plain paragraphs: ${ofPlain.toFixed(1)} ms`,
    ratio: value / ofPlain,
    target: TARGET,
    ok: value <= TARGET,
  });
  const longest = (name: string, frames: Frames): BenchResult =>
    kept(`${name}, longest frame`, longestOf(frames), longestOf(plain));
  const costliest = (name: string, { tasks }: Frames): BenchResult =>
    kept(`${name}, processor time of the costliest task`, costliestOf(tasks).cpu, costliestOf(plain.tasks).cpu);
  return [
    longest("scrolling a feed of 10,000", whole),
    costliest("scrolling a feed of 10,000", whole),
    longest("scrolling a feed that grows", growing),
    costliest("scrolling a feed that grows", growing),
    {
      name: "scrolling a feed of 10,000, frame rate",
      value: rateOf(whole),
      unit: "frames/s",
      reference: `plain paragraphs: ${rateOf(plain).toFixed(1)} frames/s`,
      ratio: rateOf(whole) / rateOf(plain),
      // Half the rate of the display is what software rendering on two cores has to keep.
      target: 30,
      ok: rateOf(whole) >= 30,
    },
  ];
}

export const benches: NodeBench[] = [{ name: "app-scroll", run: benchScroll }];
