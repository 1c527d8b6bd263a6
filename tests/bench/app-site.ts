/**
 * The built app as a person gets it: on the server of `npm start`, in browsers with profiles on disk. It is served from a
 * copy, so that a build in the meantime disturbs nothing, and so that what only benches need can lie beside it: pages
 * to compare with, and workers of the same origin.
 */
import { cp, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { BrowserContext, Page } from "@playwright/test";
import { ensureBuild } from "../../scripts/ensure-build.mjs";
import { startServer, type Server } from "../browser/server.ts";
import { installProbe, SEEN_MARK } from "./app-probe.ts";
import { runInWorker, WORKER_ENTRY, type HarnessContext } from "./harness.ts";

const APP = path.resolve(import.meta.dirname, "../../dist/app");

/** Folder of the site in which everything lies that is not the app's. */
const EXTRA = "bench";

/** What a page costs that is nothing but a page; to the probe it looks like a feed with one card. */
export const BARE_PAGE = `<!doctype html><title>bare</title><article ${SEEN_MARK}="bare">bare</article>`;

export class Site {
  readonly #context: HarnessContext;
  readonly #root: string;
  #server: Server;

  private constructor(context: HarnessContext, root: string, server: Server) {
    this.#context = context;
    this.#root = root;
    this.#server = server;
  }

  static async open(context: HarnessContext): Promise<Site> {
    await ensureBuild();
    const root = await context.folder();
    await cp(APP, root, { recursive: true });
    await mkdir(path.join(root, EXTRA));
    await writeFile(path.join(root, EXTRA, "bare.html"), BARE_PAGE);
    const fill = await context.bundle("app-fill.ts");
    await cp(fill, path.join(root, EXTRA, "fill"), { recursive: true });
    const server = await startServer({ root });
    context.atEnd(() => server.stop());
    return new Site(context, root, server);
  }

  /** Files of the app as they are served, relative to this. */
  get root(): string {
    return this.#root;
  }

  /** With a slash at its end. */
  get url(): string {
    return this.#server.url;
  }

  /** The server is gone, and with it the relay; nothing else ever answers at this address. */
  async goOffline(): Promise<void> {
    await this.#server.stop();
  }

  /** A browser process of its own, in which every page notes when its cards are on screen. */
  async browser(profile?: string): Promise<BrowserContext> {
    const browser = await this.#context.browser(profile);
    await browser.addInitScript(installProbe, SEEN_MARK);
    return browser;
  }

  /** So many people in one process, for those that others are measured against: each has the app open. */
  async crowd(count: number): Promise<Page[]> {
    const browser = await this.#context.crowd();
    return await Promise.all(
      Array.from({ length: count }, async () => {
        const own = await browser.newContext();
        await own.addInitScript(installProbe, SEEN_MARK);
        return await this.visit(own);
      }),
    );
  }

  /** Opens the app, or another address of this origin. */
  async visit(browser: BrowserContext, address = ""): Promise<Page> {
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    await page.goto(new URL(address, this.url).href, { waitUntil: "commit" });
    return page;
  }

  visitBare(browser: BrowserContext): Promise<Page> {
    return this.visit(browser, `${EXTRA}/bare.html`);
  }

  /** Writes into the database of this origin in this profile, with the code of the store; the app must not be open. */
  async fill<Result>(browser: BrowserContext, args: unknown): Promise<Result> {
    const page = await this.visitBare(browser);
    page.on("console", (message) => {
      if (message.type() === "log") this.#context.log(message.text());
    });
    const script = `/${EXTRA}/fill/${WORKER_ENTRY}`;
    const result = await page.evaluate(runInWorker, { script, exportName: "fill", args });
    await page.close();
    return result as Result;
  }
}
