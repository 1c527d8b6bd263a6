/**
 * How much script a page loads before it is usable, and the peer worker until it is connected: what they were seen to
 * ask for in Chromium, each file compressed with gzip at its best level. Beside each what the libraries alone weigh that
 * it stands on, bundled and minified in the same way.
 */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Page, Worker } from "@playwright/test";
import { build } from "vite";
import { linked } from "../browser/people.ts";
import type { Filled, FillArgs } from "./app-fill.ts";
import { firstSeen } from "./app-probe.ts";
import { Site } from "./app-site.ts";
import type { HarnessContext, NodeBench } from "./harness.ts";
import type { BenchResult } from "./types.ts";

const gzipBytes = promisify(gzip);
const KILOBYTE = 1_000;

/** More than one screen of cards. */
const FILL: Omit<FillArgs, "now"> = { envelopes: 300, authors: 5, home: "g:cyberspace/commons" };

const PAGE_LIBRARIES = `
  export { createStore, reconcile } from "solid-js/store";
  export { render, Dynamic } from "solid-js/web";
  export { Router, Route, A } from "@solidjs/router";
  export { wrap, expose } from "comlink";`;
const WORKER_LIBRARIES = `
  export { createLibp2p } from "libp2p";
  export { webRTC } from "@libp2p/webrtc";
  export { webSockets } from "@libp2p/websockets";
  export { circuitRelayTransport } from "@libp2p/circuit-relay-v2";
  export { gossipsub } from "@libp2p/gossipsub";
  export { kadDHT } from "@libp2p/kad-dht";
  export { identify } from "@libp2p/identify";
  export { noise } from "@libp2p/noise";
  export { yamux } from "@libp2p/yamux";`;

declare global {
  interface Window {
    /** When WebRTC first stood between this page and another, in milliseconds since 1970. */
    benchConnected?: number;
  }
}

/** Runs in the page before anything else does. What is loaded because of a link is asked for after this moment. */
function noteConnected(): void {
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      this.addEventListener("connectionstatechange", () => {
        if (this.connectionState === "connected") window.benchConnected ??= performance.timeOrigin + performance.now();
      });
    }
  };
}

interface Loaded {
  readonly bytes: number;
  readonly files: readonly string[];
}

/** The compressed size of these addresses of the site. */
async function weigh(site: Site, urls: Iterable<string>): Promise<Loaded> {
  const names = [...new Set([...urls].map((url) => new URL(url).pathname))].filter((name) => name.endsWith(".js"));
  const sizes = await Promise.all(names.map((name) => compressed(path.join(site.root, name))));
  const files = names.map((name, index) => `${path.basename(name)} ${sizes[index]}`);
  return { bytes: sizes.reduce((sum, size) => sum + size, 0), files };
}

async function compressed(file: string): Promise<number> {
  return (await gzipBytes(await readFile(file), { level: 9 })).length;
}

async function weighLibraries(context: HarnessContext, source: string): Promise<number> {
  const folder = await context.folder();
  const name = "libraries.js";
  await build({
    configFile: false,
    logLevel: "error",
    publicDir: false,
    plugins: [
      {
        name: "mehr:libraries",
        resolveId: (id) => (id.endsWith(name) ? path.join(import.meta.dirname, name) : null),
        load: (id) => (id.endsWith(name) ? source : null),
      },
    ],
    build: {
      outDir: folder,
      target: "es2022",
      modulePreload: false,
      rolldownOptions: {
        input: name,
        preserveEntrySignatures: "strict",
        output: { entryFileNames: name, format: "es", codeSplitting: false },
      },
    },
  });
  return await compressed(path.join(folder, name));
}

/** What was asked for until `before`, in milliseconds since 1970. */
function resources(scope: Page | Worker, before: number): Promise<string[]> {
  return (scope as Page).evaluate(
    (end) =>
      performance
        .getEntriesByType("resource")
        .filter(({ startTime }) => performance.timeOrigin + startTime <= end)
        .map(({ name }) => name),
    before,
  );
}

/** An import of another file of the build, static or not, as the bundler writes it. */
const IMPORTED = /(?:from|import)\s*\(?\s*["'`]\.\/([\w-]+\.js)["'`]/g;

/** Names of the files of the build that these ones import, directly or not, with themselves. */
async function importedBy(site: Site, names: readonly string[]): Promise<Set<string>> {
  const found = new Set(names);
  for (const name of found) {
    const source = await readFile(path.join(site.root, "assets", name), "utf8");
    for (const match of source.matchAll(IMPORTED)) found.add(match[1] as string);
  }
  return found;
}

const nameOf = (url: string): string => path.basename(new URL(url).pathname);

async function benchSize(context: HarnessContext): Promise<BenchResult[]> {
  const site = await Site.open(context);
  const browser = await site.browser();
  await site.fill<Filled>(browser, { ...FILL, now: Date.now() } satisfies FillArgs);
  // There beforehand: what a peer loads while nobody is there yet is not needed to be connected.
  await site.crowd(1);
  await browser.addInitScript(noteConnected);
  const page = await site.visit(browser);
  const usable = await firstSeen(page);
  await linked(page);
  const [start, connected] = await page.evaluate(() => [performance.timeOrigin, window.benchConnected]);
  if (start === undefined || connected === undefined) throw new Error("linked without WebRTC");

  const workers = page.workers();
  const ofWorkers = (await Promise.all(workers.map((worker) => resources(worker, connected)))).flat();
  const workerUrls = workers.map((worker) => worker.url());
  // What a worker imports statically is in the timeline of the page that started it.
  const seenByPage = await resources(page, Infinity);
  const byWorkers = await importedBy(site, workerUrls.map(nameOf));
  const entry = await page.evaluate(() => document.querySelector<HTMLScriptElement>("script[type=module]")?.src);
  if (entry === undefined) throw new Error("the page has no module script");
  const byPage = await importedBy(site, [nameOf(entry)]);
  const usableUrls = await resources(page, start + usable);
  const pageScript = await weigh(
    site,
    usableUrls.filter((url) => byPage.has(nameOf(url)) || !byWorkers.has(nameOf(url))),
  );
  const workerScript = await weigh(site, [
    ...workerUrls,
    ...ofWorkers,
    ...seenByPage.filter((url) => byWorkers.has(nameOf(url)) && !byPage.has(nameOf(url))),
  ]);
  context.log(`page: ${pageScript.files.join(", ")}`);
  context.log(`worker: ${workerScript.files.join(", ")}`);
  await browser.close();

  const result = async (name: string, { bytes }: Loaded, target: number, libraries: string): Promise<BenchResult> => {
    const against = await weighLibraries(context, libraries);
    return {
      name,
      value: bytes / KILOBYTE,
      unit: "kB gz",
      reference: `its libraries alone: ${(against / KILOBYTE).toFixed(1)} kB gz`,
      ratio: bytes / against,
      target,
      ok: bytes / KILOBYTE <= target,
    };
  };
  return [
    await result("page script before the first card is on screen", pageScript, 80, PAGE_LIBRARIES),
    await result("peer worker, all its script until it is connected", workerScript, 330, WORKER_LIBRARIES),
  ];
}

export const benches: NodeBench[] = [{ name: "size", run: benchSize }];
