/** The app without a network, and one version of it after another. */
import { cp, mkdtemp, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Page } from "@playwright/test";
import { expect, test, until } from "./fixtures.ts";

const BUILT = path.resolve(import.meta.dirname, "../../dist/app");

/** The service worker of the page's app is active and every file of the app is in its cache. */
async function installed(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated");
}

/** The app has drawn something. */
const drawn = (page: Page): Promise<unknown> => page.waitForSelector("#app > *");

/** A copy of the built app that a test may change. */
async function copyOfApp(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "mehr-app-"));
  await cp(BUILT, folder, { recursive: true });
  return folder;
}

test("opens without a network from a cold start, at every address", async ({ ownProcess, serve }) => {
  const server = await serve();
  const own = await ownProcess();
  const first = await own.context.newPage();
  await first.goto(server.url);
  await installed(first);
  await server.stop();

  const context = await own.relaunch();
  for (const address of ["", "settings", "s/g/europe/nl/utrecht", "p/00ff?from=elsewhere"]) {
    const page = await context.newPage();
    await page.goto(`${server.url}${address}`);
    await drawn(page);
    expect(new URL(page.url()).pathname).toBe(new URL(address, server.url).pathname);
    // What the site said last about its relays.
    const config = await page.evaluate(async () => (await (await fetch("config.json")).json()) as unknown);
    expect(config).toEqual({ relays: ["relay"] });
    await page.close();
  }
});

test("lies under a path of a static host, with deep links, and opens there without a network", async ({
  ownProcess,
  serve,
}) => {
  // What a static host does: files, and 404.html for everything else.
  const site = await mkdtemp(path.join(tmpdir(), "mehr-site-"));
  await cp(BUILT, path.join(site, "mehr"), { recursive: true });
  for (const name of ["index.html", "404.html"]) {
    const file = path.join(site, "mehr", name);
    await writeFile(file, (await readFile(file, "utf8")).replace('<base href="/" />', '<base href="/mehr/" />'));
  }
  await cp(path.join(site, "mehr", "404.html"), path.join(site, "index.html"));
  const server = await serve({ root: site });
  const own = await ownProcess();
  const page = await own.context.newPage();
  await page.goto(`${server.url}mehr/settings`);
  await drawn(page);
  await installed(page);
  expect(await page.evaluate(async () => (await navigator.serviceWorker.ready).scope)).toBe(`${server.url}mehr/`);
  await server.stop();

  const again = await (await own.relaunch()).newPage();
  await again.goto(`${server.url}mehr/network`);
  await drawn(again);
  await rm(site, { recursive: true });
});

test("a new version waits for the person's word, and the old one stays whole until then", async ({ visit, serve }) => {
  const oldApp = await copyOfApp();
  const newApp = await copyOfApp();
  // One file of the new version has other content and therefore another name; the old name is gone from the server.
  const before = (await readdir(path.join(newApp, "assets"))).find((name) => /^network-.*\.js$/.test(name)) ?? "";
  const after = before.replace(/-.*\.js$/, "-00000000.js");
  await rename(path.join(newApp, "assets", before), path.join(newApp, "assets", after));
  for (const name of await readdir(path.join(newApp, "assets"))) {
    if (!name.endsWith(".js")) continue;
    const file = path.join(newApp, "assets", name);
    await writeFile(file, (await readFile(file, "utf8")).replaceAll(before, after));
  }
  const index = path.join(newApp, "index.html");
  await writeFile(index, (await readFile(index, "utf8")).replace("<html", '<html data-version="2"'));
  const worker = path.join(newApp, "service.js");
  const listed = (await readFile(worker, "utf8")).replaceAll(before, after);
  await writeFile(worker, listed.replace(/(url:"index\.html",revision:")|("index\.html","revision":")/, "$&2"));
  expect(listed).toContain(after);

  const oldServer = await serve({ root: oldApp });
  const first = await visit("/", { server: oldServer });
  await installed(first);
  const second = await first.context().newPage();
  await second.goto(`${oldServer.url}settings`);
  await drawn(second);
  await oldServer.stop();

  await serve({ root: newApp, port: Number(new URL(oldServer.url).port) });
  await first.evaluate(async () => {
    await (await navigator.serviceWorker.ready).update();
  });
  await first.waitForFunction(async () => (await navigator.serviceWorker.ready).waiting !== null);

  // Old pages, and pages opened now, are of the old version, whole: what they load by need comes from their own cache.
  const third = await first.context().newPage();
  await third.goto(oldServer.url);
  await drawn(third);
  for (const page of [first, second, third]) {
    expect(await page.evaluate(() => document.documentElement.dataset["version"])).toBeUndefined();
    const status = await page.evaluate(async (name) => (await fetch(`assets/${name}`)).status, before);
    expect(status).toBe(200);
  }

  // The tab that runs the peer offers it (the others say that they rest), and one word is enough for all of them.
  await expect(first.getByRole("heading", { name: "A new version is ready" })).toBeVisible();
  await first.getByRole("button", { name: "Use it now" }).click();
  for (const page of [first, second, third]) {
    await page.waitForFunction(() => document.documentElement.dataset["version"] === "2");
    await drawn(page);
  }
  await Promise.all([rm(oldApp, { recursive: true }), rm(newApp, { recursive: true })]);
});

test("caches the app and nothing else", async ({ visit, server }) => {
  const page = await visit("/");
  await installed(page);
  await page.evaluate(async () => {
    await fetch("relay/status");
    await fetch("not-there");
  });
  const cached = await until("the site's configuration in the cache", async () => {
    const urls = await page.evaluate(async () => {
      const all: string[] = [];
      for (const name of await caches.keys()) {
        const requests = await (await caches.open(name)).keys();
        all.push(...requests.map((request) => request.url));
      }
      return all;
    });
    return urls.some((url) => url.endsWith("/config.json")) && urls;
  });
  const files = (await readdir(BUILT, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(BUILT, path.join(entry.parentPath, entry.name)));
  const uncached = new Set(["service.js", "404.html", "icons/apple-touch-icon.png"]);
  expect(cached.toSorted()).toEqual(
    files
      .filter((file) => !uncached.has(file))
      .map((file) => new URL(file, server.url).href)
      .toSorted(),
  );
});

test("is installable, says Chromium", async ({ visit, server }) => {
  const page = await visit("/");
  await installed(page);
  const session = await page.context().newCDPSession(page);
  const manifest = await session.send("Page.getAppManifest");
  expect(manifest.errors).toEqual([]);
  expect(manifest.url).toBe(`${server.url}manifest.webmanifest`);
  const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
  // A context of a test is what Chromium calls incognito, and only that stands in the way.
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito")).toEqual([]);
});
