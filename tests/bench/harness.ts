/**
 * Runs measuring modules where the product runs: bundled as the app is, in a worker of a real Chromium, with a profile on
 * disk, so that IndexedDB writes to a disk and not to memory.
 */
import { createServer, type Server } from "node:http";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium, type Browser, type BrowserContext, type Page } from "@playwright/test";
import { build, type Plugin } from "vite";
import { findChromium } from "../../scripts/chromium.mjs";
import { FLAGS } from "../browser/flags.ts";
import type { BenchContext, BenchResult } from "./types.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const BENCH_ROOT = path.join(ROOT, "tests/bench");

/** Name of the module that exists during a build only: the worker that imports what is to be measured. */
export const WORKER_ENTRY = "mehr-bench-worker.js";

/** What a bench that runs in Node can ask for beside the clock. */
export interface HarnessContext extends BenchContext {
  /**
   * Calls `exportName` of `tests/bench/<module>` in a new worker of the browser, with `args` and a `BenchContext`.
   * Arguments and result survive structured clone as JSON does. The origin, and with it IndexedDB, is the same at every call.
   */
  inWorker<Result>(module: string, exportName: string, args?: unknown): Promise<Result>;
  /**
   * A browser process, closed at the end; for benches that measure the whole app.
   * @param profile a folder that keeps the profile for the next browser; default: a new one
   */
  browser(profile?: string): Promise<BrowserContext>;
  /** A browser process for many people, each in a context whose storage is in memory; closed at the end. */
  crowd(): Promise<Browser>;
  /** A new folder, removed at the end. */
  folder(): Promise<string>;
  /** Bundles `tests/bench/<module>` as a worker; resolves to the folder in which it is, as `WORKER_ENTRY`. */
  bundle(module: string): Promise<string>;
  /** Runs before browsers are closed and folders removed, the last one first. */
  atEnd(task: () => Promise<void>): void;
}

/** A bench that drives browsers, or programs, from Node. */
export interface NodeBench {
  readonly name: string;
  run(context: HarnessContext): Promise<BenchResult[]>;
}

export class Harness {
  readonly #log: (line: string) => void;
  readonly #folders: string[] = [];
  readonly #browsers: (Browser | BrowserContext)[] = [];
  readonly #tasks: (() => Promise<void>)[] = [];
  readonly #built = new Map<string, Promise<string>>();
  #server: Server | null = null;
  #page: Promise<Page> | null = null;

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  /** The context of a bench that runs in Node. */
  context(): HarnessContext {
    return {
      now: () => performance.now(),
      log: this.#log,
      inWorker: (module, exportName, args) => this.inWorker(module, exportName, args),
      browser: (profile) => this.#launch(profile),
      crowd: () => this.#crowd(),
      folder: () => this.#folder(),
      bundle: (module) => this.#bundle(module),
      atEnd: (task) => void this.#tasks.push(task),
    };
  }

  async inWorker<Result>(module: string, exportName: string, args: unknown = null): Promise<Result> {
    const folder = await this.#bundle(module);
    const page = await this.#blankPage();
    const script = `/${path.basename(folder)}/${WORKER_ENTRY}`;
    const result = await page.evaluate(runInWorker, { script, exportName, args });
    return result as Result;
  }

  async close(): Promise<void> {
    for (const task of this.#tasks.toReversed()) await task();
    await Promise.all(this.#browsers.map((browser) => browser.close()));
    this.#server?.closeAllConnections();
    this.#server?.close();
    await Promise.all(this.#folders.map((folder) => rm(folder, { recursive: true, force: true, maxRetries: 5 })));
  }

  #bundle(module: string): Promise<string> {
    let built = this.#built.get(module);
    if (built === undefined) {
      built = this.#build(module);
      this.#built.set(module, built);
    }
    return built;
  }

  async #build(module: string): Promise<string> {
    const folder = await this.#folder();
    await build({
      root: ROOT,
      configFile: false,
      logLevel: "warn",
      publicDir: false,
      base: "./",
      plugins: [workerEntry(path.join(BENCH_ROOT, module))],
      worker: { format: "es" },
      build: {
        outDir: folder,
        emptyOutDir: true,
        target: "es2022",
        modulePreload: false,
        chunkSizeWarningLimit: 4_000,
        rolldownOptions: { input: WORKER_ENTRY, output: { entryFileNames: WORKER_ENTRY, format: "es" } },
      },
    });
    return folder;
  }

  async #folder(): Promise<string> {
    const folder = await mkdtemp(path.join(tmpdir(), "mehr-bench-"));
    this.#folders.push(folder);
    return folder;
  }

  async #launch(profile?: string): Promise<BrowserContext> {
    const context = await chromium.launchPersistentContext(profile ?? (await this.#folder()), {
      executablePath: await findChromium(),
      args: FLAGS,
    });
    this.#browsers.push(context);
    return context;
  }

  async #crowd(): Promise<Browser> {
    const browser = await chromium.launch({ executablePath: await findChromium(), args: FLAGS });
    this.#browsers.push(browser);
    return browser;
  }

  #blankPage(): Promise<Page> {
    this.#page ??= this.#openPage();
    return this.#page;
  }

  async #openPage(): Promise<Page> {
    const server = createServer((request, response) => {
      this.#serve(request.url ?? "/").then(
        ({ type, body }) => {
          // Isolated pages have a clock of 5 microseconds instead of 100.
          response.setHeader("cross-origin-opener-policy", "same-origin");
          response.setHeader("cross-origin-embedder-policy", "require-corp");
          response.setHeader("content-type", type);
          response.end(body);
        },
        (error: NodeJS.ErrnoException) => response.writeHead(404).end(error.code),
      );
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    this.#server = server;
    const context = await this.#launch();
    const page = await context.newPage();
    page.setDefaultTimeout(0);
    page.on("console", (message) => this.#log(message.text()));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return page;
  }

  async #serve(url: string): Promise<{ type: string; body: Buffer | string }> {
    if (url === "/")
      return { type: "text/html", body: '<!doctype html><link rel="icon" href="data:," /><title>bench</title>' };
    const file = path.join(tmpdir(), path.normalize(url));
    return { type: file.endsWith(".wasm") ? "application/wasm" : "text/javascript", body: await readFile(file) };
  }
}

/** Runs in the page: one call of an export of a bundled module, in a worker that ends with it. */
export async function runInWorker(call: { script: string; exportName: string; args: unknown }): Promise<unknown> {
  const worker = new Worker(call.script, { type: "module" });
  try {
    return await new Promise((resolve, reject) => {
      worker.addEventListener("error", (event) => reject(new Error(event.message)));
      worker.addEventListener(
        "message",
        ({ data }: MessageEvent<{ log?: string; result?: unknown; error?: string }>) => {
          if (data.log !== undefined) console.log(data.log);
          else if (data.error === undefined) resolve(data.result);
          else reject(new Error(data.error));
        },
      );
      worker.postMessage({ exportName: call.exportName, args: call.args });
    });
  } finally {
    worker.terminate();
  }
}

function workerEntry(module: string): Plugin {
  return {
    name: "mehr:bench-worker",
    resolveId: (id) => (id.endsWith(WORKER_ENTRY) ? WORKER_ENTRY : null),
    load: (id) =>
      id === WORKER_ENTRY
        ? `import { serveBench } from ${JSON.stringify(path.join(BENCH_ROOT, "worker.ts"))};
           import * as subject from ${JSON.stringify(module)};
           serveBench(subject);`
        : null,
  };
}
