/** What the stories have people do, and what they ask of a peer. Everything waits on conditions. */
import type { Locator, Page } from "@playwright/test";
import type {
  ConnectionView,
  Draft,
  GivenDraft,
  LiveName,
  LiveQueries,
  LiveUpdate,
  NetworkView,
  Published,
} from "../../src/peer/api.ts";
import { expect } from "./fixtures.ts";

/** Two peers that know only the relay: one loads and dials, the other answers. */
const LINK_TIMEOUT = 60_000;

/** A post as a person writes it. */
export interface Words {
  readonly headline?: string;
  readonly text: string;
  readonly summary?: string;
}

/** Live queries whose result is one value. */
type ValueName = { [Name in LiveName]: LiveQueries[Name] extends { value: unknown } ? Name : never }[LiveName];
type ValueOf<Name extends ValueName> = Extract<LiveUpdate<Name>, { kind: "value" }>["value"];

/** The present value of a live query, asked through the same `window.mehr` that anybody can use. */
export async function valueOf<Name extends ValueName>(
  page: Page,
  name: Name,
  params: LiveQueries[Name]["params"] = {},
): Promise<ValueOf<Name>> {
  await page.waitForFunction(() => "mehr" in window);
  const value: unknown = await page.evaluate(
    async ([query, given]) => {
      let told = (_value: unknown): void => undefined;
      const first = new Promise<unknown>((resolve) => {
        told = resolve;
      });
      const subscription = await window.mehr.watch(
        query as "network",
        given as Record<string, never>,
        // The first word comes before the subscription does.
        ({ value }) => told(value),
      );
      const value = await first;
      await subscription.close();
      return value;
    },
    [name, params] as const,
  );
  return value;
}

/** The drafts that the peer keeps. */
export async function draftsOf(page: Page): Promise<readonly Draft[]> {
  await page.waitForFunction(() => "mehr" in window);
  return await page.evaluate(async () => {
    const rows: Draft[] = [];
    const watching = await window.mehr.watch("drafts", {}, (update) => {
      if (update.kind === "rows") rows.push(...update.rows);
    });
    await watching.close();
    return rows;
  });
}

/** Waits until this peer has so many direct links. */
export async function linked(page: Page, peers = 1): Promise<void> {
  await expect
    .poll(async () => (await valueOf(page, "status")).peers, { timeout: LINK_TIMEOUT, message: "direct links" })
    .toBeGreaterThanOrEqual(peers);
}

export async function nodeIdOf(page: Page): Promise<string> {
  return (await valueOf(page, "identity")).id;
}

/** What is said of a question while another identity takes over: the page loads itself anew, or its tab is to run the peer. */
const CHANGING = /Execution context was destroyed|the peer moves to this tab/;

/** The NodeID of whoever runs here; `null` in the moment in which that changes. */
export async function presentId(page: Page): Promise<string | null> {
  try {
    return await nodeIdOf(page);
  } catch (error) {
    if (error instanceof Error && CHANGING.test(error.message)) return null;
    throw error;
  }
}

/** Makes this place the home of a peer. */
export async function liveIn(page: Page, home: string): Promise<void> {
  await page.waitForFunction(() => "mehr" in window);
  await page.evaluate((place) => window.mehr.updateSettings({ home: place }), home);
}

/** Waits until this peer has so many neighbours in the channel of a place. */
export async function meets(page: Page, home: string, peers = 1): Promise<void> {
  const channel = `mehr/1/${home.replace(":", "/")}`;
  await expect
    .poll(async () => (await valueOf(page, "network")).channels.find(({ name }) => name === channel)?.peers ?? 0, {
      timeout: LINK_TIMEOUT,
      message: `neighbours in ${channel}`,
    })
    .toBeGreaterThanOrEqual(peers);
}

/** Publishes without the composer, for stories that are about something else. */
export function publish(page: Page, words: Words, scopes: readonly string[]): Promise<Published> {
  const draft: Omit<GivenDraft, "id"> = {
    headline: words.headline ?? "",
    summary: words.summary ?? "",
    text: words.text,
    scopes,
    replyTo: null,
    updated: 0,
  };
  return page.evaluate((given) => window.mehr.publish({ ...given, id: crypto.randomUUID() }), draft);
}

/** Publishes a chain of answers below a post, each to the one before. Resolves with their envelopes' hashes, from level 1 on. */
export function publishChain(page: Page, root: Published, scope: string, levels: number): Promise<string[]> {
  return page.evaluate(
    async ([start, place, depth]) => {
      let last = start;
      const all: string[] = [];
      for (let level = 1; level <= depth; level += 1) {
        const draft = { headline: "", summary: "", text: `Level ${level}.`, scopes: [place], updated: 0 };
        const { hash, postHash } = await window.mehr.publish({ ...draft, id: crypto.randomUUID(), replyTo: last });
        last = postHash;
        all.push(hash);
      }
      return all;
    },
    [root.postHash, scope, levels] as const,
  );
}

/** Writes a post in the composer that is open and presses the button. */
export async function compose(page: Page, { headline, text, summary }: Words): Promise<void> {
  if (headline !== undefined) await page.getByLabel("Headline").fill(headline);
  await page.getByRole("textbox", { name: "Text", exact: true }).fill(text);
  if (summary !== undefined) {
    await page.getByRole("button", { name: "Write the summary yourself" }).click();
    await page.getByRole("textbox", { name: "Summary" }).fill(summary);
  }
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(page.getByText("Published", { exact: true })).toBeVisible();
}

/** Goes where the navigation leads: the rail of a wide page, the bar of a narrow one. */
export async function goTo(page: Page, name: "Home" | "Explore" | "Inbox" | "Network" | "Write"): Promise<void> {
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name, exact: true }).click();
}

/** The card of an envelope in a feed. */
export function card(page: Page, headline: string): Locator {
  return page.getByRole("feed").getByRole("article", { name: headline, exact: true });
}

export async function network(page: Page): Promise<NetworkView> {
  return await valueOf(page, "network");
}

/** Bytes of one protocol in one direction, over the links that `which` picks. */
export function bytesOf(
  view: NetworkView,
  protocol: string,
  direction: "in" | "out",
  which: (link: ConnectionView) => boolean = () => true,
): number {
  return view.connections.filter(which).reduce((sum, link) => sum + (link.protocols[protocol]?.[direction] ?? 0), 0);
}

export const direct = (link: ConnectionView): boolean => link.transport === "webrtc";

/** Whoever is linked to this peer, by NodeID. */
export const linksTo = (view: NetworkView, id: string): readonly ConnectionView[] =>
  view.connections.filter((link) => link.peer === id);
