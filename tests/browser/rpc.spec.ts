import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { BrowserContext, Page } from "@playwright/test";
import { build, preview, type PreviewServer } from "vite";
import { expect, test } from "./fixtures.ts";
import type { RpcHarness } from "./rpc-harness/page.ts";
import { crash } from "./tabs.ts";

declare global {
  interface Window {
    rpc: RpcHarness;
  }
}

/** How a worker can die in a real browser, and what of the browser's help the page is left with. */
const HARNESS = path.join(import.meta.dirname, "rpc-harness");
let outDir: string;
let server: PreviewServer;
let url: string;

test.beforeAll(async () => {
  outDir = await mkdtemp(path.join(tmpdir(), "mehr-rpc-"));
  const configFile = path.join(HARNESS, "vite.config.ts");
  await build({ configFile, build: { outDir } });
  server = await preview({ configFile, build: { outDir }, preview: { port: 0, host: "localhost" } });
  url = server.resolvedUrls!.local[0]!;
});

test.afterAll(async () => {
  await server.close();
  await rm(outDir, { recursive: true });
});

async function open(context: BrowserContext, state: string): Promise<Page> {
  const page = await context.newPage();
  page.on("pageerror", (error) => expect.soft(error, "uncaught in the page").toBeUndefined());
  await page.goto(url);
  await reaches(page, state);
  return page;
}

async function reaches(page: Page, state: string): Promise<void> {
  await expect.poll(() => page.evaluate(() => window.rpc.stateNow())).toBe(state);
}

/** Begins a call that the peer never answers; `outcome` tells how it ends. */
async function beginCall(page: Page, name: "createIdentity" | "deleteEverything"): Promise<void> {
  await page.evaluate(async (name) => {
    const { api } = window.rpc.session;
    await api.keepWords();
    window.rpc.pending = window.rpc.codeOf(api[name]());
  }, name);
}

const outcome = (page: Page): Promise<string> => page.evaluate(() => window.rpc.pending);

/** As in a browser that does not tell when a port has closed: only the lock tells. */
async function withoutCloseEvent(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const add = EventTarget.prototype.addEventListener;
    MessagePort.prototype.addEventListener = function (this: MessagePort, ...args: Parameters<typeof add>): void {
      if (args[0] !== "close") add.apply(this, args);
    };
  });
}

for (const browser of ["that tells when a port closes", "that does not"]) {
  test.describe(`in a browser ${browser}`, () => {
    test.beforeEach(async ({ context }) => {
      if (browser === "that does not") await withoutCloseEvent(context);
    });

    test("a terminated worker rejects its calls, and the peer is started anew", async ({ context }) => {
      const page = await open(context, "running");
      await beginCall(page, "createIdentity");
      await page.evaluate(() => window.rpc.terminate());
      expect(await outcome(page)).toBe("PEER_GONE");
      await reaches(page, "failed");
      expect(await page.evaluate(() => window.rpc.codeOf(window.rpc.session.api.keepWords()))).toBe("PEER_GONE");
      await page.evaluate(() => window.rpc.session.restart());
      expect(await page.evaluate(() => window.rpc.codeOf(window.rpc.session.api.keepWords()))).toBe("resolved");
    });

    test("a worker that ends by itself rejects its calls", async ({ context }) => {
      const page = await open(context, "running");
      await beginCall(page, "createIdentity");
      const [worker] = page.workers();
      const ended = new Promise((resolve) => worker!.once("close", resolve));
      // In a task of its own, since a worker that has ended answers nothing.
      await worker!.evaluate(() => void setTimeout(() => self.close(), 0));
      await ended;
      expect(await outcome(page)).toBe("PEER_GONE");
      await reaches(page, "failed");
    });

    test("a worker terminated in the midst of work rejects its calls", async ({ context }) => {
      const page = await open(context, "running");
      await beginCall(page, "deleteEverything");
      await page.evaluate(() => window.rpc.terminate());
      expect(await outcome(page)).toBe("PEER_GONE");
    });
  });
}

test("a peer that hangs can be started anew, after the one before has died", async ({ context }) => {
  const page = await open(context, "running");
  await beginCall(page, "deleteEverything");
  await page.evaluate(() => window.rpc.session.restart());
  expect(await outcome(page)).toBe("PEER_GONE");
  expect(await page.evaluate(() => window.rpc.codeOf(window.rpc.session.api.keepWords()))).toBe("resolved");
  // The one before is busy until the browser ends it by force.
  await expect.poll(() => page.workers().length).toBe(1);
});

test("what a listener throws is an uncaught error of the page, and the rest goes on", async ({ context }) => {
  const page = await context.newPage();
  const uncaught: string[] = [];
  page.on("pageerror", (error) => uncaught.push(error.message));
  await page.goto(url);
  await reaches(page, "running");
  await page.evaluate(() =>
    window.rpc.session.api.watch("status", {}, () => {
      throw new Error("in the listener");
    }),
  );
  await expect.poll(() => uncaught).toEqual(["in the listener"]);
  expect(await page.evaluate(() => window.rpc.codeOf(window.rpc.session.api.keepWords()))).toBe("resolved");
});

test("live queries go on over a restart", async ({ context }) => {
  const page = await open(context, "running");
  const seen = await page.evaluate(async () => {
    const values: number[] = [];
    await window.rpc.session.api.watch("status", {}, ({ value }) => values.push(value.peers));
    await window.rpc.session.restart();
    await window.rpc.session.api.keepWords();
    return values;
  });
  expect(seen).toEqual([1, 1]);
});

test("tabs of one origin have one peer, and hand it over", async ({ context }) => {
  const one = await open(context, "running");
  const two = await open(context, "view");
  expect(await two.evaluate(() => window.rpc.codeOf(window.rpc.session.api.keepWords()))).toBe("resolved");
  expect(two.workers()).toEqual([]);

  await two.evaluate(() => window.rpc.session.takeOver());
  await reaches(one, "view");
  expect(one.workers()).toEqual([]);
  expect(two.workers()).toHaveLength(1);

  await two.close();
  await reaches(one, "running");
  expect(await one.evaluate(() => window.rpc.states)).toEqual([
    "starting",
    "running",
    "starting",
    "view",
    "starting",
    "running",
  ]);
});

test("a peer that is started anew gets what the pages keep for it, a key too, and views follow", async ({
  context,
}) => {
  const one = await open(context, "running");
  const two = await open(context, "view");
  await two.evaluate(() => window.rpc.session.api.lock());
  for (const page of [one, two]) {
    await expect.poll(() => page.evaluate(() => window.rpc.states.length)).toBeGreaterThan(3);
    const kept = await page.evaluate(async () => {
      const key: unknown = await window.rpc.session.api.normaliseScope({ kind: "geo", text: "" });
      return key instanceof CryptoKey && !key.extractable;
    });
    expect(kept).toBe(true);
  }
  await one.close();
  await reaches(two, "running");
  const remembered = await two.evaluate(
    async () =>
      ((await window.rpc.session.api.normaliseScope({ kind: "geo", text: "" })) as unknown) instanceof CryptoKey,
  );
  expect(remembered).toBe(true);
});

test("a tab whose renderer crashed leaves the peer to another", async ({ context }) => {
  const one = await open(context, "running");
  const two = await open(context, "view");
  await crash(one);
  await reaches(two, "running");
});

test("browsers of two people have a peer each", async ({ browser }) => {
  const contexts = await Promise.all([browser.newContext(), browser.newContext()]);
  await Promise.all(contexts.map((context) => open(context, "running")));
  await Promise.all(contexts.map((context) => context.close()));
});

test("a peer that dials and dials does not run into the browser's limit of 500 connections", async ({ context }) => {
  const page = await open(context, "running");
  expect(await page.evaluate(() => window.rpc.churn(1_200))).toBe(0);
});
