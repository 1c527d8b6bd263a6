/** Every page of the app, with something on it. */
import type { Page } from "@playwright/test";
import { expect, test as base, until } from "./fixtures.ts";
import { card, linked, meets, nodeIdOf, publish, valueOf } from "./people.ts";

const PLACE = "g:cyberspace/commons";
const LONG = "The bridge on the north side stays closed until the new railing is in its place. ".repeat(9).trim();
/** Where no page is. */
const NOWHERE = "/there/is/nothing";
/** Pages that cost little. One of them is neither where somebody is nor where they go. */
const BETWEEN = [NOWHERE, "/search", "/welcome"];
/** No space to break at: what a page of 320 px has to bear. */
const UNBROKEN = "Donaudampfschifffahrtsgesellschaftskapitaensmuetze".repeat(2).slice(0, 100);

/**
 * Time in ms to look at all of them twice: some 55, each opened, looked at by axe and given four widths in 5 s where other tests
 * keep both cores busy (288 s measured, 30 of them for the widths). What hangs is noticed by the limits of each step.
 */
export const ALL_PAGES = 480_000;

export interface Site {
  /** Whoever looks at the pages: named, with posts of their own, linked to a neighbour. */
  readonly page: Page;
  /** Name of a page and its address. */
  readonly addresses: readonly (readonly [name: string, address: string])[];
}

/** A person and a neighbour, once for all tests of a file: they only look. */
export const test = base.extend<{ readonly site: Site }>({
  site: async ({ visit }, use) => {
    const [anna, behrouz] = await Promise.all([visit("/"), visit("/")]);
    await Promise.all([meets(anna, PLACE), meets(behrouz, PLACE)]);
    await anna.evaluate(
      ([place]) =>
        window.mehr.saveProfile({
          displayName: "Anna",
          bio: "Gardener. See https://example.org/garden for seeds.",
          scopes: [place, "t:gardening"],
        }),
      [PLACE] as const,
    );
    await behrouz.evaluate(() => window.mehr.saveProfile({ displayName: "بهروز", bio: "نانوا", scopes: [] }));
    const bridge = await publish(anna, { headline: "The bridge", text: LONG }, [PLACE, "t:streets/bridges"]);
    await publish(anna, { headline: UNBROKEN, text: UNBROKEN.repeat(4) }, [
      PLACE,
      `t:${UNBROKEN.slice(0, 32).toLowerCase()}`,
    ]);
    const bread = await publish(behrouz, { headline: "نان تازه", text: LONG }, [PLACE, "t:bread"]);
    await expect(card(anna, "نان تازه")).toBeVisible();
    await anna.evaluate(
      async ([hash, scope]) => {
        const draft = { headline: "", summary: "", text: "Two loaves, please.", scopes: [scope], updated: 0 };
        await window.mehr.publish({ ...draft, id: crypto.randomUUID(), replyTo: hash });
        await window.mehr.saveDraft({ ...draft, id: crypto.randomUUID(), replyTo: null, updated: Date.now() });
      },
      [bread.postHash, PLACE] as const,
    );
    await until("the post at the other's", () => behrouz.evaluate((hash) => window.mehr.envelope(hash), bridge.hash));
    await behrouz.evaluate(
      async ([hash, to, scope]) => {
        const draft = { headline: "", summary: "", text: "تا کی؟ ".repeat(30), scopes: [scope], updated: 0 };
        await window.mehr.publish({ ...draft, id: crypto.randomUUID(), replyTo: to });
        await window.mehr.boost(hash);
      },
      [bridge.hash, bridge.postHash, PLACE] as const,
    );
    const essay = await anna.evaluate(async (place) => {
      const canvas = new OffscreenCanvas(320, 200);
      canvas.getContext("2d")!.fillRect(40, 40, 120, 90);
      const blob = await canvas.convertToBlob({ type: "image/webp" });
      const { attach, publish: publishDraft, saveDraft } = window.mehr;
      const drawn = await attach({ bytes: new Uint8Array(await blob.arrayBuffer()), contentType: "image/webp" });
      const program = await attach({ bytes: new TextEncoder().encode("10 PRINT 10"), contentType: "application/zip" });
      const words = { summary: "", text: "How it looks.", scopes: [place], replyTo: null };
      const more = { blurhash: null, duration: null };
      const attachments = [
        { ...drawn, ...more, blurhash: "LKO2?U%2Tw=w]~RBVZRi};RPxuwH", altText: "A square" },
        { ...program, ...more, altText: "The program" },
      ];
      await saveDraft({ ...words, id: "program", headline: "Squares", kind: "software", attachments, updated: 1 });
      return await publishDraft({
        ...words,
        id: "essay",
        headline: "Squares",
        kind: "software",
        attachments,
        updated: 0,
      });
    }, PLACE);
    const other = await nodeIdOf(behrouz);
    await anna.evaluate((id) => window.mehr.follow(id), other);
    const [mix, empty] = await anna.evaluate(
      async ([place, author]) => {
        const { saveFeed } = window.mehr;
        const places = [{ scope: place, match: "prefix" as const }];
        const topics = [{ scope: "t:bread", match: "prefix" as const }];
        return [
          await saveFeed({ name: "Bread in town", spec: { kind: "intersection", places, topics } }),
          await saveFeed({ spec: { kind: "curated", curator: author, name: "What Behrouz reads" } }),
        ];
      },
      [PLACE, other] as const,
    );
    const self = await nodeIdOf(anna);
    await anna.evaluate(
      async ([post, unbroken]) => {
        await window.mehr.saveCurated({ name: "Bridges", description: unbroken, scope: "t:streets/bridges" });
        await window.mehr.curate({ feed: "Bridges", post, note: unbroken });
        await window.mehr.saveCurated({ name: unbroken.slice(0, 64) });
        await window.mehr.curate({ feed: unbroken.slice(0, 64), post });
        const own = (await window.mehr.envelope(post))?.author ?? "";
        await window.mehr.curate({ feed: "Bridges", curated: { curator: own, name: unbroken.slice(0, 64) } });
      },
      [bridge.postHash, UNBROKEN] as const,
    );
    await use({
      page: anna,
      addresses: [
        ["home", "/"],
        ["search", "/search"],
        ["search with names and results", "/search?q=bridge"],
        ["search narrowed down to nothing", `/search?q=${UNBROKEN}&by=${other}&in=g:europe&kind=album&from=2024-01-01`],
        ["write", "/write"],
        ["post", `/p/${bread.hash}`],
        ["post with a picture and a file", `/p/${essay.hash}`],
        ["composer with files", "/write?draft=program"],
        ["post that is not here", `/p/${"0".repeat(64)}`],
        ["graph", `/p/${bread.hash}/graph`],
        ["graph of what is not here", `/p/${"0".repeat(64)}/graph`],
        ["another device", "/devices"],
        ["code for another device", "/devices?give=1"],
        ["posts from elsewhere", "/arrive"],
        ["starter packs", "/packs"],
        ["a starter pack", `/packs#pack=${UNBROKEN}&about=${UNBROKEN}&person=${self}/${UNBROKEN}&topic=bread`],
        ["own profile", "/me"],
        ["profile editor", "/me?edit=1"],
        ["people followed", "/me?people=1"],
        ["other's profile", `/u/${other}`],
        ["mistyped profile", "/u/mehr1nobody"],
        ["feeds", "/feeds"],
        ["kept feed", `/f/${mix.id}`],
        ["kept feed with nothing in it", `/f/${empty.id}`],
        ["feed that is not kept", "/f/none"],
        ["change of a feed", `/feeds/${mix.id}`],
        ["new feed", "/feeds/new?kind=topic"],
        ["feed that somebody shared", "/feeds/shared?name=Jazz&place=europe/nl&topic=music/jazz"],
        ["shared feed that is none", "/feeds/shared?place=%20"],
        ["feeds one curates", "/curate"],
        ["own curated feed", "/curate/feed?name=Bridges"],
        ["curated feed that is not there", "/curate/feed?name=None"],
        ["curated feed", `/curated?by=${self}&feed=Bridges`],
        ["curated feed that nobody has", `/curated?by=${other}&feed=None`],
        ["curated feed that is none", "/curated?by=nobody&feed=None"],
        ["explore", "/explore"],
        ["place", "/s/place/cyberspace/commons"],
        ["topic", "/s/topic/streets/bridges?match=exact"],
        ["inbox", "/inbox"],
        ["what one is told of", "/inbox/settings"],
        ["network", "/network"],
        ["settings", "/settings"],
        ["what one does not want to see", "/settings/mutes"],
        ["welcome", "/welcome"],
        ["restore", "/restore"],
        ["diagnostics", "/diagnostics"],
        ["neighbourhood", "/trust"],
        ["somebody to trust", "/trust?add=1"],
        ["whether to trust", `/trust/${other}`],
        ["post for trusted people", "/write?for=trusted"],
        ["join", "/join"],
        ["invite", "/join?invite=1"],
        ["code that is none", "/join#nonsense"],
        ["address that leads nowhere", "/open#web%2Bmehr%3Awallet%2F1"],
        ["share that was refused", "/write?refused=too-large"],
        ["not found", NOWHERE],
      ],
    });
  },
});

/** Loads a page of the site, and waits until it shows what it is about. */
export async function open({ page }: Site, address: string): Promise<void> {
  await page.goto(new URL(address, page.url()).href);
  await expect(page.getByRole("heading", { level: 1 })).toBeAttached();
  await shown(page, address);
}

/**
 * Follows a link to a page of the site: what somebody does who is in the app. Its peer goes on and stays linked, so that pages
 * show what only a connected one has, an invitation for one; and it takes a third of loading the page (0.25 s of a processor, 0.7).
 */
export async function follow({ page }: Site, address: string): Promise<void> {
  // By way of another page: the heading that is seen then is not the one that was there before.
  const pathOf = (to: string): string => new URL(to, page.url()).pathname;
  const between = BETWEEN.find((to) => to !== pathOf(page.url()) && to !== pathOf(address));
  await press(page, between ?? NOWHERE);
  await press(page, address);
  await shown(page, address);
}

/** Presses a link to this address, and waits for the heading of another page. */
async function press(page: Page, address: string): Promise<void> {
  await page.evaluate((to) => {
    for (const heading of document.querySelectorAll("h1")) heading.toggleAttribute("data-left", true);
    const link = document.createElement("a");
    link.href = to;
    document.body.append(link);
    link.click();
    link.remove();
  }, address);
  await expect(page.locator("h1:not([data-left])")).toBeAttached();
}

async function shown(page: Page, address: string): Promise<void> {
  await valueOf(page, "status");
  // Links are what this page is about.
  if (address === "/network") await linked(page);
  await expect(page.locator(".bone")).toHaveCount(0);
}
