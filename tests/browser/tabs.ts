/** What the stories of several tabs need: who runs the peer, and how a tab ends or stops otherwise than by being closed. */
import type { BrowserContext, Page } from "@playwright/test";
import { expect } from "./fixtures.ts";

/** The worker in which a peer runs, by the name of its script. */
const PEER_SCRIPT = /\/peer-[^/]*\.js$/;

export function runsPeer(page: Page): boolean {
  return !page.isClosed() && page.workers().some((worker) => PEER_SCRIPT.test(worker.url()));
}

/** The one tab that runs the peer. Waits while there is none, or more than one because they have all just been opened. */
export async function leaderOf(context: BrowserContext): Promise<Page> {
  await expect.poll(() => context.pages().filter(runsPeer).length, { message: "tabs that run a peer" }).toBe(1);
  return context.pages().find(runsPeer)!;
}

export async function openTab(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

/** How long a call takes now, in milliseconds; it waits for a peer if there is none. */
export function callTime(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const began = performance.now();
    await window.mehr.normaliseScope({ kind: "geo", text: "here" });
    return performance.now() - began;
  });
}

/** Ends the renderer of a page, as a fault in it would. */
export async function crash(page: Page): Promise<void> {
  const crashed = page.waitForEvent("crash");
  // Resolves never: the page is gone.
  page.goto("chrome://crash").catch(() => undefined);
  await crashed;
}

interface PlaywrightSession {
  send(method: string, params: object): Promise<unknown>;
}

/**
 * Freezes and thaws a page as the browser does with one that nobody has looked at for long: its own code and its workers stop, what
 * it holds stays held. `Page.setWebLifecycleState` has no effect on a page whose focus is emulated, which Playwright does to
 * every page over a session of its own that only its insides can reach.
 */
export async function freezer(page: Page): Promise<{ freeze(): Promise<void>; thaw(): Promise<void> }> {
  const inside = page as unknown as {
    _connection: { toImpl(page: Page): { delegate: { _mainFrameSession: { _client: PlaywrightSession } } } };
  };
  const { _client } = inside._connection.toImpl(page).delegate._mainFrameSession;
  await _client.send("Emulation.setFocusEmulationEnabled", { enabled: false });
  const session = await page.context().newCDPSession(page);
  return {
    async freeze() {
      await session.send("Page.setWebLifecycleState", { state: "frozen" });
    },
    async thaw() {
      await session.send("Page.setWebLifecycleState", { state: "active" });
    },
  };
}
