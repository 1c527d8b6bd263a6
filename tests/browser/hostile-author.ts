/** The app, and beside it the page of an author who signs what our own composer would never make, on one server. */
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Page } from "@playwright/test";
import { build } from "vite";
import { test as base } from "./fixtures.ts";
import type { HostileAuthor } from "./hostile-harness/messages.ts";
import type { PublishAll } from "./hostile-harness/page.ts";
import { startServer, type Server } from "./server.ts";

declare global {
  interface Window {
    publishAll: PublishAll;
  }
}

const BUILT = path.resolve(import.meta.dirname, "../../dist/app");
const HARNESS = path.join(import.meta.dirname, "hostile-harness/vite.config.ts");
/** Where the author's page lies beside the app. */
export const HOSTILE_PATH = "/hostile/index.html";

export const test = base.extend<object, { hostileServer: Server }>({
  hostileServer: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names of a fixture's needs from this pattern
    async ({}, use) => {
      const root = await mkdtemp(path.join(tmpdir(), "mehr-hostile-"));
      await cp(BUILT, root, { recursive: true });
      await build({ configFile: HARNESS, build: { outDir: path.join(root, "hostile") } });
      const server = await startServer({ root });
      await use(server);
      await server.stop();
      await rm(root, { recursive: true });
    },
    { scope: "worker" },
  ],
});

/** Has the page at {@link HOSTILE_PATH} publish all of it as soon as it has a neighbour; resolves with the author's NodeID. */
export async function publishAll(page: Page, author: HostileAuthor): Promise<string> {
  await page.waitForFunction(() => document.title === "ready");
  return await page.evaluate((given) => window.publishAll(given), author);
}
