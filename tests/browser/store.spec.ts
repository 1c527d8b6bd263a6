import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type BrowserContext, chromium, expect, type Page, test } from "@playwright/test";
import { build, preview, type PreviewServer } from "vite";
import { findChromium } from "../../scripts/chromium.mjs";
import { FLAGS } from "./flags.ts";
import type { StoreHarness } from "./store-harness/page.ts";

declare global {
  interface Window {
    storeHarness: StoreHarness;
  }
}

/** The store over a real IndexedDB on a disk: what a simulated one cannot vouch for. */
const HARNESS = path.join(import.meta.dirname, "store-harness");
const folders: string[] = [];
let server: PreviewServer;
let url: string;
let context: BrowserContext;

async function folder(): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), "mehr-store-"));
  folders.push(made);
  return made;
}

test.beforeAll(async () => {
  const configFile = path.join(HARNESS, "vite.config.ts");
  const outDir = await folder();
  await build({ configFile, build: { outDir } });
  server = await preview({ configFile, build: { outDir }, preview: { port: 0, host: "localhost" } });
  url = server.resolvedUrls!.local[0]!;
});

test.afterAll(async () => {
  await server.close();
  await Promise.all(folders.map((made) => rm(made, { recursive: true, force: true, maxRetries: 5 })));
});

test.beforeEach(async () => {
  // Contexts without a folder of their own keep IndexedDB in memory.
  context = await chromium.launchPersistentContext(await folder(), {
    executablePath: await findChromium(),
    args: FLAGS,
  });
});

test.afterEach(async () => {
  await context.close();
});

async function open(): Promise<Page> {
  const page = await context.newPage();
  page.on("pageerror", (error) => expect.soft(error, "uncaught in the page").toBeUndefined());
  await page.goto(url);
  return page;
}

test("passes the acceptance suite of stores", async () => {
  const page = await open();
  const names = await page.evaluate(() => window.storeHarness.cases);
  expect(names.length).toBeGreaterThan(10);
  for (const name of names) {
    await test.step(name, async () => {
      expect(await page.evaluate((name) => window.storeHarness.runCase(name), name)).toBeNull();
    });
  }
});

test("loses nothing that was acknowledged when the page crashes", async () => {
  let page = await open();
  for (const least of [40, 300]) {
    await page.evaluate(async () => {
      await window.storeHarness.open();
      void window.storeHarness.writeForever();
    });
    await expect.poll(() => page.evaluate(() => window.storeHarness.written)).toBeGreaterThan(least);
    const written = await page.evaluate(() => window.storeHarness.written);
    const crashed = page.waitForEvent("crash");
    const devtools = await context.newCDPSession(page);
    devtools.send("Page.crash").catch(() => undefined);
    await crashed;
    page = await open();
    await page.evaluate(() => window.storeHarness.open());
    const held = await page.evaluate((count) => window.storeHarness.heldOf(count), written);
    expect(held).toMatchObject({ intact: written, damaged: 0 });
    // Each batch was kept with its setting or not at all.
    expect(held.rows).toBe((held.last as number) + 2);
    await page.reload();
  }
});

test("says so when there is no room, keeps nothing of that batch, and goes on when there is room again", async () => {
  const page = await open();
  const devtools = await context.newCDPSession(page);
  const origin = new URL(url).origin;
  // Before the first write: Chromium keeps what it knows of the room that is left for a while.
  await devtools.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1_000_000 });
  await page.evaluate(() => window.storeHarness.open());
  expect(await page.evaluate(() => window.storeHarness.writeObject(1, 100_000))).toBeNull();
  expect(await page.evaluate(() => window.storeHarness.writeObject(2, 3_000_000))).toBe("STORE_QUOTA");
  expect(await page.evaluate(() => window.storeHarness.holdsObject(2))).toEqual([false, null]);
  expect(await page.evaluate(() => window.storeHarness.holdsObject(1))).toEqual([true, 100_000]);
  await devtools.send("Storage.overrideQuotaForOrigin", { origin });
  expect(await page.evaluate(() => window.storeHarness.writeObject(2, 3_000_000))).toBeNull();
  expect(await page.evaluate(() => window.storeHarness.holdsObject(2))).toEqual([true, 3_000_000]);
});

test("stops a tab that thaws from writing beside the one that has taken over", async () => {
  const frozen = await open();
  await frozen.evaluate(() => window.storeHarness.open());
  expect(await frozen.evaluate(() => window.storeHarness.writeObject(1, 1_000))).toBeNull();
  const current = await open();
  await current.evaluate(() => window.storeHarness.open());
  const closed = frozen.evaluate(() => window.storeHarness.closed());
  expect(await frozen.evaluate(() => window.storeHarness.writeObject(2, 1_000))).toBe("STORE_CLOSED");
  expect(await closed).toBe("replaced");
  expect(await current.evaluate(() => window.storeHarness.holdsObject(1))).toEqual([true, 1_000]);
  expect(await current.evaluate(() => window.storeHarness.holdsObject(2))).toEqual([false, null]);
  expect(await current.evaluate(() => window.storeHarness.writeObject(3, 1_000))).toBeNull();
});

test("lets another tab delete everything, and notices", async () => {
  const [one, other] = [await open(), await open()];
  await one.evaluate(() => window.storeHarness.open());
  await other.evaluate(() => window.storeHarness.open());
  const closed = one.evaluate(() => window.storeHarness.closed());
  await other.evaluate(() => window.storeHarness.destroy());
  expect(await closed).toBe("replaced");
  await one.evaluate(() => window.storeHarness.open());
  expect(await one.evaluate(() => window.storeHarness.heldOf(1))).toMatchObject({ rows: 0, intact: 0 });
});

test("notices when the person clears the data of the site", async () => {
  const page = await open();
  await page.evaluate(() => window.storeHarness.open());
  const closed = page.evaluate(() => window.storeHarness.closed());
  const devtools = await context.newCDPSession(page);
  await devtools.send("Storage.clearDataForOrigin", { origin: new URL(url).origin, storageTypes: "indexeddb" });
  expect(await closed).toBe("terminated");
});
