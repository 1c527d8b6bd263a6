/** The app without a network, and one version of it after another. */
import { cp, mkdtemp, readdir, readFile, rm, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Page } from "@playwright/test";
import { expect, test, until, type TestFixtures } from "./fixtures.ts";
import {
  becomeVersion,
  breakStart,
  BUILT,
  copyOfApp,
  drawn,
  installed,
  newVersionWaits,
  removeApps,
  VERSION_OF,
  versionIs,
} from "./versions.ts";

test.use({ keepsApp: true });

/** Names of the caches that hold a version of the app. */
const shells = (page: Page): Promise<string[]> =>
  page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith("mehr shell ")));

/** A first tab with all that the app needs kept, and the settings in a second one, of a version that has a successor. */
async function twoTabs({ serve, visit }: Pick<TestFixtures, "serve" | "visit">) {
  const newApp = await copyOfApp();
  await becomeVersion(newApp, 2);
  const oldServer = await serve();
  const first = await visit("/", { server: oldServer });
  await installed(first);
  const second = await first.context().newPage();
  await second.goto(`${oldServer.url}settings`);
  await drawn(second);
  return { first, second, newApp, oldServer };
}

const portOf = ({ url }: { readonly url: string }): number => Number(new URL(url).port);

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
  const before = await becomeVersion(newApp, 2);
  const oldServer = await serve({ root: oldApp });
  const first = await visit("/", { server: oldServer });
  await installed(first);
  const second = await first.context().newPage();
  await second.goto(`${oldServer.url}settings`);
  await drawn(second);
  await oldServer.stop();

  await serve({ root: newApp, port: portOf(oldServer) });
  await newVersionWaits(first);

  // Old pages, and pages opened now, are of the old version, whole: what they load by need comes from their own cache.
  const third = await first.context().newPage();
  await third.goto(oldServer.url);
  await drawn(third);
  for (const page of [first, second, third]) {
    expect(await page.evaluate(VERSION_OF)).toBeUndefined();
    const status = await page.evaluate(async (name) => (await fetch(`assets/${name}`)).status, before);
    expect(status).toBe(200);
  }

  // One word in one tab is enough for all of them.
  await expect(first.getByRole("heading", { name: "A new version is ready" })).toBeVisible();
  await first.getByRole("button", { name: "Use it now" }).click();
  for (const page of [first, second, third]) await versionIs(page, "2");
  await removeApps([oldApp, newApp]);
});

test("a new version is served although an answer that never comes keeps the old one from leaving", async ({
  visit,
  serve,
}) => {
  const { first, newApp, oldServer, second } = await twoTabs({ serve, visit });
  await oldServer.stop();
  const newServer = await serve({ root: newApp, port: portOf(oldServer) });
  await newVersionWaits(first);
  // No browser lets a new service worker in while the old one owes somebody an answer; Chromium waits five minutes for it.
  newServer.hang();
  await second.evaluate(() => {
    void fetch("not-in-the-cache");
  });
  await first.getByRole("button", { name: "Use it now" }).click();
  for (const page of [first, second]) await versionIs(page, "2");
  expect(await first.evaluate(async () => (await navigator.serviceWorker.ready).waiting?.state)).toBe("installed");

  // Nobody is asked once more, and the way out leads back.
  await first.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Settings", exact: true }).click();
  await expect(first.getByRole("heading", { name: "Settings", exact: true, level: 1 })).toBeVisible();
  await expect(first.getByRole("heading", { name: "A new version is ready" })).toHaveCount(0);
  await first.goto(`${oldServer.url}reset.html`);
  await first.getByRole("button", { name: "Go back to the version before" }).click();
  await first.waitForURL(oldServer.url);
  await drawn(first);
  expect(await first.evaluate(VERSION_OF)).toBeUndefined();
  await removeApps([newApp]);
});

test("a new version takes nothing that was typed", async ({ visit, serve }) => {
  const newApp = await copyOfApp();
  await becomeVersion(newApp, 2);
  const oldServer = await serve();
  const page = await visit("/write", { server: oldServer });
  await installed(page);
  await oldServer.stop();
  await serve({ root: newApp, port: portOf(oldServer) });
  await newVersionWaits(page);

  // Nobody is asked while writing; and what was typed the moment before is there in the new version.
  await page.getByRole("textbox", { name: "Text", exact: true }).fill("Half a sentence about the");
  await expect(page.getByRole("heading", { name: "A new version is ready" })).toHaveCount(0);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Settings", exact: true }).click();
  // Words that nothing keeps: the page stays until they are dealt with, whichever tab said the word.
  const relay = page.getByLabel("Address of a relay");
  await relay.fill("wss://relay.example.org/half");
  await page.getByRole("button", { name: "Use it now" }).click();
  await expect(page.getByRole("heading", { name: "A new version is in use" })).toBeVisible();
  expect(await page.evaluate(VERSION_OF)).toBeUndefined();
  await expect(relay).toHaveValue("wss://relay.example.org/half");
  await relay.fill("");
  await versionIs(page, "2");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Write", exact: true }).click();
  await expect(page.getByRole("textbox", { name: "Text", exact: true })).toHaveValue("Half a sentence about the");
  await removeApps([newApp]);
});

test("pages of two versions share no peer, and the older one keeps its own until its words are dealt with", async ({
  visit,
  serve,
}) => {
  const { first, newApp, oldServer, second } = await twoTabs({ serve, visit });
  const relay = second.getByLabel("Address of a relay");
  await relay.fill("wss://relay.example.org/half");
  await oldServer.stop();
  await serve({ root: newApp, port: portOf(oldServer) });
  await newVersionWaits(first);
  await first.getByRole("button", { name: "Use it now" }).click();
  await versionIs(first, "2");

  // The peer is the older page's now, since it stood in line for it; the newer page is no view of it.
  await expect(first.getByRole("heading", { level: 1, name: "Mehr is open in another tab" })).toBeVisible();
  await expect(second.getByRole("heading", { name: "A new version is in use" })).toBeVisible();
  expect(await second.evaluate(async () => (await window.mehr.words()).length)).toBe(24);
  expect(await second.evaluate(VERSION_OF)).toBeUndefined();

  await relay.fill("");
  await versionIs(second, "2");
  await expect(first.getByRole("heading", { name: "Nothing here yet" })).toBeVisible();
  for (const page of [first, second]) {
    expect(await page.evaluate(async () => (await window.mehr.words()).length)).toBe(24);
  }
  await removeApps([newApp]);
});

test("a version that does not start is left by the way out, and the next one is taken", async ({
  visit,
  serve,
  guard,
}) => {
  const [broken, repaired] = [await copyOfApp(), await copyOfApp()];
  await becomeVersion(broken, 2);
  await breakStart(broken);
  await becomeVersion(repaired, 3);
  const server = await serve();
  const page = await visit("/settings", { server });
  await installed(page);
  // The first version has started: the page has told its service worker.
  await until("the mark of a version that has started", () =>
    page.evaluate(async () => (await caches.keys()).some((name) => name.startsWith("mehr state "))),
  );
  await server.stop();

  guard.expectFault(/this version does not start/);
  const brokenServer = await serve({ root: broken, port: portOf(server) });
  await newVersionWaits(page);
  await page.getByRole("button", { name: "Use it now" }).click();
  await expect(page.getByRole("heading", { name: "Mehr could not be loaded" })).toBeVisible();
  await page.getByRole("link", { name: "Other ways out" }).click();
  // It needs no connection: the version before lies in the cache.
  await brokenServer.stop();
  await page.getByRole("button", { name: "Go back to the version before" }).click();
  await page.waitForURL(server.url);
  await drawn(page);
  expect(await page.evaluate(VERSION_OF)).toBeUndefined();
  await page.goto(`${server.url}settings`);
  await drawn(page);

  await serve({ root: repaired, port: portOf(server) });
  await newVersionWaits(page);
  await page.getByRole("button", { name: "Use it now" }).click();
  await versionIs(page, "3");
  await removeApps([broken, repaired]);
});

test("the way out loads the app anew, and keeps what the person has", async ({ visit, server }) => {
  const page = await visit("/");
  await installed(page);
  const words = await page.evaluate(async () => (await window.mehr.words()).join(" "));
  await page.evaluate(() =>
    window.mehr.saveDraft({
      id: "kept",
      headline: "",
      summary: "",
      text: "Kept over the way out",
      scopes: [],
      replyTo: null,
      updated: 1,
    }),
  );
  await page.goto(`${server.url}reset.html`);
  // A share that waits is somebody's words, too.
  await page.evaluate(async () => (await caches.open("mehr shares / ")).put("/?share=x", new Response("{}")));
  await page.getByRole("button", { name: "Load Mehr anew" }).click();
  await page.waitForURL(server.url);
  await installed(page);
  expect(await page.evaluate(async () => (await window.mehr.words()).join(" "))).toBe(words);
  await page.goto(`${server.url}write?draft=kept`);
  await expect(page.getByRole("textbox", { name: "Text", exact: true })).toHaveValue("Kept over the way out");
  expect(await page.evaluate(() => caches.has("mehr shares / "))).toBe(true);
});

test("the way out removes nothing while the host does not answer", async ({ visit, serve }) => {
  const server = await serve();
  const page = await visit("/", { server });
  await installed(page);
  await server.stop();
  await page.goto(`${server.url}reset.html`);
  await page.getByRole("button", { name: "Load Mehr anew" }).click();
  await expect(page.getByRole("status")).toContainText("There is no connection now");
  await page.getByRole("button", { name: "Go back to the version before" }).click();
  await expect(page.getByRole("status")).toContainText("There is no version before this one");
  await page.getByRole("link", { name: "Open Mehr" }).click();
  await drawn(page);
});

test("an installation that is cut off leaves nothing half cached, and the next visit makes up for it", async ({
  visit,
  serve,
}) => {
  const app = await copyOfApp();
  const missing = (await readdir(path.join(app, "assets"))).find((name) => /^network-.*\.js$/.test(name)) ?? "";
  const server = await serve({ root: app });
  const file = path.join(app, "assets", missing);
  const content = await readFile(file);
  await server.stop();
  await unlink(file);
  const without = await serve({ root: app, port: portOf(server) });
  const page = await visit("/settings", { server: without });
  await expect(page.locator('[data-offline="refused"]')).toBeVisible();
  expect(await shells(page)).toEqual([]);
  expect(await page.evaluate(() => navigator.serviceWorker.controller)).toBeNull();
  await without.stop();

  await writeFile(file, content);
  await serve({ root: app, port: portOf(server) });
  await page.reload();
  await installed(page);
  expect(await shells(page)).toHaveLength(1);
  await removeApps([app]);
});

test("works without being kept where the browser has no room for it", async ({ visit, server }) => {
  const page = await visit("/reset.html");
  const session = await page.context().newCDPSession(page);
  // Enough for the peer's storage, too little for the app's files.
  await session.send("Storage.overrideQuotaForOrigin", { origin: new URL(server.url).origin, quotaSize: 1_000_000 });
  await page.goto(`${server.url}settings`);
  await expect(page.locator('[data-offline="refused"]')).toBeVisible();
  expect(await shells(page)).toEqual([]);
  expect(await page.evaluate(async () => (await window.mehr.words()).length)).toBe(24);
});

test("opens where the site has no config.json and no service worker", async ({ visit, serve }) => {
  const site = await mkdtemp(path.join(tmpdir(), "mehr-site-"));
  // Below a path the relay serves files as they are, and 404 for what is not there.
  await cp(BUILT, path.join(site, "mehr"), { recursive: true });
  for (const name of ["config.json", "service.js"]) await rm(path.join(site, "mehr", name));
  const index = path.join(site, "mehr", "index.html");
  await writeFile(index, (await readFile(index, "utf8")).replace('<base href="/" />', '<base href="/mehr/" />'));
  await cp(index, path.join(site, "index.html"));
  const server = await serve({ root: site });
  const page = await visit("/mehr/settings", { server });
  await expect(page.locator('[data-offline="refused"]')).toBeVisible();
  await expect(page.getByText("searching").or(page.getByText("offline")).first()).toBeVisible();
  await removeApps([site]);
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
    // What is remembered of versions has addresses that only a query tells from the page's own.
    return urls.some((url) => url.endsWith("/config.json")) && urls.filter((url) => new URL(url).search === "");
  });
  const files = (await readdir(BUILT, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(BUILT, path.join(entry.parentPath, entry.name)));
  // Pictures of the app and icons of its shortcuts are the browser's to fetch when it installs the app, brotli forms the server's to send.
  const uncached = /\.br$|^(service\.js|404\.html|screenshots\/.*|icons\/(apple|shortcut|mehr-monochrome)-.*)$/;
  expect(cached.toSorted()).toEqual(
    files
      .filter((file) => !uncached.test(file))
      .map((file) => new URL(file, server.url).href)
      .toSorted(),
  );
});
