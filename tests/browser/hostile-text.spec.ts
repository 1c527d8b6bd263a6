/** Text from strangers is text, whatever is in it: it never runs, never leads anywhere unsafe, never breaks the page. */
import type { Locator, Page } from "@playwright/test";
import { expect } from "./fixtures.ts";
import { HOSTILE_PATH, publishAll, test } from "./hostile-author.ts";
import type { HostileAuthor } from "./hostile-harness/messages.ts";
import { card, direct, goTo, liveIn, network } from "./people.ts";

declare global {
  interface Window {
    /** Set by any of the scripts below, should one of them ever run. */
    ran?: boolean;
    /** What the content security policy stopped; it should not even have been needed. */
    stopped?: string[];
  }
}

const PLACE = "g:europe/nl/utrecht";
const SCRIPT = '<script>ran=1</script><img src=x onerror="ran=1">';
/** Right-to-left override, never closed. */
const RLO = "\u202e";
const MARKS = "\u0301\u0489\u0337\u0361";
const flood = (count: number): string => `Z${MARKS.repeat(count / MARKS.length)}`;

const AUTHOR: Omit<HostileAuthor, "relay"> = {
  place: PLACE,
  name: `${RLO}<img src=x onerror="ran=1">`,
  bio: `${SCRIPT}\n\njavascript:ran=1\n\n${RLO}reversed`,
  posts: [
    {
      headline: SCRIPT,
      summary: `${SCRIPT}</p></article>{{ran}}`,
      text: `${SCRIPT}\n\njavascript:ran=1 data:text/html,${SCRIPT} https://bank.example@evil.example/ https://plain.example/a?b=c.`,
      links: ["javascript:ran=1", "JaVaScRiPt:ran=1//https://x", `data:text/html,${SCRIPT}`, "https://linked.example/"],
      scopes: [PLACE, "t:<img-src=x-onerror=ran=1>"],
      media: [{ contentType: "text/html", size: 9, blurhash: SCRIPT, altText: `">${SCRIPT}` }],
    },
    {
      headline: `Invoice ${RLO}gpj.exe`,
      summary: `${RLO}\u2066\u2067\u202dmixed up`,
      text: `${RLO}backwards\n\n\u2066\u2066\u2066isolated`,
      links: [],
      scopes: [PLACE],
      media: [],
    },
    {
      headline: flood(96),
      summary: flood(276),
      text: `${flood(10_000)} after the flood`,
      links: [],
      scopes: [PLACE],
      media: [],
    },
  ],
};

async function nothingRan(page: Page): Promise<void> {
  const seen = await page.evaluate(() => ({
    ran: window.ran ?? false,
    stopped: window.stopped,
    foreign: [...document.querySelectorAll("a[href]")]
      .map((link) => (link as HTMLAnchorElement).href)
      .filter((href) => !/^https?:/.test(href)),
    markup: document.querySelectorAll("#app script, #app img, #app iframe").length,
    wide: document.documentElement.scrollWidth - window.innerWidth,
  }));
  expect(seen).toEqual({ ran: false, stopped: [], foreign: [], markup: 0, wide: seen.wide });
  expect(seen.wide).toBeLessThanOrEqual(0);
}

/** Whether the letters of an element's text run from left to right, as English does. */
function runsLeftToRight(element: Locator): Promise<boolean> {
  return element.evaluate((node) => {
    const text = document.createTreeWalker(node, NodeFilter.SHOW_TEXT).nextNode() as Text;
    const leftOf = (at: number): number => {
      const range = document.createRange();
      range.setStart(text, at);
      range.setEnd(text, at + 1);
      return range.getBoundingClientRect().left;
    };
    return leftOf(0) < leftOf(text.length - 1);
  });
}

test("hostile text in every field is shown as text, and runs nowhere", async ({ hostileServer, visit, guard }) => {
  guard.allow(hostileServer.url);
  const reader = await visit("/explore", { server: hostileServer, viewport: { width: 390, height: 844 } });
  const dialogs: string[] = [];
  reader.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await reader.addInitScript(() => {
    window.stopped = [];
    document.addEventListener("securitypolicyviolation", (event) => window.stopped?.push(event.violatedDirective));
  });
  await reader.goto(hostileServer.url);
  await liveIn(reader, PLACE);
  const hostile = await visit(HOSTILE_PATH, { server: hostileServer });
  const id = await publishAll(hostile, { ...AUTHOR, relay: hostileServer.relayUrl });

  const cards = reader.getByRole("feed").getByRole("article");
  await expect(cards).toHaveCount(AUTHOR.posts.length);
  const scripted = card(reader, SCRIPT);
  await expect(scripted).toContainText(`${SCRIPT}</p></article>{{ran}}`);
  // The profile came along.
  // What would turn a line is not in a name.
  const shown = AUTHOR.name.replace(RLO, "");
  await expect(scripted.getByRole("link", { name: shown, exact: true })).toBeVisible();
  await expect(scripted.getByRole("link", { name: "Topic: <img-src=x-onerror=ran=1>" })).toBeVisible();
  await nothingRan(reader);

  // Overrides end where the text of the stranger ends.
  for (const each of await cards.all()) {
    expect(await runsLeftToRight(each.locator("time"))).toBe(true);
    const height = (await each.boundingBox())?.height;
    expect(height).toBeLessThan(600);
  }

  for (const [at, title] of [SCRIPT, "Invoice", "Z"].entries()) {
    const marked = AUTHOR.posts[at];
    await reader.goto(hostileServer.url);
    const link = reader
      .getByRole("feed")
      .getByRole("article")
      .filter({ hasText: title })
      .getByRole("link", {
        name: /^Read, /,
      });
    await link.first().click();
    await expect(reader.locator('[data-part="text"] p').first()).toBeVisible();
    await nothingRan(reader);
    expect(await runsLeftToRight(reader.getByRole("heading", { name: "Replies" }))).toBe(true);
    if (marked?.headline === SCRIPT) {
      const text = reader.locator('[data-part="text"]');
      await expect(text).toContainText(SCRIPT);
      // Of all that looks like a link only what is one is one.
      const links = await text.getByRole("link").evaluateAll((all) => all.map((each) => each.getAttribute("href")));
      expect(links).toEqual(["https://plain.example/a?b=c", "https://linked.example/"]);
    }
    if (title === "Z") {
      const text = reader.locator('[data-part="text"]');
      await expect(text).toContainText("after the flood");
      expect((await text.boundingBox())?.height).toBeLessThan(400);
      // Four marks on a letter are more than any language needs; the others are not drawn.
      expect((await text.innerText()).length).toBeLessThan(100);
    }
  }

  await reader.goto(`${hostileServer.url}u/${id}`);
  await expect(reader.getByRole("heading", { level: 1 })).toContainText('<img src=x onerror="ran=1">');
  await expect(reader.getByText("javascript:ran=1")).toBeVisible();
  await nothingRan(reader);
  await reader.goto(`${hostileServer.url}network`);
  await expect.poll(async () => (await network(reader)).connections.filter(direct).length).toBe(1);
  await expect(reader.getByRole("table")).toContainText("<img src=x");
  await nothingRan(reader);
  await goTo(reader, "Explore");
  await reader.getByRole("link", { name: /<img-src=x/ }).click();
  await expect(reader.getByRole("heading", { level: 1 })).toContainText("<img-src=x-onerror=ran=1>");
  await expect(card(reader, SCRIPT)).toBeVisible();
  await nothingRan(reader);
  expect(dialogs).toEqual([]);
});

test("hostile text typed into our own fields comes back as text", async ({ visit }) => {
  const page = await visit("/me?edit=1");
  await page.getByLabel("Name", { exact: true }).fill('<img src=x onerror="ran=1">');
  await page.getByLabel("About you").fill(SCRIPT);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText('<img src=x onerror="ran=1">');
  await expect(page.getByText(SCRIPT)).toBeVisible();
  await goTo(page, "Write");
  await page.getByLabel("Headline").fill(SCRIPT);
  await page.getByRole("textbox", { name: "Text", exact: true }).fill(`${SCRIPT} javascript:ran=1`);
  await page.getByRole("combobox", { name: "Topics" }).fill("<img src=x onerror=ran=1>");
  await page.getByRole("combobox", { name: "Topics" }).press("Enter");
  await expect(page.getByRole("article").getByText(SCRIPT, { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(page.getByText("Published", { exact: true })).toBeVisible();
  await expect(card(page, SCRIPT)).toBeVisible();
  expect(await page.evaluate(() => window.ran ?? false)).toBe(false);
});
