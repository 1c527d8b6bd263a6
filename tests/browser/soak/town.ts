/** Six people in one town who come and go: what they do in a round is drawn from seeded randomness. */
import type { Browser, BrowserContext, Page } from "@playwright/test";
import { SeededRandom } from "../../sim/random.ts";
import { expect, until, type Guard } from "../fixtures.ts";
import { network, publish } from "../people.ts";
import type { Server } from "../server.ts";

/** Everybody's home unless they choose another; it takes 600 envelopes an hour from one author (docs/protocol.md). */
const PLACE = "g:cyberspace/commons";
/** A peer that has just come loads the app, finds a relay, is introduced, and catches up. */
const CATCH_UP = 90_000;
const PAGE_OF_FEED = 1_000;

declare global {
  interface Window {
    /** RTCPeerConnections of this page that have not been closed. */
    openConnections: () => number;
  }
}

export interface Person {
  readonly name: string;
  readonly context: BrowserContext;
  /** `null` while they are away. */
  page: Page | null;
}

export interface TownOptions {
  readonly browser: Browser;
  readonly server: Server;
  readonly guard: Guard;
  readonly people: number;
  /** The first so many never leave: what grows in them grows for good. */
  readonly steady: number;
  readonly seed: number;
}

export class SoakTown {
  readonly people: Person[] = [];
  /** Hashes of all envelopes so far. */
  readonly published = new Set<string>();
  readonly #options: TownOptions;
  readonly #random: SeededRandom;

  constructor(options: TownOptions) {
    this.#options = options;
    this.#random = new SeededRandom(options.seed);
  }

  async settle(): Promise<void> {
    const { browser, guard, people } = this.#options;
    for (let at = 0; at < people; at++) {
      const context = await browser.newContext();
      guard.watch(context);
      await context.addInitScript(countConnections);
      this.people.push({ name: `person ${at}`, context, page: null });
    }
    await Promise.all(this.people.map((person) => this.#come(person)));
  }

  get steady(): Page[] {
    return this.people.slice(0, this.#options.steady).flatMap(({ page }) => (page === null ? [] : [page]));
  }

  /** Somebody writes, somebody else comes or goes; at the end everybody who is there holds everything. */
  async round(): Promise<void> {
    const present = this.people.flatMap(({ page }) => (page === null ? [] : [page]));
    const writers = [this.#random.below(present.length), this.#random.below(present.length)];
    for (const writer of writers) await this.#write(present[writer] as Page);
    await this.#change(this.people[this.#options.steady + this.#random.below(this.#wanderers)] as Person);
    await this.everybodyHoldsAll();
  }

  /** Whoever is away comes back. */
  async gather(): Promise<void> {
    await Promise.all(this.people.filter(({ page }) => page === null).map((person) => this.#come(person)));
    await this.everybodyHoldsAll();
    await this.expectSameEverywhere();
  }

  async everybodyHoldsAll(): Promise<void> {
    for (const { name, page } of this.people) {
      if (page === null) continue;
      await until(`all ${this.published.size} envelopes at ${name}`, () => this.#holdsAll(page), { timeout: CATCH_UP });
    }
  }

  /** Each single one of them, and no other. */
  async expectSameEverywhere(): Promise<void> {
    for (const { name, page } of this.people) {
      if (page !== null) expect(await held(page), name).toEqual(this.published);
    }
  }

  async leave(): Promise<void> {
    await Promise.all(this.people.map(({ context }) => context.close()));
  }

  async #write(page: Page): Promise<void> {
    const text = `Words number ${this.published.size}, written by whoever is there.`;
    const { hash } = await publish(page, { headline: `Notice ${this.published.size}`, text }, [PLACE]);
    this.published.add(hash);
    // Whoever leaves before somebody has it takes it along, and brings it when they come back.
    await until("a neighbour that has it", async () => (await network(page)).status.waiting === 0);
  }

  async #holdsAll(page: Page): Promise<boolean> {
    return (await network(page)).storage.envelopes >= this.published.size;
  }

  get #wanderers(): number {
    return this.#options.people - this.#options.steady;
  }

  async #change(person: Person): Promise<void> {
    const { page } = person;
    if (page === null) return await this.#come(person);
    switch (this.#random.below(3)) {
      case 0: {
        person.page = null;
        return await page.close();
      }
      case 1: {
        await page.reload();
        return await ready(page);
      }
      default: {
        // The network goes and comes back; data channels over loopback do not notice, the relay's socket does.
        await person.context.setOffline(true);
        await page.evaluate(() => window.mehr.reconnect());
        await person.context.setOffline(false);
      }
    }
  }

  async #come(person: Person): Promise<void> {
    const page = await person.context.newPage();
    await page.goto(this.#options.server.url);
    await ready(page);
    person.page = page;
  }
}

async function ready(page: Page): Promise<void> {
  // Half an hour on a machine that has other work as well; how soon a page is there is measured elsewhere.
  await page.waitForFunction(() => "mehr" in window, undefined, { timeout: CATCH_UP });
}

async function held(page: Page): Promise<Set<string>> {
  const hashes = await page.evaluate(
    async ({ limit, place }) => {
      const found: string[] = [];
      let before: { created: number; hash: string } | undefined;
      for (;;) {
        const feed = { kind: "scope", scope: place, match: "exact" } as const;
        const rows = await window.mehr.feed({ feed, limit, ...(before === undefined ? {} : { before }) });
        found.push(...rows.map((row) => row.hash));
        before = rows.at(-1);
        if (rows.length < limit) return found;
      }
    },
    { limit: PAGE_OF_FEED, place: PLACE },
  );
  return new Set(hashes);
}

/** Runs in every page before its own scripts. */
function countConnections(): void {
  const made = new Set<RTCPeerConnection>();
  const Real = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      made.add(this);
    }
    override close(): void {
      made.delete(this);
      super.close();
    }
  };
  window.openConnections = () => made.size;
}
