import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type BrowserContext, chromium, expect, test } from "@playwright/test";
import { build, preview, type PreviewServer } from "vite";
import { findChromium } from "../../scripts/chromium.mjs";
import { FLAGS } from "./flags.ts";
import type { PeerHarness } from "./peer-harness/page.ts";

declare global {
  interface Window {
    peerHarness: PeerHarness;
  }
}

/** A disk that is full, as Chromium has it: deleting what is no file of its own frees nothing that could be written to. */
const HARNESS = path.join(import.meta.dirname, "peer-harness");
const QUOTA = 12_000_000;

let folder: string;
let server: PreviewServer;
let context: BrowserContext;

test.beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "mehr-quota-"));
  const configFile = path.join(HARNESS, "vite.config.ts");
  const outDir = path.join(folder, "site");
  await build({ configFile, build: { outDir } });
  server = await preview({ configFile, build: { outDir }, preview: { port: 0, host: "localhost" } });
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

test("a peer whose disk is full drops what it has fetched, keeps what is its own, and goes on", async () => {
  const page = await context.newPage();
  page.on("pageerror", (error) => expect.soft(error, "uncaught in the page").toBeUndefined());
  const url = server.resolvedUrls!.local[0]!;
  const devtools = await context.newCDPSession(page);
  // Before the first write: Chromium keeps what it knows of the room that is left for a while.
  await devtools.send("Storage.overrideQuotaForOrigin", { origin: new URL(url).origin, quotaSize: QUOTA });
  await page.goto(url);
  for (let post = 0; post < 10; post += 1) expect(await page.evaluate(() => window.peerHarness.publish())).toBeNull();
  for (let round = 0; round < 3; round += 1) {
    // Fetched until some of it had to go: the files are gone somewhat later, so the last one may not have been stored.
    const { code, held, stored } = await page.evaluate(() => window.peerHarness.fill());
    expect([null, "STORE_QUOTA"], `round ${round}`).toContain(code);
    expect(held).toBeLessThan(stored);
    for (let post = 0; post < 20; post += 1) {
      expect(await page.evaluate(() => window.peerHarness.publish()), `round ${round}, post ${post}`).toBeNull();
    }
    expect(await page.evaluate(() => window.peerHarness.check())).toEqual([]);
    await page.evaluate(() => window.peerHarness.restart());
    expect(await page.evaluate(() => window.peerHarness.check()), "after a new start").toEqual([]);
  }
});
