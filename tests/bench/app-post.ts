/**
 * How long a post takes from the call that publishes it in one browser until its card is on the screen of another. Both are
 * processes of their own with profiles on disk. Beside it, in turn: a bare message over a data channel between the same
 * two pages, put on the screen in the same way; what is over that is what the product does.
 */
import type { Page } from "@playwright/test";
import { meets, valueOf } from "../browser/people.ts";
import { SEEN_MARK } from "./app-probe.ts";
import { clockOffset, openWire, sendOverWire } from "./app-wire.ts";
import { Site } from "./app-site.ts";
import type { HarnessContext, NodeBench } from "./harness.ts";
import { seededBytes } from "./material.ts";
import { quantile } from "./quantile.ts";
import type { BenchResult } from "./types.ts";

const WARM_UP = 5;
const POSTS = 80;
/** Milliseconds between two posts: between these. Faster than people write, slower than the feed's pace of ten a second. */
const PAUSE = { least: 300, most: 1_100 };
const TARGETS = { p50: 150, p95: 500 };

interface Sent {
  readonly hash: string;
  /** Milliseconds since 1970, when the call began. */
  readonly at: number;
}

function publish(page: Page, home: string, index: number): Promise<Sent> {
  const text = `The text of post number ${index}. `.repeat(20);
  const draft = { headline: `Post number ${index}`, summary: "", text, scopes: [home], replyTo: null, updated: 0 };
  return page.evaluate(async (given) => {
    const at = window.benchProbe.now();
    const { hash } = await window.mehr.publish({ ...given, id: crypto.randomUUID() });
    return { hash, at };
  }, draft);
}

/** Milliseconds since 1970, by the clock of this page, when the card was on screen. */
function shownAt(page: Page, hash: string): Promise<number> {
  return page.evaluate(async (name) => performance.timeOrigin + (await window.benchProbe.seen(name)), hash);
}

async function benchPost(context: HarnessContext): Promise<BenchResult[]> {
  const site = await Site.open(context);
  const browsers = [await site.browser(), await site.browser()];
  const [writer, reader] = (await Promise.all(browsers.map((browser) => site.visit(browser)))) as [Page, Page];
  const { home } = await valueOf(writer, "settings");
  await Promise.all([meets(writer, home), meets(reader, home)]);
  await openWire(writer, reader, SEEN_MARK);
  const offset = await clockOffset(writer);
  context.log(`the clocks of the two pages differ by ${offset.toFixed(2)} ms, which is taken off`);

  const pauses = seededBytes(WARM_UP + POSTS);
  const posts: number[] = [];
  const bare: number[] = [];
  for (let index = 0; index < WARM_UP + POSTS; index++) {
    const sent = await publish(writer, home, index);
    const post = (await shownAt(reader, sent.hash)) - sent.at - offset;
    const message = await sendOverWire(writer, `bare-${index}`);
    const reference = (await shownAt(reader, `bare-${index}`)) - message - offset;
    if (index >= WARM_UP) {
      posts.push(post);
      bare.push(reference);
    }
    await writer.waitForTimeout(PAUSE.least + ((pauses[index] as number) / 256) * (PAUSE.most - PAUSE.least));
  }
  const results = (["p50", "p95"] as const).map((name): BenchResult => {
    const p = name === "p50" ? 0.5 : 0.95;
    const value = quantile(posts, p);
    const against = quantile(bare, p);
    return {
      name: `post in one browser, visible in the other, ${name}`,
      value,
      unit: "ms",
      reference: `bare data channel message, painted: ${against.toFixed(1)} ms`,
      ratio: value / against,
      target: TARGETS[name],
      ok: value <= TARGETS[name],
    };
  });
  context.log(
    `${POSTS} posts: ${[0.05, 0.25, 0.5, 0.75, 0.95, 1].map((p) => quantile(posts, p).toFixed(0)).join(" ")} ms`,
  );
  await Promise.all(browsers.map((browser) => browser.close()));
  return results;
}

export const benches: NodeBench[] = [{ name: "app-post", run: benchPost }];
