/** What each kind of feed says before there is anything in it, and how places are completed while they are typed. */
import type { Page } from "@playwright/test";
import type { FeedSpec } from "../../src/peer/api.ts";
import { encodeNodeId } from "../../src/wire/index.ts";
import { expect, test } from "./fixtures.ts";
import { goTo, publish } from "./people.ts";

const OOST = "g:europe/nl/utrecht/oost";
const JAZZ = "t:music/jazz";

const open = (page: Page, path: string) => page.goto(new URL(path, page.url()).href);

interface Beginning {
  readonly name: string;
  readonly spec: FeedSpec;
  readonly title: string;
  readonly act: string;
  /** Where that leads. */
  readonly leads: RegExp;
}

const BEGINNINGS: readonly Beginning[] = [
  {
    name: "A place",
    spec: { kind: "scope", scope: OOST, match: "prefix" },
    title: "Quiet here so far",
    act: "Go to \u2068Utrecht\u2069",
    leads: /\/s\/place\/europe\/nl\/utrecht$/u,
  },
  {
    name: "A topic",
    spec: { kind: "scope", scope: JAZZ, match: "exact" },
    title: "Nothing about this yet",
    act: "Write",
    leads: /\/write\?scope=topic%2Fmusic%2Fjazz$/u,
  },
  {
    name: "A mix",
    spec: {
      kind: "intersection",
      places: [{ scope: OOST, match: "exact" }],
      topics: [{ scope: JAZZ, match: "prefix" }],
    },
    title: "Nothing in this mix yet",
    act: "Change this feed",
    leads: /\/feeds\/[0-9a-f]+$/u,
  },
  {
    name: "A choice",
    spec: { kind: "curated", curator: encodeNodeId(new Uint8Array(32).fill(9)), name: "Best of town" },
    title: "Nothing to show yet",
    act: "Change this feed",
    leads: /\/feeds\/[0-9a-f]+$/u,
  },
];

test("every kind of feed says what to do while it is empty", async ({ visit }) => {
  const page = await visit("/");
  const tabs = page.getByRole("complementary").getByRole("navigation", { name: "Feeds" });
  const main = page.getByRole("main");
  await tabs.getByRole("link", { name: "People" }).click();
  await expect(main.getByRole("heading", { name: "Nobody you follow has written yet" })).toBeVisible();
  await main.getByRole("link", { name: "Find people" }).click();
  await expect(page).toHaveURL(/\/me$/u);

  for (const { act, leads, name, spec, title } of BEGINNINGS) {
    await test.step(name, async () => {
      await goTo(page, "Home");
      await page.evaluate((feed) => window.mehr.saveFeed(feed), { name, spec });
      await tabs.getByRole("link", { name }).click();
      await expect(main.getByRole("heading", { name: title })).toBeVisible();
      // Somebody to be linked with is a way out of every emptiness.
      await expect(main.getByRole("link", { name: "Invite someone" })).toBeVisible();
      await main.getByRole("link", { name: act, exact: true }).last().click();
      await expect(page).toHaveURL(leads);
    });
  }
});

test("a place is completed from whichever of its parts is typed, in any spelling", async ({ visit }) => {
  const page = await visit("/");
  await page.waitForFunction(() => "mehr" in window);
  for (const [place, count] of [
    [OOST, 1],
    ["g:europe/nl/utrecht", 2],
    ["g:europe/de/unna", 1],
  ] as const)
    for (let at = 0; at < count; at++) await publish(page, { text: `Number ${at} of ${place}` }, [place]);
  await open(page, "/feeds/new?kind=place");
  const field = page.getByRole("combobox", { name: "Place" });
  const options = page.getByRole("listbox").getByRole("option");
  await field.pressSequentially("UTR");
  // The one that is used most stands first.
  await expect(options).toHaveText([/Utrecht.*2/u, /Oost.*1/u]);
  await field.fill("europe/nl/utrecht/");
  await expect(options).toHaveText([/Oost.*1/u]);
  await field.press("ArrowDown");
  await expect(options.first()).toHaveAttribute("aria-selected", "true");
  await field.press("Enter");
  await page.getByRole("button", { name: "Save feed" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Oost" })).toBeVisible();
});
