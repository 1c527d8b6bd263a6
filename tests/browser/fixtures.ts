/**
 * What every browser test starts from: the built app on a relay of this worker, Chromium, and a guard that fails the test
 * when a page asked anything of another origin, broke its content security policy, or threw where nobody caught it.
 *
 * ```ts
 * import { expect, test } from "./fixtures.ts";
 * test("...", async ({ visit }) => {
 *   const page = await visit("/settings"); // a browser context of its own: another person
 * });
 * ```
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  chromium,
  test as base,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from "@playwright/test";
import { findChromium } from "../../scripts/chromium.mjs";
import { FLAGS } from "./flags.ts";
import { startServer, type Server, type ServerOptions } from "./server.ts";
import { without } from "./without.ts";

export { expect } from "@playwright/test";

/** What a context of its own may be asked for, beside Playwright's options. */
export interface PersonOptions extends BrowserContextOptions {
  /** Default: the server of this worker. */
  readonly server?: Pick<Server, "url">;
}

/** What pages did that no page of ours may do. */
export class Guard {
  readonly #origins = new Set<string>();
  readonly #faults: string[] = [];
  /** Faults that this test is about; their text is matched. */
  readonly #expected: RegExp[] = [];

  /** Pages of this test may ask the server at this address. */
  allow(url: string): void {
    this.#origins.add(new URL(url).origin);
  }

  /** Watches everything that this context does: its pages, their workers, its service worker. */
  watch(context: BrowserContext): void {
    context.on("request", (request) => this.#request(request.url()));
    context.on("weberror", (webError) =>
      this.#faults.push(`uncaught: ${webError.error().stack ?? webError.error().message}`),
    );
    context.on("console", (message) => {
      if (message.type() === "error" && /Content.Security.Policy/i.test(message.text()))
        this.#faults.push(message.text());
    });
    context.on("page", (page) => this.#watchSockets(page));
    for (const page of context.pages()) this.#watchSockets(page);
  }

  /** A fault that matches is part of this test. */
  expectFault(pattern: RegExp): void {
    this.#expected.push(pattern);
  }

  /** The faults that nobody expected. */
  faults(): string[] {
    return this.#faults.filter((fault) => !this.#expected.some((pattern) => pattern.test(fault)));
  }

  #watchSockets(page: Page): void {
    page.on("websocket", (socket) => this.#request(socket.url()));
  }

  #request(url: string): void {
    const { protocol, origin, host } = new URL(url);
    if (protocol === "blob:" || protocol === "data:") return;
    const asked = protocol === "ws:" ? `http://${host}` : protocol === "wss:" ? `https://${host}` : origin;
    if (!this.#origins.has(asked)) this.#faults.push(`request to another origin: ${url}`);
  }
}

export interface TestFixtures {
  /**
   * Whether the browsers of `visit` have service workers, so that the app is kept there. Off, unless a file asks for it: to keep it
   * costs as much as to open it for the first time (0.85 s of a processor), and few stories depend on it. Without, pages do what they do
   * in the private windows of some browsers. Browsers of `ownProcess` have them always.
   */
  readonly keepsApp: boolean;
  readonly guard: Guard;
  /** Opens an address in a new browser context: a person of their own, with storage of their own. */
  readonly visit: (address?: string, options?: PersonOptions) => Promise<Page>;
  /** Another server, of another app or port; stopped after the test. Pages of the test may ask it. */
  readonly serve: (options?: ServerOptions) => Promise<Server>;
  /** A browser process of its own with a profile on disk; `relaunch` ends it and starts it again with the same profile. */
  readonly ownProcess: () => Promise<OwnProcess>;
}

interface WorkerFixtures {
  readonly server: Server;
  readonly chromiumPath: string;
}

export interface OwnProcess {
  readonly context: BrowserContext;
  relaunch(): Promise<BrowserContext>;
  close(): Promise<void>;
}

export const test = base.extend<TestFixtures, WorkerFixtures & { readonly browser: Browser }>({
  chromiumPath: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names of a fixture's needs from this pattern
    async ({}, use) => {
      await use(await findChromium());
    },
    { scope: "worker" },
  ],

  browser: [
    async ({ chromiumPath }, use) => {
      const browser = await chromium.launch({ executablePath: chromiumPath, args: FLAGS });
      await use(browser);
      await browser.close();
    },
    { scope: "worker" },
  ],

  server: [
    // oxlint-disable-next-line no-empty-pattern -- as above
    async ({}, use) => {
      const server = await startServer();
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],

  keepsApp: [false, { option: true }],

  guard: async ({ server }, use) => {
    const guard = new Guard();
    guard.allow(server.url);
    await use(guard);
    const faults = guard.faults();
    if (faults.length > 0) throw new Error(`Pages did what they must not:\n${faults.join("\n")}`);
  },

  visit: async ({ browser, server, guard, keepsApp }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (address = "/", { server: own = server, ...options } = {}) => {
      const context = await browser.newContext(options);
      contexts.push(context);
      guard.watch(context);
      if (!keepsApp) await without(context, "serviceWorker");
      const page = await context.newPage();
      await page.goto(new URL(address.replace(/^\//, ""), own.url).href);
      return page;
    });
    await Promise.all(contexts.map((context) => context.close()));
  },

  serve: async ({ guard }, use) => {
    const servers: Server[] = [];
    await use(async (options) => {
      const server = await startServer(options);
      servers.push(server);
      guard.allow(server.url);
      return server;
    });
    await Promise.all(servers.map((server) => server.stop()));
  },

  ownProcess: async ({ chromiumPath, guard }, use) => {
    const open: OwnProcess[] = [];
    await use(async () => {
      const process = await launchOwn(chromiumPath, guard);
      open.push(process);
      return process;
    });
    await Promise.all(open.map((process) => process.close()));
  },
});

async function launchOwn(executablePath: string, guard: Guard): Promise<OwnProcess> {
  const profile = await mkdtemp(path.join(tmpdir(), "mehr-profile-"));
  const launch = async (): Promise<BrowserContext> => {
    const context = await chromium.launchPersistentContext(profile, { executablePath, args: FLAGS });
    guard.watch(context);
    return context;
  };
  let context = await launch();
  return {
    get context() {
      return context;
    },
    async relaunch() {
      await context.close();
      context = await launch();
      return context;
    },
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/**
 * Waits until `condition` holds and returns what it gave. For what no locator can say; `expect.poll` for values to compare.
 * @throws with `what` in its words when it has not held within `timeout` milliseconds
 */
export async function until<Value>(
  what: string,
  condition: () => Promise<Value | null | undefined | false> | Value | null | undefined | false,
  { timeout = 30_000, interval = 50 }: { timeout?: number; interval?: number } = {},
): Promise<Value> {
  const deadline = performance.now() + timeout;
  for (;;) {
    const value = await condition();
    if (value !== null && value !== undefined && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`After ${timeout} ms there still was not: ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, interval);
    });
  }
}
