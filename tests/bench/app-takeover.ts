/**
 * How long a tab waits when the tab that runs the peer is closed: until calls are answered again, and until there is a direct
 * link again over which the feed is live. The tab asks all the time; the longest that a call took is what its person noticed.
 * Beside it: what a call takes while nothing happens.
 */
import type { Page } from "@playwright/test";
import { linked, meets, valueOf } from "../browser/people.ts";
import { Site } from "./app-site.ts";
import type { HarnessContext, NodeBench } from "./harness.ts";
import { median, quantile } from "./quantile.ts";
import type { BenchResult } from "./types.ts";

const RUNS = 10;
const TARGETS = { answered: 1_000, linked: 5_000 };
/** What a link may take that never comes, so that the bench ends. */
const GIVE_UP = 60_000;
/** Calls are asked for this long before and after, milliseconds. */
const CALM = 500;

interface Takeover {
  /** The longest that a call took, milliseconds. */
  readonly answered: number;
  /** From then until the first link, milliseconds. */
  readonly linked: number;
  /** What the other calls took. */
  readonly calm: number;
}

/** Asks for as long as it takes until the peer has been away and is linked again. */
function watchTakeover(page: Page): Promise<Takeover> {
  return page.evaluate(
    async ([calm, giveUp]) => {
      const took: number[] = [];
      let longest = 0;
      let goneAt = 0;
      /** By the peer that has taken over: the one before said last that it had links. */
      const news = { alone: false, linkedAt: 0 };
      const watching = await window.mehr.watch("status", {}, ({ value }) => {
        if (value.peers === 0) news.alone = true;
        else if (news.alone && news.linkedAt === 0) news.linkedAt = performance.now();
      });
      const began = performance.now();
      while (news.linkedAt === 0 || performance.now() < news.linkedAt + calm) {
        const asked = performance.now();
        if (asked - began > giveUp) throw new Error("nobody took the peer over, or it found no link");
        await window.mehr.normaliseScope({ kind: "geo", text: "here" });
        const waited = performance.now() - asked;
        took.push(waited);
        if (waited > longest) [longest, goneAt] = [waited, asked];
        await new Promise((resolve) => {
          setTimeout(resolve, 4);
        });
      }
      await watching.close();
      took.sort((a, b) => a - b);
      return { answered: longest, linked: news.linkedAt - goneAt, calm: took[Math.floor(took.length / 2)] ?? 0 };
    },
    [CALM, GIVE_UP] as const,
  );
}

async function benchTakeover(context: HarnessContext): Promise<BenchResult[]> {
  const site = await Site.open(context);
  const [neighbour] = (await site.crowd(1)) as [Page];
  const browser = await site.browser();
  let leader = await site.visit(browser);
  const { home } = await valueOf(leader, "settings");
  await Promise.all([meets(neighbour, home), meets(leader, home)]);
  const takeovers: Takeover[] = [];
  for (let run = 0; run < RUNS; run++) {
    const view = await site.visit(browser);
    await linked(view);
    const taken = watchTakeover(view);
    await new Promise((resolve) => {
      setTimeout(resolve, CALM);
    });
    await leader.close();
    takeovers.push(await taken);
    leader = view;
    const last = takeovers.at(-1);
    context.log(
      `run ${run + 1}: answered after ${last?.answered.toFixed(0)} ms, linked after ${last?.linked.toFixed(0)} ms`,
    );
  }
  const calm = median(takeovers.map((takeover) => takeover.calm));
  const result = (name: string, values: readonly number[], target: number): BenchResult => {
    const value = median([...values]);
    context.log(`${name}: p95 ${quantile([...values], 0.95).toFixed(0)} ms`);
    return {
      name: `takeover by another tab, ${name}, p50`,
      value,
      unit: "ms",
      reference: `a call while nothing happens: ${calm.toFixed(1)} ms`,
      ratio: value / calm,
      target,
      ok: value <= target,
    };
  };
  return [
    result(
      "leader closed until calls are answered",
      takeovers.map((takeover) => takeover.answered),
      TARGETS.answered,
    ),
    result(
      "leader closed until linked again",
      takeovers.map((takeover) => takeover.linked),
      TARGETS.linked,
    ),
  ];
}

export const benches: NodeBench[] = [{ name: "app-takeover", run: benchTakeover }];
