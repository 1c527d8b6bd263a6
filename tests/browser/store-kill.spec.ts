import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type BrowserContext, chromium, expect, test } from "@playwright/test";
import { build, preview, type PreviewServer } from "vite";
import { findChromium } from "../../scripts/chromium.mjs";
import { FLAGS } from "./flags.ts";
import { chance } from "../store/mutations.ts";
import type { PeerHarness } from "./peer-harness/page.ts";

declare global {
  interface Window {
    peerHarness: PeerHarness;
  }
}

/** A worker that is ended while it writes: the browser kills it between two instructions, whatever it is doing. */
const HARNESS = path.join(import.meta.dirname, "peer-harness");
const KILLS = 50;
/** Long enough for some commits, short enough that the end often comes in the middle of the first. */
const SHORTEST = 20;
const LONGEST = 500;

let folder: string;
let server: PreviewServer;
let context: BrowserContext;

test.beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "mehr-kill-"));
  const configFile = path.join(HARNESS, "vite.config.ts");
  const outDir = path.join(folder, "site");
  await build({ configFile, build: { outDir } });
  server = await preview({ configFile, build: { outDir }, preview: { port: 0, host: "localhost" } });
  // A profile on a disk: without one IndexedDB is kept in memory.
  context = await chromium.launchPersistentContext(path.join(folder, "profile"), {
    executablePath: await findChromium(),
    args: FLAGS,
  });
});

test.afterAll(async () => {
  await context.close();
  await server.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

test("a peer that is ended in the middle of a write, 50 times, keeps all that it had said was kept", async () => {
  test.setTimeout(240_000);
  const page = await context.newPage();
  page.on("pageerror", (error) => expect.soft(error, "uncaught in the page").toBeUndefined());
  await page.goto(server.resolvedUrls!.local[0]!);
  const next = chance(20_261_121);
  const sum = { saved: 0, published: 0, envelopes: 0 };
  for (let kill = 0; kill < KILLS; kill += 1) {
    const life = SHORTEST + Math.floor(next() ** 2 * (LONGEST - SHORTEST));
    const round = await page.evaluate(([seed, ms]) => window.peerHarness.round(seed!, ms!), [kill, life]);
    expect(round.wrong, `after ${life} ms of life ${kill}`).toEqual([]);
    sum.saved += round.saved;
    sum.published += round.published;
    sum.envelopes = round.envelopes;
  }
  // It was really writing when it was ended.
  expect(sum.saved).toBeGreaterThan(KILLS);
  expect(sum.published).toBeGreaterThan(KILLS);
  expect(sum.envelopes).toBeGreaterThan(sum.published + KILLS);
});
