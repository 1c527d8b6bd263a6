/** The test's side of the harness: builds its page, serves it with a relay, and talks to the peers in it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Page } from "@playwright/test";
import { build } from "vite";
import { SeededRandom } from "../../sim/random.ts";
import { test as base, until } from "../fixtures.ts";
import { startServer, type Server } from "../server.ts";
import { callIn, CHANNEL } from "./calling.ts";
import type { PeerCalls, PeerConfig } from "./calls.ts";

export { expect } from "@playwright/test";
export { until } from "../fixtures.ts";
export { CHANNEL } from "./calling.ts";

/** One peer in a page. */
export class TestPeer {
  readonly page: Page;
  readonly index: number;
  /** Its key, in hexadecimal. */
  readonly key: string;

  constructor(page: Page, index: number, key: string) {
    this.page = page;
    this.index = index;
    this.key = key;
  }

  call<Name extends keyof PeerCalls>(
    name: Name,
    ...args: Parameters<PeerCalls[Name]>
  ): Promise<ReturnType<PeerCalls[Name]>> {
    return callIn(this.page, this.index, name, args);
  }

  /** Waits until there is a direct link between this peer and each of the others, and gossip over it. */
  async linkedTo(...others: TestPeer[]): Promise<void> {
    for (const other of others) {
      await until(`a link of peer ${this.index} to peer ${other.index}`, async () =>
        (await this.call("peers")).includes(other.key),
      );
      await until(`peer ${other.index} in the channel of peer ${this.index}`, async () =>
        (await this.call("channelPeers", CHANNEL)).includes(other.key),
      );
    }
  }

  async hears(text: string): Promise<{ at: number; from: string }> {
    return await until(`"${text}" at peer ${this.index}`, async () =>
      (await this.call("received")).find((message) => message.text === text),
    );
  }
}

interface Fixtures {
  /** A page of the harness in a context of its own. */
  readonly harnessPage: () => Promise<Page>;
  /** A peer that has started; in a new page unless one is given. */
  readonly peer: (config?: Partial<PeerConfig>, page?: Page) => Promise<TestPeer>;
}

interface WorkerFixtures {
  readonly harnessRoot: string;
  readonly relay: Server;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  harnessRoot: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names of a fixture's needs from this pattern
    async ({}, use) => {
      const outDir = await mkdtemp(path.join(tmpdir(), "mehr-mesh-harness-"));
      await build({ configFile: path.join(import.meta.dirname, "vite.config.ts"), build: { outDir } });
      await use(outDir);
      await rm(outDir, { recursive: true, force: true });
    },
    { scope: "worker" },
  ],

  relay: [
    async ({ harnessRoot }, use) => {
      const relay = await startServer({ root: harnessRoot });
      await use(relay);
      await relay.stop();
    },
    { scope: "worker" },
  ],

  harnessPage: async ({ visit, guard, relay }, use) => {
    guard.allow(relay.url);
    await use(async () => {
      const page = await visit("/", { server: relay });
      await page.waitForFunction(() => document.title === "ready");
      return page;
    });
  },

  peer: async ({ harnessPage, relay }, use, testInfo) => {
    // Other keys for every test, the same ones every time it runs.
    const random = new SeededRandom(Buffer.from(testInfo.title).reduce((sum, byte) => (sum * 31 + byte) >>> 0, 7));
    await use(async (config = {}, given) => {
      const page = given ?? (await harnessPage());
      const seed = Buffer.from(random.bytes(32)).toString("hex");
      const full: PeerConfig = { seed, relays: [relay.relayUrl], mode: "auto", channels: [CHANNEL], ...config };
      const index = await page.evaluate((peer) => window.harness.spawn(peer), full);
      const peer = new TestPeer(page, index, await callIn(page, index, "self", []));
      await peer.call("start");
      return peer;
    });
  },
});
